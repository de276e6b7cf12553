/*
 * dxg_replay.h: a recording (recording.h) that answers the calls of the dxg interface in
 * place of /dev/dxg.
 *
 * A call is answered as the next recorded one that asked the same: the same number, the
 * same members that go in, the same bytes behind its pointers. Handles of the recording are
 * only names there: one stands for the adapter that it belongs to, by its LUID, and the
 * caller gets others. Where nothing ahead of the last answer asked the same, the latest
 * behind it is repeated; where nothing ever did, the recording does not tell, and no answer
 * is made up. What the driver checks before it asks Windows is checked here: sizes, handles,
 * room.
 *
 * Only what comes out is written, never beyond the room that the caller gave. No recorded
 * address is used: fence values lie in memory of the replay.
 *
 * Of a fence the recording shows that Windows took the wait and the signal, and not that it
 * ended the wait (the page is mapped from a device and cannot be read from outside). That is
 * taken from the clock: the program went on in time, or it did not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct replay;

/* An errno that no kernel has (MAX_ERRNO is 4095): the recording does not tell. */
#define REPLAY_UNTOLD 4096

/*
 * Reads a recording; errors name its line.
 * @param name        for messages
 * @param fence_ms    how long the caller waits for a fence: a recorded program that went on
 *                    within that time after a signal had its wait ended
 * @param ret         the caller's, for replay_destroy
 */
struct error *replay_create(const char *name, const char *bytes, size_t size,
			    int fence_ms, struct replay **ret) must_check;
/*
 * The same of a recorded machine, `root`/dev/dxg; where that is not there the node could not
 * be opened. Nothing but a regular file below the root is read.
 */
struct error *replay_read(const char *root, int fence_ms, struct replay **ret) must_check;
/* Fence addresses that it gave out are gone then. */
void replay_destroy(struct replay *replay);

/* @return 0: the node could be opened; else the errno of that, or REPLAY_UNTOLD. */
int replay_open(const struct replay *replay);

/*
 * @param argument  the structure of the call, its pointers valid for what it says
 * @return as the kernel: negative errno or a status, which may be negative too;
 * -REPLAY_UNTOLD; or DXG_CALL_UNFINISHED (dxg_name.h) where it never returned
 */
int64_t replay_call(struct replay *replay, uint32_t request, void *argument);
