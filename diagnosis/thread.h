/* thread.h: public threads and files, short and as addresses: "microsoft/WSL#40715". */
#pragma once

/* @return the address of "owner/name#number" on github.com, or text itself where it is an
 * address; NULL for anything else. The caller's to free. */
char *thread_url(const char *text);
/* @return the short form of an address on github.com, "owner/name#12" of a thread and
 * "owner/name:path" of a file, else its host and path, cut; the caller's to free. */
char *thread_short(const char *url);
