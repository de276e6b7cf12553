#include "runner/paste_versions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner/component_name.h"
#include "runner/wsl_version.h"
#include "util/array.h"

struct place {
	const struct paste_text *text;
	const struct paste_line *line;
	const char *before; /* plain words of a line or heading before, or NULL */
	size_t before_size;
	struct claims *claims;
};

static bool is_version_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(".+~-_", c));
}

/* The version that begins at a digit of the line: a dotted number and what clings to it.
 * @return its length, 0 where none begins */
static size_t take_version(const struct paste_line *line, size_t at,
			   char ret[VERSION_MAX])
{
	size_t end = at;
	while (end < line->size && is_version_char(line->text[end]) &&
	       end - at < VERSION_MAX)
		end++;
	/* a file name's or package's tail is no version: -1_amd64.deb */
	for (size_t i = at; i < end; i++)
		if (line->text[i] == '_' && i + 1 < end &&
		    (line->text[i + 1] == 'a' || line->text[i + 1] == 'x'))
			end = i;
	while (end > at && !isalnum((unsigned char)line->text[end - 1]) &&
	       line->text[end - 1] != '+')
		end--;
	size_t length = end - at;
	if (!length || length >= VERSION_MAX)
		return 0;
	memcpy(ret, line->text + at, length);
	ret[length] = '\0';
	return length;
}

/* "2025-01-15" as a day of the calendar. */
static bool is_day(const char *text)
{
	static const char form[] = "9999-99-99";
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '9' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
			return false;
	struct tm tm = { .tm_year = atoi(text) - 1900,
			 .tm_mon = atoi(text + 5) - 1,
			 .tm_mday = atoi(text + 8) };
	int month = tm.tm_mon, day = tm.tm_mday;
	return tm.tm_year >= 100 && month >= 0 && month < 12 && timegm(&tm) != -1 &&
	       tm.tm_mon == month && tm.tm_mday == day;
}

/* A date soon behind a driver's version is the driver's. */
#define DATE_NEAR 40

static void read_date(const struct place *place, size_t at)
{
	const struct paste_line *line = place->line;
	for (size_t i = at; i < at + DATE_NEAR && i + 10 <= line->size; i++) {
		char date[11];
		memcpy(date, line->text + i, 10);
		date[10] = '\0';
		if (strlen(date) < 10 || !is_day(date))
			continue;
		claims_add(place->claims, CLAIM_DRIVER_DATE, NULL, date, CLAIM_SENTENCE,
			   line->number, line->text + at, i + 10 - at);
		return;
	}
}

static bool follows(const struct paste_line *line, size_t at, const char *words)
{
	size_t n = strlen(words);
	at = paste_line_skip(line, at);
	return line->size - at >= n && !memcmp(line->plain + at, words, n) &&
	       (line->size - at == n || !isalnum((unsigned char)line->plain[at + n]));
}

/* "551.61 or newer", and "551.61, 546.33 and 537.58": a demand, and none of several. */
static bool is_one_of_several(const struct paste_line *line, size_t end,
			      const struct component_reading *reading)
{
	static const char *const demands[] = { "or newer",  "or later",   "or higher",
					       "or above",  "or greater", "and newer",
					       "and later", "and above",  "and higher",
					       "is needed", "is required" };
	char version[VERSION_MAX], value[VERSION_MAX];
	for_each_row(demand, demands)
		if (follows(line, end, *demand))
			return true;
	size_t at = paste_line_skip(line, end);
	bool joined =
		at < line->size && at > end && memchr(line->text + end, ',', at - end);
	joined |= at < line->size && at > end && memchr(line->text + end, '/', at - end);
	joined |= at < line->size && at > end && memchr(line->text + end, '|', at - end);
	if (follows(line, end, "and") || follows(line, end, "or")) {
		at = paste_line_skip(line, at + (line->plain[at] == 'a' ? 3 : 2));
		joined = true;
	}
	return joined && at - end < 8 && take_version(line, at, version) &&
	       strchr(version, '.') && reading->name->spelling(version, value) &&
	       strcmp(value, reading->value) != 0;
}

