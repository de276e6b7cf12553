#include "runner/paste_versions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/version.h"
#include "runner/wsl_version.h"
#include "util/alloc.h"
#include "util/array.h"

/* How far before a version its component's name is looked for, in bytes and words. */
#define WINDOW_MAX 120
#define WORDS_MAX  20

/* ---- what a version looks like ---- */

/* A shape tells whether a spelling is a version of its component, and makes it normal. */
typedef bool shape(const char *text, char ret[VERSION_MAX]);

static bool has_dots(const char *text, struct version *ret)
{
	return version_prefix(text, ret) > 0;
}

static bool is_pure(const char *text)
{
	return text[strspn(text, "0123456789.")] == '\0';
}

/* Intel's Linux runtime: year, week, build ("23.17.26241.33"). Windows drivers have 0, 20
 * or 21 in second place. */
static bool is_runtime(const struct version *v)
{
	bool windows = !v->part[1] ||
		       ((v->part[1] == 20 || v->part[1] == 21) && v->part[0] > 26);
	return !windows && v->part[1] <= 53 && v->part[2] >= 10000;
}

static bool shape_driver(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	return is_pure(text) && version_parse(text, &v) && v.count == 4 &&
	       v.part[0] >= 6 && v.part[0] <= 60 && !(v.part[0] == 10 && !v.part[1]) &&
	       !is_runtime(&v) && v.part[2] < 65536 && v.part[3] < 65536 &&
	       version_driver(text, ret);
}

/* Spellings beside the four parts: NVIDIA's 560.94 and 610.43.02, Intel's 101.6913, AMD's
 * 24.10.1. */
static bool shape_public(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	if (!is_pure(text) || !version_parse(text, &v) || v.count > 3 || v.count < 2 ||
	    strlen(text) >= VERSION_MAX)
		return false;
	bool nvidia = v.part[0] >= 300 && v.part[0] <= 999 && v.part[1] <= 99;
	bool intel = v.count == 2 && (v.part[0] == 100 || v.part[0] == 101) &&
		     v.part[1] >= 1000;
	bool amd = v.count == 3 && v.part[0] >= 15 && v.part[0] <= 40 && v.part[1] >= 1 &&
		   v.part[1] <= 12 && v.part[2] <= 9;
	if (!nvidia && !intel && !amd)
		return false;
	strcpy(ret, text);
	return true;
}

static bool shape_wsl(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	return is_pure(text) && version_parse(text, &v) && v.part[0] <= 3 &&
	       v.count >= 3 && version_wsl(text, ret);
}

static bool shape_as_read(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	if (strlen(text) >= VERSION_MAX || !has_dots(text, &v))
		return false;
	strcpy(ret, text);
	return true;
}

static bool shape_kernel(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	return has_dots(text, &v) && v.part[0] >= 3 && v.part[0] <= 9 && v.count >= 3 &&
	       shape_as_read(text, ret);
}

/* 10.0.BUILD.UBR, BUILD.UBR or a build alone: Windows 10 and 11 have five digits. */
static bool shape_windows(const char *text, char ret[VERSION_MAX])
{
	char full[VERSION_MAX + 8];
	struct version v;
	char digits[VERSION_MAX];
	/* "20150.rs_prerelease": the number counts */
	snprintf(digits, sizeof(digits), "%.*s", (int)strspn(text, "0123456789."), text);
	size_t length = strlen(digits);
	while (length && digits[length - 1] == '.')
		digits[--length] = '\0';
	/* DXCore's 10.0.26100.1-240331-1435.ge-release is no Windows */
	if (!version_parse(digits, &v) || (v.count > 2 && strchr(text, '-')))
		return false;
	if (v.count <= 2 && v.part[0] >= 10000 && v.part[0] <= 49999)
		snprintf(full, sizeof(full), "10.0.%s", digits);
	else
		snprintf(full, sizeof(full), "%s", digits);
	return strlen(full) < VERSION_MAX && version_windows(full, ret);
}

static bool shape_package(const char *text, char ret[VERSION_MAX])
{
	if (strlen(text) >= VERSION_MAX || !isdigit((unsigned char)*text))
		return false;
	strcpy(ret, text);
	return true;
}

static bool shape_runtime(const char *text, char ret[VERSION_MAX])
{
	struct version v;
	bool open = strlen(text) == 4 && text[2] == '.' && text[3] == 'x'; /* "24.x" */
	return (open || (has_dots(text, &v) && v.count >= 3 && v.part[0] >= 18 &&
			 v.part[0] <= 60)) &&
	       shape_package(text, ret);
}

