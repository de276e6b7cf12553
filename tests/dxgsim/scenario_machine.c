/* The machine: keys before any section. */
#include <stdlib.h>
#include <string.h>

#include "tests/dxgsim/parser.h"
#include "tests/dxgsim/value.h"
#include "util/array.h"

static struct error *parse_machine(struct parser *parser)
{
	return parser_either(parser, "wsl2", "real", &parser->scenario->wsl2);
}

static struct error *parse_kernel(struct parser *parser)
{
	if (strlen(parser->value) > 64)
		return parser_wrong_value(parser, "a kernel release of at most 64 bytes");
	parser->scenario->kernel = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_recording(struct parser *parser)
{
	parser->scenario->recording = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_newest_call(struct parser *parser)
{
	if (!value_call(parser->value, &parser->scenario->newest_call))
		return parser_wrong_value(parser, "the name of a call");
	return NULL;
}

static struct error *parse_node(struct parser *parser)
{
	return parser_either(parser, "present", "absent", &parser->scenario->node);
}

static struct error *parse_open(struct parser *parser)
{
	parser->scenario->open_silent = !strcmp(parser->value, "silent");
	if (!parser->scenario->open_silent &&
	    !value_errno(parser->value, &parser->scenario->open_errno))
		return parser_wrong_value(parser, "silent or the name of an errno");
	return NULL;
}

static struct error *parse_fences(struct parser *parser)
{
	return parser_either(parser, "frozen", "live", &parser->scenario->frozen);
}

static struct error *parse_kernel_log(struct parser *parser)
{
	return parser_either(parser, "kept", "open", &parser->scenario->log_kept);
}

static struct error *parse_boot(struct parser *parser)
{
	struct boot_line line = { 0 };
	if (!value_seconds(parser->words[1], &line.us))
		return error_create("boot: '%s' is not seconds such as 1.531209",
				    parser->words[1]);
	if (strlen(parser->value) > 1000)
		return parser_wrong_value(parser, "a line of at most 1000 bytes");
	line.text = arena_strdup(parser->arena, parser->value);
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->boot, s->boot_count) = line;
	return NULL;
}

static struct error *add_file(struct parser *parser, const struct sim_file *file)
{
	if (*file->path != '/')
		return error_create("%s: '%s' is not an absolute path", parser->words[0],
				    file->path);
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->files, s->file_count) = (struct sim_file){
		.path = arena_strdup(parser->arena, file->path),
		.text = arena_strdup(parser->arena, file->text),
		.source = arena_strdup(parser->arena, file->source),
	};
	return NULL;
}

static struct error *parse_file(struct parser *parser)
{
	const char *text = arena_printf(parser->arena, "%s\n", parser->value);
	return add_file(parser,
			&(struct sim_file){ .path = parser->words[1], .text = text });
}

static struct error *parse_inject(struct parser *parser)
{
	return add_file(parser, &(struct sim_file){ .path = parser->words[1],
						    .source = parser->value });
}

static struct error *parse_absent(struct parser *parser)
{
	return add_file(parser, &(struct sim_file){ .path = parser->value });
}

static const struct key keys[] = {
	KEY("machine", parse_machine),
	KEY("kernel", parse_kernel),
	KEY("newest_call", parse_newest_call),
	KEY("recording", parse_recording),
	KEY("node", parse_node),
	KEY("open", parse_open),
	KEY("fences", parse_fences),
	KEY("kernel_log", parse_kernel_log),
	{ "boot", true, "SECONDS", 1, 1, parse_boot },
	{ "file", true, "PATH", 1, 1, parse_file },
	{ "inject", true, "PATH", 1, 1, parse_inject },
	{ "absent", true, "", 0, 0, parse_absent },
};

const struct section section_machine = { "", keys, ARRAY_SIZE(keys), NULL };
