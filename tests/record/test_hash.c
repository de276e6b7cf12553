#include "record/hash.h"

#include "tests/testing.h"

/* FIPS 180-2, appendix B, and the empty text. */
static void test_known_answers(void **state)
{
	(void)state;
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc",
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	for_each_row(row, rows) {
		char hex[HASH_HEX_SIZE];
		hash_hex(row->text, strlen(row->text), hex);
		assert_string_equal(hex, row->hex);
		cleanup_free char *address = hash_address(row->text, strlen(row->text));
		cleanup_free char *expected = xasprintf("sha256:%s", row->hex);
		assert_string_equal(address, expected);
		assert_true(hash_is_address(address));
		struct hash hash;
		hash_init(&hash);
		for (size_t i = 0; row->text[i]; i++)
			hash_add(&hash, row->text + i, 1);
		cleanup_free char *pieces = hash_end(&hash);
		assert_string_equal(pieces, expected);
	}
}

#define DIGITS "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"

static void test_what_is_an_address(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "sha256:" DIGITS "d", true },
		{ "", false },
		{ "sha256:", false },
		{ "sha256:" DIGITS, false },
		{ "sha256:" DIGITS "dd", false },
		{ "sha256:" DIGITS "D", false },
		{ "sha256:" DIGITS "g", false },
		{ "sha256:" DIGITS "\n", false },
		{ "SHA256:" DIGITS "d", false },
		{ DIGITS "d", false },
		{ "sha512:" DIGITS "d", false },
	};
	for_each_row(row, rows)
		if (hash_is_address(row->text) != row->is)
			fail_msg("'%s'", row->text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_what_is_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