static bool shape_never(const char *text, char ret[VERSION_MAX])
{
	(void)text;
	(void)ret;
	return false;
}

/* ---- names of components, as words ---- */

enum keep { KEEP_FIELD, KEEP_PACKAGE, KEEP_NOTHING };

static const struct name {
	const char *words;
	enum keep keep;
	enum claim_field field;
	const char *package;
	shape *shape;
} names[] = {
#define FIELD(words, field, shape) { words, KEEP_FIELD, CLAIM_##field, NULL, shape },
#define PACKAGE(words, package, shape)                                                   \
	{ words, KEEP_PACKAGE, CLAIM_PACKAGE, package, shape },
#define OTHER(words) { words, KEEP_NOTHING, 0, NULL, shape_never },
	FIELD("npu driver", DRIVER_NPU, shape_driver) FIELD(
		"driver", DRIVER,
		shape_driver) FIELD("driver", DRIVER_PUBLIC,
				    shape_public) FIELD("drivers", DRIVER,
							shape_driver) FIELD("drivers",
									    DRIVER_PUBLIC,
									    shape_public)
		FIELD("driverversion", DRIVER, shape_driver) FIELD(
			"driverversion", DRIVER_PUBLIC,
			shape_public) FIELD("adrenalin", DRIVER_PUBLIC,
					    shape_public) FIELD("amd software",
								DRIVER_PUBLIC,
								shape_public)
			FIELD("wsl", WSL, shape_wsl) FIELD("wsl2", WSL, shape_wsl) FIELD(
				"wslinfo", WSL,
				shape_wsl) FIELD("kernel", KERNEL,
						 shape_kernel) FIELD("kernelversion",
								     KERNEL, shape_kernel)
				FIELD("linux", KERNEL, shape_kernel) FIELD(
					"uname", KERNEL,
					shape_kernel) FIELD("windows", WINDOWS,
							    shape_windows) FIELD("win11",
										 WINDOWS,
										 shape_windows)
					FIELD("win10", WINDOWS, shape_windows) FIELD(
						"winver", WINDOWS,
						shape_windows) FIELD("os build", WINDOWS,
								     shape_windows)
						FIELD("osbuild", WINDOWS, shape_windows) FIELD(
							"os version", WINDOWS,
							shape_windows) FIELD("build",
									     WINDOWS,
									     shape_windows)
							FIELD("wslg", WSLG, shape_as_read) FIELD(
								"msrdc", MSRDC,
								shape_as_read)
								FIELD("direct3d",
								      DIRECT3D,
								      shape_as_read)
									FIELD("dxcore",
									      DXCORE,
									      shape_as_read)
	/* Linux packages, by Debian's names where several exist */
	PACKAGE("driver", "intel-opencl-icd", shape_runtime) PACKAGE("intel opencl icd", "intel-opencl-icd", shape_package) PACKAGE(
		"opencl icd", "intel-opencl-icd",
		shape_runtime) PACKAGE("opencl runtime",
				       "intel-opencl-icd", shape_runtime) PACKAGE("ope"
										  "ncl"
										  " dr"
										  "ive"
										  "r",
										  "int"
										  "el-"
										  "ope"
										  "ncl"
										  "-ic"
										  "d",
										  shape_runtime) PACKAGE("intel opencl",
													 "intel-opencl-icd",
													 shape_runtime)
		PACKAGE("icd", "intel-opencl-icd", shape_runtime) PACKAGE("neo", "intel-opencl-icd", shape_runtime) PACKAGE(
			"intel compute "
			"runtime",
			"intel-compute-"
			"runtime",
			shape_package) PACKAGE("compute runtime", "intel-compute-runtime",
					       shape_runtime) PACKAGE("libze intel gpu1",
								      "libze-intel-gpu1",
								      shape_package) PACKAGE("intel "
											     "level "
											     "zero gpu",
											     "intel-"
											     "level-"
											     "zero-gpu",
											     shape_package)
			PACKAGE("libze1", "libze1", shape_package) PACKAGE(
				"level "
				"zero "
				"loader",
				"level-"
				"zero-"
				"loader",
				shape_package) PACKAGE("igc", "intel-graphics-compiler",
						       shape_as_read) PACKAGE("in"
									      "te"
									      "l "
									      "gr"
									      "ap"
									      "hi"
									      "cs"
									      " c"
									      "om"
									      "pi"
									      "le"
									      "r",
									      "in"
									      "te"
									      "l-"
									      "gr"
									      "ap"
									      "hi"
									      "cs"
									      "-c"
									      "om"
									      "pi"
									      "le"
									      "r",
									      shape_as_read)
				PACKAGE("libigc1", "libigc1", shape_package) PACKAGE(
					"libigc2",
					"libigc2", shape_package) PACKAGE("libigdfcl1",
									  "libigdfcl1",
									  shape_package) PACKAGE("libigdfcl2",
												 "libigdfcl2",
												 shape_package)
					PACKAGE("intel igc core", "intel-igc-core", shape_package) PACKAGE(
						"intel igc core 2", "intel-igc-core-2",
						shape_package) PACKAGE("intel "
								       "igc "
								       "opencl",
								       "intel-"
								       "igc-"
								       "opencl",
								       shape_package) PACKAGE("intel "
											      "igc "
											      "opencl 2",
											      "intel-"
											      "igc-"
											      "opencl-2",
											      shape_package)
						PACKAGE("gmmlib", "intel-gmmlib", shape_as_read) PACKAGE(
							"intel gmmlib",
							"intel-gmmlib",
							shape_package) PACKAGE("l"
									       "i"
									       "b"
									       "i"
									       "g"
									       "d"
									       "g"
									       "m"
									       "m"
									       "1"
									       "2",
									       "l"
									       "i"
									       "b"
									       "i"
									       "g"
									       "d"
									       "g"
									       "m"
									       "m"
									       "1"
									       "2",
									       shape_package) PACKAGE("intel ocloc",
												      "intel-ocloc", shape_package)
							PACKAGE("ocloc", "intel-ocloc", shape_runtime) PACKAGE(
								"o"
								"c"
								"l"
								" "
								"i"
								"c"
								"d"
								" "
								"l"
								"i"
								"b"
								"o"
								"p"
								"e"
								"n"
								"c"
								"l"
								"1",
								"o"
								"c"
								"l"
								"-"
								"i"
								"c"
								"d"
								"-"
								"l"
								"i"
								"b"
								"o"
								"p"
								"e"
								"n"
								"c"
								"l"
								"1",
								shape_package) PACKAGE("p"
										       "o"
										       "c"
										       "l"
										       " "
										       "o"
										       "p"
										       "e"
										       "n"
										       "c"
										       "l"
										       " "
										       "i"
										       "c"
										       "d",
										       "p"
										       "o"
										       "c"
										       "l"
										       "-"
										       "o"
										       "p"
										       "e"
										       "n"
										       "c"
										       "l"
										       "-"
										       "i"
										       "c"
										       "d",
										       shape_package)
								PACKAGE("mesa", "mesa", shape_as_read) PACKAGE(
									"mesa "
									"vulkan "
									"drivers",
									"mesa-"
									"vulkan-"
									"drivers",
									shape_package) PACKAGE("libgl1 mesa dri",
											       "libgl1-mesa-dri",
											       shape_package)
									PACKAGE("rocm",
										"rocm",
										shape_as_read)
										PACKAGE("librocdx"
											"g",
											"librocdx"
											"g",
											shape_as_read)
											PACKAGE("openvino",
												"openvino",
												shape_as_read)
	/* what has versions of its own and is not kept */
	OTHER("nvidia smi") OTHER("smi") OTHER("cuda") OTHER("cuda driver") OTHER(
		"cuda umd") OTHER("runtime version") OTHER("opengl") OTHER("opencl")
		OTHER("opencl c") OTHER("vulkan") OTHER("level zero") OTHER("wddm") OTHER(
			"driver model") OTHER("python") OTHER("gcc") OTHER("llvm")
			OTHER("clang") OTHER("glibc") OTHER("pytorch") OTHER("torch")
				OTHER("capability") OTHER("ubuntu") OTHER("debian") OTHER(
					"fedora") OTHER("docker")
					OTHER(
						"ollama") OTHER("ruby")
						OTHER("numpy") OTHER("directml") OTHER(
							"onnxruntime") OTHER("systemd")
							OTHER("api") OTHER("spir v") OTHER(
								"driver "
								"store")
								OTHER("libdxcore") OTHER(
									"chrome")
									OTHER("nvml")
										OTHER("cu"
										      "dn"
										      "n")
#undef FIELD
#undef PACKAGE
#undef OTHER
};

