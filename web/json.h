/*
 * json.h: what pages say, for programs. Unknown is absent; counts are integers.
 */
#pragma once

#include "matrix/view.h"

/* gpu/index.json: every GPU. @return the caller's to free, a line ended */
char *json_of_gpus(const struct view_gpus *gpus);
/* gpu/<address>/data.json */
char *json_of_gpu(const struct view_gpu_page *page);
