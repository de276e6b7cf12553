#include "runner/inf.h"

#include "tests/testing.h"
#include "util/strbuf.h"

#define DISPLAY "ClassGuid = {4d36e968-e325-11ce-bfc1-08002be10318}\n"

static const struct {
	const char *why, *text;
	bool read;
	enum inf_class class;
	const char *version, *date;
} rows[] = {
	{ "as documented", "[Version]\n" DISPLAY "DriverVer = 01/15/2025,32.0.101.6554\n",
	  true, INF_CLASS_DISPLAY, "32.0.101.6554", "2025-01-15" },
	{ "other case, quotes, comment, hyphens, returns",
	  "; first\r\n[VERSION] ; here\r\n"
	  "classguid=\"{4D36E968-E325-11CE-BFC1-08002BE10318}\" ; why\r\n"
	  "DRIVERVER=12-06-2024 , 32.0.15.6094 ; new\r\n",
	  true, INF_CLASS_DISPLAY, "32.0.15.6094", "2024-12-06" },
	{ "an NPU", "[Version]\nClassGuid={f01a9d53-3ff6-48d2-9297-c8a7004be10c}\n", true,
	  INF_CLASS_COMPUTE, "", "" },
	{ "an extension of a driver",
	  "[Version]\nClassGuid={e2f84ce7-8efa-411c-aa69-97454ca4cb57}\n"
	  "DriverVer=02/02/2025,32.0.101.6600\n",
	  true, INF_CLASS_OTHER, "32.0.101.6600", "2025-02-02" },
	{ "other sections have a DriverVer too",
	  "[Install]\nDriverVer=01/01/2001,1.2.3.4\n[Version]\n" DISPLAY
	  "[Version.Other]\n[Install.2]\nDriverVer=01/01/2002,1.2.3.5\n",
	  true, INF_CLASS_DISPLAY, "", "" },
	{ "the first one counts",
	  "[Version]\nDriverVer=01/01/2001,1.2.3.4\nDriverVer=01/01/2002,1.2.3.5\n", true,
	  INF_CLASS_OTHER, "1.2.3.4", "2001-01-01" },
	{ "no version", "[Version]\nDriverVer=01/01/2001\n", true, INF_CLASS_OTHER, "",
	  "2001-01-01" },
	{ "three parts are not converted", "[Version]\nDriverVer=01/01/2001,1.2.3\n",
	  true, INF_CLASS_OTHER, "", "2001-01-01" },
	{ "a part over 65535", "[Version]\nDriverVer=01/01/2001,1.2.3.65536\n", true,
	  INF_CLASS_OTHER, "", "2001-01-01" },
	{ "leading zeros", "[Version]\nDriverVer=1/2/2001,27.21.0014.5541\n", true,
	  INF_CLASS_OTHER, "27.21.14.5541", "2001-01-02" },
	{ "no such day", "[Version]\nDriverVer=02/30/2025,1.2.3.4\n", true,
	  INF_CLASS_OTHER, "1.2.3.4", "" },
	{ "year first", "[Version]\nDriverVer=2025/01/15,1.2.3.4\n", true,
	  INF_CLASS_OTHER, "1.2.3.4", "" },
	{ "signs", "[Version]\nDriverVer=-1/+2/2001,1.2.3.4\n", true, INF_CLASS_OTHER,
	  "1.2.3.4", "" },
	{ "no section", "DriverVer=01/01/2001,1.2.3.4\n", false },
	{ "an empty section", "[Version]\nDriverVer\n=\n", false },
	{ "nothing", "", false },
};

static void check(const char *why, const char *bytes, size_t size, size_t i)
{
	struct inf inf = { 0 };
	bool read = inf_read(bytes, size, &inf);
	if (read != rows[i].read)
		fail_msg("%s, %s: read %d", rows[i].why, why, read);
	if (read && (inf.class != rows[i].class || strcmp(inf.version, rows[i].version) ||
		     strcmp(inf.date, rows[i].date)))
		fail_msg("%s, %s: class %d, version '%s', date '%s'", rows[i].why, why,
			 inf.class, inf.version, inf.date);
}

static void test_every_encoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf wide, ansi;
		strbuf_init(&wide);
		strbuf_init(&ansi);
		/* 0xa9 is a sign of Windows-1252 and no UTF-8 */
		strbuf_printf(&ansi, "; \xa9 somebody\r\n%s", rows[i].text);
		check("plain", rows[i].text, strlen(rows[i].text), i);
		check("one byte per character", ansi.string, ansi.length, i);
		strbuf_add(&wide, "\xff\xfe", 2);
		for (const char *c = rows[i].text; *c; c++) {
			strbuf_add_char(&wide, *c);
			strbuf_add_char(&wide, '\0');
		}
		check("UTF-16 with a mark", wide.string, wide.length, i);
		check("UTF-16", wide.string + 2, wide.length - 2, i);
	}
}

static void test_cut_anywhere(void **state)
{
	(void)state;
	static const char text[] =
		"[Version]\n" DISPLAY "DriverVer = 01/15/2025,32.0.101.6554";
	for (size_t size = 0; size < sizeof(text); size++) {
		struct inf inf;
		char *copy = xmalloc(size); /* so that a read beyond it is seen */
		memcpy(copy, text, size);
		inf_read(copy, size, &inf);
		free(copy);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_encoding),
		cmocka_unit_test(test_cut_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
