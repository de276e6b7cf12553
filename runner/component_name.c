#include "runner/component_name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "runner/paste_text.h"
#include "util/array.h"

/* How far before a version its component's name is looked for, in bytes and words. */
#define WINDOW_MAX COMPONENT_WINDOW
#define WORDS_MAX  20

#define FIELD(words, field, kind)                                                        \
	{                                                                                \
		words, KEEP_FIELD, CLAIM_##field, NULL, spelling_##kind                  \
	}
#define PACKAGE(words, package, kind)                                                    \
	{                                                                                \
		words, KEEP_PACKAGE, CLAIM_PACKAGE, package, spelling_##kind             \
	}
#define OTHER(words)                                                                     \
	{                                                                                \
		words, KEEP_NOTHING, CLAIM_FIELD_COUNT, NULL, spelling_never             \
	}

/* clang-format off */
static const struct component_name component_names[] = {
	FIELD("npu driver", DRIVER_NPU, driver),
	FIELD("driver", DRIVER, driver),
	FIELD("driver", DRIVER_PUBLIC, public),
	FIELD("drivers", DRIVER, driver),
	FIELD("drivers", DRIVER_PUBLIC, public),
	FIELD("driverversion", DRIVER, driver),
	/* of nvidia-smi's newer releases */
	FIELD("kmd version", DRIVER, driver),
	FIELD("kmd version", DRIVER_PUBLIC, public),
	FIELD("adrenalin", DRIVER, driver),
	FIELD("adrenalin", DRIVER_PUBLIC, public),
	FIELD("amd software", DRIVER, driver),
	FIELD("amd software", DRIVER_PUBLIC, public),
	FIELD("wsl", WSL, wsl),
	FIELD("wsl2", WSL, wsl),
	FIELD("wslinfo", WSL, wsl),
	FIELD("windows subsystem for linux", WSL, wsl),
	FIELD("kernel", KERNEL, kernel),
	FIELD("kernelversion", KERNEL, kernel),
	FIELD("linux", KERNEL, kernel),
	FIELD("uname", KERNEL, kernel),
	FIELD("windows", WINDOWS, windows),
	FIELD("win11", WINDOWS, windows),
	FIELD("win10", WINDOWS, windows),
	FIELD("winver", WINDOWS, windows),
	FIELD("os build", WINDOWS, windows),
	FIELD("osbuild", WINDOWS, windows),
	FIELD("os version", WINDOWS, windows),
	FIELD("osversion", WINDOWS, windows),
	FIELD("osbuildnumber", WINDOWS, windows),
	FIELD("buildnumber", WINDOWS, windows),
	FIELD("build", WINDOWS, windows),
	FIELD("wslg", WSLG, as_read),
	FIELD("msrdc", MSRDC, as_read),
	FIELD("direct3d", DIRECT3D, as_read),
	FIELD("dxcore", DXCORE, as_read),

	/* Linux packages, by Debian's names where several exist */
	PACKAGE("driver", "intel-opencl-icd", runtime),
	PACKAGE("intel opencl icd", "intel-opencl-icd", package),
	PACKAGE("opencl icd", "intel-opencl-icd", runtime),
	PACKAGE("opencl runtime", "intel-opencl-icd", runtime),
	PACKAGE("opencl driver", "intel-opencl-icd", runtime),
	PACKAGE("intel opencl", "intel-opencl-icd", runtime),
	PACKAGE("icd", "intel-opencl-icd", runtime),
	PACKAGE("neo", "intel-opencl-icd", runtime),
	PACKAGE("intel compute runtime", "intel-compute-runtime", package),
	PACKAGE("compute runtime", "intel-compute-runtime", runtime),
	PACKAGE("libze intel gpu1", "libze-intel-gpu1", package),
	PACKAGE("intel level zero gpu", "intel-level-zero-gpu", package),
	PACKAGE("libze1", "libze1", package),
	PACKAGE("level zero loader", "level-zero-loader", package),
	PACKAGE("igc", "intel-graphics-compiler", as_read),
	PACKAGE("intel graphics compiler", "intel-graphics-compiler", as_read),
	PACKAGE("libigc1", "libigc1", package),
	PACKAGE("libigc2", "libigc2", package),
	PACKAGE("libigdfcl1", "libigdfcl1", package),
	PACKAGE("libigdfcl2", "libigdfcl2", package),
	PACKAGE("intel igc core", "intel-igc-core", package),
	PACKAGE("intel igc core 2", "intel-igc-core-2", package),
	PACKAGE("intel igc opencl", "intel-igc-opencl", package),
	PACKAGE("intel igc opencl 2", "intel-igc-opencl-2", package),
	PACKAGE("gmmlib", "intel-gmmlib", as_read),
	PACKAGE("intel gmmlib", "intel-gmmlib", package),
	PACKAGE("libigdgmm12", "libigdgmm12", package),
	PACKAGE("intel ocloc", "intel-ocloc", package),
	PACKAGE("ocloc", "intel-ocloc", runtime),
	PACKAGE("ocl icd libopencl1", "ocl-icd-libopencl1", package),
	PACKAGE("pocl opencl icd", "pocl-opencl-icd", package),
	PACKAGE("mesa", "mesa", as_read),
	PACKAGE("mesa gallium driver", "mesa", as_read),
	PACKAGE("mesa vulkan drivers", "mesa-vulkan-drivers", package),
	PACKAGE("libgl1 mesa dri", "libgl1-mesa-dri", package),
	PACKAGE("rocm", "rocm", as_read),
	PACKAGE("librocdxg", "librocdxg", as_read),
	PACKAGE("openvino", "openvino", as_read),

	/* what has versions of its own and is not kept */
	OTHER("nvidia smi"), OTHER("smi"), OTHER("nvml"), OTHER("cuda"), OTHER("cudnn"),
	OTHER("cuda driver"), OTHER("cuda umd"), OTHER("runtime version"),
	OTHER("opengl"), OTHER("opencl"), OTHER("opencl c"), OTHER("spir v"),
	OTHER("vulkan"), OTHER("level zero"), OTHER("api"), OTHER("capability"),
	OTHER("wddm"), OTHER("driver model"), OTHER("driver store"), OTHER("libdxcore"),
	OTHER("python"), OTHER("gcc"), OTHER("llvm"), OTHER("clang"), OTHER("glibc"),
	OTHER("pytorch"), OTHER("torch"), OTHER("numpy"), OTHER("onnxruntime"),
	OTHER("directml"), OTHER("ollama"), OTHER("docker"), OTHER("systemd"),
	OTHER("ruby"), OTHER("chrome"), OTHER("ubuntu"), OTHER("debian"), OTHER("fedora"),
};

