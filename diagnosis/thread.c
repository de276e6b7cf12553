#include "diagnosis/thread.h"

#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/utf8.h"

#define SHORT_MAX 48

static const char name_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_.";
static const char digits[] = "0123456789";

char *thread_url(const char *text)
{
	if (!strncmp(text, "https://", 8) || !strncmp(text, "http://", 7))
		return xstrdup(text);
	size_t owner = strspn(text, name_characters);
	if (!owner || text[owner] != '/')
		return NULL;
	size_t name = strspn(text + owner + 1, name_characters);
	const char *number = text + owner + 1 + name;
	if (!name || *number != '#' || !number[1] ||
	    number[1 + strspn(number + 1, digits)])
		return NULL;
	return xasprintf("https://github.com/%.*s/issues/%s", (int)(number - text), text,
			 number + 1);
}

/* "owner/name#12" of what follows "https://github.com/", or NULL. */
static char *github_short(const char *path)
{
	static const char *const kinds[] = { "/issues/", "/pull/", "/discussions/" };
	for_each_row(kind, kinds) {
		const char *at = strstr(path, *kind);
		if (!at)
			continue;
		const char *number = at + strlen(*kind);
		size_t length = strspn(number, digits);
		if (length && strspn(path, name_characters) < (size_t)(at - path))
			return xasprintf("%.*s#%.*s", (int)(at - path), path, (int)length,
					 number);
	}
	return NULL;
}

/* "owner/name:path" of a file on github.com, or NULL. */
static char *github_file(const char *path)
{
	static const char mark[] = "/blob/";
	const char *at = strstr(path, mark);
	const char *file = at ? strchr(at + strlen(mark), '/') : NULL;
	if (!file || !file[1] || strspn(path, name_characters) >= (size_t)(at - path))
		return NULL;
	return xasprintf("%.*s:%s", (int)(at - path), path, file + 1);
}

char *thread_short(const char *url)
{
	const char *rest = strstr(url, "://");
	rest = rest ? rest + 3 : url;
	if (!strncmp(rest, "www.", 4))
		rest += 4;
	if (!strncmp(rest, "github.com/", 11)) {
		char *name = github_short(rest + 11);
		if (!name)
			name = github_file(rest + 11);
		if (name)
			return name;
	}
	size_t length = strlen(rest);
	if (length && rest[length - 1] == '/')
		length--;
	size_t kept = utf8_cut(rest, SHORT_MAX);
	if (kept >= length)
		return xstrndup(rest, length);
	return xasprintf("%.*s\xE2\x80\xA6", (int)kept, rest);
}
