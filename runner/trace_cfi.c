#include "runner/trace_cfi.h"

#include "runner/trace_cursor.h"
#include "util/array.h"

/* Most have some dozen bytes. */
#define RECORD_MAX   16384
#define REMEMBER_MAX 16

/* ---- entries ---- */

/* Formats of DW_EH_PE_*, the lower half of the byte; the upper says what it is relative to:
 * nothing (0x00) or its own address (0x10). */
static uint64_t read_pointer(struct cursor *c, uint8_t encoding)
{
	static const struct {
		uint8_t format, size;
		bool is_signed;
	} formats[] = { { 0x00, 8, false }, { 0x02, 2, false }, { 0x03, 4, false },
			{ 0x04, 8, false }, { 0x0a, 2, true },  { 0x0b, 4, true },
			{ 0x0c, 8, true } };
	uint64_t here = cursor_address(c);
	for_each_row(row, formats) {
		if (row->format != (encoding & 0x0f))
			continue;
		uint64_t value = cursor_fixed(c, row->size, row->is_signed);
		switch (encoding & 0x70) {
		case 0x00:
			return value;
		case 0x10:
			return here + value;
		}
	}
	c->bad = true;
	return 0;
}

struct cie {
	uint64_t code_align;
	int64_t data_align;
	uint8_t return_register, encoding;
	bool has_augmentation, is_signal_frame;
	struct cursor instructions;
};

struct fde {
	uint64_t first_pc, size;
	struct cursor instructions;
};

/* A record without its length. @return false also for the end mark, of length 0 */
static bool read_record(const struct cfi_memory *memory, uint64_t address,
			uint8_t bytes[RECORD_MAX], struct cursor *ret, uint64_t *ret_next)
{
	uint32_t length;
	if (!memory->read(memory->context, address, &length, sizeof(length)) ||
	    length < 4 || length > RECORD_MAX)
		return false;
	address += sizeof(length);
	if (!memory->read(memory->context, address, bytes, length))
		return false;
	*ret = (struct cursor){
		.at = bytes, .end = bytes + length, .address = address, .first = bytes
	};
	*ret_next = address + length;
	return true;
}

/* The augmentation says what else is in the record: "zPLR" and the like. */
static void read_augmentation(struct cursor *c, const uint8_t *letters, struct cie *cie)
{
	uint64_t size = cursor_leb(c, false);
	struct cursor data = *c;
	cursor_skip(c, size);
	data.end = c->at;
	for (; *letters && !c->bad && !data.bad; letters++) {
		switch (*letters) {
		case 'R':
			cie->encoding = cursor_byte(&data);
			break;
		case 'P':
			read_pointer(&data, cursor_byte(&data) & 0x7f);
			break;
		case 'L':
			cursor_byte(&data);
			break;
		case 'S':
			cie->is_signal_frame = true;
			break;
		case 'B': /* arm64: its return addresses are signed with the other key */
			break;
		default:
			c->bad = true;
		}
	}
	c->bad |= data.bad;
}

static bool parse_cie(struct cursor c, struct cie *ret)
{
	*ret = (struct cie){ 0 };
	if (cursor_fixed(&c, 4, false))
		return false;
	uint8_t version = cursor_byte(&c);
	const uint8_t *letters = c.at;
	while (cursor_byte(&c))
		;
	ret->code_align = cursor_leb(&c, false);
	ret->data_align = (int64_t)cursor_leb(&c, true);
	uint64_t number = version == 1 ? cursor_byte(&c) : cursor_leb(&c, false);
	if (c.bad || (version != 1 && version != 3) || number >= CFI_REGISTERS)
		return false;
	ret->return_register = (uint8_t)number;
	ret->has_augmentation = *letters == 'z';
	if (ret->has_augmentation)
		read_augmentation(&c, letters + 1, ret);
	else if (*letters)
		return false;
	ret->instructions = c;
	return !c.bad;
}

/* @param c  behind its pointer to the CIE */
static bool parse_fde(struct cursor c, const struct cie *cie, struct fde *ret)
{
	ret->first_pc = read_pointer(&c, cie->encoding);
	ret->size = read_pointer(&c, cie->encoding & 0x0f);
	if (cie->has_augmentation)
		cursor_skip(&c, cursor_leb(&c, false));
	ret->instructions = c;
	return !c.bad;
}

/* ---- instructions ---- */

struct machine {
	const struct cie *cie;
	struct cfi_row row, first; /* `first`: as the CIE leaves it */
	struct cfi_row remembered[REMEMBER_MAX];
	size_t n_remembered;
	uint64_t pc;
};

