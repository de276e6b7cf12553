#include "runner/paste_gpu.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "diagnosis/gpu.h"
#include "util/array.h"

#define NAME_SIZE 96

struct reader {
	struct claims *claims;
	struct paste_line line, last;
	char vendor[5]; /* of the last "vendor id" line; "" where none is near */
	int64_t vendor_line;
};

/* ---- ids ---- */

static bool is_vendor(const char *id)
{
	/* Intel, AMD, NVIDIA, Qualcomm */
	static const char *const vendors[] = { "8086", "1002", "10de", "5143", "17cb" };
	for_each_row(vendor, vendors)
		if (!strncasecmp(*vendor, id, 4))
			return true;
	return false;
}

/* @return whether exactly four hexadecimal digits stand at text[at]. */
static bool take_hex(const struct paste_line *line, size_t at, char ret[5])
{
	if (at + 4 > line->size)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)line->text[at + i]))
			return false;
		ret[i] = (char)tolower((unsigned char)line->text[at + i]);
	}
	ret[4] = '\0';
	return at + 4 == line->size || !isalnum((unsigned char)line->text[at + 4]);
}

static bool is_npu_line(const struct paste_line *line)
{
	char text[256];
	snprintf(text, sizeof(text), "%.*s", (int)(line->size < 255 ? line->size : 255),
		 line->text);
	return gpu_name_is_npu(text);
}

static void add_id(struct reader *r, const char *vendor, const char *device, size_t start,
		   size_t end)
{
	if (!is_vendor(vendor) || !strcmp(device, "0000") || !strcmp(device, "ffff"))
		return;
	char pci[10];
	snprintf(pci, sizeof(pci), "%.4s:%.4s", vendor, device);
	claims_add(r->claims, CLAIM_PCI, NULL, pci, CLAIM_SENTENCE, r->line.number,
		   r->line.text + start, end - start);
	if (is_npu_line(&r->line) || is_npu_line(&r->last))
		claims_add(r->claims, CLAIM_CLASS, NULL, "npu", CLAIM_WEAK,
			   r->line.number, r->line.text + start, end - start);
}

static const char *find(const struct paste_line *line, size_t from, const char *what)
{
	size_t length = strlen(what);
	for (size_t i = from; i + length <= line->size; i++)
		if (!strncasecmp(line->text + i, what, length))
			return line->text + i;
	return NULL;
}

/* PCI\VEN_8086&DEV_7DD5, VEN_8086:DEV_7DD5 */
static void read_ven_dev(struct reader *r)
{
	const struct paste_line *line = &r->line;
	size_t at = 0;
	for (const char *ven; (ven = find(line, at, "VEN_"));) {
		char vendor[5], device[5];
		size_t start = (size_t)(ven - line->text);
		at = start + 4;
		if (!take_hex(line, start + 4, vendor) || start + 9 > line->size)
			continue;
		const char *dev = find(line, start + 8, "DEV_");
		if (!dev || dev > line->text + start + 12 ||
		    !take_hex(line, (size_t)(dev - line->text) + 4, device))
			continue;
		at = (size_t)(dev - line->text) + 8;
		add_id(r, vendor, device, start, at);
	}
}

/* 8086:7dd5, on its own or in lspci's brackets; v00008086d00007DD5 of a modalias */
static void read_pair(struct reader *r)
{
	const struct paste_line *line = &r->line;
	for (size_t at = 0; at + 9 <= line->size; at++) {
		char vendor[5], device[5];
		if (at && (isalnum((unsigned char)line->text[at - 1]) ||
			   line->text[at - 1] == ':'))
			continue;
		if (line->text[at + 4] == ':' && take_hex(line, at, vendor) &&
		    take_hex(line, at + 5, device) &&
		    (at + 9 == line->size || line->text[at + 9] != ':'))
			add_id(r, vendor, device, at, at + 9);
	}
	const char *alias = find(line, 0, "pci:v0000");
	size_t at = alias ? (size_t)(alias - line->text) : 0;
	if (alias && at + 22 <= line->size && !strncasecmp(alias + 13, "d0000", 5)) {
		char vendor[5], device[5];
		snprintf(vendor, sizeof(vendor), "%.4s", alias + 9);
		snprintf(device, sizeof(device), "%.4s", alias + 18);
		for (size_t i = 0; i < 4; i++) {
			vendor[i] = (char)tolower((unsigned char)vendor[i]);
			device[i] = (char)tolower((unsigned char)device[i]);
		}
		if (strspn(device, "0123456789abcdef") == 4)
			add_id(r, vendor, device, at, at + 22);
	}
}

