/*
 * dxg_question.h: what a call asks, as bytes that are equal where two calls ask the same.
 *
 * They hold the call's number, the members that go in, what the pointers lead to, and for
 * each handle the LUID of the adapter it belongs to: handles, addresses and descriptors differ
 * from run to run.
 */
#pragma once

#include "probes/dxg_objects.h"
#include "probes/recording.h"
#include "util/strbuf.h"

#define NAMES_MAX 1024

/* Handles of the recording as they were given out; the oldest are forgotten. */
struct names {
	struct name {
		uint32_t thread, handle;
		struct winluid luid;
	} name[NAMES_MAX];
	size_t n; /* ever */
};

struct question {
	uint32_t request;
	const uint8_t *bytes;              /* of the structure as it went in, whole */
	const struct recording_call *call; /* of a recorded one; NULL: it is ours */
	struct winluid luid;               /* of the adapter it is about, or 0 */
	struct strbuf text;
};

/*
 * @param ret  request, bytes and call are set; the caller's to strbuf_deinit
 * @return 0, or a negative errno: of ours, as the driver refuses a bad handle or size before
 * it asks Windows; of a recorded one, that nobody can tell what it asked
 */
int question_of_ours(const struct objects *objects, struct question *ret);
int question_recorded(const struct names *names, struct question *ret);

/* Remembers the handles that a recorded call gave out. */
void names_learn(struct names *names, const struct question *question);

/* The structure as it came out of a recorded call. */
const uint8_t *recorded_answer(const struct recording_call *call);
/* The memory behind a pointer, or NULL where none was recorded. */
const struct recording_data *recorded_data(const struct recording_call *call,
					   const struct dxg_part *part);
/* The list of adapters a recorded call brought, unaligned.
 * @return entries; 0 where it brought none */
uint32_t recorded_list(const struct recording_call *call, const struct dxg_part *part,
		       const uint8_t **ret);
/* Room behind a pointer of our call. @return bytes */
uint64_t question_room(const struct question *question, const struct dxg_part *part,
		       void **ret);
