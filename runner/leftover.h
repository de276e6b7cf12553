/*
 * leftover.h: what runners that were killed left behind.
 *
 * A probe dies with its runner, but what it had started may live on, and its folder stays.
 * Both carry the runner's process id.
 */
#pragma once

/* Ends the processes and removes the folders of our own runners that are no more. */
void leftover_remove(void);