/* The vendor that the words of a line before a place name. */
static const char *vendor_before(const struct paste_line *line, size_t at)
{
	char text[128];
	size_t from = at > 100 ? at - 100 : 0;
	snprintf(text, sizeof(text), "%.*s", (int)(at - from), line->text + from);
	return gpu_vendor_of_name(text);
}

/* "Intel(R) Graphics [0x7dd5]", "Chip type: AMD … (0x7480)" */
static void read_bracket(struct reader *r)
{
	const struct paste_line *line = &r->line;
	size_t at = 0;
	for (const char *hex; (hex = find(line, at, "0x"));) {
		size_t start = (size_t)(hex - line->text);
		char device[5];
		at = start + 2;
		char open = start ? line->text[start - 1] : ' ';
		char close = start + 6 < line->size ? line->text[start + 6] : ' ';
		bool chip = open == '(' && close == ')' && find(line, 0, "chip type");
		if (!(open == '[' && close == ']') && !chip)
			continue;
		const char *vendor = vendor_before(line, start);
		if (vendor && take_hex(line, start + 2, device))
			add_id(r, vendor, device, start - 1, start + 7);
	}
}

/* The hexadecimal number behind a label in the plain line: "vendor id", "deviceid". */
static bool labelled_hex(const struct paste_line *line, const char *const *labels,
			 char ret[5])
{
	for (; *labels; labels++) {
		const char *at =
			memmem(line->plain, line->size, *labels, strlen(*labels));
		if (!at)
			continue;
		size_t i = (size_t)(at - line->plain) + strlen(*labels);
		while (i < line->size && line->plain[i] == ' ')
			i++;
		if (i + 2 < line->size && line->text[i] == '0' &&
		    tolower((unsigned char)line->text[i + 1]) == 'x')
			i += 2;
		if (take_hex(line, i, ret))
			return true;
	}
	return false;
}

/* Up to this many lines lie between a device's vendor and its id. */
#define PAIR_NEAR 6

static void read_labels(struct reader *r)
{
	static const char *const vendor_labels[] = { "vendorid", "vendor id", NULL };
	static const char *const device_labels[] = { "deviceid", "device id",
						     "pci device id", "pci id", NULL };
	char vendor[5], device[5];
	const struct paste_line *line = &r->line;
	if (labelled_hex(line, vendor_labels, vendor)) {
		memcpy(r->vendor, vendor, sizeof(vendor));
		r->vendor_line = line->number;
		if (is_vendor(vendor))
			claims_add(r->claims, CLAIM_VENDOR, NULL, vendor, CLAIM_SENTENCE,
				   line->number, line->text, line->size);
	}
	if (!labelled_hex(line, device_labels, device))
		return;
	const char *named = vendor_before(line, line->size);
	if (*r->vendor && line->number - r->vendor_line <= PAIR_NEAR)
		add_id(r, r->vendor, device, 0, line->size);
	else if (named)
		add_id(r, named, device, 0, line->size);
}

/* ---- names ---- */

/* CPUs, software devices and Microsoft's own adapter carry names too. */
static bool is_no_gpu(const char *name)
{
	static const char *const words[] = {
		"llvmpipe",     "SwiftShader", "softpipe", "Basic Render", "Core(TM)",
		"Xeon",         "Processor",   " CPU",     "cpu-",         "pthread",
		"Ryzen 3",      "Ryzen 5",     "Ryzen 7",  "Ryzen 9",      "FPGA",
		"Threadripper", "Ryzen AI",    "driver",   "Driver"
	};
	for_each_row(word, words)
		if (strstr(name, *word))
			return true;
	return false;
}

