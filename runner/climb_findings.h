/*
 * climb_findings.h: what a climb notes of a rung or an adapter: words cleaned, and each name
 * that we know at most once, so that a probe that says much fills no memory. Of two words of
 * one name the later stands.
 */
#pragma once

#include <stdint.h>

#include "probes/packet.h"
#include "record/record.h"

/* @param string  in the arena or constant; NULL: there is nothing to note */
void findings_note_string(struct arena *arena, struct findings *findings,
			  enum finding finding, const char *string);
/* @param text  from outside; what is empty when clean is not noted */
void findings_note_text(struct arena *arena, struct findings *findings,
			enum finding finding, const char *text);
void findings_note_number(struct arena *arena, struct findings *findings,
			  enum finding finding, int64_t number);
/* A name that we don't know, or of another kind, is not our probe's word: it is left out. */
void findings_note_packet(struct arena *arena, struct findings *findings,
			  const struct packet *packet);
