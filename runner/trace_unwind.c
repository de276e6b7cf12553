#include "runner/trace_unwind.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

#include "runner/trace.h"
#include "runner/trace_elf.h"
#include "runner/trace_memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* The stack is read in pieces: a recursion that overflowed it has some 100,000 frames. */
#define PIECE       65536
#define ROWS        64 /* frames of a recursion stand at few places */
#define FRAMES_MAX  (1024 * 1024)
#define HEADERS_MAX 64
/* For all of a stack. The deepest take a tenth of it; tables that are made to be slow, any
 * time, while the program stands still and cannot even be killed (PTRACE_EVENT_EXIT). */
#define TIME_MAX_NS INT64_C(2000000000)
/* A .eh_frame that is searched from its start. */
#define SEARCH_MAX (16 * 1024 * 1024)
/* Of a .eh_frame_hdr, what all linkers write: 32 bits, relative to itself, sorted. */
#define TABLE_ENCODING 0x3b
#define COUNT_ENCODING 0x03

/* Where the file of a mapping keeps its entries. */
struct module {
	const struct trace_map *head;
	uint64_t table, count; /* sorted by place; at 0 there is none: */
	uint64_t frames, frames_size;
};

struct known_row {
	uint64_t place; /* 0: empty */
	struct cfi_row row;
};

struct unwinder {
	const struct trace_maps *maps;
	struct cfi_memory memory;
	struct module module; /* the last one */
	struct known_row rows[ROWS];
	uint64_t piece; /* where the bytes are from */
	size_t piece_size;
	uint8_t bytes[PIECE];
	size_t n_frames;
	int64_t until_ns; /* by trace_clock_ns() */
};

/* ---- memory ---- */

static bool is_late(const struct unwinder *u)
{
	return trace_clock_ns() >= u->until_ns;
}

static bool read_through(void *context, uint64_t address, void *ret, size_t size)
{
	struct unwinder *u = context;
	uint64_t piece = address / PIECE * PIECE, at = address - piece;
	if (size > sizeof(uint64_t) || at + size > PIECE)
		return !is_late(u) && tracee_read(u->maps->tid, address, ret, size);
	if (piece != u->piece || !u->piece_size) {
		u->piece = piece;
		u->piece_size = tracee_read_some(u->maps->tid, piece, u->bytes, PIECE);
	}
	/* One that begins where nothing is mapped cannot be had as a whole. */
	if (at + size > u->piece_size)
		return tracee_read(u->maps->tid, address, ret, size);
	memcpy(ret, u->bytes + at, size);
	return true;
}

struct unwinder *unwinder_create(const struct trace_maps *maps)
{
	struct unwinder *u = xcalloc(1, sizeof(*u));
	u->maps = maps;
	u->memory = (struct cfi_memory){ .context = u, .read = read_through };
	u->until_ns = trace_clock_ns() + TIME_MAX_NS;
	return u;
}

void unwinder_destroy(struct unwinder *u)
{
	free(u);
}

/* ---- modules ---- */

static bool read_elf(const struct unwinder *u, uint64_t address, Elf64_Ehdr *ret)
{
	return tracee_read(u->maps->tid, address, ret, sizeof(*ret)) &&
	       !memcmp(ret->e_ident, ELFMAG, SELFMAG) &&
	       ret->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ret->e_phentsize == sizeof(Elf64_Phdr) && ret->e_phnum <= HEADERS_MAX;
}

/* The table of the linker, which gcc leaves out of static programs. */
static void read_table(const struct unwinder *u, uint64_t address, struct module *ret)
{
	struct {
		uint8_t version, frames_encoding, count_encoding, table_encoding;
		int32_t frames;
		uint32_t count;
	} head;
	if (!tracee_read(u->maps->tid, address, &head, sizeof(head)) ||
	    head.version != 1 || head.count_encoding != COUNT_ENCODING ||
	    head.table_encoding != TABLE_ENCODING)
		return;
	ret->table = address;
	ret->count = head.count;
}

static void find_frames(const struct unwinder *u, uint64_t bias, struct module *ret)
{
	cleanup_close int fd = map_open(u->maps, ret->head);
	uint64_t address;
	uint64_t size;
	if (fd < 0 || !elf_section(fd, ".eh_frame", &address, &size) || size > SEARCH_MAX)
		return;
	ret->frames = address + bias;
	ret->frames_size = size;
}