/* Copies a name without blanks around it, cut where a remark begins. */
static void add_name(struct reader *r, const char *start, size_t size,
		     enum claim_strength strength)
{
	char name[NAME_SIZE];
	while (size && (isspace((unsigned char)*start) || strchr("\"'`*:|=", *start))) {
		start++;
		size--;
	}
	size_t n = 0;
	for (size_t i = 0; i < size && n + 1 < NAME_SIZE; i++) {
		bool remark = i && start[i] == '(' && start[i - 1] == ' ';
		bool gap = start[i] == ' ' && i + 1 < size && start[i + 1] == ' ';
		if (remark || gap || strchr(",;|\"`\t\r", start[i]))
			break;
		name[n++] = start[i];
	}
	while (n && strchr(" .:*", name[n - 1]))
		n--;
	name[n] = '\0';
	/* no half of a character, no device nobody sells */
	while (n && ((unsigned char)name[n - 1] & 0xc0) == 0x80 && n == NAME_SIZE - 1)
		name[--n] = '\0';
	if (n < 3 || is_no_gpu(name) ||
	    (!gpu_vendor_of_name(name) && !gpu_name_is_npu(name) &&
	     !strstr(name, "Adreno")))
		return;
	claims_add(r->claims, CLAIM_NAME, NULL, name, strength, r->line.number, start, n);
}

/* D3D12 (Intel(R) UHD Graphics 770): Mesa's name for the adapter behind it. */
static void read_d3d12(struct reader *r)
{
	const char *open = find(&r->line, 0, "D3D12 (");
	if (!open)
		open = find(&r->line, 0, "Direct3D12 (");
	if (!open)
		return;
	const char *end = r->line.text + r->line.size;
	const char *start = memchr(open, '(', (size_t)(end - open));
	start++;
	int depth = 1;
	const char *at = start;
	for (; at < end && depth; at++)
		depth += (*at == '(') - (*at == ')');
	add_name(r, start, (size_t)(at - start) - !depth, CLAIM_LABEL);
}

/* Labels whose value is a GPU, at the start of a line. */
static void read_name_labels(struct reader *r)
{
	static const char *const labels[] = {
		"card name",     "device name", "devicename",
		"gpu",           "gpu model",   "gpu name",
		"graphics card", "graphics",    "video card",
		"name",          "adapter",     "npu",
		"gpu 0",         "gpu0",        "device 0",
		"igpu",          "dgpu",        "video controller",
	};
	const struct paste_line *line = &r->line;
	size_t start = 0;
	while (start < line->size && line->plain[start] == ' ')
		start++;
	for_each_row(label, labels) {
		size_t n = strlen(*label), at = start + n;
		if (at >= line->size || memcmp(line->plain + start, *label, n) ||
		    line->plain[at] != ' ')
			continue;
		while (at < line->size && line->plain[at] == ' ' &&
		       !isspace((unsigned char)line->text[at]))
			at++;
		bool marked = at > start + n;
		bool wide = at + 1 < line->size && line->text[at] == ' ' &&
			    line->text[at + 1] == ' ';
		while (at < line->size && (isspace((unsigned char)line->text[at]) ||
					   strchr(":=|*`", line->text[at]))) {
			marked |= !isspace((unsigned char)line->text[at]);
			at++;
		}
		if ((!marked && !wide) || find(line, at, "D3D12 ("))
			continue;
		add_name(r, line->text + at, line->size - at, CLAIM_LABEL);
	}
	/* "NPU:" alone, its name in the next line */
	const struct paste_line *last = &r->last;
	if (last->text && last->size >= 4 && last->size < 16 &&
	    memchr(last->text, ':', last->size) &&
	    (find(last, 0, "npu:") || find(last, 0, "gpu:")))
		add_name(r, line->text, line->size, CLAIM_LABEL);
}

/* |   0  NVIDIA GeForce RTX 3060 ...  On  | of nvidia-smi */
static void read_nvidia_row(struct reader *r)
{
	const struct paste_line *line = &r->line;
	size_t at = 0;
	while (at < line->size && line->text[at] == ' ')
		at++;
	if (at >= line->size || line->text[at] != '|')
		return;
	at++;
	while (at < line->size && line->text[at] == ' ')
		at++;
	size_t digits = at;
	while (at < line->size && isdigit((unsigned char)line->text[at]))
		at++;
	if (at == digits || at - digits > 2 || at + 2 >= line->size ||
	    line->text[at] != ' ' || line->text[at + 1] != ' ')
		return;
	while (at < line->size && line->text[at] == ' ')
		at++;
	/* Long names are cut by the tool itself: "…" of three dots stays. */
	add_name(r, line->text + at, line->size - at, CLAIM_LABEL);
}

