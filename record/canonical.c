#include "record/canonical.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"

static void add_escape(struct strbuf *buf, unsigned char c)
{
	static const char pairs[][2] = {
		{ '\b', 'b' }, { '\t', 't' }, { '\n', 'n' },  { '\f', 'f' },
		{ '\r', 'r' }, { '"', '"' },  { '\\', '\\' },
	};
	for_each_row(pair, pairs) {
		if ((unsigned char)(*pair)[0] != c)
			continue;
		strbuf_printf(buf, "\\%c", (*pair)[1]);
		return;
	}
	strbuf_printf(buf, "\\u%04x", c);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

static void add_string(struct strbuf *buf, const char *string, size_t length)
{
	strbuf_add_char(buf, '"');
	for (size_t i = 0; i < length;) {
		size_t end = i;
		while (end < length && is_plain((unsigned char)string[end]))
			end++;
		strbuf_add(buf, string + i, end - i);
		if (end < length)
			add_escape(buf, (unsigned char)string[end++]);
		i = end;
	}
	strbuf_add_char(buf, '"');
}

/*
 * UTF-8 bytes already sort as code points. In UTF-16 the code points above U+FFFF are
 * surrogates (D800…DFFF) and so stand before U+E000…U+FFFF: the lead bytes F0…F4 before
 * EE and EF.
 */
static int utf16_rank(unsigned char lead)
{
	return lead >= 0xf0 ? 0xed : lead >= 0xee ? lead + 0x10 : lead;
}

static int compare_names(const void *a, const void *b)
{
	const unsigned char *x = *(const unsigned char *const *)a;
	const unsigned char *y = *(const unsigned char *const *)b;
	while (*x && *x == *y) {
		x++;
		y++;
	}
	int rank = utf16_rank(*x) - utf16_rank(*y);
	return rank ? rank : *x - *y;
}

static int is_listed(const char *name, const char *const *list)
{
	for (; list && *list; list++)
		if (!strcmp(name, *list))
			return 1;
	return 0;
}

static void add_object(struct strbuf *buf, const json_t *object,
		       const char *const *without)
{
	size_t n = 0;
	cleanup_free const char **names =
		xcalloc(json_object_size(object), sizeof(*names));
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name, value)
		if (!is_listed(name, without))
			names[n++] = name;
	qsort(names, n, sizeof(*names), compare_names);
	strbuf_add_char(buf, '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_add_char(buf, ',');
		add_string(buf, names[i], strlen(names[i]));
		strbuf_add_char(buf, ':');
		canonical_add(buf, json_object_get(object, names[i]), NULL);
	}
	strbuf_add_char(buf, '}');
}

static void add_array(struct strbuf *buf, const json_t *array)
{
	strbuf_add_char(buf, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i)
			strbuf_add_char(buf, ',');
		canonical_add(buf, json_array_get(array, i), NULL);
	}
	strbuf_add_char(buf, ']');
}

void canonical_add(struct strbuf *buf, const json_t *value, const char *const *without)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		add_object(buf, value, without);
		break;
	case JSON_ARRAY:
		add_array(buf, value);
		break;
	case JSON_STRING:
		add_string(buf, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		strbuf_printf(buf, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_TRUE:
		strbuf_add_string(buf, "true");
		break;
	case JSON_FALSE:
		strbuf_add_string(buf, "false");
		break;
	case JSON_NULL:
		strbuf_add_string(buf, "null");
		break;
	case JSON_REAL: /* record_read refuses them before it comes here */
		abort();
	}
}

void pointer_add(struct strbuf *pointer, const char *name)
{
	strbuf_add_char(pointer, '/');
	for (; *name; name++) {
		if (*name == '~')
			strbuf_add_string(pointer, "~0");
		else if (*name == '/')
			strbuf_add_string(pointer, "~1");
		else
			strbuf_add_char(pointer, *name);
	}
}

