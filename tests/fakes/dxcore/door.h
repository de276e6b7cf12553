/*
 * door.h: the D3DKMT half of the stand-in for libdxcore.so: every call is an ioctl.
 *
 * As in microsoft/libdxg:src/d3dkmt-wsl.cpp: the node is opened when it is first needed,
 * text is four bytes a character for the caller and two for the kernel, and an errno
 * becomes an NTSTATUS again.
 */
#pragma once

#include <stdint.h>

#include "probes/dxg_abi.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

/* @param request  a LX_DX… number. @return NTSTATUS */
int32_t door_ask(unsigned long request, void *argument);
/* The same for what a process asks first, perhaps after a fork: the node that belongs to
 * another process is opened anew. */
int32_t door_ask_first(unsigned long request, void *argument);
/* D3DKMTQueryAdapterInfo, in the caller's width. */
int32_t door_query(const d3dkmt_queryadapterinfo *asked);
