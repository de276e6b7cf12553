#include "record/key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

/* Every test is a machine of its own. */
static int enter_folder(void **state)
{
	char *folder;
	assert_ok(file_temporary_folder("test_key", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	*state = folder;
	return 0;
}

static int leave_folder(void **state)
{
	assert_ok(file_remove_tree(*state));
	free(*state);
	return 0;
}

static char *key_path(void **state)
{
	return xasprintf("%s/dxgmatrix/key", (const char *)*state);
}

static void put_key(void **state, const char *text, mode_t mode)
{
	cleanup_free char *path = key_path(state);
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, text, strlen(text), 0600, false));
	assert_int_equal(chmod(path, mode), 0);
}

static void test_the_first_run_makes_the_key(void **state)
{
	struct machine_key first, second;
	assert_ok(key_open(&first));
	assert_ok(key_open(&second));
	assert_memory_equal(&first, &second, sizeof(first));
	cleanup_free char *path = key_path(state);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_machines_differ(void **state)
{
	struct machine_key first, second;
	assert_ok(key_open(&first));
	cleanup_free char *path = key_path(state);
	assert_int_equal(unlink(path), 0); /* reset: a new machine */
	assert_ok(key_open(&second));
	assert_memory_not_equal(first.public_key, second.public_key, 32);
}

/* All first runs at once end with the one key that is on disk. */
static void test_first_runs_at_once_make_one_key(void **state)
{
	enum { RUNS = 8, ROUNDS = 10 };
	cleanup_free char *path = key_path(state);
	for (int round = 0; round < ROUNDS; round++) {
		unlink(path);
		int start[2], results[2];
		assert_int_equal(pipe(start), 0);
		assert_int_equal(pipe(results), 0);
		fflush(NULL);
		for (int i = 0; i < RUNS; i++) {
			pid_t pid = fork();
			assert_true(pid >= 0);
			if (pid)
				continue;
			close(start[1]);
			char go;
			struct machine_key key;
			if (read(start[0], &go, 1) < 0 || key_open(&key) ||
			    write(results[1], key.public_key, 32) != 32)
				_exit(1);
			_exit(0);
		}
		close(start[0]);
		close(start[1]); /* all at once */
		close(results[1]);
		struct machine_key key;
		int status;
		for (int i = 0; i < RUNS; i++) {
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		assert_ok(key_open(&key));
		unsigned char theirs[32];
		for (int i = 0; i < RUNS; i++) {
			assert_int_equal(read(results[0], theirs, 32), 32);
			assert_memory_equal(theirs, key.public_key, 32);
		}
		close(results[0]);
	}
}

#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

static void test_what_is_no_key_is_refused(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *error; /* NULL: accepted */
	} rows[] = {
		{ SEED "\n", 0600, NULL },
		{ SEED, 0400, NULL },
		{ SEED "\n", 0640, "others can read this key; chmod 600 it" },
		{ SEED "\n", 0604, "others can read this key; chmod 600 it" },
		{ SEED "\n", 0666, "others can read this key; chmod 600 it" },
		{ "", 0600, "not a key" },
		{ "\n", 0600, "not a key" },
		{ SEED "00\n", 0600, "not a key" },
		{ "9d61b19deffd5a60ba844af492ec2cc4\n", 0600, "not a key" },
		{ "xyz", 0600, "not a key" },
	};
	for_each_row(row, rows) {
		put_key(state, row->text, row->mode);
		struct machine_key key;
		struct error *err = key_open(&key);
		if (row->error)
			assert_error(err, row->error);
		else
			assert_ok(err);
	}
}

static void test_only_a_regular_file_is_a_key(void **state)
{
	put_key(state, SEED "\n", 0600);
	cleanup_free char *path = key_path(state);
	cleanup_free char *other = xasprintf("%s.other", path);
	assert_int_equal(rename(path, other), 0);
	struct machine_key key;
	assert_int_equal(symlink(other, path), 0);
	assert_error(key_open(&key), path); /* a link may lead to another's key */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/nowhere", path), 0);
	assert_error(key_open(&key), path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_error(key_open(&key), "not a regular file"); /* and does not wait for it */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_error(key_open(&key), path);
}

static void test_a_folder_that_cannot_be_made_is_an_error(void **state)
{
	(void)state;
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	struct machine_key key;
	assert_error(key_open(&key), "/dev/null");
}

/* RFC 8032 §7.1, tests 1 and 2. */
static void test_known_answers(void **state)
{
	static const struct {
		const char *seed, *key, *message, *signature;
	} rows[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		  "ed25519:"
		  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		  "",
		  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882"
		  "15"
		  "90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		  "ed25519:"
		  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		  "\x72",
		  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1"
		  "e4"
		  "3e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	};
	for_each_row(row, rows) {
		put_key(state, row->seed, 0600);
		struct machine_key key;
		assert_ok(key_open(&key));
		char text[KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE];
		key_text(&key, text);
		assert_string_equal(text, row->key);
		size_t size = strlen(row->message);
		key_sign(&key, row->message, size, signature);
		assert_string_equal(signature, row->signature);
		assert_true(key_verify(text, signature, row->message, size));
	}
}

static void test_a_changed_bit_is_noticed(void **state)
{
	put_key(state, SEED, 0600);
	struct machine_key key;
	assert_ok(key_open(&key));
	char text[KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE], message[] = "message";
	key_text(&key, text);
	key_sign(&key, message, sizeof(message), signature);
	for (size_t i = 0; i < sizeof(message) * 8; i++) {
		message[i / 8] ^= (char)(1 << i % 8);
		assert_false(key_verify(text, signature, message, sizeof(message)));
		message[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t i = 0; signature[i]; i++) {
		char digit = signature[i];
		signature[i] = digit == '0' ? '1' : '0';
		assert_false(key_verify(text, signature, message, sizeof(message)));
		signature[i] = digit;
	}
	for (size_t i = 8; text[i]; i++) {
		char digit = text[i];
		text[i] = digit == '0' ? '1' : '0';
		assert_false(key_verify(text, signature, message, sizeof(message)));
		text[i] = digit;
	}
	assert_true(key_verify(text, signature, message, sizeof(message)));
	assert_false(key_verify(text, signature, message, sizeof(message) - 1));
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void test_wrong_spellings_verify_nothing(void **state)
{
	put_key(state, SEED, 0600);
	struct machine_key key;
	assert_ok(key_open(&key));
	char text[KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE];
	key_text(&key, text);
	key_sign(&key, "m", 1, signature);
	cleanup_free char *upper_key = xstrdup(text),
			  *upper_signature = xstrdup(signature);
	for (char *c = upper_key + 8; *c; c++)
		*c = *c >= 'a' ? (char)(*c - 32) : *c;
	for (char *c = upper_signature; *c; c++)
		*c = *c >= 'a' ? (char)(*c - 32) : *c;
	const struct {
		const char *key, *signature;
	} rows[] = {
		{ "", signature },
		{ text + 8, signature },
		{ upper_key, signature },
		{ text, upper_signature }, /* one signature, one spelling */
		{ text, "" },
		{ text, ZEROS ZEROS },
		/* the neutral element as key accepts any message in naive verifiers */
		{ "ed25519:01"
		  "00000000000000000000000000000000000000000000000000000000000000",
		  "01"
		  "0000000000000000000000000000000000000000000000000000000000000"
		  "0" ZEROS },
	};
	for_each_row(row, rows)
		assert_false(key_verify(row->key, row->signature, "m", 1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
	static const struct CMUnitTest tests[] = {
		TEST(test_the_first_run_makes_the_key),
		TEST(test_machines_differ),
		TEST(test_first_runs_at_once_make_one_key),
		TEST(test_what_is_no_key_is_refused),
		TEST(test_only_a_regular_file_is_a_key),
		TEST(test_a_folder_that_cannot_be_made_is_an_error),
		TEST(test_known_answers),
		TEST(test_a_changed_bit_is_noticed),
		TEST(test_wrong_spellings_verify_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
