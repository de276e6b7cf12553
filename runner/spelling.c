#include "runner/spelling.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

static bool has_dots(const char *text, struct version *ret)
{
	return version_prefix(text, ret) > 0;
}

static bool is_pure(const char *text)
{
	return text[strspn(text, "0123456789.")] == '\0';
}

/* Intel's Linux runtime: year, week, build ("23.17.26241.33"). Windows drivers have 0, 20
 * or 21 in second place. */
static bool is_runtime(const struct version *v)
{
	bool windows = !v->part[1] ||
		       ((v->part[1] == 20 || v->part[1] == 21) && v->part[0] > 26);
	return !windows && v->part[1] <= 53 && v->part[2] >= 10000;
}

bool spelling_driver(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	return is_pure(text) && version_parse(text, &v) && v.count == 4 &&
	       v.part[0] >= 6 && v.part[0] <= 60 && !(v.part[0] == 10 && !v.part[1]) &&
	       !is_runtime(&v) && v.part[2] < 65536 && v.part[3] < 65536 &&
	       version_driver(text, ret);
}

/* Spellings beside the four parts: NVIDIA's 560.94 and 610.43.02, Intel's 101.6913, AMD's
 * 24.10.1. */
bool spelling_public(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	if (!is_pure(text) || !version_parse(text, &v) || v.count > 3 || v.count < 2 ||
	    strlen(text) >= VERSION_MAX)
		return false;
	bool nvidia = v.part[0] >= 300 && v.part[0] <= 999 && v.part[1] <= 99;
	bool intel = v.count == 2 && (v.part[0] == 100 || v.part[0] == 101) &&
		     v.part[1] >= 1000;
	bool amd = v.count == 3 && v.part[0] >= 15 && v.part[0] <= 40 && v.part[1] >= 1 &&
		   v.part[1] <= 12 && v.part[2] <= 9;
	if (!nvidia && !intel && !amd)
		return false;
	strcpy(ret, text);
	return true;
}

bool spelling_wsl(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	return is_pure(text) && version_parse(text, &v) && v.part[0] <= 3 &&
	       v.count >= 3 && version_wsl(text, ret);
}

bool spelling_as_read(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	if (strlen(text) >= VERSION_MAX || !has_dots(text, &v))
		return false;
	strcpy(ret, text);
	return true;
}

/* "-x86_64-with-glibc2.35": what Python's platform() adds to a release */
static void cut_machine(const char *text, char ret[VERSION_MAX])
{
	static const char *const machines[] = { "-x86_64", "-aarch64" };
	snprintf(ret, VERSION_MAX, "%s", text);
	for_each_row(machine, machines) {
		char *at = strstr(ret, *machine);
		if (at)
			*at = '\0';
	}
}

bool spelling_kernel(const char *release, char ret[VERSION_MAX])
{
	struct version v;
	char text[VERSION_MAX];
	cut_machine(release, text);
	return has_dots(text, &v) && v.part[0] >= 3 && v.part[0] <= 9 && v.count >= 3 &&
	       spelling_as_read(text, ret);
}

/* 10.0.BUILD.UBR, BUILD.UBR or a build alone: Windows 10 and 11 have five digits. */
bool spelling_windows(const char *text, char ret[VERSION_MAX])
{
	char full[VERSION_MAX + 8];
	struct version v;
	char digits[VERSION_MAX];
	/* "20150.rs_prerelease": the number counts */
	snprintf(digits, sizeof(digits), "%.*s", (int)strspn(text, "0123456789."), text);
	size_t length = strlen(digits);
	while (length && digits[length - 1] == '.')
		digits[--length] = '\0';
	/* DXCore's 10.0.26100.1-240331-1435.ge-release is no Windows */
	if (!version_parse(digits, &v) || (v.count > 2 && strchr(text, '-')))
		return false;
	if (v.count <= 2 && v.part[0] >= 10000 && v.part[0] <= 49999)
		snprintf(full, sizeof(full), "10.0.%s", digits);
	else
		snprintf(full, sizeof(full), "%s", digits);
	return strlen(full) < VERSION_MAX && version_windows(full, ret);
}

bool spelling_package(const char *text, char ret[VERSION_MAX])
{
	if (strlen(text) >= VERSION_MAX || !isdigit((unsigned char)*text))
		return false;
	strcpy(ret, text);
	return true;
}

bool spelling_runtime(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	bool open = strlen(text) == 4 && text[2] == '.' && text[3] == 'x'; /* "24.x" */
	return (open || (has_dots(text, &v) && v.count >= 3 && v.part[0] >= 18 &&
			 v.part[0] <= 60)) &&
	       spelling_package(text, ret);
}

bool spelling_never(const char *text, char ret[VERSION_MAX])
{
	(void)text;
	(void)ret;
	return false;
}
