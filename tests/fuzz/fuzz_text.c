/* Bytes of any encoding: what comes out is text. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "util/cleanup.h"
#include "util/encoding.h"
#include "util/utf16.h"
#include "util/utf8.h"

static void check_utf8(const char *text, size_t size)
{
	while (size) {
		uint32_t c;
		size_t n = utf8_decode(text, size, &c);
		require(c <= 0x10ffff && c);
		text += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct text text;
	cleanup_error struct error *err = text_to_utf8(bytes, size, &text);
	require(!err);
	cleanup_free char *owned = text.utf8;
	require(strlen(text.utf8) == text.size);
	require(!text.bad || text.first_bad < size);
	check_utf8(text.utf8, text.size);

	cleanup_free char *utf16 = utf16le_decode(data, size);
	if (utf16)
		check_utf8(utf16, strlen(utf16));

	cleanup_free char *clean = utf8_clean(bytes, strnlen(bytes, size));
	check_utf8(clean, strlen(clean));
	cleanup_free char *line = utf8_printable(clean);
	require(!strchr(line, '\n') && !strchr(line, '\x1b'));
	for (size_t most = 0; most < 100; most++) {
		size_t cut = utf8_cut(clean, most);
		require(cut <= most);
		check_utf8(clean, cut);
	}
	return 0;
}
