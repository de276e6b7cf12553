#include "runner/trace_cfi.h"

#include "tests/testing.h"

/* Registers as x86-64 numbers them. */
#define RBP 6
#define RSP 7
#define RIP 16

#define FRAMES 0x1000
#define CODE   0x5000
#define STACK  0x8000

/* A CIE as gcc writes it, and the entry of a function that begins
 *
 *     5000 push %rbp
 *     5001 mov %rsp, %rbp
 *     5004 …
 *     5020 pop %rbp
 *     5021 ret, and behind it once more what is before the pop
 *
 * and that of a stub of the linker at 6000, whose CFA is an expression. */
/* clang-format off */
static const uint8_t frames[] = {
	0x14, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b,
	0x0c, 7, 8, 0x90, 1, 0, 0,
	/* 0x18: */
	0x1c, 0, 0, 0, 0x1c, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0x40, 0, 0, 0, 0,
	0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x5c, 0x0c, 7, 8, 0x41, 0x0b,
	/* 0x38: */
	0x20, 0, 0, 0, 0x3c, 0, 0, 0, 0xc0, 0x4f, 0, 0, 0x10, 0, 0, 0, 0,
	0x0f, 11, 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22,
	0, 0, 0, 0, 0, 0,
	/* 0x5c: the end */
	0, 0, 0, 0,
};
/* clang-format on */

#define FUNCTION (FRAMES + 0x18)
#define STUB     (FRAMES + 0x38)

struct bytes {
	const uint8_t *frames;
	size_t size;
	uint64_t stack[8];
};

static bool read_bytes(void *context, uint64_t address, void *ret, size_t size)
{
	const struct bytes *bytes = context;
	const uint8_t *from = NULL;
	if (address >= FRAMES && address + size <= FRAMES + bytes->size)
		from = bytes->frames + (address - FRAMES);
	if (address >= STACK && address + size <= STACK + sizeof(bytes->stack))
		from = (const uint8_t *)bytes->stack + (address - STACK);
	if (from)
		memcpy(ret, from, size);
	return from != NULL;
}

static struct bytes bytes = { frames,
			      sizeof(frames),
			      { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 } };
static const struct cfi_memory memory = { &bytes, read_bytes };

static void test_each_instruction_has_its_row(void **state)
{
	(void)state;
	static const struct {
		uint64_t pc;
		uint16_t base;
		int64_t offset;
		enum cfi_kind rbp;
	} rows[] = {
		{ 0x5000, RSP, 8, CFI_SAME },   { 0x5001, RSP, 16, CFI_SAVED },
		{ 0x5003, RSP, 16, CFI_SAVED }, { 0x5004, RBP, 16, CFI_SAVED },
		{ 0x501f, RBP, 16, CFI_SAVED }, { 0x5020, RSP, 8, CFI_SAVED },
		{ 0x5021, RBP, 16, CFI_SAVED }, { 0x503f, RBP, 16, CFI_SAVED },
	};
	for_each_row(expected, rows) {
		struct cfi_row row;
		assert_true(cfi_find_row(&memory, FUNCTION, expected->pc, &row));
		assert_int_equal(row.cfa.kind, CFI_REGISTER);
		assert_int_equal(row.cfa.base, expected->base);
		assert_int_equal(row.cfa.number, expected->offset);
		assert_int_equal(row.registers[RBP].kind, expected->rbp);
		assert_int_equal(row.return_register, RIP);
		assert_int_equal(row.registers[RIP].number, -8);
		assert_false(row.is_signal_frame);
	}
}

static void test_an_entry_is_for_its_own_function(void **state)
{
	(void)state;
	struct cfi_row row;
	assert_false(cfi_find_row(&memory, FUNCTION, 0x4fff, &row));
	assert_false(cfi_find_row(&memory, FUNCTION, 0x5040, &row));
	assert_false(cfi_find_row(&memory, FRAMES, 0x5000, &row)); /* the CIE is none */
	assert_int_equal(cfi_find_entry(&memory, FRAMES, sizeof(frames), 0x503f),
			 FUNCTION);
	assert_int_equal(cfi_find_entry(&memory, FRAMES, sizeof(frames), 0x6000), STUB);
	assert_int_equal(cfi_find_entry(&memory, FRAMES, sizeof(frames), 0x5040), 0);
}

static void test_a_caller_is_found_by_the_row(void **state)
{
	(void)state;
	struct cfi_row row;
	uint64_t registers[CFI_REGISTERS] = {
		[RBP] = STACK + 16, [RSP] = STACK, [3] = 7
	};
	uint64_t pc;
	assert_true(cfi_find_row(&memory, FUNCTION, 0x5010, &row));
	assert_true(cfi_apply(&memory, &row, registers, RSP, &pc));
	assert_int_equal(pc, 0x44);
	assert_int_equal(registers[RBP], 0x33);
	assert_int_equal(registers[RSP], STACK + 32);
	assert_int_equal(registers[3], 7);
	registers[RBP] = 0x123456; /* no stack is there */
	assert_false(cfi_apply(&memory, &row, registers, RSP, &pc));
}

/* What the linker writes of a stub: one word more once its push is done. */
static void test_an_expression_is_evaluated(void **state)
{
	(void)state;
	struct cfi_row row;
	assert_true(cfi_find_row(&memory, STUB, 0x6000, &row));
	for (uint64_t place = 0; place < 16; place++) {
		uint64_t registers[CFI_REGISTERS] = {
			[RSP] = STACK + 8, [RIP] = 0x6000 + place
		};
		uint64_t pc;
		assert_true(cfi_apply(&memory, &row, registers, RSP, &pc));
		assert_int_equal(registers[RSP], STACK + (place >= 11 ? 24 : 16));
		assert_int_equal(pc, place >= 11 ? 0x33 : 0x22);
	}
}

/* Any byte may be any other: nothing is read that is not there, and nothing hangs. */
static void test_what_is_broken_is_refused(void **state)
{
	(void)state;
	uint8_t broken[sizeof(frames)];
	struct bytes other = { broken, sizeof(broken), { 0 } };
	const struct cfi_memory theirs = { &other, read_bytes };
	struct cfi_row row;
	for (size_t i = 0; i < sizeof(frames); i++) {
		for (unsigned int value = 0; value < 256; value++) {
			uint64_t registers[CFI_REGISTERS] = { [RSP] = STACK }, pc;
			memcpy(broken, frames, sizeof(frames));
			broken[i] = (uint8_t)value;
			if (cfi_find_row(&theirs, FUNCTION, 0x5010, &row))
				(void)cfi_apply(&theirs, &row, registers, RSP, &pc);
			cfi_find_entry(&theirs, FRAMES, sizeof(frames), 0x5010);
		}
	}
	memcpy(broken, frames, sizeof(frames));
	for (other.size = 0; other.size < 0x38; other.size++)
		assert_false(cfi_find_row(&theirs, FUNCTION, 0x5010, &row));
	assert_true(cfi_find_row(&theirs, FUNCTION, 0x5010, &row));
	broken[0x18 + 17] = 0x3f; /* no instruction: what follows it is anything */
	assert_false(cfi_find_row(&theirs, FUNCTION, 0x5010, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_instruction_has_its_row),
		cmocka_unit_test(test_an_entry_is_for_its_own_function),
		cmocka_unit_test(test_a_caller_is_found_by_the_row),
		cmocka_unit_test(test_an_expression_is_evaluated),
		cmocka_unit_test(test_what_is_broken_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