/* What is sold under a series' name: "Arc 140T", "GeForce RTX 4090", in a sentence. */
static const struct {
	const char *series, *maker;
	bool digits; /* the model begins with a digit, or a letter and digits */
} series[] = {
	{ "arc", "Intel Arc", true },
	{ "arc tm", "Intel Arc", true },
	{ "arc pro", "Intel Arc Pro", true },
	{ "geforce rtx", "NVIDIA GeForce RTX", true },
	{ "geforce gtx", "NVIDIA GeForce GTX", true },
	{ "rtx", "NVIDIA RTX", true },
	{ "radeon rx", "AMD Radeon RX", true },
	{ "radeon", "AMD Radeon", true },
	{ "uhd graphics", "Intel UHD Graphics", true },
	{ "iris xe", "Intel Iris Xe", false },
	{ "ai boost", "Intel AI Boost", false },
};

static bool is_suffix(const char *word, size_t length)
{
	static const char *const suffixes[] = { "ti",  "super",  "xt",  "xtx",
						"gre", "laptop", "gpu", "max" };
	for_each_row(suffix, suffixes)
		if (strlen(*suffix) == length && !memcmp(word, *suffix, length))
			return true;
	return false;
}

static size_t skip_blanks(const struct paste_line *line, size_t at)
{
	while (at < line->size && line->plain[at] == ' ')
		at++;
	return at;
}

static size_t word_end(const struct paste_line *line, size_t at)
{
	while (at < line->size && isalnum((unsigned char)line->plain[at]))
		at++;
	return at;
}

/* @return the end of "a770" or "140t" and of "ti", "laptop gpu" behind it; 0 without */
static size_t model_end(const struct paste_line *line, size_t at)
{
	size_t end = word_end(line, at);
	size_t digits = 0;
	for (size_t i = at; i < end; i++)
		digits += isdigit((unsigned char)line->plain[i]) != 0;
	if (digits < 3 || end - at > 6)
		return 0;
	for (;;) {
		size_t next = skip_blanks(line, end);
		size_t next_end = word_end(line, next);
		if (next - end > 1 || !is_suffix(line->plain + next, next_end - next))
			return end;
		end = next_end;
	}
}

static void read_series(struct reader *r, size_t at)
{
	const struct paste_line *line = &r->line;
	for_each_row(row, series) {
		size_t n = strlen(row->series);
		if (at + n > line->size || memcmp(line->plain + at, row->series, n) ||
		    (at + n < line->size && isalnum((unsigned char)line->plain[at + n])))
			continue;
		size_t model = skip_blanks(line, at + n);
		size_t end = row->digits ? model_end(line, model) : at + n;
		if (!end || model > at + n + 6)
			continue;
		char name[NAME_SIZE];
		snprintf(name, sizeof(name), "%s%s%.*s", row->maker,
			 row->digits ? " " : "", row->digits ? (int)(end - model) : 0,
			 line->text + model);
		claims_add(r->claims, CLAIM_NAME, NULL, name, CLAIM_SENTENCE,
			   line->number, line->text + at, end - at);
	}
}

static void read_sentence(struct reader *r)
{
	const struct paste_line *line = &r->line;
	for (size_t at = 0; at < line->size; at++)
		if (isalpha((unsigned char)line->plain[at]) &&
		    (!at || !isalnum((unsigned char)line->plain[at - 1])) &&
		    strchr("agru", line->plain[at]))
			read_series(r, at);
	if (memmem(line->plain, line->size, "iris xe", 7))
		for (size_t at = 0; at + 7 <= line->size; at++)
			if (!memcmp(line->plain + at, "iris xe", 7))
				read_series(r, at);
}

/* Whose tools and drivers a text speaks of, where it names no GPU. */
static void read_vendor_words(struct reader *r)
{
	static const struct {
		const char *words, *vendor;
	} rows[] = {
		{ "nvidia smi", "10de" },
		{ "nvml", "10de" },
		{ "nvidia driver", "10de" },
		{ "nvidia game ready driver", "10de" },
		{ "intel graphics driver", "8086" },
		{ "amd software", "1002" },
	};
	const struct paste_line *line = &r->line;
	for_each_row(row, rows)
		if (memmem(line->plain, line->size, row->words, strlen(row->words)))
			claims_add(r->claims, CLAIM_VENDOR, NULL, row->vendor, CLAIM_WEAK,
				   line->number, row->words, strlen(row->words));
}

