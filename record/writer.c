#include "record/writer.h"

#include <string.h>

#include "record/record.h"
#include "util/alloc.h"
#include "util/utf8.h"

/* A document that its own reader refuses would lose all the rest with it.
 * @return NULL where there is no text */
static json_t *text_value(const char *text)
{
	if (!text || !*text)
		return NULL;
	json_t *value = json_stringn(text, utf8_cut(text, RECORD_STRING_MAX));
	if (value)
		return value;
	cleanup_free char *clean = utf8_clean(text, strlen(text));
	return json_stringn(clean, utf8_cut(clean, RECORD_STRING_MAX));
}

void write_string(json_t *object, const char *name, const char *string)
{
	json_t *value = text_value(string);
	if (value)
		json_object_set_new(object, name, value);
}

void write_integer(json_t *object, const char *name, int64_t integer)
{
	if (integer >= 0)
		json_object_set_new(object, name, json_integer(integer));
}

void write_filled(json_t *object, const char *name, json_t *value)
{
	if (json_object_size(value) || json_array_size(value))
		json_object_set(object, name, value);
	json_decref(value);
}

json_t *writer_strings(const struct strings *strings)
{
	json_t *array = json_array();
	for (size_t i = 0; i < strings->n; i++) {
		json_t *value = text_value(strings->string[i]);
		if (value)
			json_array_append_new(array, value);
	}
	return array;
}

void write_line(FILE *file, json_t *value)
{
	json_dumpf(value, file, JSON_COMPACT);
	fputc('\n', file);
	fflush(file);
	json_decref(value);
}