/* Words that may stand between a name and its version. */
static const char *const connecting[] = {
	"version",
	"versions",
	"ver",
	"v",
	"is",
	"release",
	"number",
	"build",
	"revision",
	"rev",
	"currently",
	"current",
	"installed",
	"running",
	"shown",
	"in",
	"on",
	"via",
	"with",
	"at",
	"the",
	"a",
	"an",
	"of",
	"my",
	"and",
	"host",
	"guest",
	"windows",
	"wsl",
	"wsl2",
	"gpu",
	"graphics",
	"side",
	"amd64",
	"arm64",
	"x86",
	"now",
	"noble",
	"jammy",
	"focal",
	"bookworm",
	"trixie",
	"resolute",
	"plucky",
	"stable",
	"universe",
	"package",
	"kmd",
	"name",
	"string",
	"full",
	"r",
	"tm",
	"c",
	"11",
	"10",
	"home",
	"pro",
	"enterprise",
	"insider",
	"preview",
	"canary",
	"ltsc",
	"iot",
	"microsoft",
	"os",
	"intel",
	"nvidia",
	"amd",
	"reports",
	"says",
	"shows",
	"ii",
	"hi",
	"standard",
	"2",
	"game",
	"ready",
	"studio",
	"whql",
	"beta",
	"cumulative",
	"ga",
	"used",
	"use",
	"using",
	"using:",
	"24h2",
	"25h2",
	"23h2",
	"22h2",
	"21h2",
	"26h1",
	"dev",
	"channel",
	"sys",
	"dll",
	"igdkmd64.sys",
	"nvxdcore.dll",
	"nvlddmkm.sys",
	"date",
	"64bit",
	"umd",
	"openssl",
};