/* Undoes pointer_add's escapes in place. */
static void unescape(char *name)
{
	char *end = name;
	for (; *name; name++, end++) {
		*end = *name;
		if (name[0] == '~' && (name[1] == '0' || name[1] == '1'))
			*end = *++name == '0' ? '~' : '/';
	}
	*end = '\0';
}

/* RFC 6901 §4: digits without leading zeros. */
static const json_t *array_get(const json_t *array, const char *name)
{
	size_t length = strspn(name, "0123456789");
	if (!length || length > 9 || name[length] || (length > 1 && *name == '0'))
		return NULL;
	return json_array_get(array, (size_t)atol(name));
}

const json_t *pointer_get(const json_t *root, const char *pointer)
{
	const json_t *value = root;
	while (value && *pointer == '/') {
		size_t length = strcspn(pointer + 1, "/");
		cleanup_free char *name = xstrndup(pointer + 1, length);
		unescape(name);
		value = json_is_array(value) ? array_get(value, name)
					     : json_object_get(value, name);
		pointer += 1 + length;
	}
	return *pointer ? NULL : value;
}

/* A walk over text that need not be JSON: containers seen open, their last name or index. */
struct walk {
	struct {
		size_t pointer_length; /* of the container itself */
		int64_t index;         /* in an array, else -1 */
		bool has_name; /* in an object: between a name and the next comma */
	} open[64];
	size_t depth;
};

static size_t string_end(const char *text, size_t start, size_t end)
{
	size_t i = start + 1;
	while (i < end && text[i] != '"')
		i += text[i] == '\\' && i + 1 < end ? 2 : 1;
	return i < end ? i : end;
}

/* @param name  as it stands in the text, with both quotes where it ends at all */
static void set_name(struct strbuf *pointer, struct walk *walk, const char *name,
		     size_t length)
{
	strbuf_truncate(pointer, walk->open[walk->depth - 1].pointer_length);
	json_t *decoded = json_loadb(name, length, JSON_DECODE_ANY, NULL);
	size_t quotes = length > 1 && name[length - 1] == '"' ? 2 : 1;
	cleanup_free char *raw = xstrndup(name + 1, length - quotes);
	pointer_add(pointer, decoded ? json_string_value(decoded) : raw);
	json_decref(decoded);
}

static void set_index(struct strbuf *pointer, struct walk *walk)
{
	strbuf_truncate(pointer, walk->open[walk->depth - 1].pointer_length);
	strbuf_printf(pointer, "/%" PRId64, walk->open[walk->depth - 1].index);
}

void pointer_at(const char *text, size_t offset, struct strbuf *pointer)
{
	struct walk walk = { .depth = 0 };
	for (size_t i = 0; i < offset; i++) {
		bool in_object = walk.depth && walk.open[walk.depth - 1].index < 0;
		switch (text[i]) {
		case '"': {
			size_t end = string_end(text, i, offset);
			if (in_object && !walk.open[walk.depth - 1].has_name) {
				set_name(pointer, &walk, text + i,
					 end + (end < offset) - i);
				walk.open[walk.depth - 1].has_name = true;
			}
			i = end;
			break;
		}
		case '{':
		case '[':
			if (walk.depth == sizeof(walk.open) / sizeof(walk.open[0]))
				return;
			walk.open[walk.depth].pointer_length = pointer->length;
			walk.open[walk.depth].index = text[i] == '[' ? 0 : -1;
			walk.open[walk.depth].has_name = false;
			walk.depth++;
			if (text[i] == '[')
				set_index(pointer, &walk);
			break;
		case '}':
		case ']':
			if (!walk.depth)
				return;
			walk.depth--;
			strbuf_truncate(pointer, walk.open[walk.depth].pointer_length);
			break;
		case ',':
			if (in_object) {
				walk.open[walk.depth - 1].has_name = false;
				strbuf_truncate(pointer,
						walk.open[walk.depth - 1].pointer_length);
			} else if (walk.depth) {
				walk.open[walk.depth - 1].index++;
				set_index(pointer, &walk);
			}
			break;
		default:
			break;
		}
	}
}