/* Registers that we do not keep, of vectors, may be anything. */
static void set(struct machine *m, uint64_t number, struct cfi_rule rule)
{
	if (number < CFI_REGISTERS)
		m->row.registers[number] = rule;
}

static void restore_rule(struct machine *m, uint64_t number)
{
	if (number < CFI_REGISTERS)
		m->row.registers[number] = m->first.registers[number];
}

static void set_cfa(struct machine *m, struct cursor *c, uint64_t base, int64_t number)
{
	if (base >= CFI_REGISTERS)
		c->bad = true;
	else
		m->row.cfa = (struct cfi_rule){ .kind = CFI_REGISTER,
						.base = (uint16_t)base,
						.number = number };
}

static struct cfi_rule read_expression(struct cursor *c, enum cfi_kind kind)
{
	uint64_t size = cursor_leb(c, false);
	struct cfi_rule rule = { .kind = kind, .number = (int64_t)cursor_address(c) };
	cursor_skip(c, size);
	c->bad |= size > CFI_EXPR_MAX;
	rule.size = (uint16_t)size;
	return rule;
}

/* The product of two numbers of whoever wrote it: may wrap, shall not trap. */
static int64_t factored(const struct machine *m, uint64_t number)
{
	return (int64_t)(number * (uint64_t)m->cie->data_align);
}

static void advance(struct machine *m, uint64_t by)
{
	m->pc += by * m->cie->code_align;
}

static void remember(struct machine *m, struct cursor *c)
{
	if (m->n_remembered == REMEMBER_MAX)
		c->bad = true;
	else
		m->remembered[m->n_remembered++] = m->row;
}

static void restore(struct machine *m, struct cursor *c)
{
	if (!m->n_remembered)
		c->bad = true;
	else
		m->row = m->remembered[--m->n_remembered];
}

/* What follows the register in an instruction that makes a rule. */
enum operand { NOTHING, OFFSET, SIGNED_OFFSET, OTHER_REGISTER, EXPRESSION };

static const struct rule_row {
	uint8_t code; /* DW_CFA_* */
	enum cfi_kind kind;
	enum operand operand;
} rule_rows[] = {
	{ 0x05, CFI_SAVED, OFFSET },          { 0x07, CFI_UNDEFINED, NOTHING },
	{ 0x08, CFI_SAME, NOTHING },          { 0x09, CFI_REGISTER, OTHER_REGISTER },
	{ 0x10, CFI_SAVED_EXPR, EXPRESSION }, { 0x11, CFI_SAVED, SIGNED_OFFSET },
	{ 0x14, CFI_CFA_PLUS, OFFSET },       { 0x15, CFI_CFA_PLUS, SIGNED_OFFSET },
	{ 0x16, CFI_EXPR, EXPRESSION },
};

static struct cfi_rule read_rule(const struct machine *m, struct cursor *c,
				 const struct rule_row *row)
{
	struct cfi_rule rule = { .kind = row->kind };
	uint64_t number;
	switch (row->operand) {
	case NOTHING:
		return rule;
	case OFFSET:
	case SIGNED_OFFSET:
		number = cursor_leb(c, row->operand == SIGNED_OFFSET);
		rule.number = factored(m, number);
		return rule;
	case OTHER_REGISTER:
		number = cursor_leb(c, false);
		if (number >= CFI_REGISTERS)
			return (struct cfi_rule){ .kind = CFI_UNDEFINED };
		rule.base = (uint16_t)number;
		return rule;
	case EXPRESSION:
		return read_expression(c, row->kind);
	}
	return rule;
}

/* @return whether it was an instruction of this kind */
static bool run_rule(struct machine *m, struct cursor *c, uint8_t code)
{
	for_each_row(row, rule_rows) {
		if (row->code != code)
			continue;
		uint64_t number = cursor_leb(c, false);
		set(m, number, read_rule(m, c, row));
		return true;
	}
	return false;
}

static bool run_cfa(struct machine *m, struct cursor *c, uint8_t code)
{
	uint64_t base = m->row.cfa.base;
	switch (code) {
	case 0x0c: /* def_cfa */
		base = cursor_leb(c, false);
		set_cfa(m, c, base, (int64_t)cursor_leb(c, false));
		return true;
	case 0x0d: /* def_cfa_register */
		set_cfa(m, c, cursor_leb(c, false), m->row.cfa.number);
		return true;
	case 0x0e: /* def_cfa_offset */
		set_cfa(m, c, base, (int64_t)cursor_leb(c, false));
		return true;
	case 0x0f: /* def_cfa_expression */
		m->row.cfa = read_expression(c, CFI_EXPR);
		return true;
	case 0x12: /* def_cfa_sf */
		base = cursor_leb(c, false);
		set_cfa(m, c, base, factored(m, cursor_leb(c, true)));
		return true;
	case 0x13: /* def_cfa_offset_sf */
		set_cfa(m, c, base, factored(m, cursor_leb(c, true)));
		return true;
	}
	return false;
}

