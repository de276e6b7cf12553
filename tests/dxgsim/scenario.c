#include "tests/dxgsim/scenario.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"

#define SCENARIO_MAX (1024 * 1024)
#define WORDS_MAX    8

struct parser {
	struct arena *arena;
	struct scenario *scenario;
	const struct section *section;
	uint64_t given;         /* keys of this section already seen, a bit each */
	char *words[WORDS_MAX]; /* left of the =, words[0] is the key */
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

struct section {
	const char *name; /* "" before the first */
	const struct key *keys;
	size_t key_count;
	void (*begin)(struct parser *parser);
};

static struct error *wrong_value(const struct parser *parser, const char *expected)
{
	return error_create("%s: '%s' is not %s", parser->words[0], parser->value,
			    expected);
}

static bool parse_number(const char *text, int base, uint64_t max, uint64_t *ret)
{
	if (!isxdigit((unsigned char)*text))
		return false;
	char *end;
	errno = 0;
	unsigned long long number = strtoull(text, &end, base);
	if (errno || *end || number > max)
		return false;
	*ret = number;
	return true;
}

/* "10de:1bb1": two hexadecimal numbers. */
static bool parse_pair(const char *text, size_t digits, uint32_t *ret_a, uint32_t *ret_b)
{
	const char *colon = strchr(text, ':');
	if (!colon || (size_t)(colon - text) != digits || strlen(colon + 1) != digits)
		return false;
	cleanup_free char *first = xstrndup(text, digits);
	uint64_t a, b;
	if (!parse_number(first, 16, UINT32_MAX, &a) ||
	    !parse_number(colon + 1, 16, UINT32_MAX, &b))
		return false;
	*ret_a = (uint32_t)a;
	*ret_b = (uint32_t)b;
	return true;
}

/* "31.0.15.5286": four parts of 16 bits, the first one on top. */
static bool parse_version(const char *text, uint64_t *ret)
{
	uint64_t version = 0;
	for (int part = 0; part < 4; part++) {
		if (!isdigit((unsigned char)*text))
			return false;
		char *end;
		unsigned long number = strtoul(text, &end, 10);
		if (number > 0xffff || *end != (part < 3 ? '.' : '\0'))
			return false;
		version = version << 16 | number;
		text = end + 1;
	}
	*ret = version;
	return true;
}

static bool parse_errno(const char *text, int *ret)
{
	for (int number = 1; number < 134; number++) {
		const char *name = strerrorname_np(number);
		if (!name || strcmp(name, text))
			continue;
		*ret = number;
		return true;
	}
	return false;
}

static bool parse_status(const char *text, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t value;
	} statuses[] = {
#define X(value, constant, number) { #constant, value },
		DXG_STATUSES(X)
#undef X
	};
	for_each_row(status, statuses) {
		if (strcmp(status->name, text))
			continue;
		*ret = status->value;
		return true;
	}
	return false;
}

static bool parse_verdict(const char *text, struct verdict *ret)
{
	*ret = (struct verdict){ 0 };
	ret->by_host = parse_status(text, &ret->status);
	return ret->by_host || parse_errno(text, &ret->number);
}

static bool parse_bytes(struct arena *arena, const char *text, struct answer *ret)
{
	if (strncmp(text, "hex ", 4))
		return false;
	uint8_t *bytes = arena_alloc(arena, strlen(text), 1);
	size_t size = 0;
	for (text += 4; *text;) {
		if (*text == ' ') {
			text++;
			continue;
		}
		if (!isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]))
			return false;
		const char digits[] = { text[0], text[1], '\0' };
		bytes[size++] = (uint8_t)strtoul(digits, NULL, 16);
		text += 2;
	}
	ret->bytes = bytes;
	ret->size = size;
	return size > 0;
}

/* The machine. */

static struct error *parse_kernel(struct parser *parser)
{
	if (strlen(parser->value) > 64)
		return wrong_value(parser, "a kernel release of at most 64 bytes");
	parser->scenario->kernel = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_node(struct parser *parser)
{
	parser->scenario->node = !strcmp(parser->value, "present");
	if (!parser->scenario->node && strcmp(parser->value, "absent"))
		return wrong_value(parser, "present or absent");
	return NULL;
}

static struct error *parse_open(struct parser *parser)
{
	if (!parse_errno(parser->value, &parser->scenario->open_errno))
		return wrong_value(parser, "the name of an errno");
	return NULL;
}

static struct error *parse_machine(struct parser *parser)
{
	parser->scenario->wsl2 = !strcmp(parser->value, "wsl2");
	if (!parser->scenario->wsl2 && strcmp(parser->value, "real"))
		return wrong_value(parser, "wsl2 or real");
	return NULL;
}

static struct error *parse_fences(struct parser *parser)
{
	parser->scenario->frozen = !strcmp(parser->value, "frozen");
	if (!parser->scenario->frozen && strcmp(parser->value, "live"))
		return wrong_value(parser, "live or frozen");
	return NULL;
}

static struct error *add_file(struct parser *parser, const char *path, const char *text)
{
	if (*path != '/')
		return error_create("%s: '%s' is not an absolute path", parser->words[0],
				    path);
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->files, s->file_count) = (struct sim_file){
		.path = arena_strdup(parser->arena, path),
		.text = text ? arena_printf(parser->arena, "%s\n", text) : NULL,
	};
	return NULL;
}

