/* fixtures.h: facts for pages, as the matrix would give them. */
#pragma once

#include "diagnosis/answer.h"
#include "matrix/view.h"

/* The first evening: reports alone. */
void fixture_gpus_reported(struct view_gpus *ret);
void fixture_gpu_reported(struct view_gpu_page *ret);
/* Later: machines that agree, disagree, fall back, and say nothing. */
void fixture_gpus_measured(struct view_gpus *ret);
void fixture_gpu_measured(struct view_gpu_page *ret);
void fixture_combination(struct view_combination_page *ret);
/* Strings that try to leave their place. */
void fixture_gpu_hostile(struct view_gpu_page *ret);

/* Arc 140T, a broken compiler; id and bytes are made. */
void fixture_record_measured(struct record *record, struct answer *answer);
/* What a post says, with evidence and a contradiction, and hostile strings in all. */
void fixture_record_harvested(struct record *record, struct answer *answer);