/* One that is not known ends it all: what follows would be misread. */
static void run_other(struct machine *m, struct cursor *c, uint8_t code)
{
	switch (code) {
	case 0x00: /* nop */
	case 0x2d: /* arm64: negate_ra_state, see strip_signature */
		return;
	case 0x01: /* set_loc */
		m->pc = read_pointer(c, m->cie->encoding);
		return;
	case 0x02:
	case 0x03:
	case 0x04: /* advance_loc1, 2, 4 */
		advance(m, cursor_fixed(c, (size_t)1 << (code - 2), false));
		return;
	case 0x06: /* restore_extended */
		restore_rule(m, cursor_leb(c, false));
		return;
	case 0x0a: /* remember_state */
		remember(m, c);
		return;
	case 0x0b: /* restore_state */
		restore(m, c);
		return;
	case 0x2e: /* GNU_args_size */
		cursor_leb(c, false);
		return;
	default:
		c->bad = true;
	}
}

static void run_one(struct machine *m, struct cursor *c)
{
	uint8_t code = cursor_byte(c), low = code & 0x3f;
	switch (code >> 6) {
	case 1: /* advance_loc */
		advance(m, low);
		return;
	case 2: /* offset */
		set(m, low,
		    (struct cfi_rule){ .kind = CFI_SAVED,
				       .number = factored(m, cursor_leb(c, false)) });
		return;
	case 3: /* restore */
		restore_rule(m, low);
		return;
	}
	if (!run_rule(m, c, code) && !run_cfa(m, c, code))
		run_other(m, c, code);
}

/* Up to the last instruction that is in force at pc: to go on to a later one changes nothing
 * by itself. */
static bool run(struct machine *m, struct cursor *c, uint64_t pc)
{
	while (!c->bad && c->at < c->end && m->pc <= pc)
		run_one(m, c);
	return !c->bad;
}

/* @param ret_fde  the bytes behind its pointer to the CIE, which is read as well */
static bool read_entry(const struct cfi_memory *memory, uint64_t address,
		       uint8_t bytes[2][RECORD_MAX], struct cie *ret_cie,
		       struct fde *ret_fde, uint64_t *ret_next)
{
	struct cursor fde, cie;
	uint64_t next;
	if (!read_record(memory, address, bytes[0], &fde, ret_next))
		return false;
	uint64_t here = cursor_address(&fde), back = cursor_fixed(&fde, 4, false);
	return back && back <= here &&
	       read_record(memory, here - back, bytes[1], &cie, &next) &&
	       parse_cie(cie, ret_cie) && parse_fde(fde, ret_cie, ret_fde);
}

static bool covers(const struct fde *fde, uint64_t pc)
{
	return pc >= fde->first_pc && pc - fde->first_pc < fde->size;
}

bool cfi_find_row(const struct cfi_memory *memory, uint64_t address, uint64_t pc,
		  struct cfi_row *ret)
{
	uint8_t bytes[2][RECORD_MAX];
	struct cie cie;
	struct fde fde;
	uint64_t next;
	if (!read_entry(memory, address, bytes, &cie, &fde, &next) || !covers(&fde, pc))
		return false;
	struct machine machine = { .cie = &cie, .pc = fde.first_pc };
	if (!run(&machine, &cie.instructions, UINT64_MAX))
		return false;
	machine.first = machine.row;
	machine.pc = fde.first_pc;
	if (!run(&machine, &fde.instructions, pc))
		return false;
	*ret = machine.row;
	ret->return_register = cie.return_register;
	ret->is_signal_frame = cie.is_signal_frame;
	return true;
}

uint64_t cfi_find_entry(const struct cfi_memory *memory, uint64_t frames, uint64_t size,
			uint64_t pc)
{
	uint8_t bytes[2][RECORD_MAX];
	for (uint64_t at = frames, next; at - frames < size; at = next) {
		struct cursor record;
		struct cie cie;
		struct fde fde;
		if (read_entry(memory, at, bytes, &cie, &fde, &next)) {
			if (covers(&fde, pc))
				return at;
		} else if (!read_record(memory, at, bytes[0], &record, &next)) {
			break;
		}
	}
	return 0;
}
