#include "runner/paste_gpu.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "util/array.h"

#define NAME_SIZE 96

struct reader {
	struct claims *claims;
	struct paste_line line, last;
};

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

/* nvidia-smi's next column, where the name before it is long. */
static size_t cut_mode(char *name)
{
	static const char *const modes[] = { " WDDM", " TCC", " On", " Off" };
	size_t n = strlen(name);
	for_each_row(mode, modes) {
		size_t length = strlen(*mode);
		if (n > length && !strcmp(name + n - length, *mode))
			name[n -= length] = '\0';
	}
	return n;
}

/* Drops the character that ends a cut name, of which there may be a half. */
static size_t cut_character(char *name, size_t n)
{
	while (n && ((unsigned char)name[n - 1] & 0xc0) == 0x80)
		n--;
	if (n && (unsigned char)name[n - 1] >= 0xc0)
		n--;
	name[n] = '\0';
	return n;
}

/* Copies a name without blanks around it, cut where a remark begins. */
static void add_name(struct reader *r, const char *start, size_t size,
		     enum claim_strength strength)
{
	char name[NAME_SIZE];
	while (size && (isspace((unsigned char)*start) || strchr("\"'`*:|=>-", *start))) {
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
	if (n == NAME_SIZE - 1)
		n = cut_character(name, n);
	n = cut_mode(name);
	/* no device nobody sells */
	if (n < 3 || is_no_gpu(name) ||
	    (!gpu_vendor_of_name(name) && !gpu_name_is_npu(name) &&
	     !strstr(name, "Adreno")))
		return;
	claims_add(r->claims, CLAIM_NAME, NULL, name, strength, r->line.number, start, n);
}

/* D3D12 (Intel(R) UHD Graphics 770): Mesa's name for the adapter behind it. */
static void read_d3d12(struct reader *r)
{
	const char *open = paste_line_find(&r->line, 0, "D3D12 (");
	if (!open)
		open = paste_line_find(&r->line, 0, "Direct3D12 (");
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
	if (r->last.goes_on) /* a part of a line does not begin one */
		return;
	while (start < line->size &&
	       (line->plain[start] == ' ' || line->text[start] == '>'))
		start++;
	for_each_row(label, labels) {
		size_t n = strlen(*label), at = start + n;
		if (at >= line->size || memcmp(line->plain + start, *label, n) ||
		    line->plain[at] != ' ')
			continue;
		bool marked = false;
		bool wide = at + 1 < line->size && line->text[at] == ' ' &&
			    line->text[at + 1] == ' ';
		while (at < line->size && (isspace((unsigned char)line->text[at]) ||
					   strchr(":=|*`\"", line->text[at]))) {
			marked |= !isspace((unsigned char)line->text[at]);
			at++;
		}
		if ((!marked && !wide) || paste_line_find(line, at, "D3D12 ("))
			continue;
		add_name(r, line->text + at, line->size - at, CLAIM_LABEL);
	}
	/* "NPU:" alone, its name in the next line */
	const struct paste_line *last = &r->last;
	if (last->text && last->size >= 4 && last->size < 16 &&
	    memchr(last->text, ':', last->size) &&
	    (paste_line_find(last, 0, "npu:") || paste_line_find(last, 0, "gpu:")))
		add_name(r, line->text, line->size, CLAIM_LABEL);
}

/* |   0  NVIDIA RTX A2000  On  | of nvidia-smi */
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
		size_t next = paste_line_skip(line, end);
		size_t next_end = word_end(line, next);
		if (next - end > 1 || !is_suffix(line->plain + next, next_end - next))
			return end;
		end = next_end;
	}
}

/* @return behind the name that begins at a word, or `at` where none does. */
static size_t read_series(struct reader *r, size_t at)
{
	const struct paste_line *line = &r->line;
	for_each_row(row, series) {
		size_t n = strlen(row->series);
		if (at + n > line->size || memcmp(line->plain + at, row->series, n) ||
		    (at + n < line->size && isalnum((unsigned char)line->plain[at + n])))
			continue;
		size_t model = paste_line_skip(line, at + n);
		size_t end = row->digits ? model_end(line, model) : at + n;
		if (!end || model > at + n + 6)
			continue;
		char name[NAME_SIZE];
		snprintf(name, sizeof(name), "%s%s%.*s", row->maker,
			 row->digits ? " " : "", row->digits ? (int)(end - model) : 0,
			 line->text + model);
		claims_add(r->claims, CLAIM_NAME, NULL, name, CLAIM_SENTENCE,
			   line->number, line->text + at, end - at);
		return end;
	}
	return at;
}

static void read_sentence(struct reader *r)
{
	const struct paste_line *line = &r->line;
	for (size_t at = 0; at < line->size;) {
		size_t end = at;
		if (isalpha((unsigned char)line->plain[at]) &&
		    (!at || !isalnum((unsigned char)line->plain[at - 1])) &&
		    strchr("agriu", line->plain[at]))
			end = read_series(r, at);
		at = end > at ? end : at + 1;
	}
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

void paste_read_names(const struct paste_text *text, struct claims *claims)
{
	struct reader r = { .claims = claims };
	while (paste_line_next(text, &r.line)) {
		read_d3d12(&r);
		read_name_labels(&r);
		read_nvidia_row(&r);
		read_sentence(&r);
		read_vendor_words(&r);
		r.last = r.line;
	}
}