/* Words after which a version is another one than the machine's. */
static const char *const weakening[] = {
	"to",      "latest",   "newer",  "newest",   "than",       "since",
	"until",   "before",   "after",  "fixed",    "requires",   "require",
	"minimum", "least",    "older",  "previous", "previously", "was",
	"tried",   "expected", "needs",  "like",     "from",       "or",
	"not",     "upgrade",  "update", "updated",  "supports",   "supported",
};

static bool is_listed(const char *const *list, size_t n, const char *word, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == length && !memcmp(list[i], word, length))
			return true;
	return false;
}

/* ---- the words before a version ---- */

struct word {
	const char *start;
	size_t length;
};

/* The words before a version, nearest last, cut off where a sentence ends. */
struct words {
	struct word word[WORDS_MAX];
	size_t n;
};

static bool is_gap(char c)
{
	return c == ' ' || c == '\n';
}

static void words_read(const char *start, const char *end, struct words *ret)
{
	if (end - start > WINDOW_MAX)
		start = end - WINDOW_MAX;
	while (end > start && ret->n < WORDS_MAX) {
		while (end > start && is_gap(end[-1]))
			end--;
		const char *first = end;
		while (first > start && !is_gap(first[-1]) && first[-1] != PLAIN_ARROW &&
		       first[-1] != PLAIN_STOP)
			first--;
		if (first == end && first > start)
			first--;
		if (first == end)
			break;
		ret->word[ret->n++] = (struct word){ first, (size_t)(end - first) };
		end = first;
	}
}

/* Whether the words from `at` on, read backwards, end with the words of a name.
 * @return how many words it has, 0 where it doesn't match */
static size_t match_name(const struct words *words, size_t at, const char *name)
{
	size_t count = 0;
	const char *end = name + strlen(name);
	while (end > name) {
		const char *start = end;
		while (start > name && start[-1] != ' ')
			start--;
		size_t length = (size_t)(end - start);
		if (at + count >= words->n || words->word[at + count].length != length ||
		    memcmp(words->word[at + count].start, start, length))
			return 0;
		count++;
		end = start > name ? start - 1 : start;
	}
	return count;
}

struct reading {
	const struct name *name;
	char value[VERSION_MAX];
	const char *start; /* of the name */
	bool weak;
};

/* The longest name that ends at word `at`, and fits the version; *ret_known tells of one
 * that does not fit. */
