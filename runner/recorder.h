/*
 * recorder.h: writes a recording (probes/recording.h) while a program runs.
 *
 * Its functions are called as those of struct trace_watch, which must want bytes.
 */
#pragma once

#include <stdio.h>

#include "runner/trace_call.h"
#include "util/cleanup.h"

struct recorder;

/* @param file  stays the caller's */
struct recorder *recorder_create(FILE *file);
void recorder_destroy(struct recorder *recorder);
DEFINE_CLEANUP(cleanup_recorder_p, struct recorder *, recorder_destroy)
#define cleanup_recorder cleanup_with(cleanup_recorder_p)

void recorder_begun(struct recorder *recorder, const struct dxg_call *call);
void recorder_ended(struct recorder *recorder, const struct dxg_call *call);
/* The program has ended. Where it made no call, /dev/dxg is opened once to say why. */
void recorder_finish(struct recorder *recorder);
