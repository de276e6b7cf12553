/*
 * playback.h: a recorded machine whose `dev/dxg` is a recording (probes/recording.h).
 *
 * What is found on it was seen once, elsewhere: records of it are harvested ones, of the text
 * of the recording, and count in no formula; no store, no journal and no key has to do with
 * them.
 */
#pragma once

#include "record/record.h"
#include "util/error.h"

struct playback {
	char *root; /* absolute: a probe's working folder is its own */
	char *text; /* "sha256:…" of the recording; NULL: there is none */
	bool node;  /* there is something at /dev/dxg */
};

/*
 * An empty /dev/dxg is the mark of a node that nobody recorded.
 * @param ret  the caller's, for playback_deinit
 * @return an error where root is no folder, or what lies there is no recording
 */
struct error *playback_open(const char *root, struct playback *ret) must_check;
/* Accepts an all-zero one. */
void playback_deinit(struct playback *playback);
#define cleanup_playback cleanup_with(playback_deinit)

/* Says in the record where it is from. */
void playback_sign(const struct playback *playback, struct record *record);
/* Reads the recorded output of `dmesg` or `journalctl -k` into record->kernel_log, or why
 * there is none. */
void playback_read_log(const struct playback *playback, struct record *record);
/* @return the steps that the recording does not tell of, and the call each would need, the
 * caller's to free; NULL where it tells all */
char *playback_untold(const struct record *record);
/* Takes out how long steps took: they took that time here, playing. */
void playback_forget_times(struct record *record);
