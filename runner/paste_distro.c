#include "runner/paste_distro.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

/* Names as people write them, the ID of os-release(5), and how many parts its VERSION_ID
 * has. */
static const struct {
	const char *words, *id;
	int parts;
} distros[] = {
	{ "ubuntu", "ubuntu", 2 },
	{ "debian gnu linux", "debian", 1 },
	{ "debian", "debian", 1 },
	{ "fedora linux", "fedora", 1 },
	{ "fedora", "fedora", 1 },
	{ "alpine linux", "alpine", 2 },
	{ "alpine", "alpine", 2 },
	{ "opensuse leap", "opensuse-leap", 2 },
	{ "almalinux", "almalinux", 2 },
	{ "rocky linux", "rocky", 2 },
	{ "oracle linux", "ol", 2 },
	/* without a version, so only where a label says that it is the distro */
	{ "arch linux", "arch", 0 },
	{ "opensuse tumbleweed", "opensuse-tumbleweed", 0 },
	{ "gentoo", "gentoo", 0 },
	{ "kali linux", "kali", 0 },
};

/* "24.04" of "24.04.1 LTS": as many parts as VERSION_ID has. */
static size_t version_id(const struct paste_line *line, size_t at, int parts,
			 char ret[16])
{
	size_t n = 0;
	int dots = 0;
	while (at + n < line->size && n < 8) {
		char c = line->text[at + n];
		if (c == '.' && ++dots >= parts)
			break;
		if (!isdigit((unsigned char)c) && c != '.')
			break;
		ret[n++] = c;
	}
	while (n && ret[n - 1] == '.')
		n--;
	ret[n] = '\0';
	/* Ubuntu's second part has two digits, and all have a first one. */
	if (parts == 2 && !strchr(ret, '.'))
		return 0;
	return n;
}

static void read_distro_at(const struct paste_line *line, size_t at,
			   struct claims *claims)
{
	for_each_row(row, distros) {
		size_t n = strlen(row->words), end = at + n;
		if (end > line->size || memcmp(line->plain + at, row->words, n) ||
		    (end < line->size && line->plain[end] != ' '))
			continue;
		bool label = memmem(line->plain, line->size, "distr", 5) ||
			     memmem(line->plain, line->size, "description", 11) ||
			     memmem(line->plain, line->size, "pretty name", 11);
		if (!row->parts && label)
			claims_add(claims, CLAIM_DISTRO, NULL, row->id, CLAIM_LABEL,
				   line->number, line->text + at, n);
		if (!row->parts)
			return;
		size_t number = paste_line_skip(line, end);
		char version[16], distro[64];
		if (number > end + 2 || !version_id(line, number, row->parts, version))
			continue;
		snprintf(distro, sizeof(distro), "%s-%s", row->id, version);
		claims_add(claims, CLAIM_DISTRO, NULL, distro,
			   label ? CLAIM_LABEL : CLAIM_SENTENCE, line->number,
			   line->text + at, number + strlen(version) - at);
		return;
	}
}

void paste_read_distro(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 };
	while (paste_line_next(text, &line))
		for (size_t at = 0; at < line.size; at++)
			if (isalpha((unsigned char)line.plain[at]) &&
			    (!at || (!isalnum((unsigned char)line.plain[at - 1]) &&
				     line.text[at - 1] != '-')))
				read_distro_at(&line, at, claims);
}