void paste_read_gpus(const struct paste_text *text, struct claims *claims)
{
	struct reader r = { .claims = claims };
	while (paste_line_next(text, &r.line)) {
		read_ven_dev(&r);
		read_pair(&r);
		read_bracket(&r);
		read_labels(&r);
		read_d3d12(&r);
		read_name_labels(&r);
		read_nvidia_row(&r);
		read_sentence(&r);
		read_vendor_words(&r);
		r.last = r.line;
	}
}

/* ---- the distro ---- */

/* Names as people write them, the ID of os-release(5), and how many parts its VERSION_ID
 * has. */
static const struct {
	const char *words, *id;
	int parts;
} distros[] = {
	{ "ubuntu", "ubuntu", 2 },
	{ "debian gnu linux", "debian", 1 },
	{ "debian", "debian", 1 },
	{ "fedora linux", "fedora", 1 },
	{ "fedora", "fedora", 1 },
	{ "alpine linux", "alpine", 2 },
	{ "alpine", "alpine", 2 },
	{ "opensuse leap", "opensuse-leap", 2 },
	{ "almalinux", "almalinux", 2 },
	{ "rocky linux", "rocky", 2 },
	{ "oracle linux", "ol", 2 },
	/* without a version, so only where a label says that it is the distro */
	{ "arch linux", "arch", 0 },
	{ "opensuse tumbleweed", "opensuse-tumbleweed", 0 },
	{ "gentoo", "gentoo", 0 },
	{ "kali linux", "kali", 0 },
};

/* "24.04" of "24.04.1 LTS": as many parts as VERSION_ID has. */
static size_t version_id(const struct paste_line *line, size_t at, int parts,
			 char ret[16])
{
	size_t n = 0;
	int dots = 0;
	while (at + n < line->size && n < 8) {
		char c = line->text[at + n];
		if (c == '.' && ++dots >= parts)
			break;
		if (!isdigit((unsigned char)c) && c != '.')
			break;
		ret[n++] = c;
	}
	while (n && ret[n - 1] == '.')
		n--;
	ret[n] = '\0';
	/* Ubuntu's second part has two digits, and all have a first one. */
	if (parts == 2 && !strchr(ret, '.'))
		return 0;
	return n;
}

static void read_distro_at(const struct paste_line *line, size_t at,
			   struct claims *claims)
{
	for_each_row(row, distros) {
		size_t n = strlen(row->words), end = at + n;
		if (end > line->size || memcmp(line->plain + at, row->words, n) ||
		    (end < line->size && line->plain[end] != ' '))
			continue;
		bool label = memmem(line->plain, line->size, "distr", 5) ||
			     memmem(line->plain, line->size, "description", 11) ||
			     memmem(line->plain, line->size, "pretty name", 11);
		if (!row->parts && label)
			claims_add(claims, CLAIM_DISTRO, NULL, row->id, CLAIM_LABEL,
				   line->number, line->text + at, n);
		if (!row->parts)
			return;
		size_t number = skip_blanks(line, end);
		char version[16], distro[64];
		if (number > end + 2 || !version_id(line, number, row->parts, version))
			continue;
		snprintf(distro, sizeof(distro), "%s-%s", row->id, version);
		claims_add(claims, CLAIM_DISTRO, NULL, distro,
			   label ? CLAIM_LABEL : CLAIM_SENTENCE, line->number,
			   line->text + at, number + strlen(version) - at);
		return;
	}
}

void paste_read_distro(const struct paste_text *text, struct claims *claims)
{
	struct paste_line line = { 0 };
	while (paste_line_next(text, &line))
		for (size_t at = 0; at < line.size; at++)
			if (isalpha((unsigned char)line.plain[at]) &&
			    (!at || (!isalnum((unsigned char)line.plain[at - 1]) &&
				     line.text[at - 1] != '-')))
				read_distro_at(&line, at, claims);
}
