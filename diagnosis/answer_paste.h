/* answer_paste.h: the part of an answer that comes from text: lines, found, missing. */
#pragma once

#include "diagnosis/answer.h"

/* Fills answer->lines from the kernel log of any record, what matters first. */
void answer_add_lines(struct answer *answer, const struct record *record);
/* Fills word, headline, found, missing and what is contradicted, of a harvested record
 * whose lines are there. */
void answer_read_paste(struct answer *answer, const struct record *record);
