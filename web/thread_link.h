/* thread_link.h: public threads as links. */
#pragma once

#include "web/html.h"

/* The link, in the short form (diagnosis/thread.h). NULL: nothing. */
void thread_write(struct html *h, const char *text);
