/* parser.h: a scenario file while it is read; what its sections share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/dxgsim/scenario.h"

#define PARSER_WORDS_MAX 12

struct parser {
	struct arena *arena;
	struct scenario *scenario;
	const struct section *section;
	uint64_t given;                /* keys of this section already seen, a bit each */
	char *words[PARSER_WORDS_MAX]; /* left of the =, words[0] is the key */
	size_t word_count;
	char *value; /* right of it */
};

struct key {
	const char *name; /* NULL: any word */
	bool repeats;
	const char *arguments; /* after the name, for messages; "" for none */
	size_t arguments_min, arguments_max;
	struct error *(*parse)(struct parser *parser);
};

/* A key that stands once, alone. */
#define KEY(name, parse)                                                                 \
	{                                                                                \
		name, false, "", 0, 0, parse                                             \
	}

/* At most 64 keys. */
struct section {
	const char *name; /* "" before the first */
	const struct key *keys;
	size_t key_count;
	void (*begin)(struct parser *parser); /* NULL: nothing to do */
};

extern const struct section section_machine;
extern const struct section section_adapter;
extern const struct section section_refuse;
extern const struct section section_event;

struct error *parser_wrong_value(const struct parser *parser,
				 const char *expected) must_check;
/* Reads a value that is one of two words. @param ret  whether it is the first */
struct error *parser_either(const struct parser *parser, const char *first,
			    const char *second, bool *ret) must_check;
/* "EINVAL" or "STATUS_PENDING". @return whether it is one */
bool parser_verdict(const char *text, struct verdict *ret);
/* "hung": a state of a device. @param ret  enum d3dkmt_deviceexecution_state */
struct error *parser_device_state(const struct parser *parser, const char *text,
				  uint32_t *ret) must_check;
