#include "runner/climb_findings.h"

#include <string.h>

#include "runner/clean.h"

#define TEXT_MAX 1024 /* bytes */
/* What JSON readers keep exactly (RFC 8259, section 6). */
#define INTEGER_MAX (INT64_C(1) << 53)

static void note(struct arena *arena, struct findings *findings,
		 const struct finding_value *value)
{
	for (size_t i = 0; i < findings->n; i++) {
		if (strcmp(findings->finding[i].name, value->name))
			continue;
		findings->finding[i] = *value;
		return;
	}
	*arena_push(arena, findings->finding, findings->n) = *value;
}

void findings_note_string(struct arena *arena, struct findings *findings,
			  enum finding finding, const char *string)
{
	if (!string)
		return;
	note(arena, findings,
	     &(struct finding_value){ .name = finding_rows[finding].name,
				      .kind = FINDING_STRING,
				      .string = string });
}

void findings_note_text(struct arena *arena, struct findings *findings,
			enum finding finding, const char *text)
{
	findings_note_string(arena, findings, finding,
			     clean_text(arena, text, strlen(text), TEXT_MAX));
}

void findings_note_number(struct arena *arena, struct findings *findings,
			  enum finding finding, int64_t number)
{
	note(arena, findings,
	     &(struct finding_value){ .name = finding_rows[finding].name,
				      .kind = FINDING_INTEGER,
				      .integer = number });
}

void findings_note_packet(struct arena *arena, struct findings *findings,
			  const struct packet *packet)
{
	enum finding finding;
	if (!finding_parse(packet->name, &finding) ||
	    finding_rows[finding].kind != packet->kind || packet->integer > INTEGER_MAX ||
	    packet->integer < -INTEGER_MAX)
		return;
	if (packet->kind == FINDING_STRING)
		findings_note_text(arena, findings, finding, packet->string);
	else
		note(arena, findings,
		     &(struct finding_value){ .name = finding_rows[finding].name,
					      .kind = packet->kind,
					      .integer = packet->integer });
}