static void add_claim(const struct place *place, const struct component_reading *reading,
		      enum claim_strength strength, size_t end)
{
	const struct paste_line *line = place->line;
	if (reading->denied || is_one_of_several(line, end, reading) ||
	    (reading->from && follows(line, end, "to")))
		return;
	/* The evidence begins with the name where that is in the same line. */
	const char *start = line->text;
	if (reading->start >= line->plain && reading->start < line->plain + line->size)
		start += reading->start - line->plain;
	claims_add(place->claims, reading->name->field, reading->name->package,
		   reading->value, reading->weak ? CLAIM_WEAK : strength, line->number,
		   start, (size_t)(line->text + end - start));
	if (!reading->weak && (reading->name->field == CLAIM_DRIVER ||
			       reading->name->field == CLAIM_DRIVER_PUBLIC))
		read_date(place, end);
}

static bool read_in_line(const struct place *place, size_t at, size_t length,
			 const char *version)
{
	const struct paste_line *line = place->line;
	struct component_reading reading;
	if (!component_before(line->plain, line->plain + at, version, &reading))
		return false;
	if (reading.name->keep != KEEP_NOTHING)
		add_claim(place, &reading, CLAIM_SENTENCE, at + length);
	return true;
}

/* Whether a line holds nothing else, or the row of a list of devices. */
static bool is_alone(const struct paste_line *line, size_t at, size_t length)
{
	if (paste_line_find(line, 0, "VEN_"))
		return true;
	for (size_t i = 0; i < line->size; i++)
		if ((i < at || i >= at + length) && line->plain[i] != ' ')
			return false;
	return true;
}

/* A version that begins its line or cell belongs to what the line or heading before says. */
static void read_under(const struct place *place, size_t at, size_t length,
		       const char *version)
{
	struct component_reading reading;
	if (!place->before ||
	    !component_before(place->before, place->before + place->before_size, version,
			      &reading) ||
	    reading.name->keep == KEEP_NOTHING)
		return;
	reading.start = place->line->plain + at;
	/* the answer in a form */
	bool alone = is_alone(place->line, at, length);
	add_claim(place, &reading, alone ? CLAIM_LABEL : CLAIM_SENTENCE, at + length);
}

/* "the 32.0.101.8801 driver", "6.6.87.2 kernel" */
static bool read_behind(const struct place *place, size_t at, size_t length,
			const char *version)
{
	static const struct {
		const char *word;
		enum claim_field field;
		spelling *spelling;
	} rows[] = {
		{ " driver", CLAIM_DRIVER, spelling_driver },
		{ " driver", CLAIM_DRIVER_PUBLIC, spelling_public },
		{ " kernel", CLAIM_KERNEL, spelling_kernel },
	};
	const struct paste_line *line = place->line;
	for_each_row(row, rows) {
		char value[VERSION_MAX];
		size_t n = strlen(row->word);
		if (line->size - at - length < n ||
		    memcmp(line->plain + at + length, row->word, n) ||
		    !row->spelling(version, value))
			continue;
		claims_add(place->claims, row->field, NULL, value, CLAIM_WEAK,
			   line->number, line->text + at, length + n);
		return true;
	}
	return false;
}

/* What tells its component by itself. */
static bool read_by_shape(const struct place *place, size_t at, size_t length,
			  const char *version)
{
	const struct paste_line *line = place->line;
	char value[VERSION_MAX];
	if (strstr(version, "-microsoft") && spelling_kernel(version, value)) {
		claims_add(place->claims, CLAIM_KERNEL, NULL, value, CLAIM_LABEL,
			   line->number, line->text + at, length);
		return true;
	}
	struct version v;
	/* four parts that begin as those of Windows' display drivers do */
	if (!spelling_driver(version, value) || !version_parse(value, &v) ||
	    v.part[0] < 20 || v.part[1] || !is_alone(line, at, length))
		return false;
	claims_add(place->claims, CLAIM_DRIVER, NULL, value, CLAIM_WEAK, line->number,
		   line->text + at, length);
	return true;
}

static bool begins_number(const struct paste_line *line, size_t at)
{
	if (!isdigit((unsigned char)line->text[at]))
		return false;
	if (!at)
		return true;
	char c = line->text[at - 1];
	if (c == 'v' || c == 'V')
		return at < 2 || !isalnum((unsigned char)line->text[at - 2]);
	return !isalnum((unsigned char)c) && c != '.' && (unsigned char)c < 0x80;
}

