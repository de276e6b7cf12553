/* The unwind tables of whatever program: the input is its memory. */
#include <string.h>

#include "runner/trace_cfi.h"
#include "tests/fuzz/fuzz.h"

struct bytes {
	const uint8_t *data;
	size_t size;
};

static bool read_bytes(void *context, uint64_t address, void *ret, size_t size)
{
	const struct bytes *bytes = context;
	if (address > bytes->size || size > bytes->size - address)
		return false;
	memcpy(ret, bytes->data + address, size);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	const struct cfi_memory memory = { &bytes, read_bytes };
	for (uint64_t pc = 0; pc <= 0x5000; pc += 0x1000) {
		uint64_t registers[CFI_REGISTERS] = { 0 }, above;
		struct cfi_row row;
		uint64_t entry = cfi_find_entry(&memory, 0, size, pc);
		require(entry < size || !entry);
		if (entry && cfi_find_row(&memory, entry, pc, &row))
			(void)cfi_apply(&memory, &row, registers, 7, &above);
	}
	return 0;
}
