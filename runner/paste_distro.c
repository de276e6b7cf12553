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
	if (parts == 2 && !strchr(ret, '.'))
		return 0;
	return n;
}

/* Year and month: "11.4.0-1ubuntu1" is a package's. */
static bool is_of_ubuntu(const char *version)
{
	const char *month = strchr(version, '.');
	return month && month - version == 2 && strlen(month) == 3;
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
		/* "ubuntu:22.04" is an image */
		bool image = line->text[end] == ':' && number == end + 1;
		if (number < line->size && line->plain[number] == 'v')
			number++;
		if (image || number > end + 2 ||
		    !version_id(line, number, row->parts, version) ||
		    (!strcmp(row->id, "ubuntu") && !is_of_ubuntu(version)))
			continue;
		snprintf(distro, sizeof(distro), "%s-%s", row->id, version);
		claims_add(claims, CLAIM_DISTRO, NULL, distro,
			   label ? CLAIM_LABEL : CLAIM_SENTENCE, line->number,
			   line->text + at, number + strlen(version) - at);
		return;
	}
}

/* The value of a line of os-release(5), in quotes or without. @return whether it is one */
static bool read_value(const struct paste_line *line, const char *name, char ret[32])
{
	size_t n = strlen(name), at = n + 1, length = 0;
	if (line->size <= at || memcmp(line->text, name, n) || line->text[n] != '=')
		return false;
	while (at < line->size && strchr("\"'", line->text[at]))
		at++;
	for (; at < line->size && length < 31; at++, length++) {
		char c = line->text[at];
		if (!isalnum((unsigned char)c) && !strchr(".-_", c))
			break;
		ret[length] = c;
	}
	ret[length] = '\0';
	return length;
}

/* ID and VERSION_ID of os-release(5), in either order, as far as the text goes on with it. */
static void read_os_release(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 };
	char id[32] = "", version[32] = "";
	while (paste_line_next(text, &line)) {
		char distro[80];
		if (!memchr(line.text, '=', line.size))
			*id = *version = '\0';
		if (!read_value(&line, "ID", id) &&
		    !read_value(&line, "VERSION_ID", version))
			continue;
		if (!*id || !*version)
			continue;
		snprintf(distro, sizeof(distro), "%s-%s", id, version);
		claims_add(claims, CLAIM_DISTRO, NULL, distro, CLAIM_LABEL, line.number,
			   line.text, line.size);
		*id = *version = '\0';
	}
}

void paste_read_distro(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 };
	read_os_release(text, claims);
	while (paste_line_next(text, &line))
		for (size_t at = 0; at < line.size; at++)
			if (isalpha((unsigned char)line.plain[at]) &&
			    (!at || (!isalnum((unsigned char)line.plain[at - 1]) &&
				     line.text[at - 1] != '-')))
				read_distro_at(&line, at, claims);
}