/* Words that may stand between a name and its version. */
static const char *const connecting[] = {
	/* of versions */
	"version", "versions", "ver", "v", "release", "number", "build", "revision", "rev",
	"string", "full", "name", "date", "package", "standard", "cumulative", "edition",
	/* the same in other languages */
	"versione", "versie", "versio", "wersja", "verze", "versiune", "versjon", "di", "de",
	"del", "des", "du", "do", "da", "der", "von", "la", "le", "il", "el", "systemu",
	"podsystemu", "sistema", "operativo", "exploitation", "d", "so",
	/* of sentences */
	"is", "in", "on", "via", "with", "at", "the", "a", "an", "of", "my", "and", "use",
	"used", "using", "currently", "current", "installed", "running", "shown",
	"reports", "says", "shows", "now", "host", "guest", "side", "store",
	/* of GPUs and their makers */
	"gpu", "graphics", "kmd", "umd", "intel", "nvidia", "amd", "r", "tm", "c", "game",
	"ready", "studio", "whql", "beta", "sys", "dll",
	/* of Windows and WSL */
	"windows", "wsl", "wsl2", "microsoft", "os", "11", "10", "2", "home", "pro",
	"enterprise", "ltsc", "iot", "insider", "preview", "canary", "dev", "channel",
	"server", "2016", "2019", "2022", "2025",
	"ga", "21h2", "22h2", "23h2", "24h2", "25h2", "26h1",
	/* of package lists */
	"ii", "hi", "amd64", "arm64", "x86", "64bit", "noble", "jammy", "focal",
	"bookworm", "trixie", "plucky", "resolute", "stable", "universe",
};

/* Words after which a version may be another one than the machine's. */
static const char *const weakening[] = {
	"to", "since", "after", "latest", "newer", "newest", "upgrade", "upgraded",
	"update", "updated",
};

/* Words after which it is another one. */
static const char *const denying[] = {
	"from", "or", "not", "like", "was", "than", "until", "before", "fixed",
};

