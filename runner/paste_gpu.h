/*
 * paste_gpu.h: PCI ids and names of GPUs and NPUs in a text.
 *
 * Ids come as tools print them (VEN_8086&DEV_7DD5, 8086:7dd5, vendorID and deviceID,
 * "[0x56a1]" in a name), names from labels, from inside "D3D12 (…)" and from sentences.
 * What is Microsoft's own (1414) or a CPU is no GPU.
 */
#pragma once

#include "runner/claims.h"
#include "runner/paste_text.h"

void paste_read_ids(const struct paste_text *text, struct claims *claims);
void paste_read_names(const struct paste_text *text, struct claims *claims);
