/*
 * screen.h: the picture of a record on a terminal or in a pipe.
 *
 * At most 100 columns, wrapped to the terminal's width; colour only on a terminal and not
 * with NO_COLOR (no-color.org), and never the only sign of anything.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "diagnosis/answer.h"
#include "record/record.h"

struct screen {
	FILE *file;
	int width; /* columns */
	bool colour;
};

/* What suits this file: its terminal's width, at least 60 and at most 100 columns. */
struct screen screen_for(FILE *file);

/* The whole picture, from the answer to what to leave alone. */
void screen_answer(const struct screen *screen, const struct answer *answer);
/* The answer alone. */
void screen_headline(const struct screen *screen, const struct answer *answer);
/* What a run ends with: the answer alone, and what is worth a remark, where it is YES; else
 * the whole picture. */
void screen_result(const struct screen *screen, const struct answer *answer);
/* Every step of every interface, and the kernel lines: what `show` adds. */
void screen_details(const struct screen *screen, const struct answer *answer,
		    const struct record *record);

/* One paragraph, wrapped: `label` (may be "") at column 0, the text from column `indent`. */
void screen_paragraph(const struct screen *screen, const char *label, int indent,
		      const char *text);