/* The same, also before the component's name. */
static const char *const demanding[] = {
	"older", "previous", "previously", "tried", "expected", "expects", "need", "needs",
	"require", "requires", "required", "minimum", "least", "supports", "supported",
};

/* Names in other languages, as words or, of scripts that put no blank between words, as
 * parts of one. Case is as in the text where a letter is not of ASCII. */
static const struct {
	const char *word;
	bool part;
	const char *name;
} translations[] = {
	{ "noyau", false, "kernel" },
	{ "ydinversio", false, "kernel" },
	{ "kernelversie", false, "kernel" },
	{ "j\xc4\x85" "dr", true, "kernel" },                 /* Polish */
	{ "j\xc3\xa1" "dr", true, "kernel" },                 /* Czech */
	{ "\xc3\x87" "ekirdek", true, "kernel" },             /* Turkish */
	{ "\xc3\xa7" "ekirdek", true, "kernel" },
	{ "\xd1\x8f\xd0\xb4\xd1\x80", true, "kernel" },      /* Russian */
	{ "\xd0\xaf\xd0\xb4\xd1\x80", true, "kernel" },
	{ "\xe5\x86\x85\xe6\xa0\xb8", true, "kernel" },      /* Chinese */
	{ "\xe6\xa0\xb8\xe5\xbf\x83", true, "kernel" },
	{ "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x8d\xe3\x83\xab", true, "kernel" },
	{ "\xec\xbb\xa4\xeb\x84\x90", true, "kernel" },      /* Korean */
	{ "treiber", false, "driver" },
	{ "treiberversion", false, "driver" },
	{ "grafiktreiber", false, "driver" },
	{ "controlador", false, "driver" },
	{ "pilote", false, "driver" },
	{ "sterownik", false, "driver" },
	{ "sterownika", false, "driver" },
	{ "stuurprogramma", false, "driver" },
	{ "\xd0\xb4\xd1\x80\xd0\xb0\xd0\xb9\xd0\xb2\xd0\xb5\xd1\x80", true, "driver" },
	{ "\xd0\x94\xd1\x80\xd0\xb0\xd0\xb9\xd0\xb2\xd0\xb5\xd1\x80", true, "driver" },
	{ "\xe9\xa9\xb1\xe5\x8a\xa8", true, "driver" },      /* Chinese */
	{ "\xe9\xa9\x85\xe5\x8b\x95", true, "driver" },
	{ "\xe3\x83\x89\xe3\x83\xa9\xe3\x82\xa4\xe3\x83\x90", true, "driver" },
	{ "\xeb\x93\x9c\xeb\x9d\xbc\xec\x9d\xb4\xeb\xb2\x84", true, "driver" },
	{ "betriebssystembuild", false, "osbuild" },
	{ "betriebssystemversion", false, "osbuild" },
	{ "compilaci\xc3\xb3n", false, "build" },             /* Spanish */
	{ "compila\xc3\xa7\xc3\xa3o", false, "build" },       /* Portuguese */
	{ "\xe6\x93\x8d\xe4\xbd\x9c\xe7\xb3\xbb\xe7\xbb\x9f", true, "osbuild" },
	{ "\xe3\x83\x93\xe3\x83\xab\xe3\x83\x89", true, "build" },
};
/* clang-format on */

static bool is_listed(const char *const *list, size_t n, const char *word, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == length && !memcmp(list[i], word, length))
			return true;
	return false;
}

struct word {
	const char *start; /* of the word, or of what it means in English */
	size_t length;
	const char *place; /* in the text */
};

static bool is_foreign(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)word[i] >= 0x80)
			return true;
	return false;
}

static void translate(struct word *word)
{
	for_each_row(row, translations) {
		size_t n = strlen(row->word);
		bool found =
			row->part
				? memmem(word->start, word->length, row->word, n) != NULL
				: word->length == n && !memcmp(word->start, row->word, n);
		if (!found)
			continue;
		word->start = row->name;
		word->length = strlen(row->name);
		return;
	}
}

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
		struct word *word = &ret->word[ret->n++];
		*word = (struct word){ first, (size_t)(end - first), first };
		translate(word);
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

/* The longest name that ends at word `at`, and fits the version; *ret_known tells of one
 * that does not fit. */
