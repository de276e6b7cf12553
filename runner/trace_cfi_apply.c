#include <string.h>

#include "runner/trace_cfi.h"
#include "runner/trace_cursor.h"

#define STACK_MAX 32

/* ---- expressions ---- */

struct stack {
	uint64_t values[STACK_MAX];
	size_t n;
	bool bad;
};

static void push(struct stack *s, uint64_t value)
{
	if (s->n == STACK_MAX)
		s->bad = true;
	else
		s->values[s->n++] = value;
}

static uint64_t pop(struct stack *s)
{
	if (s->n)
		return s->values[--s->n];
	s->bad = true;
	return 0;
}

static void run_of_two(struct stack *s, uint8_t code)
{
	uint64_t b = pop(s), a = pop(s);
	switch (code) {
	case 0x1a: /* and */
		push(s, a & b);
		return;
	case 0x1c: /* minus */
		push(s, a - b);
		return;
	case 0x21: /* or */
		push(s, a | b);
		return;
	case 0x22: /* plus */
		push(s, a + b);
		return;
	case 0x24: /* shl */
		push(s, b < 64 ? a << b : 0);
		return;
	case 0x2a: /* ge */
		push(s, (int64_t)a >= (int64_t)b);
		return;
	default:
		s->bad = true;
	}
}

/* DW_OP_* that compilers, linkers (for stubs) and C libraries (for signals) use. */
static void run_operation(const struct cfi_memory *memory, struct cursor *c,
			  struct stack *s, const uint64_t registers[CFI_REGISTERS])
{
	uint8_t code = cursor_byte(c);
	uint64_t a;
	if (code >= 0x30 && code <= 0x4f) { /* lit0… */
		push(s, code - 0x30u);
		return;
	}
	if (code >= 0x70 && code <= 0x8f) { /* breg0… */
		push(s, registers[code - 0x70] + cursor_leb(c, true));
		return;
	}
	switch (code) {
	case 0x06: /* deref */
		a = 0;
		if (!memory->read(memory->context, pop(s), &a, sizeof(a)))
			s->bad = true;
		push(s, a);
		return;
	case 0x08:
	case 0x09: /* const1u, const1s */
		push(s, cursor_fixed(c, 1, code & 1));
		return;
	case 0x0a:
	case 0x0b: /* const2u, const2s */
		push(s, cursor_fixed(c, 2, code & 1));
		return;
	case 0x0c:
	case 0x0d: /* const4u, const4s */
		push(s, cursor_fixed(c, 4, code & 1));
		return;
	case 0x10:
	case 0x11: /* constu, consts */
		push(s, cursor_leb(c, code & 1));
		return;
	case 0x12: /* dup */
		a = pop(s);
		push(s, a);
		push(s, a);
		return;
	case 0x23: /* plus_uconst */
		a = pop(s);
		push(s, a + cursor_leb(c, false));
		return;
	default:
		run_of_two(s, code);
	}
}

/* @param first  what lies on the stack as it begins: the CFA, but for its own rule */
static bool evaluate(const struct cfi_memory *memory, const struct cfi_rule *rule,
		     const uint64_t registers[CFI_REGISTERS], const uint64_t *first,
		     uint64_t *ret)
{
	uint8_t bytes[CFI_EXPR_MAX];
	struct stack stack = { 0 };
	if (!memory->read(memory->context, (uint64_t)rule->number, bytes, rule->size))
		return false;
	struct cursor c = { .at = bytes, .end = bytes + rule->size, .first = bytes };
	if (first)
		push(&stack, *first);
	while (c.at < c.end && !c.bad && !stack.bad)
		run_operation(memory, &c, &stack, registers);
	*ret = pop(&stack);
	return !c.bad && !stack.bad;
}

/* ---- frames ---- */

static bool find_cfa(const struct cfi_memory *memory, const struct cfi_row *row,
		     const uint64_t registers[CFI_REGISTERS], uint64_t *ret)
{
	if (row->cfa.kind == CFI_EXPR)
		return evaluate(memory, &row->cfa, registers, NULL, ret);
	*ret = registers[row->cfa.base] + (uint64_t)row->cfa.number;
	return row->cfa.kind == CFI_REGISTER;
}

/* @return false where it cannot be had */
static bool find_register(const struct cfi_memory *memory, const struct cfi_rule *rule,
			  const uint64_t registers[CFI_REGISTERS], unsigned int number,
			  uint64_t cfa, uint64_t *ret)
{
	uint64_t address = cfa + (uint64_t)rule->number;
	switch (rule->kind) {
	case CFI_SAME:
		*ret = registers[number];
		return true;
	case CFI_UNDEFINED:
		return false;
	case CFI_CFA_PLUS:
		*ret = address;
		return true;
	case CFI_REGISTER:
		*ret = registers[rule->base] + (uint64_t)rule->number;
		return true;
	case CFI_EXPR:
		return evaluate(memory, rule, registers, &cfa, ret);
	case CFI_SAVED_EXPR:
		if (!evaluate(memory, rule, registers, &cfa, &address))
			return false;
		break;
	case CFI_SAVED:
		break;
	}
	return memory->read(memory->context, address, ret, sizeof(*ret));
}

/* On arm64 a signature may stand in the upper bits of a return address (Arm ARM, D5.1.5): user
 * space has at most 52 bits, and on x86-64 no more than 56. */
static uint64_t strip_signature(uint64_t address)
{
#if defined(__aarch64__)
	return address & ((UINT64_C(1) << 52) - 1);
#else
	return address;
#endif
}

bool cfi_apply(const struct cfi_memory *memory, const struct cfi_row *row,
	       uint64_t registers[CFI_REGISTERS], unsigned int stack_pointer,
	       uint64_t *ret_pc)
{
	uint64_t cfa, pc, above[CFI_REGISTERS];
	unsigned int link = row->return_register;
	if (!find_cfa(memory, row, registers, &cfa) ||
	    !find_register(memory, &row->registers[link], registers, link, cfa, &pc))
		return false;
	for (unsigned int i = 0; i < CFI_REGISTERS; i++)
		if (!find_register(memory, &row->registers[i], registers, i, cfa,
				   &above[i]))
			above[i] = 0;
	/* By definition, unless the frame says otherwise, as that of a signal does. */
	if (row->registers[stack_pointer].kind == CFI_SAME)
		above[stack_pointer] = cfa;
	memcpy(registers, above, sizeof(above));
	*ret_pc = strip_signature(pc);
	return true;
}
