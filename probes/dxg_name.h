/*
 * dxg_name.h: the calls of /dev/dxg and their numbers in words, and what their numbers say.
 *
 * Calls are known by the type of their number alone (dxg_abi.h), whatever the descriptor
 * is: a call on a wrong one is part of what a program does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More of a structure is not looked at; the largest of the interface has 808 bytes. */
#define DXG_CALL_BYTES 1024

/* What a call brought that did not return: its process ended in it. */
#define DXG_CALL_UNFINISHED INT64_MIN

/* @return whether an ioctl's number is one of /dev/dxg */
bool dxg_call_is(uint64_t request);
/* @return whether it is one that the interface has, its size included */
bool dxg_call_exists(uint32_t request);
/* @return the name records use, "query_adapter_info"; "0x4b" and the like for one that the
 * interface lacks, in `room` */
#define DXG_NAME_SIZE 8
const char *dxg_call_name(uint32_t request, char room[DXG_NAME_SIZE]);
/* The reverse. @return false for a name that is neither */
bool dxg_call_parse(const char *name, uint8_t *ret_nr);
/* @return "ADAPTERTYPE" and the like, or NULL */
const char *dxg_query_type_name(uint32_t type);
/* @return bytes a call's number says its structure has, at most DXG_CALL_BYTES */
size_t dxg_call_size(uint32_t request);
