#include "runner/trace_unwind.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runner/trace.h"
#include "tests/testing.h"
#include "util/cleanup.h"

/* A file as a linker makes it without a table: headers, .eh_frame, code. */
#define FRAMES_AT 4096
#define CODE_SIZE 4096
#define DEPTH     100

#if defined(__x86_64__)
#define RETURN_REGISTER 16
#else
#define RETURN_REGISTER TRACE_DWARF_LINK
#endif

struct __attribute__((packed)) entries {
	uint32_t cie_length, cie_id;
	uint8_t cie[12];
	uint32_t fde_length, fde_back;
	uint64_t first_pc, size;
	uint32_t end;
};

static void put_headers(uint8_t *file, size_t frames_size)
{
	static const char names[] = "\0.eh_frame";
	Elf64_Ehdr *header = (Elf64_Ehdr *)file;
	Elf64_Phdr *program = (Elf64_Phdr *)(header + 1);
	Elf64_Shdr *sections = (Elf64_Shdr *)(program + 1);
	memcpy(header->e_ident, ELFMAG, SELFMAG);
	header->e_ident[EI_CLASS] = ELFCLASS64;
	header->e_ident[EI_DATA] = ELFDATA2LSB;
	header->e_phoff = sizeof(*header);
	header->e_phentsize = sizeof(*program);
	header->e_phnum = 1;
	header->e_shoff = (uint64_t)((uint8_t *)sections - file);
	header->e_shentsize = sizeof(*sections);
	header->e_shnum = 2;
	*program = (Elf64_Phdr){ .p_type = PT_LOAD,
				 .p_filesz = FRAMES_AT + frames_size + CODE_SIZE };
	sections[0] = (Elf64_Shdr){ .sh_offset = 2048, .sh_size = sizeof(names) };
	sections[1] = (Elf64_Shdr){ .sh_name = 1,
				    .sh_addr = FRAMES_AT,
				    .sh_offset = FRAMES_AT,
				    .sh_size = frames_size };
	memcpy(file + 2048, names, sizeof(names));
}

/* Records that say nothing, and behind them all the one that covers the code. */
static void put_frames(uint8_t *frames, size_t size, uint64_t code)
{
	const struct entries last = {
		.cie_length = 16,
		/* version 1, no augmentation, alignments 1 and -8; the CFA is 8 above the
		 * stack pointer, and the return address lies there */
		.cie = { 1, 0, 1, 0x78, RETURN_REGISTER, 0x0c, TRACE_DWARF_SP, 8,
			 0x80 | RETURN_REGISTER, 1 },
		.fde_length = 20,
		.fde_back = offsetof(struct entries, fde_back),
		.first_pc = code,
		.size = CODE_SIZE,
	};
	for (size_t at = 0; at < size; at += 16)
		frames[at] = 12;
	memcpy(frames + size - 64, &last, sizeof(last));
}

/* @return where it lies; NULL where nothing from there may be executed */
static uint8_t *map_file(int fd, size_t frames_size)
{
	const size_t size = FRAMES_AT + frames_size + CODE_SIZE;
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	uint8_t *code = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	if (code == MAP_FAILED)
		return NULL;
	uint8_t *file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(file, MAP_FAILED);
	put_headers(file, frames_size);
	put_frames(file + FRAMES_AT, frames_size,
		   (uintptr_t)code + FRAMES_AT + frames_size);
	munmap(file, size);
	return code;
}

/* Of ourselves: a stack that returns to another place of that code in each frame.
 * @return how many frames were found */
static size_t walk(uint64_t code)
{
	uint64_t stack[DEPTH];
	cleanup_with(trace_maps_deinit) struct trace_maps maps = { 0 };
	assert_true(trace_maps_read(getpid(), &maps));
	for (size_t i = 0; i < DEPTH; i++)
		stack[i] = code + 2 * (i + 1);
	struct unwind_frame frame = { .pc = code, .exact = true };
	frame.registers[TRACE_DWARF_SP] = (uintptr_t)stack;
	struct unwinder *unwinder = unwinder_create(&maps);
	size_t n = 0;
	while (n < DEPTH && unwind_up(unwinder, &frame))
		assert_int_equal(frame.pc, stack[n++]);
	unwinder_destroy(unwinder);
	return n;
}

static size_t walk_with(size_t frames_size)
{
	char path[] = "/tmp/dxgmatrix-unwind-XXXXXX";
	cleanup_close int fd = mkstemp(path);
	uint8_t *file = map_file(fd, frames_size);
	size_t n = file ? walk((uintptr_t)file + FRAMES_AT + frames_size) : 0;
	unlink(path);
	if (!file)
		skip();
	munmap(file, FRAMES_AT + frames_size + CODE_SIZE);
	return n;
}

static void test_a_stack_without_a_table_is_walked(void **state)
{
	(void)state;
	assert_int_equal(walk_with(4096), DEPTH);
}

/* It would take minutes. */
static void test_tables_made_to_be_slow_end_the_walk(void **state)
{
	(void)state;
	assert_true(walk_with(15 * 1024 * 1024) < DEPTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stack_without_a_table_is_walked),
		cmocka_unit_test(test_tables_made_to_be_slow_end_the_walk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
