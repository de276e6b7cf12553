/*
 * paste_tools.h: what a text's tool output shows to have failed or ended on the CPU.
 *
 * Becomes reported results: an interface and an outcome, no rungs. Only words that a tool
 * prints, or a plain sentence that names the API and the end, are taken; that something
 * was listed is no proof that it works.
 */
#pragma once

#include "record/record.h"
#include "runner/paste_text.h"

void paste_read_tools(const struct paste_text *text, struct record *record);
