/* thread.h: public threads as links: "microsoft/WSL#40715". */
#pragma once

#include "web/html.h"

/* @return the address of "owner/name#number" on github.com, or text itself where it is an
 * address; NULL for anything else. The caller's to free. */
char *thread_url(const char *text);
/* @return the short form of an address on github.com, "owner/name#12" of a thread and
 * "owner/name:path" of a file, else its host and path, cut; the caller's to free. */
char *thread_short(const char *url);
/* The link, in the short form. NULL: nothing. */
void thread_write(struct html *h, const char *text);