/* A bare build number counts only beside "build" (spelling_windows looks at it). */
static bool is_candidate(const char *version)
{
	size_t digits = strspn(version, "0123456789");
	return version[digits] == '.' || (digits == 5 && !version[digits]);
}

/* Text of other scripts may touch a number: 版本10.0.19044 */
static bool begins_after_script(const struct paste_line *line, size_t at)
{
	return at && isdigit((unsigned char)line->text[at]) &&
	       (unsigned char)line->text[at - 1] >= 0x80;
}

static bool is_first_in_cell(const struct paste_line *line, size_t at)
{
	while (at && line->plain[at - 1] == ' ' && line->text[at - 1] != '|')
		at--;
	return !at || line->text[at - 1] == '|';
}

static void read_line(const struct place *place)
{
	const struct paste_line *line = place->line;
	for (size_t at = 0; at < line->size; at++) {
		char version[VERSION_MAX];
		if (!begins_number(line, at) && !begins_after_script(line, at))
			continue;
		size_t length = take_version(line, at, version);
		if (!length)
			continue;
		if (is_candidate(version) && !read_by_shape(place, at, length, version) &&
		    !read_in_line(place, at, length, version)) {
			if (is_first_in_cell(line, at))
				read_under(place, at, length, version);
			else
				read_behind(place, at, length, version);
		}
		at += length;
	}
}

static bool has_version(const struct paste_line *line)
{
	for (size_t i = 0; i + 2 < line->size; i++)
		if (isdigit((unsigned char)line->text[i]) && line->text[i + 1] == '.' &&
		    isdigit((unsigned char)line->text[i + 2]))
			return true;
	return false;
}

/* "|---|:--:|": the line under a table's heading. */
static bool is_rule(const struct paste_line *line)
{
	bool bar = false, dash = false;
	for (size_t i = 0; i < line->size; i++) {
		if (!strchr(" |-:+\r", line->text[i]))
			return false;
		bar |= line->text[i] == '|';
		dash |= line->text[i] == '-';
	}
	return bar && dash;
}

static size_t count_bars(const char *text, size_t size, char bar)
{
	size_t bars = 0;
	for (size_t i = 0; i < size; i++)
		bars += text[i] == bar;
	return bars;
}

/* The cell of a heading above a place of a row. */
static void find_cell(const struct paste_line *heading, size_t bars, char border,
		      struct place *place)
{
	size_t start = 0;
	for (; start < heading->size && bars; start++)
		bars -= heading->text[start] == border;
	const char *bar = memchr(heading->text + start, border, heading->size - start);
	place->before = heading->plain + start;
	place->before_size =
		bar ? (size_t)(bar - (heading->text + start)) : heading->size - start;
}

static void read_row(const struct paste_line *heading, char border, struct place *place)
{
	const struct paste_line *row = place->line;
	size_t at = 0;
	while (at < row->size) {
		const char *bar = memchr(row->text + at, border, row->size - at);
		size_t end = bar ? (size_t)(bar - row->text) : row->size;
		find_cell(heading, count_bars(row->text, at, border), border, place);
		struct paste_line cell = { row->text + at, row->plain + at, end - at,
					   row->number };
		place->line = &cell;
		read_line(place);
		place->line = row;
		at = end + 1;
	}
}

/* "----   ----": the line under the columns of PowerShell. */
static bool is_underline(const struct paste_line *line)
{
	size_t dashes = 0;
	for (size_t i = 0; i < line->size; i++) {
		if (!strchr(" -\t\r", line->text[i]))
			return false;
		dashes += line->text[i] == '-';
	}
	return dashes >= 4;
}

/* "Name      DriverVersion": what wmic and PowerShell print above columns. */
static bool has_columns(const struct paste_line *line)
{
	bool word = false;
	for (size_t i = 2; i < line->size; i++) {
		word |= line->text[i - 2] != ' ';
		if (word && line->text[i - 2] == ' ' && line->text[i - 1] == ' ' &&
		    isalpha((unsigned char)line->text[i]))
			return true;
	}
	return false;
}