static bool find_name(const struct words *words, size_t at, const char *version,
		      struct reading *ret, bool *ret_known)
{
	size_t best = 0;
	*ret_known = false;
	for_each_row(name, names) {
		size_t count = match_name(words, at, name->words);
		if (!count)
			continue;
		*ret_known = true;
		if (count < best)
			continue;
		char value[VERSION_MAX];
		bool fits = name->shape(version, value);
		if (count > best) {
			best = count;
			ret->name = NULL;
		}
		if (!fits || ret->name)
			continue;
		ret->name = name;
		ret->start = words->word[at + count - 1].start;
		memcpy(ret->value, value, sizeof(value));
	}
	return best && ret->name;
}

static bool is_foreign_word(const struct word *word)
{
	return (unsigned char)word->start[0] >= 0xc3 &&
	       (unsigned char)word->start[0] < 0xf0;
}

/* An earlier version between a name and this one, as in "32.0.1.1 -> 32.0.2.2". */
static bool is_version_word(const struct word *word)
{
	return isdigit((unsigned char)word->start[0]) &&
	       memchr(word->start, '.', word->length);
}

static bool read_before(const char *start, const char *end, const char *version,
			struct reading *ret)
{
	struct words words = { 0 };
	words_read(start, end, &words);
	ret->weak = false;
	bool arrow = false;
	for (size_t at = 0; at < words.n; at++) {
		const struct word *word = &words.word[at];
		bool known;
		ret->name = NULL;
		if (find_name(&words, at, version, ret, &known))
			return true;
		if (*word->start == PLAIN_ARROW) {
			ret->weak = arrow = true;
			continue;
		}
		bool joins = is_listed(connecting, ARRAY_SIZE(connecting), word->start,
				       word->length);
		bool weakens = is_listed(weakening, ARRAY_SIZE(weakening), word->start,
					 word->length);
		if (known && !joins)
			return false;
		if (weakens)
			ret->weak = true;
		else if (!joins && !is_foreign_word(word) &&
			 !(arrow && is_version_word(word)))
			return false;
	}
	return false;
}

/* ---- versions in a line ---- */

struct place {
	const struct paste_text *text;
	const struct paste_line *line;
	const char *before; /* plain words of a line or heading before, or NULL */
	size_t before_size;
	struct claims *claims;
};

static bool is_version_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(".+~-_", c));
}

/* The version that begins at a digit of the line: a dotted number and what clings to it.
 * @return its length, 0 where none begins */
static size_t take_version(const struct paste_line *line, size_t at,
			   char ret[VERSION_MAX])
{
	size_t end = at;
	while (end < line->size && is_version_char(line->text[end]) &&
	       end - at < VERSION_MAX)
		end++;
	/* a file name's or package's tail is no version: -1_amd64.deb */
	for (size_t i = at; i < end; i++)
		if (line->text[i] == '_' && i + 1 < end &&
		    (line->text[i + 1] == 'a' || line->text[i + 1] == 'x'))
			end = i;
	while (end > at && !isalnum((unsigned char)line->text[end - 1]) &&
	       line->text[end - 1] != '+')
		end--;
	size_t length = end - at;
	if (!length || length >= VERSION_MAX)
		return 0;
	memcpy(ret, line->text + at, length);
	ret[length] = '\0';
	return length;
}

/* "2025-01-15" as a day of the calendar. */
static bool is_day(const char *text)
{
	static const char form[] = "9999-99-99";
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '9' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
			return false;
	struct tm tm = { .tm_year = atoi(text) - 1900,
			 .tm_mon = atoi(text + 5) - 1,
			 .tm_mday = atoi(text + 8) };
	int month = tm.tm_mon, day = tm.tm_mday;
	return tm.tm_year >= 100 && month >= 0 && month < 12 && timegm(&tm) != -1 &&
	       tm.tm_mon == month && tm.tm_mday == day;
}

/* A date soon behind a driver's version is the driver's. */
#define DATE_NEAR 40

static void read_date(const struct place *place, size_t at)
{
	const struct paste_line *line = place->line;
	for (size_t i = at; i < at + DATE_NEAR && i + 10 <= line->size; i++) {
		char date[11];
		memcpy(date, line->text + i, 10);
		date[10] = '\0';
		if (strlen(date) < 10 || !is_day(date))
			continue;
		claims_add(place->claims, CLAIM_DRIVER_DATE, NULL, date, CLAIM_SENTENCE,
			   line->number, line->text + at, i + 10 - at);
		return;
	}
}

