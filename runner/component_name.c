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
	FIELD("driverversion", DRIVER_PUBLIC, public),
	FIELD("adrenalin", DRIVER_PUBLIC, public),
	FIELD("amd software", DRIVER_PUBLIC, public),
	FIELD("wsl", WSL, wsl),
	FIELD("wsl2", WSL, wsl),
	FIELD("wslinfo", WSL, wsl),
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
	"string", "full", "name", "date", "package", "standard", "cumulative",
	/* of sentences */
	"is", "in", "on", "via", "with", "at", "the", "a", "an", "of", "my", "and", "use",
	"used", "using", "currently", "current", "installed", "running", "shown",
	"reports", "says", "shows", "now", "host", "guest", "side",
	/* of GPUs and their makers */
	"gpu", "graphics", "kmd", "umd", "intel", "nvidia", "amd", "r", "tm", "c", "game",
	"ready", "studio", "whql", "beta", "sys", "dll", "igdkmd64.sys", "nvxdcore.dll",
	"nvlddmkm.sys",
	/* of Windows and WSL */
	"windows", "wsl", "wsl2", "microsoft", "os", "11", "10", "2", "home", "pro",
	"enterprise", "ltsc", "iot", "insider", "preview", "canary", "dev", "channel",
	"ga", "21h2", "22h2", "23h2", "24h2", "25h2", "26h1",
	/* of package lists */
	"ii", "hi", "amd64", "arm64", "x86", "64bit", "noble", "jammy", "focal",
	"bookworm", "trixie", "plucky", "resolute", "stable", "universe",
};

/* Words after which a version is another one than the machine's. */
static const char *const weakening[] = {
	"to", "from", "or", "not", "like", "was", "than", "since", "until", "before",
	"after", "latest", "newer", "newest", "older", "previous", "previously", "fixed",
	"tried", "expected", "needs", "requires", "require", "minimum", "least",
	"upgrade", "update", "updated", "supports", "supported",
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

bool component_before(const char *start, const char *end, const char *version,
		      struct component_reading *ret)
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
