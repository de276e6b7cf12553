#include "runner/inf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "record/shape.h"
#include "util/array.h"
#include "util/encoding.h"

#define LINE_SIZE 256

/* https://learn.microsoft.com/windows-hardware/drivers/install, "System-Defined Device
 * Setup Classes Available to Vendors". The class name can be left out, the GUID cannot. */
static const struct {
	const char *guid;
	enum inf_class class;
} classes[] = {
	{ "{4d36e968-e325-11ce-bfc1-08002be10318}", INF_CLASS_DISPLAY },
	{ "{f01a9d53-3ff6-48d2-9297-c8a7004be10c}", INF_CLASS_COMPUTE },
};

/* Cuts blanks from both ends, in place. */
static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	size_t length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

/* A value may stand in quotes. */
static char *unquote(char *text)
{
	size_t length = strlen(text);
	if (length < 2 || text[0] != '"' || text[length - 1] != '"')
		return text;
	text[length - 1] = '\0';
	return trim(text + 1);
}

static enum inf_class read_class(const char *value)
{
	for_each_row(row, classes)
		if (!strcasecmp(value, row->guid))
			return row->class;
	return INF_CLASS_OTHER;
}

static bool read_date(const char *text, char ret[INF_DATE_SIZE])
{
	unsigned int month, day, year;
	int end = 0;
	char date[32];
	if (sscanf(text, "%2u%*1[/-]%2u%*1[/-]%4u%n", &month, &day, &year, &end) != 3 ||
	    text[end])
		return false;
	snprintf(date, sizeof(date), "%04u-%02u-%02u", year, month, day);
	if (!shape_date.matches(date))
		return false;
	memcpy(ret, date, INF_DATE_SIZE);
	return true;
}

static bool read_version(const char *text, char ret[VERSION_MAX])
{
	struct version version;
	if (!version_parse(text, &version))
		return false;
	for (int i = 0; i < version.count; i++)
		if (version.part[i] > UINT16_MAX)
			return false;
	return version_driver(text, ret);
}

static void read_driver_ver(char *value, struct inf *inf)
{
	char *comma = strchr(value, ',');
	if (comma)
		*comma = '\0';
	read_date(trim(value), inf->date);
	if (comma)
		read_version(trim(comma + 1), inf->version);
}

static void read_entry(char *line, struct inf *inf)
{
	char *equals = strchr(line, '=');
	if (!equals)
		return;
	*equals = '\0';
	char *key = trim(line), *value = unquote(trim(equals + 1));
	if (!strcasecmp(key, "ClassGuid"))
		inf->class = read_class(value);
	else if (!strcasecmp(key, "DriverVer") && !inf->date[0] && !inf->version[0])
		read_driver_ver(value, inf);
}

/* One line, without its comment; a longer one than any of ours is cut. */
static const char *take_line(const char *at, const char *end, char ret[LINE_SIZE])
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));
	size_t length = (size_t)((feed ? feed : end) - at);
	snprintf(ret, LINE_SIZE, "%.*s",
		 (int)(length < LINE_SIZE ? length : LINE_SIZE - 1), at);
	ret[strcspn(ret, ";")] = '\0';
	return feed ? feed + 1 : end;
}

static void read_lines(const char *utf8, size_t size, struct inf *ret)
{
	bool in_version = false;
	for (const char *at = utf8; at < utf8 + size;) {
		char bytes[LINE_SIZE];
		at = take_line(at, utf8 + size, bytes);
		char *line = trim(bytes);
		if (*line == '[')
			in_version = !strncasecmp(line, "[version]", 9);
		else if (in_version)
			read_entry(line, ret);
	}
}

bool inf_read(const char *bytes, size_t size, struct inf *ret)
{
	struct inf inf = { 0 };
	struct text text;
	cleanup_error struct error *err = text_to_utf8(bytes, size, &text);
	if (err)
		return false;
	read_lines(text.utf8, text.size, &inf);
	free(text.utf8);
	if (inf.class == INF_CLASS_OTHER && !inf.date[0] && !inf.version[0])
		return false;
	*ret = inf;
	return true;
}