static void add_claim(const struct place *place, const struct reading *reading,
		      enum claim_strength strength, size_t end)
{
	const struct paste_line *line = place->line;
	/* The evidence begins with the name where that is in the same line. */
	const char *start = line->text;
	if (reading->start >= line->plain && reading->start < line->plain + line->size)
		start += reading->start - line->plain;
	claims_add(place->claims, reading->name->field, reading->name->package,
		   reading->value, reading->weak ? CLAIM_WEAK : strength, line->number,
		   start, (size_t)(line->text + end - start));
	if (!reading->weak && (reading->name->field == CLAIM_DRIVER ||
			       reading->name->field == CLAIM_DRIVER_PUBLIC))
		read_date(place, end);
}

static bool read_in_line(const struct place *place, size_t at, size_t length,
			 const char *version)
{
	const struct paste_line *line = place->line;
	struct reading reading;
	if (!read_before(line->plain, line->plain + at, version, &reading))
		return false;
	if (reading.name->keep != KEEP_NOTHING)
		add_claim(place, &reading, CLAIM_SENTENCE, at + length);
	return true;
}

/* A version that begins its line or cell belongs to what the line or heading before says. */
static void read_under(const struct place *place, size_t at, size_t length,
		       const char *version)
{
	struct reading reading;
	if (!place->before ||
	    !read_before(place->before, place->before + place->before_size, version,
			 &reading) ||
	    reading.name->keep == KEEP_NOTHING)
		return;
	reading.start = place->line->plain + at;
	add_claim(place, &reading, CLAIM_SENTENCE, at + length);
}

/* "the 32.0.101.8801 driver", "6.6.87.2 kernel" */
static bool read_behind(const struct place *place, size_t at, size_t length,
			const char *version)
{
	static const struct {
		const char *word;
		enum claim_field field;
		shape *shape;
	} rows[] = {
		{ " driver", CLAIM_DRIVER, shape_driver },
		{ " driver", CLAIM_DRIVER_PUBLIC, shape_public },
		{ " kernel", CLAIM_KERNEL, shape_kernel },
	};
	const struct paste_line *line = place->line;
	for_each_row(row, rows) {
		char value[VERSION_MAX];
		size_t n = strlen(row->word);
		if (line->size - at - length < n ||
		    memcmp(line->plain + at + length, row->word, n) ||
		    !row->shape(version, value))
			continue;
		claims_add(place->claims, row->field, NULL, value, CLAIM_WEAK,
			   line->number, line->text + at, length + n);
		return true;
	}
	return false;
}

/* What tells its component by itself. */
static bool read_by_shape(const struct place *place, size_t at, size_t length,
			  const char *version)
{
	const struct paste_line *line = place->line;
	char value[VERSION_MAX];
	enum claim_field field;
	enum claim_strength strength = CLAIM_LABEL;
	if (strstr(version, "-microsoft") && shape_kernel(version, value)) {
		field = CLAIM_KERNEL;
	} else if (shape_driver(version, value)) {
		/* four parts that begin as Windows' display drivers do, alone in a line */
		struct version v;
		version_parse(value, &v);
		for (size_t i = 0; i < line->size; i++)
			if ((i < at || i >= at + length) && line->plain[i] != ' ')
				return false;
		if (v.part[0] < 20 || v.part[1])
			return false;
		field = CLAIM_DRIVER;
		strength = CLAIM_WEAK;
	} else {
		return false;
	}
	claims_add(place->claims, field, NULL, value, strength, line->number,
		   line->text + at, length);
	return true;
}

static bool begins_number(const struct paste_line *line, size_t at)
{
	if (!isdigit((unsigned char)line->text[at]))
		return false;
	if (!at)
		return true;
	char c = line->text[at - 1];
	if (c == 'v' || c == 'V')
		return at < 2 || !isalnum((unsigned char)line->text[at - 2]);
	return !isalnum((unsigned char)c) && c != '.' && (unsigned char)c < 0x80;
}

/* A bare build number counts only beside "build" (shape_windows looks at it). */
static bool is_candidate(const char *version)
{
	size_t digits = strspn(version, "0123456789");
	return version[digits] == '.' || (digits == 5 && !version[digits]);
}

/* Text of other scripts may touch a number: 版本10.0.19044 */
static bool begins_after_script(const struct paste_line *line, size_t at)
{
	return at && isdigit((unsigned char)line->text[at]) &&
	       (unsigned char)line->text[at - 1] >= 0x80;
}

