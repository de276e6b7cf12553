/*
 * picture.h: what a record says, on a page: the answer, the stack from inference down to
 * the Windows driver, what is known and how, what to do. The same picture as the
 * terminal's, from the same diagnosis/answer.h.
 */
#pragma once

#include "diagnosis/answer.h"
#include "web/html.h"

/* The headline and the set-up; the page's <h1>. */
void picture_write_answer(struct html *h, const struct answer *answer);
/*
 * Stack, other roads, own checks, and the notes below them. What was found in a paste is
 * left out: it is the set-up.
 * @param reported  the roads are what somebody says, and look so
 */
void picture_write_body(struct html *h, const struct answer *answer, bool reported);
/* @return the answer's CSS class: good, bad or none */
const char *picture_css(enum answer_word word);
