#include "runner/packages.h"

#include "tests/runner/root_tree.h"
#include "util/strbuf.h"

static void check_distro(const char *text, const char *expected)
{
	cleanup_arena struct arena arena = { 0 };
	tree_put("/etc/os-release", text);
	const char *distro = distro_read(tree, &arena);
	if (!expected && distro)
		fail_msg("'%s': %s", text, distro);
	if (expected && (!distro || strcmp(distro, expected) != 0))
		fail_msg("'%s': %s", text, distro ? distro : "nothing");
}

static void test_distribution(void **state)
{
	(void)state;
	static const struct {
		const char *text, *distro;
	} rows[] = {
		{ "ID=ubuntu\nVERSION_ID=\"24.04\"\n", "ubuntu-24.04" },
		{ "VERSION_ID='12'\nID=\"debian\"\n", "debian-12" },
		{ "NAME=x\r\nID=opensuse-leap\r\nVERSION_ID=\"15.6\"\r\n",
		  "opensuse-leap-15.6" },
		{ "ID=arch", "arch" },
		{ "ID=arch\nVERSION_ID=\n", "arch" },
		{ "ID=arch\nVERSION_ID=\"\"\n", "arch" },
		{ "ID=a\nVERSION_ID=\"1.0\n", "a" },
		{ "ID=a\nVERSION_ID=$(reboot)\n", "a" },
		{ "ID=a b\n", NULL },
		{ "ID=\xff\n", NULL },
		{ "ID=<script>\n", NULL },
		{ "VERSION_ID=12\n", NULL },
		{ "MYID=12\n# ID=x\n", NULL },
		{ "ID="
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "\n",
		  NULL },
		{ "", NULL },
	};
	for_each_row(row, rows)
		check_distro(row->text, row->distro);
}

static void test_other_place_of_os_release(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	assert_null(distro_read(tree, &arena));
	tree_put("/usr/lib/os-release", "ID=fedora\nVERSION_ID=43\n");
	assert_string_equal(distro_read(tree, &arena), "fedora-43");
	tree_link("/etc/os-release", "/usr/lib/os-release");
	assert_string_equal(distro_read(tree, &arena), "fedora-43");
}

/* "name version, name version" */
static char *packages_of(void)
{
	cleanup_arena struct arena arena = { 0 };
	struct combination combination = { 0 };
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	packages_read(tree, &arena, &combination);
	for (size_t i = 0; i < combination.n_packages; i++)
		strbuf_printf(&buf, "%s%s %s", i ? ", " : "",
			      combination.packages[i].name,
			      combination.packages[i].version);
	return strbuf_take(&buf);
}

static void check_packages(const char *expected)
{
	cleanup_free char *packages = packages_of();
	assert_string_equal(packages, expected);
}

static void test_dpkg(void **state)
{
	(void)state;
	check_packages("");
	tree_put("/var/lib/dpkg/status",
		 "Package: vulkan-tools\nStatus: install ok installed\nVersion: 1.3\n\n"
		 "Package: bash\nStatus: install ok installed\nVersion: 5.2\n\n"
		 "Package: libze1\nStatus: deinstall ok config-files\nVersion: 1.0\n\n"
		 "Package: libigc1\nStatus: hold ok installed\nVersion: 1:1.0~rc1+b-1\n\n"
		 "Package: opencl-x\nVersion: 1.0\n\n"
		 "Package: opencl-y\nStatus: install ok installed\n\n"
		 "Package: opencl z\nStatus: install ok installed\nVersion: 1.0\n\n"
		 "Package: opencl-v\nStatus: install ok installed\nVersion: <b>\n\n"
		 "Package: mesa-a\nStatus: install ok installed\nVersion: 1\n\n"
		 "Package: mesa-a\nStatus: install ok installed\nVersion: 2\n\n"
		 "Package: libcuda-last\nStatus: install ok installed\nVersion: 3");
	check_packages(
		"libcuda-last 3, libigc1 1:1.0~rc1+b-1, mesa-a 1, vulkan-tools 1.3");
}

static void test_apk(void **state)
{
	(void)state;
	tree_put("/lib/apk/db/installed",
		 "C:Q1\nP:musl\nV:1.2\n\nC:Q1\nP:mesa\nV:25.1.9-r0\n");
	check_packages("mesa 25.1.9-r0");
}

static void test_commands(void **state)
{
	(void)state;
	tree_put_command("pacman", "pacman\n-Q\n", "mesa 1:25.2-1\nopencl\n\nbash 5\n",
			 "0");
	check_packages("mesa 1:25.2-1");
	tree_put_command("rpm", "rpm\n-qa\n", "intel-opencl\t25-1.fc43\n", "0");
	check_packages("intel-opencl 25-1.fc43");
	tree_put_command("dpkg-query", NULL, "libze1:amd64\t1.16.1-2\nlibc6\t2\n", NULL);
	check_packages("libze1 1.16.1-2");
}

static void test_garbage(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < 100000; i++)
		strbuf_add_char(&buf, (char)(i * 31 >> 3));
	tree_put_bytes("/var/lib/dpkg/status", buf.string, buf.length);
	check_packages("");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		tree_test(test_distribution), tree_test(test_other_place_of_os_release),
		tree_test(test_dpkg),         tree_test(test_apk),
		tree_test(test_commands),     tree_test(test_garbage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
