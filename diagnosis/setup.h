/* setup.h: a combination in the words of screens. */
#pragma once

#include "record/combination.h"
#include "util/arena.h"

/* Each returns text in the arena, or NULL where nothing of it is known. */
const char *setup_gpu(struct arena *arena, const struct combination *combination);
const char *setup_driver(struct arena *arena, const struct combination *combination);
const char *setup_wsl(struct arena *arena, const struct combination *combination);
const char *setup_windows(struct arena *arena, const struct combination *combination);
/* "Ubuntu 24.04" of "ubuntu-24.04". */
const char *setup_distro(struct arena *arena, const struct combination *combination);