static struct error *parse_file(struct parser *parser)
{
	return add_file(parser, parser->words[1], parser->value);
}

static struct error *parse_absent(struct parser *parser)
{
	return add_file(parser, parser->value, NULL);
}

/* One adapter. */

static struct sim_adapter *adapter_of(struct parser *parser)
{
	return &parser->scenario->adapters[parser->scenario->adapter_count - 1];
}

static void begin_adapter(struct parser *parser)
{
	struct scenario *s = parser->scenario;
	arena_push(parser->arena, s->adapters, s->adapter_count);
}

static struct error *parse_luid(struct parser *parser)
{
	struct winluid *luid = &adapter_of(parser)->luid;
	if (!parse_pair(parser->value, 8, &luid->b, &luid->a) || (!luid->a && !luid->b))
		return wrong_value(parser, "high:low, eight hexadecimal digits each");
	return NULL;
}

static struct error *parse_pci(struct parser *parser)
{
	struct d3dkmt_query_device_ids *ids = &adapter_of(parser)->ids;
	if (!parse_pair(parser->value, 4, &ids->vendor_id, &ids->device_id))
		return wrong_value(parser, "vvvv:dddd");
	return NULL;
}

static struct error *parse_subsystem(struct parser *parser)
{
	struct d3dkmt_query_device_ids *ids = &adapter_of(parser)->ids;
	if (!parse_pair(parser->value, 4, &ids->sub_vendor_id, &ids->sub_system_id))
		return wrong_value(parser, "vvvv:dddd");
	return NULL;
}

static struct error *parse_revision(struct parser *parser)
{
	uint64_t number;
	if (!parse_number(parser->value, 16, 0xff, &number))
		return wrong_value(parser, "two hexadecimal digits");
	adapter_of(parser)->ids.revision_id = (uint32_t)number;
	return NULL;
}

