#include "runner/wsl_version.h"

#include "tests/testing.h"
#include "util/encoding.h"
#include "util/strbuf.h"

/* The labels of the languages WSL speaks (microsoft/WSL:localization/strings), as vectors:
 * the code under test knows none of them. */
static const struct {
	const char *locale;
	const char *labels[7];
	const char *colon;
} locales[] = {
	/* clang-format off */
	{ "en-US", { "WSL version", "Kernel version", "WSLg version", "MSRDC version",
		     "Direct3D version", "DXCore version", "Windows version" }, ": " },
	{ "cs-CZ", { "Verze WSL", "Verze jádra", "Verze WSLg", "Verze MSRDC", "Verze Direct3D",
		     "Verze DXCore", "Verze systému Windows" }, ": " },
	{ "da-DK", { "WSL-version", "Kerneversion", "WSLg-version", "MSRDC-version",
		     "Direct3D-version", "DXCore-version", "Windows-version" }, ": " },
	{ "de-DE", { "WSL-Version", "Kernelversion", "WSLg-Version", "MSRDC-Version",
		     "Direct3D-Version", "DXCore-Version", "Windows-Version" }, ": " },
	{ "el-GR", { "Έκδοση WSL", "Έκδοση πυρήνα", "Έκδοση WSLg", "Έκδοση MSRDC",
		     "Έκδοση Direct3D", "Έκδοση DXCore", "Έκδοση Windows" }, ": " },
	{ "es-ES", { "Versión de WSL", "Versión de kernel", "Versión de WSLg",
		     "Versión de MSRDC", "Versión de Direct3D", "Versión de DXCore",
		     "Versión de Windows" }, ": " },
	{ "fi-FI", { "WSL-versio", "Ytimen versio", "WSLg-versio", "MSRDC-versio",
		     "Direct3D-versio", "DXCore-versio", "Windows-versio" }, ": " },
	{ "fr-FR", { "Version WSL", "Version du noyau", "Version WSLg", "Version MSRDC",
		     "Version direct3D", "Version de DXCore", "Version de Windows" },
	  "\xc2\xa0: " },
	{ "hu-HU", { "WSL-verzió", "Kernelverzió", "WSLg-verzió", "MSRDC-verzió",
		     "Direct3D-verzió", "DXCore-verzió", "Windows-verzió" }, ": " },
	{ "it-IT", { "Versione WSL", "Versione kernel", "Versione WSLg", "Versione MSRDC",
		     "Versione Direct3D", "Versione DXCore", "Versione di Windows" }, ": " },
	{ "ja-JP", { "WSL バージョン", "カーネル バージョン", "WSLg バージョン",
		     "MSRDC バージョン", "Direct3D バージョン", "DXCore バージョン",
		     "Windows バージョン" }, ": " },
	{ "ko-KR", { "WSL 버전", "커널 버전", "WSLg 버전", "MSRDC 버전", "Direct3D 버전",
		     "DXCore 버전", "Windows 버전" }, ": " },
	{ "nb-NO", { "WSL-versjon", "Kernelversjon", "WSLg-versjon", "MSRDC-versjon",
		     "Direct3D-versjon", "DXCore-versjon", "Windows-versjon" }, ": " },
	{ "nl-NL", { "WSL-versiie", "Kernelversie", "WSLg-versie", "MSRDC-versie",
		     "Direct3D-versie", "DXCore-versie", "Windows-versie" }, ": " },
	{ "pl-PL", { "Wersja podsystemu WSL", "Wersja jądra", "Wersja usługi WSLg",
		     "Wersja MSRDC", "Wersja Direct3D", "Wersja DXCore",
		     "Wersja systemu Windows" }, ": " },
	{ "pt-BR", { "Versão do WSL", "Versão do kernel", "Versão do WSLg", "Versão do MSRDC",
		     "Versão do Direct3D", "Versão do DXCore", "Versão do Windows" }, ": " },
	{ "pt-PT", { "Versão WSL", "Versão do kernel", "Versão WSLg", "Versão MSRDC",
		     "Versão direct3D", "Versão DXCore", "Versão do Windows" }, ": " },
	{ "ru-RU", { "Версия WSL", "Версия ядра", "Версия WSLg", "Версия MSRDC",
		     "Версия Direct3D", "Версия DXCore", "Версия Windows" }, ": " },
	{ "sv-SE", { "WSL-version", "Kernelversion", "WSLg-version", "MSRDC-version",
		     "Direct3D-version", "DXCore-version", "Windows-version" }, ": " },
	{ "tr-TR", { "WSL sürümü", "Çekirdek sürümü", "WSLg sürümü", "MSRDC sürümü",
		     "Direct3D sürümü", "DXCore sürümü", "Windows sürümü" }, ": " },
	{ "zh-CN", { "WSL 版本", "内核版本", "WSLg 版本", "MSRDC 版本", "Direct3D 版本",
		     "DXCore 版本", "Windows 版本" }, ": " },
	{ "zh-TW", { "WSL 版本", "核心版本", "WSLg 版本", "MSRDC 版本", "Direct3D 版本",
		     "DXCore 版本", "Windows 版本" }, "\xef\xbc\x9a" },
	/* clang-format on */
};

