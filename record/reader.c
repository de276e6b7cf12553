#include "record/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "record/canonical.h"
#include "record/record.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/utf8.h"

/* Pointers longer than this are cut in the sentence: names may have 64 KiB. */
#define POINTER_SHOWN 500

void reader_init(struct reader *r, struct arena *arena)
{
	*r = (struct reader){ .arena = arena };
	strbuf_init(&r->pointer);
}

void reader_deinit(struct reader *r)
{
	strbuf_deinit(&r->pointer);
	error_destroy(r->error);
}

void reader_fault(struct reader *r, const char *format, ...)
{
	if (r->error)
		return;
	va_list args;
	va_start(args, format);
	cleanup_free char *what = xvasprintf(format, args);
	va_end(args);
	const char *pointer = r->pointer.length ? r->pointer.string : "(document)";
	size_t shown = utf8_cut(pointer, POINTER_SHOWN);
	r->error = error_create("%.*s%s: %s", (int)shown, pointer,
				pointer[shown] ? "…" : "", what);
}

size_t reader_enter(struct reader *r, const char *name)
{
	size_t length = r->pointer.length;
	pointer_add(&r->pointer, name);
	return length;
}

size_t reader_enter_index(struct reader *r, size_t index)
{
	size_t length = r->pointer.length;
	strbuf_printf(&r->pointer, "/%zu", index);
	return length;
}

void reader_leave(struct reader *r, size_t length)
{
	strbuf_truncate(&r->pointer, length);
}

/* ---- what holds for every value ---- */

/* Largest integer that every JSON reader keeps exact (RFC 7493 §2.2). */
#define INTEGER_MAX INT64_C(9007199254740991)

static void check_length(struct reader *r, const char *what, size_t length)
{
	if (length > RECORD_STRING_MAX)
		reader_fault(r, "%s of %zu bytes, more than %d", what, length,
			     RECORD_STRING_MAX);
}

static void check_value(struct reader *r, const json_t *value, int depth);

static void check_members(struct reader *r, const json_t *object, int depth)
{
	const char *name;
	json_t *member;
	json_object_foreach((json_t *)object, name, member) {
		check_length(r, "a name", strlen(name));
		if (r->error)
			return;
		size_t here = reader_enter(r, name);
		check_value(r, member, depth + 1);
		reader_leave(r, here);
	}
}

static void check_items(struct reader *r, const json_t *array, int depth)
{
	for (size_t i = 0; i < json_array_size(array) && !r->error; i++) {
		size_t here = reader_enter_index(r, i);
		check_value(r, json_array_get(array, i), depth + 1);
		reader_leave(r, here);
	}
}

/* @param depth  objects and arrays the value stands in */
static void check_value(struct reader *r, const json_t *value, int depth)
{
	if ((json_is_object(value) || json_is_array(value)) && depth == RECORD_DEPTH_MAX)
		reader_fault(r, "nested deeper than %d", RECORD_DEPTH_MAX);
	if (r->error)
		return;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		check_members(r, value, depth);
		break;
	case JSON_ARRAY:
		check_items(r, value, depth);
		break;
	case JSON_STRING:
		check_length(r, "a string", json_string_length(value));
		break;
	case JSON_INTEGER:
		if (json_integer_value(value) > INTEGER_MAX ||
		    json_integer_value(value) < -INTEGER_MAX)
			reader_fault(r, "an integer beyond 2^53 - 1");
		break;
	case JSON_REAL:
		reader_fault(r, "a floating-point number; numbers are integers with the "
				"unit in their name");
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
}

/* @param position  jansson's: behind the token at fault. A bracket or comma does not end
 * or follow a value there; the quote of a duplicate name does end it. */
static size_t fault_offset(const char *bytes, size_t size, int position)
{
	size_t end = position > 0 ? (size_t)position : 0;
	if (end > size)
		end = size;
	return end && bytes[end - 1] != '"' ? end - 1 : end;
}

json_t *reader_parse(struct reader *r, const char *bytes, size_t size)
{
	if (size > RECORD_SIZE_MAX) {
		reader_fault(r, "%zu bytes, more than %d", size, RECORD_SIZE_MAX);
		return NULL;
	}
	json_error_t error;
	json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		pointer_at(bytes, fault_offset(bytes, size, error.position), &r->pointer);
		/* Its words for these two are to programmers. */
		enum json_error_code code = json_error_code(&error);
		bool nul = code == json_error_null_character ||
			   code == json_error_null_byte_in_key;
		reader_fault(r, "%s (line %d)", nul ? "a NUL character" : error.text,
			     error.line);
		return NULL;
	}
	check_value(r, root, 0);
	if (!r->error)
		return root;
	json_decref(root);
	return NULL;
}

