/* What somebody's wsl.exe printed, in whatever encoding it came. */
#include <string.h>

#include "runner/wsl_version.h"
#include "tests/fuzz/fuzz.h"
#include "util/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text;
	cleanup_error struct error *err = text_to_utf8((const char *)data, size, &text);
	require(!err);
	cleanup_free char *owned = text.utf8;
	struct wsl_version version;
	if (!wsl_version_read(text.utf8, text.size, &version))
		return 0;
	size_t before = 0;
#define X(member, what)                                                                  \
	require(*version.member.version &&version.member.line > before);                 \
	before = version.member.line;
	WSL_VERSION_LINES(X)
#undef X
	char normal[VERSION_MAX];
	require(version_wsl(version.wsl.version, normal) &&
		!strcmp(normal, version.wsl.version));
	require(version_windows(version.windows.version, normal) &&
		!strcmp(normal, version.windows.version));
	return 0;
}