static const char *const values[7] = {
	"2.7.14",          "6.18.33.2-2",      "1.0.73.2",
	"1.2.7214",        "1.611.1-81528511", "10.0.26100.1-240331-1435.ge-release",
	"10.0.26200.8894",
};

static void add_block(struct strbuf *buf, size_t locale, const char *line_end)
{
	for (size_t i = 0; i < 7; i++)
		strbuf_printf(buf, "%s%s%s%s", locales[locale].labels[i],
			      locales[locale].colon, values[i], line_end);
}

static void check_block(const struct wsl_version *version)
{
	assert_string_equal(version->wsl.version, "2.7.14.0");
	assert_string_equal(version->kernel.version, "6.18.33.2-2");
	assert_string_equal(version->wslg.version, "1.0.73.2");
	assert_string_equal(version->msrdc.version, "1.2.7214");
	assert_string_equal(version->direct3d.version, "1.611.1-81528511");
	assert_string_equal(version->dxcore.version,
			    "10.0.26100.1-240331-1435.ge-release");
	assert_string_equal(version->windows.version, "10.0.26200.8894");
}

static void test_every_language(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(locales); i++) {
		cleanup_strbuf struct strbuf buf;
		strbuf_init(&buf);
		add_block(&buf, i, "\r\n");
		struct wsl_version version;
		if (!wsl_version_read(buf.string, buf.length, &version))
			fail_msg("%s: not read", locales[i].locale);
		check_block(&version);
		assert_int_equal(version.wsl.line, 1);
		assert_int_equal(version.windows.line, 7);
	}
}

/* Encodes ASCII and the BMP as UTF-16LE. */
static void add_utf16(struct strbuf *buf, const char *utf8)
{
	for (const unsigned char *at = (const unsigned char *)utf8; *at;) {
		unsigned int c = *at++;
		if (c >= 0xe0) {
			c = (c & 0xf) << 12 | (at[0] & 0x3fu) << 6 | (at[1] & 0x3fu);
			at += 2;
		} else if (c >= 0xc0) {
			c = (c & 0x1f) << 6 | (*at++ & 0x3fu);
		}
		strbuf_add_char(buf, (char)(c & 0xff));
		strbuf_add_char(buf, (char)(c >> 8));
	}
}

static void check_utf16(size_t locale, const char *mark)
{
	cleanup_strbuf struct strbuf plain, wide;
	strbuf_init(&plain);
	strbuf_init(&wide);
	strbuf_add_string(&wide, mark);
	add_block(&plain, locale, "\r\r\n");
	add_utf16(&wide, plain.string);
	struct text text;
	assert_ok(text_to_utf8(wide.string, wide.length, &text));
	cleanup_free char *owned = text.utf8;
	assert_int_equal(text.encoding, ENCODING_UTF16LE);
	assert_int_equal(text.bad, 0);
	assert_string_equal(text.utf8, plain.string);
	struct wsl_version version;
	assert_true(wsl_version_read(text.utf8, text.size, &version));
	check_block(&version);
}

