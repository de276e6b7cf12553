#include "runner/paste.h"

#include <string.h>

#include "runner/claims.h"
#include "runner/kernel_log.h"
#include "runner/paste_distro.h"
#include "runner/paste_gpu.h"
#include "runner/paste_sieve.h"
#include "runner/paste_source.h"
#include "runner/paste_tools.h"
#include "runner/paste_versions.h"
#include "util/alloc.h"

/* The first line of each kind, as evidence, with its stamp and without a host's name. */
static void add_log_evidence(const struct kernel_log_counts *counts,
			     struct record *record)
{
	for (size_t i = 0; i < counts->n_kinds; i++) {
		const struct kernel_log_kind *kind = &counts->kind[i];
		struct evidence evidence = { .line = (int64_t)kind->line };
		evidence.pointer =
			arena_printf(&record->arena, "/kernel_log/failed/%s/%d",
				     kind->handler, kind->error);
		evidence.text =
			kind->seconds < 0
				? arena_printf(&record->arena, "%s: Ioctl failed: %d",
					       kind->handler, kind->error)
				: arena_printf(&record->arena,
					       "[%12.6f] %s: Ioctl failed: %d",
					       kind->seconds, kind->handler, kind->error);
		*arena_push(&record->arena, record->evidence, record->n_evidence) =
			evidence;
	}
}

static void record_log(const struct kernel_log_counts *counts, struct record *record)
{
	if (!counts->n_kinds && !counts->n_others)
		return;
	kernel_log_record(counts, record);
	add_log_evidence(counts, record);
}

static void read_claims(const struct paste_text *text, struct record *record)
{
	struct claims *claims = xcalloc(1, sizeof(*claims));
	claims->arena = &record->arena;
	paste_read_versions(text, claims);
	paste_read_ids(text, claims);
	paste_read_names(text, claims);
	paste_read_distro(text, claims);
	claims_settle(claims, record);
	free(claims);
}

/* WSL1's kernel is 4.4 and ends in a capital Microsoft. */
static void settle_environment(struct record *record)
{
	const struct combination *c = &record->combination;
	const char *seen = NULL;
	enum environment kind = ENVIRONMENT_WSL2;
	if (c->kernel && !strncmp(c->kernel, "4.4.", 4) &&
	    strstr(c->kernel, "-Microsoft")) {
		kind = ENVIRONMENT_WSL1;
		seen = "kernel release";
	} else if (c->kernel && strcasestr(c->kernel, "microsoft")) {
		seen = "kernel release";
	} else if (c->wsl) {
		seen = "WSL version";
	} else if (record->kernel_log.present) {
		seen = "kernel lines of dxgkrnl";
	}
	if (!seen)
		return;
	record->environment.kind = kind;
	strings_add(&record->arena, &record->environment.seen, seen);
}

/* One pass: kernel lines are counted, lines that can tell of the machine are kept. */
static struct error *read_pieces(struct paste_source *source,
				 struct kernel_log_counts *counts,
				 struct paste_sieve *sieve)
{
	struct kernel_log_stream log;
	struct error *err;
	const char *piece;
	size_t size;
	kernel_log_stream_init(&log, counts);
	while (!(err = paste_source_next(source, &piece, &size)) && size) {
		kernel_log_stream_put(&log, piece, size);
		paste_sieve_add(sieve, piece, size);
	}
	kernel_log_stream_end(&log);
	return err;
}

static void read_text(const struct paste_text *text, struct record *record)
{
	record->source.skimmed.from = text->skimmed_from;
	record->source.skimmed.to = text->skimmed_to;
	read_claims(text, record);
	paste_read_tools(text, record);
	settle_environment(record);
}

struct error *paste_read(const char *head, size_t size, int fd, struct record *ret)
{
	cleanup_paste_source struct paste_source source;
	struct error *err =
		paste_source_init(&source, head, size, size < PASTE_HEAD_MAX ? -1 : fd);
	if (err)
		return err;
	cleanup_paste_sieve struct paste_sieve sieve;
	paste_sieve_init(&sieve);
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	err = read_pieces(&source, counts, &sieve);
	if (err)
		return err;
	cleanup_paste_text struct paste_text text;
	paste_sieve_end(&sieve, &text);
	/* What people put together is no log. */
	if (!sieve.log)
		kernel_log_read(text.text, text.size, counts);
	cleanup_free char *hash = hash_end(&source.hash);
	record_init(ret);
	ret->source.kind = SOURCE_HARVESTED;
	ret->source.tool = "dxgmatrix " DXGMATRIX_VERSION;
	ret->source.text = arena_strdup(&ret->arena, hash);
	record_log(counts, ret);
	read_text(&text, ret);
	return NULL;
}