/* ---- values ---- */

static const char *type_words(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_REAL:
		return "a number";
	case JSON_NULL:
		return "null";
	}
	return "";
}

const json_t *reader_typed(struct reader *r, const json_t *value, json_type type)
{
	if (r->error || !value || json_is_null(value))
		return NULL;
	if (json_typeof(value) == type || (type == JSON_TRUE && json_is_boolean(value)))
		return value;
	reader_fault(r, "is %s, expected %s", type_words(json_typeof(value)),
		     type_words(type));
	return NULL;
}

const char *reader_text(struct reader *r, const json_t *value, const struct shape *shape)
{
	value = reader_typed(r, value, JSON_STRING);
	if (!value)
		return NULL;
	const char *text = json_string_value(value);
	if (!shape->matches(text)) {
		reader_fault(r, "'%.*s' is not %s", READER_QUOTE(text), shape->words);
		return NULL;
	}
	return arena_strdup(r->arena, text);
}

/* ---- members of an object, by name ---- */

void read_required(struct reader *r, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	if (value && !json_is_null(value))
		return;
	size_t here = reader_enter(r, name);
	reader_fault(r, "is missing");
	reader_leave(r, here);
}

const json_t *read_object(struct reader *r, const json_t *object, const char *name,
			  size_t *ret_here)
{
	*ret_here = reader_enter(r, name);
	return reader_typed(r, json_object_get(object, name), JSON_OBJECT);
}

bool read_boolean(struct reader *r, const json_t *object, const char *name)
{
	size_t here = reader_enter(r, name);
	const json_t *value = reader_typed(r, json_object_get(object, name), JSON_TRUE);
	reader_leave(r, here);
	return json_is_true(value);
}

const char *read_string(struct reader *r, const json_t *object, const char *name,
			const struct shape *shape)
{
	size_t here = reader_enter(r, name);
	const char *string = reader_text(r, json_object_get(object, name), shape);
	reader_leave(r, here);
	return string;
}

int64_t read_integer(struct reader *r, const json_t *object, const char *name,
		     int64_t least, int64_t most)
{
	size_t here = reader_enter(r, name);
	const json_t *value =
		reader_typed(r, json_object_get(object, name), JSON_INTEGER);
	int64_t integer = value ? json_integer_value(value) : -1;
	if (value && integer < least)
		reader_fault(r, "is %" PRId64 ", less than %" PRId64, integer, least);
	else if (value && integer > most)
		reader_fault(r, "is %" PRId64 ", more than %" PRId64, integer, most);
	reader_leave(r, here);
	return integer;
}

int read_word(struct reader *r, const json_t *object, const char *name,
	      const char *const *words, int count)
{
	size_t here = reader_enter(r, name);
	const json_t *value = reader_typed(r, json_object_get(object, name), JSON_STRING);
	const char *text = value ? json_string_value(value) : NULL;
	int found = -1;
	for (int i = 0; text && i < count; i++)
		if (words[i] && !strcmp(words[i], text))
			found = i;
	if (text && found < 0)
		reader_fault(r, "there is no word '%.*s' here", READER_QUOTE(text));
	reader_leave(r, here);
	return found;
}

void read_array(struct reader *r, const json_t *object, const char *name,
		read_item *function, void *data)
{
	size_t here = reader_enter(r, name);
	const json_t *array = reader_typed(r, json_object_get(object, name), JSON_ARRAY);
	for (size_t i = 0; i < json_array_size(array) && !r->error; i++) {
		size_t there = reader_enter_index(r, i);
		const json_t *item = json_array_get(array, i);
		if (json_is_null(item))
			reader_fault(r, "is null");
		else
			function(r, item, data);
		reader_leave(r, there);
	}
	reader_leave(r, here);
}

void reader_each(struct reader *r, const json_t *map, const struct shape *names,
		 read_named *function, void *data)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)map, name, value) {
		size_t here = reader_enter(r, name);
		if (!names->matches(name))
			reader_fault(r, "the name '%.*s' is not %s", READER_QUOTE(name),
				     names->words);
		if (!r->error && !json_is_null(value))
			function(r, name, value, data);
		reader_leave(r, here);
		if (r->error)
			return;
	}
}

void read_map(struct reader *r, const json_t *object, const char *name,
	      const struct shape *names, read_named *function, void *data)
{
	size_t here = reader_enter(r, name);
	const json_t *map = reader_typed(r, json_object_get(object, name), JSON_OBJECT);
	reader_each(r, map, names, function, data);
	reader_leave(r, here);
}
