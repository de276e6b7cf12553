#include "tests/dxgsim/scenario.h"

#include <string.h>

#include "tests/dxgsim/parser.h"
#include "util/array.h"
#include "util/file.h"

#define SCENARIO_MAX (1024 * 1024)

static const struct section *const sections[] = {
	&section_machine,
	&section_adapter,
	&section_refuse,
	&section_event,
};

struct error *parser_wrong_value(const struct parser *parser, const char *expected)
{
	return error_create("%s: '%s' is not %s", parser->words[0], parser->value,
			    expected);
}

struct error *parser_either(const struct parser *parser, const char *first,
			    const char *second, bool *ret)
{
	bool is_first = !strcmp(parser->value, first);
	if (!is_first && strcmp(parser->value, second))
		return error_create("%s: '%s' is not %s or %s", parser->words[0],
				    parser->value, first, second);
	*ret = is_first;
	return NULL;
}

static char *trim(char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	size_t length = strlen(text);
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		text[--length] = '\0';
	return text;
}

static struct error *enter_section(struct parser *parser, const char *name)
{
	for_each_row(at, sections) {
		const struct section *section = *at;
		if (!*section->name || strcmp(section->name, name))
			continue;
		parser->section = section;
		parser->given = 0;
		if (section->begin)
			section->begin(parser);
		return NULL;
	}
	return error_create("there is no section '%s'", name);
}

static struct error *parse_key(struct parser *parser)
{
	const struct section *section = parser->section;
	for (size_t i = 0; i < section->key_count; i++) {
		const struct key *key = &section->keys[i];
		if (key->name && strcmp(key->name, parser->words[0]))
			continue;
		if (!key->repeats && parser->given & UINT64_C(1) << i)
			return error_create("%s stands here twice", key->name);
		parser->given |= UINT64_C(1) << i;
		size_t arguments = parser->word_count - 1;
		if (arguments < key->arguments_min || arguments > key->arguments_max)
			return error_create("expected '%s %s = …'", parser->words[0],
					    key->arguments);
		return key->parse(parser);
	}
	return error_create("there is no key '%s' %s%s", parser->words[0],
			    *section->name ? "in " : "here", section->name);
}

static struct error *parse_line(struct parser *parser, char *line)
{
	line = trim(line);
	if (!*line || *line == '#')
		return NULL;
	if (*line == '[')
		return enter_section(parser, line);
	char *equals = strchr(line, '=');
	if (!equals)
		return error_create("expected 'key = value'");
	*equals = '\0';
	parser->value = trim(equals + 1);
	if (!*parser->value)
		return error_create("nothing stands behind the =");
	parser->word_count = 0;
	char *rest;
	for (char *word = strtok_r(line, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (parser->word_count == PARSER_WORDS_MAX)
			return error_create("too many words before the =");
		parser->words[parser->word_count++] = word;
	}
	if (!parser->word_count)
		return error_create("nothing stands before the =");
	return parse_key(parser);
}

/* Without an identity DXG could not list it. */
static struct error *check(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->adapter_count; i++) {
		struct winluid luid = scenario->adapters[i].luid;
		if (!luid.a && !luid.b)
			return error_create("adapter %zu has no luid", i);
		for (size_t j = 0; j < i; j++)
			if (scenario->adapters[j].luid.a == luid.a &&
			    scenario->adapters[j].luid.b == luid.b)
				return error_create("adapters %zu and %zu share a luid",
						    j, i);
	}
	for (size_t i = 1; i < scenario->boot_count; i++)
		if (scenario->boot[i].us < scenario->boot[i - 1].us)
			return error_create("boot line %zu is older than the one before",
					    i + 1);
	return NULL;
}

struct error *scenario_read(const char *path, struct arena *arena, struct scenario *ret)
{
	cleanup_free char *text = NULL;
	size_t size;
	struct error *err = file_read(path, SCENARIO_MAX, &text, &size);
	if (err)
		return err;
	if (strlen(text) != size)
		return error_create("%s: a NUL byte", path);
	*ret = (struct scenario){ .node = true };
	struct parser parser = {
		.arena = arena,
		.scenario = ret,
		.section = &section_machine,
	};
	int number = 0;
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		err = parse_line(&parser, line);
		if (err)
			return error_wrap(err, "%s:%d", path, number);
	}
	return error_wrap(check(ret), "%s", path);
}

/* Counts the call where it matches. */
static bool select_call(struct selector *selector, const struct occasion *occasion)
{
	if ((selector->nr && selector->nr != occasion->nr) ||
	    (selector->of_type && selector->type != occasion->type) ||
	    (selector->of_adapter && selector->adapter != occasion->adapter))
		return false;
	selector->seen++;
	return selector->seen >= selector->first && selector->seen <= selector->last;
}

const struct verdict *scenario_refusal(struct scenario *scenario,
				       const struct occasion *occasion)
{
	const struct verdict *verdict = NULL;
	for (size_t i = 0; i < scenario->refusal_count; i++)
		if (select_call(&scenario->refusals[i].selector, occasion) && !verdict)
			verdict = &scenario->refusals[i].verdict;
	return verdict;
}

const struct event *scenario_event(struct scenario *scenario,
				   const struct occasion *occasion)
{
	const struct event *event = NULL;
	for (size_t i = 0; i < scenario->event_count; i++)
		if (select_call(&scenario->events[i].selector, occasion) && !event)
			event = &scenario->events[i];
	return event;
}