static struct error *parse_type(struct parser *parser)
{
	static const char *const bits[] = {
		"render_supported",
		"display_supported",
		"software_device",
		"post_device",
		"hybrid_discrete",
		"hybrid_integrated",
		"indirect_display_device",
		"paravirtualized",
		"acg_supported",
		"support_set_timings_from_vidpn",
		"detachable",
		"compute_only",
		"prototype",
	};
	struct sim_adapter *adapter = adapter_of(parser);
	adapter->has_type = true;
	char *rest;
	for (char *word = strtok_r(parser->value, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		size_t bit = 0;
		while (bit < ARRAY_SIZE(bits) && strcmp(bits[bit], word))
			bit++;
		if (bit == ARRAY_SIZE(bits))
			return error_create("type: there is no bit '%s'", word);
		adapter->type.value |= UINT32_C(1) << bit;
	}
	return NULL;
}

static struct error *parse_description(struct parser *parser)
{
	if (strlen(parser->value) >= D3DKMT_DRIVER_DESCRIPTION_LENGTH)
		return wrong_value(parser, "under 4096 bytes");
	adapter_of(parser)->description = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_kmd(struct parser *parser)
{
	if (!parse_version(parser->value, &adapter_of(parser)->kmd))
		return wrong_value(parser, "a version of four parts");
	return NULL;
}

static struct error *parse_umd(struct parser *parser)
{
	if (!parse_version(parser->value, &adapter_of(parser)->umd))
		return wrong_value(parser, "a version of four parts");
	return NULL;
}

static struct error *parse_wddm(struct parser *parser)
{
	uint64_t number;
	if (!parse_number(parser->value, 10, 9999, &number) || number < 1000)
		return wrong_value(parser, "a WDDM version such as 3100");
	adapter_of(parser)->wddm = (uint32_t)number;
	return NULL;
}

static struct error *parse_store(struct parser *parser)
{
	if (strlen(parser->value) > 259)
		return wrong_value(parser, "a Windows path of at most 259 characters");
	adapter_of(parser)->driver_store = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_mib(struct parser *parser, uint64_t *ret)
{
	uint64_t number;
	if (!parse_number(parser->value, 10, UINT64_MAX >> 20, &number))
		return wrong_value(parser, "a number of MiB");
	*ret = number << 20;
	return NULL;
}

static struct error *parse_dedicated(struct parser *parser)
{
	return parse_mib(parser, &adapter_of(parser)->dedicated);
}

static struct error *parse_shared(struct parser *parser)
{
	return parse_mib(parser, &adapter_of(parser)->shared);
}

static struct error *parse_local_budget(struct parser *parser)
{
	return parse_mib(parser, &adapter_of(parser)->local_budget);
}

static struct error *parse_nonlocal_budget(struct parser *parser)
{
	return parse_mib(parser, &adapter_of(parser)->nonlocal_budget);
}

static struct error *parse_query(struct parser *parser)
{
	uint64_t type;
	if (!parse_number(parser->words[1], 10, UINT32_MAX, &type))
		return error_create("query: '%s' is not a number", parser->words[1]);
	struct answer answer = { .type = (uint32_t)type };
	if (!parse_bytes(parser->arena, parser->value, &answer) &&
	    !parse_verdict(parser->value, &answer.verdict))
		return wrong_value(parser,
				   "'hex' and bytes, nor the name of an errno or status");
	struct sim_adapter *adapter = adapter_of(parser);
	*arena_push(parser->arena, adapter->answers, adapter->answer_count) = answer;
	return NULL;
}

static struct error *parse_feature(struct parser *parser)
{
	uint64_t id;
	if (!parse_number(parser->words[1], 10, UINT32_MAX, &id))
		return error_create("feature: '%s' is not a number", parser->words[1]);
	bool on = !strcmp(parser->value, "on");
	if (!on && strcmp(parser->value, "off"))
		return wrong_value(parser, "on or off");
	struct sim_adapter *adapter = adapter_of(parser);
	*arena_push(parser->arena, adapter->features, adapter->feature_count) =
		(struct feature){ .id = (uint32_t)id,
				  .version = 1,
				  .value = on ? 0xf : 0x2 };
	return NULL;
}

/* Refusals. */

static bool parse_call(const char *name, uint8_t *ret)
{
	static const struct {
		const char *name;
		uint8_t nr;
	} calls[] = {
#define X(number, constant, size, title) { #title, number },
		DXG_IOCTLS(X)
#undef X
	};
	for_each_row(call, calls) {
		if (strcmp(call->name, name))
			continue;
		*ret = call->nr;
		return true;
	}
	return false;
}

static struct error *parse_refusal(struct parser *parser)
{
	struct refusal refusal = { 0 };
	if (!parse_call(parser->words[0], &refusal.nr))
		return error_create("there is no call '%s'", parser->words[0]);
	if (!parse_verdict(parser->value, &refusal.verdict))
		return wrong_value(parser, "the name of an errno or status");
	for (size_t i = 1; i < parser->word_count; i += 2) {
		uint64_t number;
		if (i + 1 == parser->word_count ||
		    !parse_number(parser->words[i + 1], 10, UINT32_MAX, &number))
			return error_create("'%s' wants a number", parser->words[i]);
		if (!strcmp(parser->words[i], "type") && refusal.nr == 0x09) {
			refusal.of_type = true;
			refusal.type = (uint32_t)number;
		} else if (!strcmp(parser->words[i], "call") && number) {
			refusal.nth = (uint32_t)number;
		} else {
			return error_create("%s: '%s %s' says nothing here",
					    parser->words[0], parser->words[i],
					    parser->words[i + 1]);
		}
	}
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->refusals, s->refusal_count) = refusal;
	return NULL;
}

#define KEY(name, parse)                                                                 \
	{                                                                                \
		name, false, "", 0, 0, parse                                             \
	}

static const struct key machine_keys[] = {
	KEY("machine", parse_machine),
	KEY("kernel", parse_kernel),
	KEY("node", parse_node),
	KEY("open", parse_open),
	KEY("fences", parse_fences),
	{ "file", true, "PATH", 1, 1, parse_file },
	{ "absent", true, "", 0, 0, parse_absent },
};

static const struct key adapter_keys[] = {
	KEY("luid", parse_luid),
	KEY("pci", parse_pci),
	KEY("subsystem", parse_subsystem),
	KEY("revision", parse_revision),
	KEY("type", parse_type),
	KEY("description", parse_description),
	KEY("kmd", parse_kmd),
	KEY("umd", parse_umd),
	KEY("wddm", parse_wddm),
	KEY("driver_store", parse_store),
	KEY("dedicated_mib", parse_dedicated),
	KEY("shared_mib", parse_shared),
	KEY("local_budget_mib", parse_local_budget),
	KEY("nonlocal_budget_mib", parse_nonlocal_budget),
	{ "query", true, "TYPE", 1, 1, parse_query },
	{ "feature", true, "ID", 1, 1, parse_feature },
};

static const struct key refuse_keys[] = {
	{ NULL, true, "[type TYPE] [call N]", 0, 4, parse_refusal },
};

static const struct section sections[] = {
	{ "", machine_keys, ARRAY_SIZE(machine_keys), NULL },
	{ "[adapter]", adapter_keys, ARRAY_SIZE(adapter_keys), begin_adapter },
	{ "[refuse]", refuse_keys, ARRAY_SIZE(refuse_keys), NULL },
};

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
	for_each_row(section, sections) {
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
		if (parser->word_count == WORDS_MAX)
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
	struct parser parser = { .arena = arena, .scenario = ret, .section = sections };
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

const struct verdict *scenario_refusal(struct scenario *scenario, uint8_t nr,
				       uint32_t type)
{
	const struct verdict *verdict = NULL;
	for (size_t i = 0; i < scenario->refusal_count; i++) {
		struct refusal *refusal = &scenario->refusals[i];
		if (refusal->nr != nr || (refusal->of_type && refusal->type != type))
			continue;
		refusal->seen++;
		if (!verdict && (!refusal->nth || refusal->nth == refusal->seen))
			verdict = &refusal->verdict;
	}
	return verdict;
}