static void test_utf16_with_doubled_returns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(locales); i++) {
		check_utf16(i, "");
		check_utf16(i, "\xff\xfe");
	}
}

static void test_paste_inside_other_text(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	/* A version right above would shift a reader that only counts lines. */
	strbuf_add_string(&buf, "### Environment\n\ntool: 1.2.3\n\n");
	add_block(&buf, 0, "\n\n");
	strbuf_add_string(&buf, "distro: 24.04\n");
	struct wsl_version version;
	assert_true(wsl_version_read(buf.string, buf.length, &version));
	check_block(&version);
	assert_int_equal(version.wsl.line, 5);
	assert_int_equal(version.windows.line, 17);
}

static void test_what_is_no_block(void **state)
{
	(void)state;
	static const struct {
		const char *why, *text;
	} rows[] = {
		{ "empty", "" },
		{ "the WSL of Windows prints its usage",
		  "Invalid command line option: --version\r\n"
		  "Usage: wsl.exe [Argument] [Options...] [CommandLine]\r\n" },
		{ "cut short", "WSL version: 2.6.3.0\nKernel version: 6.6.87.2-1\n"
			       "WSLg version: 1.0.71\nMSRDC version: 1.2.6353\n"
			       "Direct3D version: 1.611.1-81528511\n"
			       "DXCore version: 10.0.26100.1-240331-1435.ge-release\n" },
		{ "a line without a version in between",
		  "a: 2.6.3.0\nb: 6.6.87.2-1\nc: 1.0.71\nd: none\ne: 1.2.6353\n"
		  "f: 1.611.1-81528511\ng: 10.0.26100.1\nh: 10.0.26100.8246\n" },
		{ "seven versions of something else",
		  "a: 1.0\nb: 2.0\nc: 3.0\nd: 4.0\ne: 5.0\nf: 6.0\ng: 7.0\n" },
		{ "a kernel that is none",
		  "a: 2.6.3.0\nb: 60.6.87.2\nc: 1.0.71\nd: 1.2.6353\ne: 1.611.1\n"
		  "f: 10.0.26100.1\ng: 10.0.26100.8246\n" },
		{ "a Windows that is none",
		  "a: 2.6.3.0\nb: 6.6.87.2\nc: 1.0.71\nd: 1.2.6353\ne: 1.611.1\n"
		  "f: 10.0.26100.1\ng: 11.0.26100.8246\n" },
		{ "a number beyond all versions",
		  "a: 2.6.3.0\nb: 6.6.87.2\nc: 1.0.71\nd: 1.2.6353\ne: 1.611.1\n"
		  "f: 10.0.26100.1\ng: 10.0.99999999999999999999\n" },
	};
	for_each_row(row, rows)
	{
		struct wsl_version version;
		if (wsl_version_read(row->text, strlen(row->text), &version))
			fail_msg("%s: read as a block", row->why);
	}
}

static void test_marks_of_a_paste_are_no_version(void **state)
{
	(void)state;
	static const char text[] =
		"> **WSL**: `2.6.3.0`\n> k: 6.6.87.2-1,\n> c: 1.0.71;\n"
		"> d: 1.2.6353.\n> e: 1.611.1-81528511\n"
		"> f: 10.0.26100.1-240331-1435.ge-release\n"
		"> g: 10.0.26100.8246</td>";
	struct wsl_version version;
	assert_true(wsl_version_read(text, strlen(text), &version));
	assert_string_equal(version.wsl.version, "2.6.3.0");
	assert_string_equal(version.kernel.version, "6.6.87.2-1");
	assert_string_equal(version.wslg.version, "1.0.71");
	assert_string_equal(version.msrdc.version, "1.2.6353");
	assert_string_equal(version.windows.version, "10.0.26100.8246");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_language),
		cmocka_unit_test(test_utf16_with_doubled_returns),
		cmocka_unit_test(test_paste_inside_other_text),
		cmocka_unit_test(test_what_is_no_block),
		cmocka_unit_test(test_marks_of_a_paste_are_no_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
