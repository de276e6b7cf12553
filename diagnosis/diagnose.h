/*
 * diagnose.h: from what a record saw to the lowest broken layer and what to do.
 *
 * Rules are rows (rules.c): condition over results and log, layer, certainty,
 * explanation, remedy, public source. The lowest rung that fails is the suspect; a crash
 * inside a lower library, or a call of this rung refused against expectation before it,
 * moves the suspicion down; what passed below is cited as alibi. A kernel log line alone
 * never fails a layer: benign boot lines are named as what this is not.
 */
#pragma once

#include "record/record.h"

/*
 * Replaces record->diagnoses by what the rules say of the record, likeliest first; none
 * where nothing is wrong, and none that blames a layer on an ordinary
 * machine without the door. Texts lie in the record's arena.
 */
void diagnose(struct record *record);
