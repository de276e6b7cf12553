/* Vendors' spellings. A newline parts the input into two versions. */
#include <string.h>

#include "record/version.h"
#include "tests/fuzz/fuzz.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

typedef bool normalise(const char *text, char ret[VERSION_MAX]);

/* A normal form is its own normal form. */
static void check_normal_forms(const char *text)
{
	static normalise *const forms[] = { version_driver, version_wsl,
					    version_windows };
	for_each_row(form, forms) {
		char normal[VERSION_MAX], again[VERSION_MAX];
		if (!(*form)(text, normal))
			continue;
		require((*form)(normal, again) && !strcmp(normal, again));
	}
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static void check_order(const struct version *a, const struct version *b)
{
	static const uint16_t vendors[] = { 0x8086, 0x10de, 0x1002 };
	require(sign(version_compare(a, b)) == -sign(version_compare(b, a)));
	require(version_compare(a, a) == 0);
	for_each_row(vendor, vendors)
		require(sign(version_compare_driver(*vendor, a, b)) ==
			-sign(version_compare_driver(*vendor, b, a)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	require(version_kernel_base(text) <= strlen(text));
	struct version first, second, prefix;
	size_t length = version_prefix(text, &prefix);
	require(length <= strlen(text));
	char *newline = strchr(text, '\n');
	if (newline)
		*newline = '\0';
	check_normal_forms(text);
	if (!version_parse(text, &first))
		return 0;
	require(first.count >= 1 && first.count <= 4);
	char number[VERSION_MAX];
	if (version_nvidia_public(&first, number))
		require(strlen(number) >= 4 && strlen(number) <= 6);
	if (newline && version_parse(newline + 1, &second))
		check_order(&first, &second);
	return 0;
}
