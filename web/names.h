/* names.h: what people call GPUs and versions. */
#pragma once

#include "matrix/view.h"

/* @return its name, else the one its id is sold under, else its id, else its address: never NULL. */
const char *gpu_name(const struct view_gpu *gpu);
/* The same of a record's adapter; "No GPU of WSL2" where there is none. */
const char *adapter_name(const struct adapter *adapter);
/* A date or a version where known, else an en dash. */
const char *or_dash(const char *text);
