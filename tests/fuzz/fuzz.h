/* fuzz.h: what a target defines. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* @return 0; anything wrong aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
