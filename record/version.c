#include "record/version.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static size_t parse_part(const char *text, uint32_t *ret)
{
	uint64_t value = 0;
	size_t n = 0;
	while (isdigit((unsigned char)text[n])) {
		value = value * 10 + (uint64_t)(text[n] - '0');
		if (value > UINT32_MAX)
			return 0;
		n++;
	}
	*ret = (uint32_t)value;
	return n;
}

static size_t parse_parts(const char *text, struct version *ret)
{
	struct version version = { 0 };
	size_t length = 0;
	for (;;) {
		size_t dot = version.count ? 1 : 0;
		if (version.count == 4 || (dot && text[length] != '.'))
			break;
		size_t n = parse_part(text + length + dot, &version.part[version.count]);
		if (!n)
			break;
		length += dot + n;
		version.count++;
	}
	if (version.count)
		*ret = version;
	return length;
}

bool version_parse(const char *text, struct version *ret)
{
	struct version version;
	size_t length = parse_parts(text, &version);
	if (!length || text[length])
		return false;
	*ret = version;
	return true;
}

size_t version_prefix(const char *text, struct version *ret)
{
	struct version version;
	size_t length = parse_parts(text, &version);
	if (!length || version.count < 2)
		return 0;
	*ret = version;
	return length;
}

static void print_four(const struct version *version, char ret[VERSION_MAX])
{
	snprintf(ret, VERSION_MAX, "%u.%u.%u.%u", version->part[0], version->part[1],
		 version->part[2], version->part[3]);
}

bool version_driver(const char *text, char ret[VERSION_MAX])
{
	struct version version;
	if (!version_parse(text, &version) || version.count != 4)
		return false;
	print_four(&version, ret);
	return true;
}

bool version_wsl(const char *text, char ret[VERSION_MAX])
{
	struct version version;
	if (!version_parse(text, &version) || version.count < 2)
		return false;
	print_four(&version, ret);
	return true;
}

bool version_windows(const char *text, char ret[VERSION_MAX])
{
	struct version version;
	if (!version_parse(text, &version) || version.count < 3 ||
	    version.part[0] != 10 || version.part[1] != 0)
		return false;
	if (version.count == 3)
		snprintf(ret, VERSION_MAX, "10.0.%u", version.part[2]);
	else
		print_four(&version, ret);
	return true;
}

size_t version_kernel_base(const char *release)
{
	return strcspn(release, "-+ ");
}

int version_compare(const struct version *a, const struct version *b)
{
	for (int i = 0; i < 4; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return a->count - b->count;
}

/* Four parts, the third one 10 to 19: all that NVIDIA published since Windows 8. */
static bool is_nvidia(const struct version *version)
{
	return version->count == 4 && version->part[2] >= 10 && version->part[2] <= 19 &&
	       version->part[3] <= 9999;
}

static uint32_t nvidia_number(const struct version *version)
{
	return version->part[2] % 10 * 10000 + version->part[3];
}

int version_compare_driver(uint16_t vendor, const struct version *a,
			   const struct version *b)
{
	struct version x = *a, y = *b;
	if (vendor == 0x8086 && a->count == 4 && b->count == 4)
		x.part[0] = x.part[1] = y.part[0] = y.part[1] = 0;
	if (vendor == 0x10de && is_nvidia(a) && is_nvidia(b)) {
		x = (struct version){ { nvidia_number(a) }, 4 };
		y = (struct version){ { nvidia_number(b) }, 4 };
	}
	return version_compare(&x, &y);
}

bool version_nvidia_public(const struct version *version, char ret[VERSION_MAX])
{
	if (!is_nvidia(version))
		return false;
	uint32_t number = nvidia_number(version);
	snprintf(ret, VERSION_MAX, "%u.%02u", number / 100, number % 100);
	return true;
}
