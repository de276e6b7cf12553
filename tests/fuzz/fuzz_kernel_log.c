/* Pasted kernel logs, any bytes: what is counted is a failure of a handler, and the same
 * whatever pieces the log comes in. */
#include <string.h>

#include "runner/kernel_log.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct kernel_message *message, size_t lines)
{
	require(message->times >= 1);
	require(message->line >= 1 && message->line <= lines);
	require(message->seconds == -1 || message->seconds >= 0);
	switch (message->kind) {
	case KERNEL_FAILURE:
		require(!strncmp(message->handler, "dxgk", 4));
		require(strlen(message->handler) < KERNEL_NAME_MAX);
		require(message->error < 0);
		break;
	case KERNEL_OTHER:
		require(*message->text && strlen(message->text) < KERNEL_TEXT_MAX);
		break;
	}
}

static void read_pieces(const uint8_t *data, size_t size, size_t piece,
			struct kernel_log_counts *ret)
{
	struct kernel_log_stream stream;
	kernel_log_stream_init(&stream, ret);
	for (size_t at = 0; at < size;) {
		size_t n = size - at < piece ? size - at : piece;
		kernel_log_stream_put(&stream, (const char *)data + at, n);
		at += n;
	}
	kernel_log_stream_end(&stream);
}

static void check_pieces(const uint8_t *data, size_t size)
{
	static struct kernel_log_counts whole, pieces;
	read_pieces(data, size, SIZE_MAX, &whole);
	read_pieces(data, size, 1 + size / 3, &pieces);
	require(whole.n_kinds == pieces.n_kinds && whole.n_others == pieces.n_others &&
		whole.n_blocks == pieces.n_blocks);
	for (size_t i = 0; i < whole.n_kinds; i++)
		require(whole.kind[i].count == pieces.kind[i].count &&
			whole.kind[i].line == pieces.kind[i].line);
	for (size_t i = 0; i < whole.n_blocks; i++)
		require(strlen(whole.block[i]) < KERNEL_BLOCK_MAX);
}

static bool equal(const struct kernel_message *a, const struct kernel_message *b)
{
	return a->kind == b->kind && a->voice == b->voice && a->times == b->times &&
	       a->seconds == b->seconds && a->line == b->line && a->error == b->error &&
	       !strcmp(a->handler, b->handler) && !strcmp(a->text, b->text);
}

/* Messages, and that they are the same where no form of a line is ever known. */
static void check_walk(const char *text, size_t size, size_t lines)
{
	static struct kernel_lines walk, slow;
	const struct kernel_message *message, *other;
	kernel_lines_start(&walk, text, size);
	kernel_lines_start(&slow, text, size);
	do {
		slow.forms.n = 0;
		message = kernel_lines_next(&walk);
		other = kernel_lines_next(&slow);
		require(!message == !other);
		if (message) {
			check(message, lines);
			require(equal(message, other));
		}
	} while (message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t lines = 1;
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	check_walk(text, size, lines);
	static struct kernel_log_counts counts;
	kernel_log_read(text, size, &counts);
	require(counts.n_kinds <= KERNEL_LOG_KINDS);
	require(counts.n_others <= KERNEL_LOG_OTHERS);
	for (size_t i = 0; i < counts.n_kinds; i++)
		require(counts.kind[i].count >= 1 &&
			counts.kind[i].boot <= counts.kind[i].count);
	check_pieces(data, size);
	return 0;
}
