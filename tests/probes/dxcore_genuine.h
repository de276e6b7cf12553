/*
 * dxcore_genuine.h: objects of Microsoft's own classes (microsoft/DirectX-Headers), for a
 * C test: each method notes its name and what it was given, and gives what it was told.
 */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As C sees them, each with its table first. */
void *genuine_factory(void);
void *genuine_list(void);
void *genuine_adapter(void);

/* @return the method that was called last and its arguments: "GetAdapter 7" */
const char *genuine_called(void);

/* @return 16 bytes, or NULL where the header has no such name. */
const void *genuine_guid(const char *name);
/* @return the number of DXCoreAdapterProperty::name, or -1. */
int64_t genuine_property(const char *name);
/* @return sizeof DXCoreHardwareID, DXCoreHardwareIDParts; 0 for another name. */
unsigned int genuine_size(const char *name);

#ifdef __cplusplus
}
#endif
