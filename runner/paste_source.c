#include "runner/paste_source.h"

#include <errno.h>
#include <string.h>

#include "util/alloc.h"
#include "util/colours.h"
#include "util/spelt.h"

/* Of the bytes, in memory at a time. */
#define RAW_MAX (64 * 1024)
_Static_assert(RAW_MAX > DECODER_REST_MAX, "there is always room for more");

/* A longer line comes in parts. */
#define LINES_MAX ((size_t)1024 * 1024)

static const char nul[] = "\\u0000";

/* The same six characters as UTF-16, in either order, but for one NUL at an end. */
static bool has_escaped_nul(enum encoding encoding, const char *head, size_t size)
{
	static const char wide[] = "\\\0u\0"
				   "0\0"
				   "0\0"
				   "0\0"
				   "0";
	return encoding == ENCODING_UTF8 ? memmem(head, size, nul, strlen(nul))
					 : memmem(head, size, wide, sizeof(wide) - 1);
}

struct error *paste_source_init(struct paste_source *source, const char *head,
				size_t head_size, int fd)
{
	struct decoder decoder;
	struct error *err = decoder_init(encoding_guess(head, head_size), &decoder);
	if (err)
		return err;
	*source = (struct paste_source){
		.head = head, .head_size = head_size, .fd = fd, .decoder = decoder
	};
	source->escaped = has_escaped_nul(decoder.encoding, head, head_size);
	source->raw = xmalloc(RAW_MAX);
	strbuf_init(&source->text);
	hash_init(&source->hash);
	return NULL;
}

void paste_source_deinit(struct paste_source *source)
{
	decoder_deinit(&source->decoder);
	free(source->raw);
	strbuf_deinit(&source->text);
}

static struct error *read_some(struct paste_source *source, char *to, size_t room,
			       size_t *ret)
{
	size_t left = source->head_size;
	*ret = left < room ? left : room;
	if (left) {
		memcpy(to, source->head, *ret);
		source->head += *ret;
		source->head_size -= *ret;
		return NULL;
	}
	ssize_t n = 0;
	while (source->fd >= 0 && (n = read(source->fd, to, room)) < 0)
		if (errno != EINTR)
			return error_errno("read");
	*ret = (size_t)n;
	return NULL;
}

/* Drops the NULs; the words "\n" and "\r" become line ends.
 * @param from  where to begin
 * @param last  nothing comes behind the text; else what may be cut stays behind the result
 * @return how much of the text is done */
static size_t drop_escaped_nuls(struct strbuf *text, size_t from, bool last)
{
	char *s = text->string;
	size_t to = from;
	while (from < text->length) {
		size_t left = text->length - from;
		size_t n = left < strlen(nul) ? left : strlen(nul);
		bool begins = !memcmp(s + from, nul, n);
		if (begins && n < strlen(nul) && !last)
			break;
		if (begins && n == strlen(nul)) {
			from += n;
		} else if (left >= 2 && s[from] == '\\' &&
			   (s[from + 1] == 'n' || s[from + 1] == 'r')) {
			s[to++] = '\n';
			from += 2;
		} else {
			s[to++] = s[from++];
		}
	}
	memmove(s + to, s + from, text->length - from);
	strbuf_truncate(text, to + text->length - from);
	return to;
}

/* Where a line without an end may be cut: behind a blank, which nothing that is spelt out
 * has in it, else between characters. */
static size_t cut_of(const char *text, size_t size)
{
	enum { NEAR = 4096 };
	const char *blank = memrchr(text + size - NEAR, ' ', NEAR);
	if (blank)
		return (size_t)(blank - text) + 1;
	do
		size--;
	while (((unsigned char)text[size] & 0xc0) == 0x80 && size);
	return size;
}

/* How much of the text is whole lines, of which none goes on behind it. */
static size_t whole_lines(const char *text, size_t known, size_t size, bool last)
{
	if (last)
		return size;
	const char *feed = memrchr(text + known, '\n', size - known);
	if (feed)
		return (size_t)(feed - text) + 1;
	return size < LINES_MAX ? 0 : cut_of(text, size);
}

/* Nothing of this goes over the end of a line. */
static size_t clean(char *text, size_t size)
{
	size = spelt_references(text, size);
	size = colours_drop(text, size);
	return spelt_colours(text, size);
}

static struct error *decode_some(struct paste_source *source, bool *ret_last)
{
	char *to = source->raw + source->raw_size;
	size_t n;
	struct error *err = read_some(source, to, RAW_MAX - source->raw_size, &n);
	if (err)
		return err;
	*ret_last = n == 0;
	hash_add(&source->hash, to, n);
	source->size += n;
	source->raw_size += n;
	size_t taken = decoder_add(&source->decoder, source->raw, source->raw_size,
				   *ret_last, &source->text);
	source->raw_size -= taken;
	memmove(source->raw, source->raw + taken, source->raw_size);
	return NULL;
}

/* Drops what lies between two places. */
static void close_gap(struct strbuf *text, size_t from, size_t to)
{
	memmove(text->string + from, text->string + to, text->length - to);
	strbuf_truncate(text, text->length - (to - from));
}

struct error *paste_source_next(struct paste_source *source, const char **ret,
				size_t *ret_size)
{
	struct strbuf *text = &source->text;
	bool last = false;
	close_gap(text, 0, source->given);
	source->given = 0;
	while (!source->given && !last) {
		struct error *err = decode_some(source, &last);
		if (err)
			return err;
		size_t known = source->rest;
		size_t done = source->escaped ? drop_escaped_nuls(text, known, last)
					      : text->length;
		size_t lines = whole_lines(text->string, known, done, last);
		source->rest = done - lines;
		source->given = clean(text->string, lines);
		close_gap(text, source->given, lines);
	}
	*ret = text->string;
	*ret_size = source->given;
	return NULL;
}