static bool find_name(const struct words *words, size_t at, const char *version,
		      struct component_reading *ret, bool *ret_known)
{
	size_t best = 0;
	*ret_known = false;
	for_each_row(name, component_names) {
		size_t count = match_name(words, at, name->words);
		if (!count)
			continue;
		*ret_known = true;
		if (count < best)
			continue;
		char value[VERSION_MAX];
		bool fits = name->spelling(version, value);
		if (count > best) {
			best = count;
			ret->name = NULL;
		}
		if (!fits || ret->name)
			continue;
		ret->name = name;
		ret->start = words->word[at + count - 1].place;
		ret->words = count;
		memcpy(ret->value, value, sizeof(value));
	}
	return best && ret->name;
}

static bool is_in(const char *const *list, size_t n, const struct word *word)
{
	return is_listed(list, n, word->start, word->length);
}

/* An earlier version between a name and this one, as in "32.0.1.1 -> 32.0.2.2". */
static bool is_version_word(const struct word *word)
{
	return isdigit((unsigned char)word->start[0]) &&
	       memchr(word->start, '.', word->length);
}

/* The day, month or year of a date: of Windows' lists of drivers, between name and version. */
static bool is_date_word(const struct words *words, size_t at)
{
	size_t n = 0;
	for (size_t i = at; i < words->n && i < at + 3; i++, n++)
		for (size_t j = 0; j < words->word[i].length; j++)
			if (!isdigit((unsigned char)words->word[i].start[j]) ||
			    words->word[i].length > 4)
				return false;
	return n == 3;
}

/* "igdkmd64.sys": the file of a driver. */
static bool is_file_word(const struct word *word)
{
	return word->length > 4 && (!memcmp(word->start + word->length - 4, ".sys", 4) ||
				    !memcmp(word->start + word->length - 4, ".dll", 4));
}

/* NVIDIA's and AMD's own number before the one in four parts: "551.61 (32.0.15.5161)". */
static bool is_public_beside(const struct word *word, const char *version)
{
	char text[VERSION_MAX], value[VERSION_MAX];
	if (word->length >= sizeof(text) || !spelling_driver(version, value))
		return false;
	memcpy(text, word->start, word->length);
	text[word->length] = '\0';
	return spelling_public(text, value);
}

/* Whether what is said before a name, with nothing of its own between, makes of the version
 * a demand or a memory. */
static bool is_demanded(const struct words *words, size_t at)
{
	for (; at < words->n; at++) {
		if (is_in(demanding, ARRAY_SIZE(demanding), &words->word[at]))
			return true;
		if (!is_in(connecting, ARRAY_SIZE(connecting), &words->word[at]))
			return false;
	}
	return false;
}

bool component_before(const char *start, const char *end, const char *version,
		      struct component_reading *ret)
{
	struct words words = { 0 };
	words_read(start, end, &words);
	ret->weak = ret->denied = ret->from = false;
	bool skips = false; /* an earlier version: behind an arrow, or "to" */
	size_t dates = 0;   /* so many more words are a date's */
	for (size_t at = 0; at < words.n; at++) {
		const struct word *word = &words.word[at];
		bool known;
		ret->name = NULL;
		if (find_name(&words, at, version, ret, &known)) {
			size_t before = at + ret->words;
			ret->denied |= is_demanded(&words, before);
			ret->from = before < words.n && words.word[before].length == 4 &&
				    !memcmp(words.word[before].start, "from", 4);
			return true;
		}
		if (*word->start == PLAIN_ARROW) {
			ret->weak = skips = true;
			continue;
		}
		bool joins = is_in(connecting, ARRAY_SIZE(connecting), word) ||
			     is_foreign(word->start, word->length) || is_file_word(word);
		if (known && !joins)
			return false;
		if (!dates && is_date_word(&words, at))
			dates = 3;
		if (dates) {
			dates--;
			continue;
		}
		if (skips && is_version_word(word)) {
			/* from that one to this one */
			if (at + 1 < words.n && words.word[at + 1].length == 4 &&
			    !memcmp(words.word[at + 1].start, "from", 4))
				at++;
			continue;
		}
		if (is_in(weakening, ARRAY_SIZE(weakening), word)) {
			ret->weak = true;
			skips |= word->length == 2; /* "to" */
		} else if (is_in(denying, ARRAY_SIZE(denying), word) ||
			   is_in(demanding, ARRAY_SIZE(demanding), word)) {
			ret->denied = true;
		} else if (!joins && !is_public_beside(word, version)) {
			return false;
		}
	}
	return false;
}
