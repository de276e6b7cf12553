/*
 * trace_arch.h: what the tracer must know of each architecture: numbers of system calls,
 * registers, and how a call looks in machine code.
 *
 * Numbers from the kernel's tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h,
 * arch/arm/tools/syscall.tbl). The two architectures of 32 bits that a 64-bit kernel also
 * runs have rows of their own; so has x32.
 */
#pragma once

#include <elf.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

/* X(architecture, numbers of ioctl, seccomp, prctl) */
#if defined(__x86_64__)
#define TRACE_ARCHES(X)                                                                  \
	X(AUDIT_ARCH_X86_64, 16, 317, 157)                                               \
	X(AUDIT_ARCH_X86_64, 0x40000000 + 514, 0x40000000 + 317, 0x40000000 + 157)       \
	X(AUDIT_ARCH_I386, 54, 354, 172)
#define TRACE_KILL       62
#define TRACE_EXIT_GROUP 231
typedef struct user_regs_struct trace_registers;
#define TRACE_PC(r)      ((uint64_t)(r)->rip)
#define TRACE_SP(r)      ((uint64_t)(r)->rsp)
#define TRACE_LINK(r)    ((void)(r), UINT64_C(0)) /* it has no link register */
#define TRACE_SYSCALL(r) ((int64_t)(r)->orig_rax)
#elif defined(__aarch64__)
#define TRACE_ARCHES(X)                                                                  \
	X(AUDIT_ARCH_AARCH64, 29, 277, 167)                                              \
	X(AUDIT_ARCH_ARM, 54, 383, 172)
#define TRACE_KILL       129
#define TRACE_EXIT_GROUP 94
typedef struct user_regs_struct trace_registers;
#define TRACE_PC(r)      ((uint64_t)(r)->pc)
#define TRACE_SP(r)      ((uint64_t)(r)->sp)
#define TRACE_LINK(r)    ((uint64_t)(r)->regs[30])
#define TRACE_SYSCALL(r) ((int64_t)(r)->regs[8])
#else
#error "the tracer knows x86-64 and arm64"
#endif

/* Of a stopped thread that is ours. @return false also for one of a 32-bit program */
static inline bool trace_read_registers(pid_t tid, trace_registers *ret)
{
	struct iovec iov = { ret, sizeof(*ret) };
	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == 0 &&
	       iov.iov_len == sizeof(*ret);
}
