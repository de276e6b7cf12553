#include "runner/paste_sieve.h"

#include <ctype.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"

/* What a stamp looks like: 9 a digit, A a letter, a blank a blank or a digit. */
static bool has_form(const char *text, size_t size, const char *form)
{
	for (size_t i = 0; form[i]; i++) {
		unsigned char c = i < size ? (unsigned char)text[i] : 0;
		bool right = form[i] == '9'   ? isdigit(c)
			     : form[i] == 'A' ? isalpha(c)
			     : form[i] == ' ' ? c == ' ' || isdigit(c)
					      : c == (unsigned char)form[i];
		if (!right)
			return false;
	}
	return true;
}

static bool is_stamped(const char *line, size_t size)
{
	static const char *const forms[] = { "[     .",          "[      .",
					     "[       .",        "[AAA AAA  9 ",
					     "AAA  9 99:99:99",  "9999-99-99T99:99",
					     "9999-99-99 99:99", "{\"" };
	for_each_row(form, forms)
		if (has_form(line, size, *form))
			return true;
	return false;
}

/* Words of the lines that the readers know. */
static const char *const telling[] = {
	"ersion", "GPU",   "VIDIA",    "Intel",   "AMD",      "VEN_",
	"buntu",  "river", "icrosoft", "ompiler", "OpenCL",   "OpenGL",
	"ulkan",  "adeon", "GeForce",  "NVML",    "llvmpipe", "deviceName",
};

static size_t pair_of(const char *text)
{
	return (size_t)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

static void pairs_init(struct paste_pairs *pairs)
{
	*pairs = (struct paste_pairs){ 0 };
	for_each_row(word, telling)
		pairs->bit[pair_of(*word) / 8] |= (uint8_t)(1 << pair_of(*word) % 8);
}

static bool says_something(const struct paste_pairs *pairs, const char *line, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		size_t pair = pair_of(line + i);
		if (!(pairs->bit[pair / 8] >> pair % 8 & 1))
			continue;
		for_each_row(word, telling)
			if (pair_of(*word) == pair && size - i >= strlen(*word) &&
			    !memcmp(line + i, *word, strlen(*word)))
				return true;
	}
	return false;
}

/* ---- parts ---- */

static void part_init(struct paste_part *part)
{
	*part = (struct paste_part){ .next = 1 };
	strbuf_init(&part->text);
}

static void part_deinit(struct paste_part *part)
{
	strbuf_deinit(&part->text);
	free(part->gap);
}

static void add_gap(struct paste_part *part, int64_t number)
{
	/* Doubled each time it is full: at powers of two. */
	if (!(part->n_gaps & (part->n_gaps - 1)))
		part->gap = xreallocarray(part->gap, part->n_gaps ? 2 * part->n_gaps : 1,
					  sizeof(*part->gap));
	part->gap[part->n_gaps++] =
		(struct paste_gap){ part->text.length, part->lines + 1, number };
}

static void part_add(struct paste_part *part, const char *line, size_t size,
		     int64_t number)
{
	if (number != part->next)
		add_gap(part, number);
	strbuf_add(&part->text, line, size);
	part->lines++;
	part->next = number + 1;
}

/* With what is noted beside its text, of which short lines need more than they are long. */
static size_t part_size(const struct paste_part *part)
{
	return part->text.length + part->n_gaps * sizeof(*part->gap);
}

static size_t line_size(const char *line, size_t left)
{
	const char *feed = memchr(line, '\n', left);
	return feed ? (size_t)(feed - line) + 1 : left;
}

/* Adds the lines of `from` that begin at byte `at` or behind it. */
static void part_append(struct paste_part *part, const struct paste_part *from, size_t at)
{
	size_t gap = 0;
	int64_t number = 1;
	for (size_t i = 0, size; i < from->text.length; i += size, number++) {
		const char *line = from->text.string + i;
		size = line_size(line, from->text.length - i);
		if (gap < from->n_gaps && from->gap[gap].at == i)
			number = from->gap[gap++].number;
		if (i >= at)
			part_add(part, line, size, number);
	}
}

static int64_t first_number(const struct paste_part *part)
{
	return part->n_gaps && !part->gap[0].at ? part->gap[0].number : 1;
}

/* ---- the sieve ---- */

void paste_sieve_init(struct paste_sieve *sieve)
{
	*sieve = (struct paste_sieve){ .lost_from = -1, .lost_to = -1 };
	part_init(&sieve->head);
	part_init(&sieve->tail);
	strbuf_init(&sieve->rest);
	pairs_init(&sieve->pairs);
}

