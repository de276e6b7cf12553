/*
 * trace_cfi.h: how a function's caller is found: where at each of its instructions the
 * registers of its caller lie, as compilers tell it in .eh_frame for exceptions.
 *
 * Of whatever program: nothing in it is believed that is not checked.
 *
 * Source: DWARF 4, section 6.4 "Call Frame Information" and 2.5 "DWARF Expressions"; Linux
 * Standard Base Core, "Exception Frames" for what .eh_frame does otherwise; System V ABI of
 * x86-64, figure 3.36, and DWARF for Arm 64 (aadwarf64) for the numbers of registers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose memory. @return whether all of it could be read */
struct cfi_memory {
	void *context;
	bool (*read)(void *context, uint64_t address, void *ret, size_t size);
};

/* Of x86-64 17, of arm64 32; those of vectors are left out. */
#define CFI_REGISTERS 33

/* Bytes of an expression: those of stubs and signals have a dozen. */
#define CFI_EXPR_MAX 256

/* How a register, or the canonical frame address (CFA), is had. */
enum cfi_kind {
	CFI_SAME,       /* as it is */
	CFI_UNDEFINED,  /* it is lost; of the return address: there is no caller */
	CFI_SAVED,      /* lies at CFA + number */
	CFI_CFA_PLUS,   /* is CFA + number */
	CFI_REGISTER,   /* register `base` + number */
	CFI_SAVED_EXPR, /* lies where the expression says */
	CFI_EXPR,       /* is what the expression says */
};

struct cfi_rule {
	enum cfi_kind kind;
	uint16_t base;
	uint16_t size;  /* of the expression */
	int64_t number; /* of an expression its address */
};

struct cfi_row {
	struct cfi_rule cfa;
	struct cfi_rule registers[CFI_REGISTERS];
	uint8_t return_register;
	bool is_signal_frame; /* its caller stands at, not behind, where it returns to */
};

/*
 * @param fde  address of a frame description entry
 * @param pc   address of an instruction
 * @return false where the entry is not for it, or says what is not understood
 */
bool cfi_find_row(const struct cfi_memory *memory, uint64_t fde, uint64_t pc,
		  struct cfi_row *ret);

/* Searches a whole .eh_frame, for programs that lack its table. @return 0 for none */
uint64_t cfi_find_entry(const struct cfi_memory *memory, uint64_t frames, uint64_t size,
			uint64_t pc);

/*
 * Goes up one frame (trace_cfi_apply.c).
 * @param registers  those of the callee; written on success, the stack pointer too
 * @param ret_pc     where it returns to
 * @return false at the end of the stack, or where something cannot be read
 */
bool cfi_apply(const struct cfi_memory *memory, const struct cfi_row *row,
	       uint64_t registers[CFI_REGISTERS], unsigned int stack_pointer,
	       uint64_t *ret_pc);
