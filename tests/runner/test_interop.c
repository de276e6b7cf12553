/* In a mount namespace of its own, where /mnt, /run and /etc are the test's. */
#include "runner/interop.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

static bool alone; /* in our own namespace */

/* Without a name for our user nothing can be made on a new file system. */
static void put_map(const char *path, unsigned int id)
{
	cleanup_fclose FILE *file = fopen(path, "we");
	if (file)
		fprintf(file, "0 %u 1", id);
}

static bool leave_the_others(void)
{
	unsigned int user = getuid(), group = getgid();
	if (unshare(CLONE_NEWNS) < 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
			return false;
		put_map("/proc/self/uid_map", user);
		FILE *file = fopen("/proc/self/setgroups", "we");
		if (file) {
			fputs("deny", file);
			fclose(file);
		}
		put_map("/proc/self/gid_map", group);
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int enter(void **state)
{
	(void)state;
	static const char *const folders[] = { "/mnt", "/run", "/etc" };
	if (!alone && !leave_the_others())
		return 0;
	for_each_row(folder, folders)
		if (mount("test", *folder, "tmpfs", 0, NULL) < 0)
			return 0;
	alone = true;
	unsetenv("WSL_INTEROP");
	setenv("WSLENV", "OTHER/p", 1);
	return 0;
}

static void put_program(const char *path, const char *script)
{
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, script, strlen(script), 0755, false));
}

static void put_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	assert_ok(file_make_parent(path));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

#define BLOCK                                                                            \
	"printf 'a: 2.7.14.0\\r\\nb: 6.18.33.2-2\\r\\nc: 1.0.73.2\\r\\nd: "              \
	"1.2.7214\\r\\n"                                                                 \
	"e: 1.611.1-81528511\\r\\nf: 10.0.26100.1\\r\\ng: 10.0.26200.8894\\r\\n'\n"

/* Answers only where it was asked as it must be. */
#define SCRIPT                                                                           \
	"#!/bin/sh\n"                                                                    \
	"[ \"$1\" = --version ] && [ \"$WSL_UTF8\" = 1 ] && [ \"$(pwd)\" = / ] || exit " \
	"9\n"                                                                            \
	"[ \"$WSLENV\" = OTHER/p:WSL_UTF8 ] || exit 9\n"                                 \
	"[ \"$WSL_INTEROP\" = /run/WSL/good_interop ] || exit 1\n" BLOCK

static void check(bool expected)
{
	struct wsl_version version;
	assert_int_equal(interop_wsl_version(NULL, &version), expected);
	if (expected)
		assert_string_equal(version.windows.version, "10.0.26200.8894");
}

#define need_namespace()                                                                 \
	do {                                                                             \
		if (!alone)                                                              \
			skip();                                                          \
	} while (0)

static void test_nothing_is_run_without_a_socket(void **state)
{
	(void)state;
	need_namespace();
	put_program("/mnt/c/Windows/System32/wsl.exe",
		    "#!/bin/sh\n: > /run/was-run\n" BLOCK);
	check(false);
	setenv("WSL_INTEROP", "/run/WSL/gone_interop", 1);
	check(false);
	assert_ok(file_make_folder("/run/WSL"));
	assert_ok(file_write("/run/WSL/1_interop", "", 0, 0644, false));
	check(false);
	assert_int_equal(access("/run/was-run", F_OK), -1);
}

static void test_inherited_socket(void **state)
{
	(void)state;
	need_namespace();
	put_program("/mnt/c/Windows/System32/wsl.exe", SCRIPT);
	put_socket("/run/WSL/good_interop");
	setenv("WSL_INTEROP", "/run/WSL/good_interop", 1);
	check(true);
}

static void test_sockets_of_other_sessions(void **state)
{
	(void)state;
	need_namespace();
	put_program("/mnt/c/Windows/System32/wsl.exe", SCRIPT);
	put_socket("/run/WSL/1_interop");
	put_socket("/run/WSL/2_interop");
	check(false);
	put_socket("/run/WSL/good_interop");
	check(true);
	/* So many that only the youngest are tried. */
	for (int i = 0; i < 20; i++) {
		cleanup_free char *path = xasprintf("/run/WSL/%d_interop", 100 + i);
		put_socket(path);
		assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[2]){ 0 }, 0),
				 0);
	}
	check(true);
}

static void test_windows_on_another_drive_and_root(void **state)
{
	(void)state;
	need_namespace();
	put_socket("/run/WSL/good_interop");
	put_program("/mnt/e/Windows/System32/wsl.exe", SCRIPT);
	check(true);
	static const char *const configs[] = {
		"[automount]\nroot = /mnt/drives/\n",
		"# "
		"x\r\n[boot]\r\nsystemd=true\r\n[automount]\r\nroot=\"/mnt/drives\"\r\n",
	};
	for_each_row(config, configs) {
		assert_ok(file_write("/etc/wsl.conf", *config, strlen(*config), 0644,
				     false));
		assert_ok(file_remove_tree("/mnt/drives"));
		check(false);
		put_program("/mnt/drives/c/Windows/System32/wsl.exe", SCRIPT);
		check(true);
	}
	static const char other[] = "[user]\nroot = /mnt/drives/\n";
	assert_ok(file_write("/etc/wsl.conf", other, strlen(other), 0644, false));
	assert_ok(file_remove_tree("/mnt/drives"));
	check(true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing_is_run_without_a_socket, enter),
		cmocka_unit_test_setup(test_inherited_socket, enter),
		cmocka_unit_test_setup(test_sockets_of_other_sessions, enter),
		cmocka_unit_test_setup(test_windows_on_another_drive_and_root, enter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
