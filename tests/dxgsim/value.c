#include "tests/dxgsim/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probes/dxg_abi.h"
#include "util/alloc.h"
#include "util/array.h"

#define SECONDS_MAX 1000000

bool value_number(const char *text, int base, uint64_t max, uint64_t *ret)
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

bool value_seconds(const char *text, uint64_t *ret)
{
	const char *point = strchr(text, '.');
	if (!point || strlen(point + 1) != 6)
		return false;
	cleanup_free char *whole = xstrndup(text, (size_t)(point - text));
	uint64_t seconds, us;
	if (!value_number(whole, 10, SECONDS_MAX, &seconds) ||
	    !value_number(point + 1, 10, 999999, &us))
		return false;
	*ret = seconds * 1000000 + us;
	return true;
}

bool value_pair(const char *text, size_t digits, uint32_t *ret_a, uint32_t *ret_b)
{
	const char *colon = strchr(text, ':');
	if (!colon || (size_t)(colon - text) != digits || strlen(colon + 1) != digits)
		return false;
	cleanup_free char *first = xstrndup(text, digits);
	uint64_t a, b;
	if (!value_number(first, 16, UINT32_MAX, &a) ||
	    !value_number(colon + 1, 16, UINT32_MAX, &b))
		return false;
	*ret_a = (uint32_t)a;
	*ret_b = (uint32_t)b;
	return true;
}

bool value_version(const char *text, uint64_t *ret)
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

bool value_errno(const char *text, int *ret)
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

bool value_status(const char *text, uint32_t *ret)
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

bool value_bytes(struct arena *arena, const char *text, const uint8_t **ret,
		 size_t *ret_size)
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
	if (!size)
		return false;
	*ret = bytes;
	*ret_size = size;
	return true;
}

bool value_call(const char *text, uint8_t *ret)
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
		if (strcmp(call->name, text))
			continue;
		*ret = call->nr;
		return true;
	}
	return false;
}

int value_word(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i] && !strcmp(words[i], text))
			return (int)i;
	return -1;
}
