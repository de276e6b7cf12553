#include "web/thread_link.h"

#include "diagnosis/thread.h"
#include "util/alloc.h"

void thread_write(struct html *h, const char *text)
{
	if (!text)
		return;
	cleanup_free char *url = thread_url(text);
	if (!url) {
		html_text(h, text);
		return;
	}
	cleanup_free char *name = thread_short(url);
	html_href(h, url, name);
}
