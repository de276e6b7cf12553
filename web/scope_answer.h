/*
 * scope_answer.h: what the machines and reports of a scope say together, as the first
 * words of a page: YES, NO, MACHINES DISAGREE, CPU ONLY or NOT KNOWN.
 *
 * YES: through some API `launch` is clean or noisy. NO: an API or the door is broken and
 * none works. Reports never make a YES or a NO: they are counted beside it.
 */
#pragma once

#include "matrix/view.h"
#include "util/strbuf.h"
#include "web/html.h"

struct scope_answer {
	const char *css;      /* of .answer: good, bad, split, cpu, none */
	struct strbuf words;  /* "YES, through OpenCL and Vulkan." */
	struct strbuf counts; /* "7 machines measured (6 people), …; 2 reports, …" */
};

void scope_answer_make(const struct view_scope *scope, struct scope_answer *ret);
void scope_answer_deinit(struct scope_answer *answer);
#define cleanup_scope_answer cleanup_with(scope_answer_deinit)

/* The answer under its question. */
void scope_answer_write(struct html *h, const struct view_scope *scope,
			const char *question);
