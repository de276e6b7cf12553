#include "runner/playback.h"

#include <stdlib.h>
#include <string.h>

#include "probes/dxg_abi.h"
#include "probes/recording.h"
#include "record/hash.h"
#include "runner/kernel_log.h"
#include "runner/machine.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"
#include "util/strbuf.h"

/* It is read here too, so that a broken one is named before any step is taken. */
static struct error *read_recording(struct playback *playback)
{
	cleanup_free char *name = xasprintf("%s" DXG_NODE, playback->root), *bytes = NULL;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	size_t size;
	playback->node = root_exists(playback->root, DXG_NODE);
	if (!playback->node)
		return NULL;
	if (!root_read(playback->root, DXG_NODE, RECORDING_SIZE_MAX, &bytes, &size))
		return error_create("%s is no recording", name);
	if (!size)
		return NULL;
	struct error *err = recording_parse(name, bytes, size, &arena, &recording);
	if (!err)
		playback->text = hash_address(bytes, size);
	return err;
}

struct error *playback_open(const char *root, struct playback *ret)
{
	cleanup_playback struct playback playback = { 0 };
	playback.root = realpath(root, NULL);
	if (!playback.root)
		return error_errno("%s", root);
	struct error *err = read_recording(&playback);
	if (err)
		return err;
	*ret = playback;
	playback = (struct playback){ 0 };
	return NULL;
}

void playback_deinit(struct playback *playback)
{
	free(playback->root);
	free(playback->text);
	*playback = (struct playback){ 0 };
}

void playback_sign(const struct playback *playback, struct record *record)
{
	record->source.kind = SOURCE_HARVESTED;
	record->source.tool = "dxgmatrix " DXGMATRIX_VERSION;
	record->source.trigger = NULL;
	record->source.text = arena_strdup(&record->arena, playback->text);
	record->time = NULL;
}

void playback_read_log(const struct playback *playback, struct record *record)
{
	static const struct {
		const char *program, *key;
	} commands[] = { { "dmesg", NULL },
			 { "journalctl", "-k" },
			 { "journalctl", "--dmesg" } };
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	struct kernel_log_stream stream;
	for_each_row(command, commands) {
		cleanup_free char *text = NULL;
		size_t size;
		if (!machine_recorded(playback->root, command->program, command->key,
				      &text, &size))
			continue;
		kernel_log_stream_init(&stream, counts);
		kernel_log_stream_put(&stream, text, size);
		kernel_log_stream_end(&stream);
		kernel_log_forget_lines(counts);
		kernel_log_record(counts, record);
		return;
	}
	record->kernel_log.unread = "no kernel log was recorded with this machine, as "
				    ".commands/dmesg.out beside its files";
}

static void add_untold(const struct rung_result *rung, struct strbuf *buf)
{
	if (rung->reason != REASON_NOT_RECORDED)
		return;
	const char *call = findings_string(&rung->findings, FIND_CALL);
	strbuf_printf(buf, "%s%s%s%s%s", buf->length ? ", " : "",
		      rung_rows[rung->rung].name, call ? " (" : "", call ? call : "",
		      call ? ")" : "");
}

char *playback_untold(const struct record *record)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t j = 0; j < record->results[i].n_rungs; j++)
			add_untold(&record->results[i].rungs[j], &buf);
	return buf.length ? strbuf_take(&buf) : NULL;
}

void playback_forget_times(struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t j = 0; j < record->results[i].n_rungs; j++)
			record->results[i].rungs[j].ms = -1;
}