static bool begins_column(const struct paste_line *line, size_t at)
{
	return at < line->size && line->text[at] != ' ' &&
	       (!at ||
		(at > 1 && line->text[at - 1] == ' ' && line->text[at - 2] == ' '));
}

/* The versions of a row, each under the title that begins where it does. */
static void read_columns(const struct paste_line *heading, struct place *place)
{
	const struct paste_line *row = place->line;
	for (size_t at = 0; at < row->size && at < heading->size; at++) {
		if (!begins_column(row, at) || !isdigit((unsigned char)row->text[at]) ||
		    !begins_column(heading, at))
			continue;
		size_t end = at;
		while (end < row->size && row->text[end] != ' ')
			end++;
		size_t title = at;
		while (title < heading->size &&
		       !(heading->text[title] == ' ' && title + 1 < heading->size &&
			 heading->text[title + 1] == ' '))
			title++;
		struct paste_line cell = { row->text + at, row->plain + at, end - at,
					   row->number };
		place->line = &cell;
		place->before = heading->plain + at;
		place->before_size = title - at;
		read_line(place);
		place->line = row;
	}
}

/* What stands above a line and tells what its cells hold. */
struct headings {
	struct paste_line table;   /* "| GPU | Driver |" */
	struct paste_line columns; /* "Name     DriverVersion" */
	struct paste_line commas;  /* "name, driver_version", of nvidia-smi --query-gpu */
};

static void keep_headings(struct headings *headings, const struct paste_line *last,
			  const struct paste_line *line)
{
	static const struct paste_line none = { 0 };
	if (is_rule(line))
		headings->table = *last;
	else if (!memchr(line->text, '|', line->size))
		headings->table = none;
	if (has_version(line) || is_underline(line))
		return;
	headings->columns = has_columns(line) ? *line : none;
	headings->commas = memchr(line->text, ',', line->size) &&
					   paste_line_find(line, 0, "driver_version")
				   ? *line
				   : none;
}

static void read_under_headings(const struct headings *headings, struct place *place)
{
	if (headings->table.text)
		read_row(&headings->table, '|', place);
	if (headings->columns.text)
		read_columns(&headings->columns, place);
	if (headings->commas.text)
		read_row(&headings->commas, ',', place);
}

static void read_lines(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 }, last = { 0 };
	struct headings headings = { 0 };
	size_t blanks = 0;
	while (paste_line_next(text, &line)) {
		/* A form puts a blank line between its question and the answer. */
		if (paste_line_skip(&line, 0) == line.size && !is_rule(&line)) {
			blanks += !is_underline(&line);
			continue;
		}
		keep_headings(&headings, &last, &line);
		struct place place = { .text = text, .line = &line, .claims = claims };
		if (blanks <= 1 && last.text && !has_version(&last) &&
		    last.size <= COMPONENT_WINDOW && !memchr(line.text, '|', line.size)) {
			place.before = last.plain;
			place.before_size = last.size;
		}
		read_line(&place);
		if (has_version(&line))
			read_under_headings(&headings, &place);
		blanks = 0;
		last = line;
	}
}

static void add_block_line(const struct paste_text *text, struct claims *claims,
			   enum claim_field field, const struct wsl_version_line *line)
{
	claims_add(claims, field, NULL, line->version, CLAIM_LABEL,
		   paste_text_number(text, (int64_t)line->line), line->version,
		   strlen(line->version));
}

void paste_read_versions(const struct paste_text *text, struct claims *claims)
{
	struct wsl_version block;
	if (wsl_version_read(text->text, text->size, &block)) {
		add_block_line(text, claims, CLAIM_WSL, &block.wsl);
		add_block_line(text, claims, CLAIM_KERNEL, &block.kernel);
		add_block_line(text, claims, CLAIM_WSLG, &block.wslg);
		add_block_line(text, claims, CLAIM_MSRDC, &block.msrdc);
		add_block_line(text, claims, CLAIM_DIRECT3D, &block.direct3d);
		add_block_line(text, claims, CLAIM_DXCORE, &block.dxcore);
		add_block_line(text, claims, CLAIM_WINDOWS, &block.windows);
	}
	read_lines(text, claims);
}
