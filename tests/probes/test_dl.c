#include "tests/testing.h"

#include <math.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/dl.h"
#include "tests/probes/heard.h"

double never_in_libm(double);

#define SYMBOLS(X)   X(ceil) X(hypot)
#define NOT_THERE(X) X(ceil) X(never_in_libm)
SYMBOLS(DL_DECLARE)
DL_DECLARE(never_in_libm)

/* One call of dl_open() as the rung `load`. */
#define OPEN(h, expected, reason_, library, ...)                                         \
	struct heard *h = xcalloc(1, sizeof(*h));                                        \
	do {                                                                             \
		struct packet_reader *reader_ = xcalloc(1, sizeof(*reader_));            \
		int fds_[2];                                                             \
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds_), 0);          \
		struct probe p_ = { .fd = fds_[0], .rung = RUNG_LOAD };                  \
		assert_int_equal(dl_open(&p_, library, __VA_ARGS__), expected);          \
		assert_int_equal(p_.reason, reason_);                                    \
		heard_take(h, reader_, fds_[1]);                                         \
		close(fds_[0]);                                                          \
		close(fds_[1]);                                                          \
		free(reader_);                                                           \
	} while (0)

static void test_dl_binds_what_is_there(void **state)
{
	(void)state;
	OPEN(h, OUTCOME_PASS, REASON_NONE, "libm.so.6", SYMBOLS(DL_BIND) NULL);
	assert_true(dl_ceil(2.5) == 3.0);
	assert_true(dl_hypot(3.0, 4.0) == 5.0);
	const struct heard_finding *library = heard_find(h, RUNG_LOAD, FIND_LIBRARY);
	assert_non_null(library);
	assert_non_null(strstr(library->string, "/libm.so.6"));
	heard_destroy(h);
}

static void test_dl_names_the_missing_symbol(void **state)
{
	(void)state;
	OPEN(h, OUTCOME_FAIL, REASON_SYMBOL_MISSING, "libm.so.6",
	     NOT_THERE(DL_BIND) NULL);
	assert_heard_string(h, RUNG_LOAD, FIND_MISSING_SYMBOL, "never_in_libm");
	assert_null(dl_never_in_libm);
	heard_destroy(h);
}

static void test_dl_what_is_not_there_is_not_installed(void **state)
{
	(void)state;
	const char *const names[] = { "libdxgmatrix-none.so.1", "/nowhere/at/all.so",
				      "libOpenCL.so.1.but.not.really" };
	for_each_row(name, names) {
		OPEN(h, OUTCOME_SKIP, REASON_NOT_INSTALLED, *name, NULL);
		assert_int_equal(h->findings_n, 0);
		heard_destroy(h);
	}
}

static void test_dl_what_is_there_and_does_not_load_is_unloadable(void **state)
{
	(void)state;
	const struct {
		const char *path;
		const char *says;
	} rows[] = {
		{ "tests/fakes/opencl-missing-dependency/libOpenCL.so.1",
		  "libdxgmatrix-absent.so: cannot open shared object file: "
		  "No such file or directory" },
		{ "tests/fakes/opencl-undefined-symbol/libOpenCL.so.1",
		  "dxgmatrix_defined_nowhere" },
		{ "tests/fakes/opencl-garbage/libOpenCL.so.1", "file too short" },
		{ "tests/fakes", "cannot read file data: Is a directory" },
	};
	for_each_row(row, rows) {
		char *path = binary_path(row->path);
		OPEN(h, OUTCOME_FAIL, REASON_UNLOADABLE, path, NULL);
		const struct heard_finding *says =
			heard_find(h, RUNG_LOAD, FIND_LOADER_SAYS);
		assert_non_null(says);
		if (!strstr(says->string, row->says))
			fail_msg("'%s' lacks '%s'", says->string, row->says);
		heard_destroy(h);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dl_binds_what_is_there),
		cmocka_unit_test(test_dl_names_the_missing_symbol),
		cmocka_unit_test(test_dl_what_is_not_there_is_not_installed),
		cmocka_unit_test(test_dl_what_is_there_and_does_not_load_is_unloadable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
