#include "runner/paste.h"

#include <string.h>

#include "record/hash.h"
#include "runner/claims.h"
#include "runner/kernel_log.h"
#include "runner/paste_distro.h"
#include "runner/paste_gpu.h"
#include "runner/paste_text.h"
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

static void read_log(const struct paste_text *text, struct record *record)
{
	struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	kernel_log_read(text->text, text->size, counts);
	if (counts->n_kinds || counts->n_others) {
		kernel_log_record(counts, record);
		add_log_evidence(counts, record);
	}
	free(counts);
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

struct error *paste_read(const char *bytes, size_t size, struct record *ret)
{
	cleanup_paste_text struct paste_text text = { 0 };
	struct error *err = paste_text_make(bytes, size, &text);
	if (err)
		return err;
	record_init(ret);
	cleanup_free char *hash = hash_address(bytes, size);
	ret->source.kind = SOURCE_HARVESTED;
	ret->source.tool = "dxgmatrix " DXGMATRIX_VERSION;
	ret->source.text = arena_strdup(&ret->arena, hash);
	read_log(&text, ret);
	paste_text_make_plain(&text);
	read_claims(&text, ret);
	paste_read_tools(&text, ret);
	settle_environment(ret);
	return NULL;
}
