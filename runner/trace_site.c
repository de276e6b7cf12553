#include "runner/trace_site.h"

#include <string.h>

#include "runner/trace_arch.h"
#include "runner/trace_memory.h"

/* What a slot of the global offset table holds: the function, once it was called. */
static uint64_t read_slot(pid_t tid, uint64_t address)
{
	uint64_t target;
	return tracee_read(tid, address, &target, sizeof(target)) ? target : 0;
}

#if defined(__x86_64__)

static uint64_t relative(uint64_t from, const uint8_t bytes[4])
{
	int32_t by;
	memcpy(&by, bytes, sizeof(by));
	return from + (uint64_t)(int64_t)by;
}

/* Intel SDM, volume 2, "CALL": FF /2 of two to seven bytes. */
static bool is_indirect_call(const uint8_t *code, size_t size)
{
	uint8_t mode = code[1] >> 6, base = code[1] & 7;
	size_t length = 2;
	if (code[0] != 0xff || (code[1] >> 3 & 7) != 2)
		return false;
	if (mode == 3)
		return size == length;
	length += base == 4; /* SIB */
	if (mode == 1)
		length += 1;
	if (mode == 2 || (mode == 0 && base == 5) ||
	    (mode == 0 && base == 4 && size > 2 && (code[2] & 7) == 5))
		length += 4;
	return size == length;
}

/* A stub of the procedure linkage table: [endbr64] [bnd] jmp *slot(%rip). */
static bool read_stub(pid_t tid, uint64_t address, struct call_site *ret)
{
	static const uint8_t endbr[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	uint8_t code[11];
	size_t at = 0;
	if (!tracee_read(tid, address, code, sizeof(code)))
		return false;
	if (!memcmp(code, endbr, sizeof(endbr)))
		at += sizeof(endbr);
	at += code[at] == 0xf2;
	*ret = (struct call_site){ .target = address };
	if (code[at] != 0xff || code[at + 1] != 0x25)
		return true;
	ret->across = true;
	ret->target = read_slot(tid, relative(address + at + 6, code + at + 2));
	return true;
}

bool find_call(pid_t tid, uint64_t address, struct call_site *ret)
{
	uint8_t code[7];
	if (!tracee_read(tid, address - sizeof(code), code, sizeof(code)))
		return false;
	if (code[2] == 0xe8 && read_stub(tid, relative(address, code + 3), ret))
		return true;
	for (size_t size = 2; size <= sizeof(code); size++) {
		if (!is_indirect_call(code + sizeof(code) - size, size))
			continue;
		*ret = (struct call_site){ .across = true };
		if (size == 6 && code[2] == 0x15) /* call *slot(%rip) */
			ret->target = read_slot(tid, relative(address, code + 3));
		return true;
	}
	return false;
}

#elif defined(__aarch64__)

/* Arm ARM (DDI 0487), C6.2, and its ELF ABI: [bti] adrp x16, page; ldr x17, [x16, #slot]. */
static bool read_stub(pid_t tid, uint64_t address, struct call_site *ret)
{
	uint32_t code[3];
	if (!tracee_read(tid, address, code, sizeof(code)))
		return false;
	bool bti = code[0] == 0xd503245f;
	uint32_t adrp = code[bti], ldr = code[bti + 1];
	*ret = (struct call_site){ .target = address };
	if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211)
		return true;
	uint64_t pages = (adrp >> 5 & 0x7ffff) << 2 | (adrp >> 29 & 3);
	int64_t by = (int64_t)(pages << 43) >> 31; /* 21 bits, of pages */
	uint64_t page = (address + 4 * bti) & ~UINT64_C(0xfff);
	ret->across = true;
	ret->target = read_slot(tid, page + (uint64_t)by + (ldr >> 10 & 0xfff) * 8);
	return true;
}

bool find_call(pid_t tid, uint64_t address, struct call_site *ret)
{
	uint32_t code;
	if (address & 3 || !tracee_read(tid, address - sizeof(code), &code, sizeof(code)))
		return false;
	if ((code & 0xfc000000) == 0x94000000) { /* BL */
		int64_t by = (int64_t)(int32_t)(code << 6) >> 4;
		return read_stub(tid, address - sizeof(code) + (uint64_t)by, ret);
	}
	*ret = (struct call_site){ .across = true };
	/* BLR and its authenticating forms */
	return (code & 0xfffffc1f) == 0xd63f0000 || (code & 0xfefff800) == 0xd63f0800;
}

#endif