void paste_sieve_deinit(struct paste_sieve *sieve)
{
	part_deinit(&sieve->head);
	part_deinit(&sieve->tail);
	strbuf_deinit(&sieve->rest);
}

/* Loses the lines of the tail that begin before byte `at`; all, and this one. */
static void cut_tail(struct paste_sieve *sieve, size_t at)
{
	struct paste_part kept, *tail = &sieve->tail;
	part_init(&kept);
	part_append(&kept, tail, at);
	if (sieve->lost_from < 0)
		sieve->lost_from = tail->lines ? first_number(tail) : sieve->lines;
	sieve->lost_to = kept.lines ? first_number(&kept) - 1 : sieve->lines;
	part_deinit(tail);
	*tail = kept;
}

static void add_tail(struct paste_sieve *sieve, const char *line, size_t size)
{
	size_t length = sieve->tail.text.length;
	if (size > PASTE_TAIL_MAX) {
		cut_tail(sieve, length);
		return;
	}
	/* Half of it at a time: each time what stays is copied. */
	if (part_size(&sieve->tail) + size > 2 * PASTE_TAIL_MAX)
		cut_tail(sieve, (length + 1) / 2);
	part_add(&sieve->tail, line, size, sieve->lines);
}

static void add_line(struct paste_sieve *sieve, const char *line, size_t size)
{
	if (sieve->log && is_stamped(line, size) &&
	    !says_something(&sieve->pairs, line, size))
		return;
	if (part_size(&sieve->head) + size > PASTE_KEPT_MAX)
		sieve->is_full = true;
	if (sieve->is_full)
		add_tail(sieve, line, size);
	else
		part_add(&sieve->head, line, size, sieve->lines);
}

/* What was kept whole goes through it again. */
static void begin_log(struct paste_sieve *sieve)
{
	struct paste_part whole = sieve->head;
	int64_t lines = sieve->lines;
	sieve->log = true;
	part_init(&sieve->head);
	sieve->lines = 0;
	for (size_t i = 0, size; i < whole.text.length; i += size) {
		size = line_size(whole.text.string + i, whole.text.length - i);
		sieve->lines++;
		add_line(sieve, whole.text.string + i, size);
	}
	sieve->lines = lines;
	part_deinit(&whole);
}

static void end_line(struct paste_sieve *sieve, const char *line, size_t size)
{
	if (!sieve->log && sieve->head.text.length + size > PASTE_WHOLE_MAX)
		begin_log(sieve);
	sieve->lines++;
	add_line(sieve, line, size);
}

/* Of a line that goes on. */
static void add_rest(struct paste_sieve *sieve, const char *piece, size_t size)
{
	if (sieve->rest.length + size > PASTE_KEPT_MAX)
		sieve->too_long = true;
	if (sieve->too_long)
		strbuf_truncate(&sieve->rest, 0);
	else
		strbuf_add(&sieve->rest, piece, size);
}

static void end_rest(struct paste_sieve *sieve)
{
	if (sieve->too_long) {
		if (!sieve->log)
			begin_log(sieve);
		sieve->lines++;
		cut_tail(sieve, sieve->tail.text.length);
	} else {
		end_line(sieve, sieve->rest.string, sieve->rest.length);
	}
	strbuf_truncate(&sieve->rest, 0);
	sieve->too_long = false;
}

void paste_sieve_add(struct paste_sieve *sieve, const char *piece, size_t size)
{
	for (size_t n; size; piece += n, size -= n) {
		n = line_size(piece, size);
		bool ends = piece[n - 1] == '\n';
		if (ends && !sieve->rest.length && !sieve->too_long) {
			end_line(sieve, piece, n);
			continue;
		}
		add_rest(sieve, piece, n);
		if (ends)
			end_rest(sieve);
	}
}

void paste_sieve_end(struct paste_sieve *sieve, struct paste_text *ret)
{
	struct paste_part *head = &sieve->head;
	if (sieve->rest.length || sieve->too_long)
		end_rest(sieve);
	part_append(head, &sieve->tail, 0);
	*ret = (struct paste_text){ .size = head->text.length,
				    .n_gaps = head->n_gaps,
				    .skimmed_from = sieve->lost_from,
				    .skimmed_to = sieve->lost_to };
	ret->text = strbuf_take(&head->text);
	ret->gap = take_ptr(head->gap);
	paste_text_make_plain(ret);
}
