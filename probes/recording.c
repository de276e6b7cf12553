#include "probes/recording.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probes/dxg_abi.h"
#include "util/alloc.h"
#include "util/file.h"

#define WORDS_MAX 7
#define DATA_MAX  8 /* pointers of one call */

struct reader {
	struct arena *arena;
	struct recording *recording;
	char *words[WORDS_MAX + 1];
	size_t n;
};

/* A number that stands there whole, in its shortest spelling. */
static bool parse_number(const char *word, int64_t least, int64_t most, int64_t *ret)
{
	const char *digits = word + (*word == '-');
	char *end;
	if (!isdigit((unsigned char)*digits) ||
	    (digits[0] == '0' && (digits[1] || *word == '-')))
		return false;
	errno = 0;
	long long number = strtoll(word, &end, 10);
	if (*end || errno || number < least || number > most)
		return false;
	*ret = number;
	return true;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct error *parse_bytes(struct reader *r, const char *word, size_t most,
				 struct recording_bytes *ret)
{
	size_t length = strlen(word);
	if (ret->bytes)
		return error_create("the same bytes stand there twice");
	if (length % 2 || !length)
		return error_create("bytes have two digits each");
	if (length / 2 > most)
		return error_create("%zu bytes, %zu at most", length / 2, most);
	uint8_t *bytes = arena_alloc(r->arena, length / 2, 1);
	for (size_t i = 0; i < length; i += 2) {
		int high = digit_value(word[i]), low = digit_value(word[i + 1]);
		if (high < 0 || low < 0)
			return error_create("'%.2s' is no byte", word + i);
		bytes[i / 2] = (uint8_t)(high << 4 | low);
	}
	*ret = (struct recording_bytes){ bytes, length / 2 };
	return NULL;
}

static struct error *parse_request(const char *word, uint32_t *ret)
{
	uint32_t request = 0;
	if (strlen(word) != 8)
		return error_create("'%s' has not eight digits", word);
	for (const char *c = word; *c; c++) {
		int value = digit_value(*c);
		if (value < 0)
			return error_create("'%s' is no number of a call", word);
		request = request << 4 | (uint32_t)value;
	}
	if (!dxg_call_is(request))
		return error_create("'%s' is no call of DXG", word);
	*ret = request;
	return NULL;
}

static bool parse_us(const char *word, int64_t *ret)
{
	return !strcmp(word, "-") || parse_number(word, 0, INT64_MAX / 1000, ret);
}

static struct error *parse_open(struct reader *r)
{
	int64_t result;
	if (r->n != 2 || !parse_number(r->words[1], -4095, 0, &result))
		return error_create("expected 'open RESULT'");
	if (r->recording->n || r->recording->has_open)
		return error_create("'open' stands alone");
	r->recording->has_open = true;
	r->recording->open_errno = (int)-result;
	return NULL;
}

static struct error *parse_call(struct reader *r)
{
	struct recording_call call = { .result = DXG_CALL_UNFINISHED,
				       .us = -1,
				       .begun_us = -1 };
	char room[DXG_NAME_SIZE];
	int64_t thread;
	if (r->n != WORDS_MAX)
		return error_create("expected 'call NAME NUMBER THREAD RESULT US BEGUN'");
	if (r->recording->has_open)
		return error_create("'open' stands alone");
	struct error *err = parse_request(r->words[2], &call.request);
	if (err)
		return err;
	const char *name = dxg_call_name(call.request, room);
	if (strcmp(name, r->words[1]) != 0)
		return error_create("number %s is %s, not %s", r->words[2], name,
				    r->words[1]);
	if (!parse_number(r->words[3], 1, UINT32_MAX, &thread))
		return error_create("'%s' is no thread", r->words[3]);
	if (strcmp(r->words[4], "-") != 0 &&
	    !parse_number(r->words[4], INT32_MIN, INT32_MAX, &call.result))
		return error_create("'%s' is no result", r->words[4]);
	if (!parse_us(r->words[5], &call.us))
		return error_create("'%s' are no microseconds", r->words[5]);
	if (!parse_us(r->words[6], &call.begun_us))
		return error_create("'%s' are no microseconds", r->words[6]);
	call.thread = (uint32_t)thread;
	*arena_push(r->arena, r->recording->calls, r->recording->n) = call;
	return NULL;
}

static struct recording_data *get_data(struct reader *r, struct recording_call *call,
				       uint32_t offset)
{
	for (size_t i = 0; i < call->n_data; i++)
		if (call->data[i].offset == offset)
			return &call->data[i];
	if (call->n_data == DATA_MAX)
		return NULL;
	struct recording_data *data = arena_push(r->arena, call->data, call->n_data);
	data->offset = offset;
	return data;
}

static struct error *parse_data(struct reader *r, struct recording_call *call)
{
	int64_t offset;
	bool out = r->n == 4 && !strcmp(r->words[2], "out");
	if (r->n != 4 || (!out && strcmp(r->words[2], "in") != 0))
		return error_create("expected 'at OFFSET in|out BYTES'");
	if (!parse_number(r->words[1], 0, DXG_CALL_BYTES, &offset) ||
	    (size_t)offset + sizeof(uint64_t) > call->in.size)
		return error_create("no pointer lies at '%s'", r->words[1]);
	struct recording_data *data = get_data(r, call, (uint32_t)offset);
	if (!data)
		return error_create("more than %d pointers", DATA_MAX);
	struct error *err = parse_bytes(r, r->words[3], RECORDING_DATA_MAX,
					out ? &data->out : &data->in);
	if (!err && data->out.bytes && data->out.size > data->in.size)
		err = error_create("more came out than there was room for");
	return err;
}

static struct error *parse_structure(struct reader *r, struct recording_call *call)
{
	bool out = !strcmp(r->words[0], "out");
	if (r->n != 2)
		return error_create("expected '%s BYTES'", r->words[0]);
	if (call->n_data)
		return error_create("'%s' stands after 'at'", r->words[0]);
	struct error *err = parse_bytes(r, r->words[1], dxg_call_size(call->request),
					out ? &call->out : &call->in);
	if (!err && call->out.bytes && call->out.size != call->in.size)
		err = error_create("'in' and 'out' differ in length");
	return err;
}

static struct error *parse_line(struct reader *r, char *line, int64_t number)
{
	char *word;
	if (*line == '#')
		return NULL;
	r->n = 0;
	while ((word = strsep(&line, " "))) {
		if (!*word)
			return error_create("one space stands between words");
		if (r->n == WORDS_MAX)
			return error_create("too many words");
		r->words[r->n++] = word;
	}
	const char *what = r->n ? r->words[0] : "";
	if (!strcmp(what, "call")) {
		struct error *err = parse_call(r);
		if (!err)
			r->recording->calls[r->recording->n - 1].line = number;
		return err;
	}
	if (!strcmp(what, "open"))
		return parse_open(r);
	bool structure = !strcmp(what, "in") || !strcmp(what, "out");
	if (!structure && strcmp(what, "at") != 0)
		return error_create("'%.20s' begins no line of a recording", what);
	if (!r->recording->n)
		return error_create("no call stands before it");
	struct recording_call *call = &r->recording->calls[r->recording->n - 1];
	return structure ? parse_structure(r, call) : parse_data(r, call);
}

static struct error *parse_lines(struct reader *r, const char *name, char *text,
				 size_t size)
{
	int64_t number = 0;
	for (char *line = text; line < text + size; number++) {
		char *end = memchr(line, '\n', (size_t)(text + size - line));
		struct error *err = NULL;
		if (!end)
			err = error_create("the line does not end");
		else if (memchr(line, '\0', (size_t)(end - line)))
			err = error_create("a NUL is no text");
		if (!err) {
			*end = '\0';
			if (number)
				err = parse_line(r, line, number + 1);
			else if (strcmp(line, "dxgmatrix-recording 1") != 0)
				err = error_create("is no dxgmatrix-recording 1");
		}
		if (err)
			return error_wrap(err, "%s:%d", name, (int)number + 1);
		line = end + 1;
	}
	return number ? NULL : error_create("%s:1: is empty", name);
}

struct error *recording_parse(const char *name, const char *bytes, size_t size,
			      struct arena *arena, struct recording *ret)
{
	struct recording recording = { 0 };
	struct reader r = { .arena = arena, .recording = &recording };
	cleanup_free char *text = xmalloc(size + 1);
	memcpy(text, bytes, size);
	text[size] = '\0';
	struct error *err = parse_lines(&r, name, text, size);
	if (!err)
		*ret = recording;
	return err;
}

struct error *recording_read(const char *path, struct arena *arena, struct recording *ret)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	struct error *err = file_read(path, RECORDING_SIZE_MAX, &bytes, &size);
	return err ? err : recording_parse(path, bytes, size, arena, ret);
}