static void read_module(const struct unwinder *u, const struct trace_map *head,
			struct module *ret)
{
	Elf64_Ehdr elf;
	Elf64_Phdr programs[HEADERS_MAX];
	uint64_t bias = 0, table = 0;
	*ret = (struct module){ .head = head };
	if (!read_elf(u, head->start, &elf) ||
	    !tracee_read(u->maps->tid, head->start + elf.e_phoff, programs,
			 elf.e_phnum * sizeof(*programs)))
		return;
	for (unsigned int i = 0; i < elf.e_phnum; i++) {
		if (programs[i].p_type == PT_LOAD && !programs[i].p_offset)
			bias = head->start - programs[i].p_vaddr;
		if (programs[i].p_type == PT_GNU_EH_FRAME)
			table = programs[i].p_vaddr;
	}
	if (table)
		read_table(u, bias + table, ret);
	if (!ret->table)
		find_frames(u, bias, ret);
}

/* @return the address of the entry that may cover the place, or 0 */
static uint64_t search_table(const struct unwinder *u, const struct module *module,
			     uint64_t place)
{
	struct {
		int32_t place, entry;
	} row;
	uint64_t low = 0, high = module->count, entry = 0;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (!tracee_read(u->maps->tid, module->table + 12 + middle * sizeof(row),
				 &row, sizeof(row)))
			return 0;
		if (module->table + (uint64_t)(int64_t)row.place > place) {
			high = middle;
		} else {
			low = middle + 1;
			entry = module->table + (uint64_t)(int64_t)row.entry;
		}
	}
	return entry;
}

static bool find_row(struct unwinder *u, uint64_t place, struct cfi_row *ret)
{
	const struct trace_map *map = maps_code(u->maps, place);
	const struct trace_map *head = map ? maps_head(u->maps, map) : NULL;
	if (!head)
		return false;
	if (u->module.head != head)
		read_module(u, head, &u->module);
	uint64_t entry = u->module.table ? search_table(u, &u->module, place)
					 : cfi_find_entry(&u->memory, u->module.frames,
							  u->module.frames_size, place);
	return entry && cfi_find_row(&u->memory, entry, place, ret);
}

static const struct cfi_row *get_row(struct unwinder *u, uint64_t place)
{
	struct known_row *known = &u->rows[place % ROWS];
	if (known->place == place)
		return &known->row;
	known->place = 0;
	if (!find_row(u, place, &known->row))
		return NULL;
	known->place = place;
	return &known->row;
}

/* ---- frames ---- */

struct unwind_frame unwind_begin(const trace_registers *registers)
{
	return (struct unwind_frame){ .pc = TRACE_PC(registers),
				      .exact = true,
				      .registers = { TRACE_DWARF(registers) } };
}

uint64_t unwind_place(const struct unwind_frame *frame)
{
	return frame->exact ? frame->pc : frame->pc - 1;
}

/*
 * It has jumped to where no code is. After a call through a wild pointer the caller waits; a
 * return to such a place has lost it, and left the place where it was taken from.
 */
static bool leave_nowhere(struct unwinder *u, struct unwind_frame *frame)
{
#if defined(__x86_64__)
	uint64_t *sp = &frame->registers[TRACE_DWARF_SP], words[2];
	if (!tracee_read(u->maps->tid, *sp - sizeof(*words), words, sizeof(words)) ||
	    words[0] == frame->pc)
		return false;
	frame->pc = words[1];
	*sp += sizeof(*words);
#else
	if (frame->registers[TRACE_DWARF_LINK] == frame->pc)
		return false;
	frame->pc = frame->registers[TRACE_DWARF_LINK];
#endif
	frame->exact = false;
	return maps_code(u->maps, unwind_place(frame)) != NULL;
}

bool unwind_up(struct unwinder *u, struct unwind_frame *frame)
{
	uint64_t place = unwind_place(frame), pc;
	uint64_t sp = frame->registers[TRACE_DWARF_SP];
	if (u->n_frames++ == FRAMES_MAX || is_late(u))
		return false;
	if (frame->exact && !maps_code(u->maps, place))
		return leave_nowhere(u, frame);
	const struct cfi_row *row = get_row(u, place);
	if (!row || !cfi_apply(&u->memory, row, frame->registers, TRACE_DWARF_SP, &pc))
		return false;
	/* Only a function of arm64 that has not yet used the stack leaves it as it is; a handler
	 * may have had a stack of its own. */
	bool above = frame->registers[TRACE_DWARF_SP] > sp || frame->exact ||
		     row->is_signal_frame;
	frame->pc = pc;
	frame->exact = row->is_signal_frame;
	return above;
}