static bool is_first_in_cell(const struct paste_line *line, size_t at)
{
	while (at && line->plain[at - 1] == ' ' && line->text[at - 1] != '|')
		at--;
	return !at || line->text[at - 1] == '|';
}

static void read_line(const struct place *place)
{
	const struct paste_line *line = place->line;
	for (size_t at = 0; at < line->size; at++) {
		char version[VERSION_MAX];
		if (!begins_number(line, at) && !begins_after_script(line, at))
			continue;
		size_t length = take_version(line, at, version);
		if (!length)
			continue;
		if (is_candidate(version) && !read_by_shape(place, at, length, version) &&
		    !read_in_line(place, at, length, version)) {
			if (is_first_in_cell(line, at))
				read_under(place, at, length, version);
			else
				read_behind(place, at, length, version);
		}
		at += length;
	}
}

/* ---- lines and tables ---- */

static bool has_version(const struct paste_line *line)
{
	for (size_t i = 0; i + 2 < line->size; i++)
		if (isdigit((unsigned char)line->text[i]) && line->text[i + 1] == '.' &&
		    isdigit((unsigned char)line->text[i + 2]))
			return true;
	return false;
}

/* "|---|:--:|": the line under a table's heading. */
static bool is_rule(const struct paste_line *line)
{
	bool bar = false, dash = false;
	for (size_t i = 0; i < line->size; i++) {
		if (!strchr(" |-:+\r", line->text[i]))
			return false;
		bar |= line->text[i] == '|';
		dash |= line->text[i] == '-';
	}
	return bar && dash;
}

static size_t count_bars(const char *text, size_t size)
{
	size_t bars = 0;
	for (size_t i = 0; i < size; i++)
		bars += text[i] == '|';
	return bars;
}

/* The cell of a heading above a place of a row. */
static void find_cell(const struct paste_line *heading, size_t bars, struct place *place)
{
	size_t start = 0;
	for (; start < heading->size && bars; start++)
		bars -= heading->text[start] == '|';
	const char *bar = memchr(heading->text + start, '|', heading->size - start);
	place->before = heading->plain + start;
	place->before_size =
		bar ? (size_t)(bar - (heading->text + start)) : heading->size - start;
}

static void read_row(const struct paste_line *heading, struct place *place)
{
	const struct paste_line *row = place->line;
	size_t at = 0;
	while (at < row->size) {
		const char *bar = memchr(row->text + at, '|', row->size - at);
		size_t end = bar ? (size_t)(bar - row->text) : row->size;
		find_cell(heading, count_bars(row->text, at), place);
		struct paste_line cell = { row->text + at, row->plain + at, end - at,
					   row->number };
		place->line = &cell;
		read_line(place);
		place->line = row;
		at = end + 1;
	}
}

static void read_lines(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 }, last = { 0 }, heading = { 0 };
	while (paste_line_next(text, &line)) {
		if (is_rule(&line)) {
			heading = last;
		} else if (heading.text && !memchr(line.text, '|', line.size)) {
			heading = (struct paste_line){ 0 };
		}
		struct place place = { .text = text, .line = &line, .claims = claims };
		if (last.text && !has_version(&last) && last.size <= WINDOW_MAX &&
		    !memchr(line.text, '|', line.size)) {
			place.before = last.plain;
			place.before_size = last.size;
		}
		read_line(&place);
		if (heading.text && !is_rule(&line))
			read_row(&heading, &place);
		last = line;
	}
}

static void add_block_line(struct claims *claims, enum claim_field field,
			   const struct wsl_version_line *line)
{
	claims_add(claims, field, NULL, line->version, CLAIM_LABEL, (int64_t)line->line,
		   line->version, strlen(line->version));
}

void paste_read_versions(const struct paste_text *text, struct claims *claims)
{
	struct wsl_version block;
	if (wsl_version_read(text->text, text->size, &block)) {
		add_block_line(claims, CLAIM_WSL, &block.wsl);
		add_block_line(claims, CLAIM_KERNEL, &block.kernel);
		add_block_line(claims, CLAIM_WSLG, &block.wslg);
		add_block_line(claims, CLAIM_MSRDC, &block.msrdc);
		add_block_line(claims, CLAIM_DIRECT3D, &block.direct3d);
		add_block_line(claims, CLAIM_DXCORE, &block.dxcore);
		add_block_line(claims, CLAIM_WINDOWS, &block.windows);
	}
	read_lines(text, claims);
}
