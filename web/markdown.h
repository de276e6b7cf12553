/*
 * markdown.h: a record as Markdown for an issue or a chat.
 *
 * Everything from outside stands inside one fenced block that it cannot close, so no
 * name can mention a person, link or image where it is pasted (GitHub Flavored Markdown
 * 0.29, 4.5).
 */
#pragma once

#include "diagnosis/answer.h"

/* @return the caller's to free */
char *markdown_of_record(const struct record *record, const struct answer *answer);
