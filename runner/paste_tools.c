#include "runner/paste_tools.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

/* Words of the plain copy, all in one line and in this order. */
static const struct sign {
	const char *words[3];
	const char *interface;
	enum outcome outcome;
} signs[] = {
	/* tools and libraries */
	{ { "igc internal compiler error", NULL }, "opencl", OUTCOME_CRASH },
	/* where Intel's runtime gives up, by the file that says so; the line moves */
	{ { "create um km data translator.cpp", NULL }, "opencl", OUTCOME_CRASH },
	{ { "os context win.cpp", NULL }, "opencl", OUTCOME_CRASH },
	{ { "wddm adapter info.cpp", NULL }, "opencl", OUTCOME_CRASH },
	{ { "clgetplatformids", "1001", NULL }, "opencl", OUTCOME_FAIL },
	{ { "number of platforms 0", NULL }, "opencl", OUTCOME_FAIL },
	{ { "number of opencl devices", "0 device", NULL }, "opencl", OUTCOME_FAIL },
	{ { "vkcreateinstance", "incompatible driver", NULL }, "vulkan", OUTCOME_FAIL },
	{ { "vkcreateinstance", "found no drivers", NULL }, "vulkan", OUTCOME_FAIL },
	{ { "failed to initialize nvml", NULL }, "cuda", OUTCOME_FAIL },
	{ { "cuda version err", NULL }, "cuda", OUTCOME_FAIL },
	{ { "found 0 compatible adapters", NULL }, "directml", OUTCOME_FAIL },
	{ { "zeinit", "0x78000001", NULL }, "level-zero", OUTCOME_FAIL },
	{ { "zeinit", "78000001", NULL }, "level-zero", OUTCOME_FAIL },
	{ { "cl sycl runtime error", NULL }, "sycl", OUTCOME_FAIL },
	{ { "available devices cpu", NULL }, "openvino", OUTCOME_FALLBACK },
	/* a sentence or a row of a table */
	{ { "opencl", "igc crash", NULL }, "opencl", OUTCOME_CRASH },
	{ { "opencl", "segfault", NULL }, "opencl", OUTCOME_CRASH },
	{ { "opencl", "segmentation", NULL }, "opencl", OUTCOME_CRASH },
	{ { "opencl", " crash", NULL }, "opencl", OUTCOME_CRASH },
	{ { "vulkan", "only llvmpipe", NULL }, "vulkan", OUTCOME_FALLBACK },
	{ { "vulkan", "falls back to llvmpipe", NULL }, "vulkan", OUTCOME_FALLBACK },
	{ { "vulkan", "only cpu software", NULL }, "vulkan", OUTCOME_FALLBACK },
};

/* Words that turn such a sentence round. */
static bool is_denied(const struct paste_line *line, size_t from, size_t to)
{
	static const char *const words[] = { " no ",    " not ",      " without ",
					     " never ", " if ",       " may ",
					     " might ", " fixed ",    " doesn t ",
					     " won t ", " no longer " };
	for_each_row(word, words)
		if (memmem(line->plain + from, to - from, *word, strlen(*word)))
			return true;
	return false;
}

/* Plain words with every run of blanks as one, so that columns read as a sentence. */
#define SQUEEZED_MAX 512

static size_t squeeze(const struct paste_line *line, char ret[SQUEEZED_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < line->size && n + 1 < SQUEEZED_MAX; i++) {
		char c = line->plain[i] == PLAIN_STOP || line->plain[i] == PLAIN_ARROW
				 ? ' '
				 : line->plain[i];
		if (c == ' ' && (!n || ret[n - 1] == ' '))
			continue;
		ret[n++] = c;
	}
	while (n && ret[n - 1] == ' ')
		n--;
	ret[n] = '\0';
	return n;
}

static struct result *add_result(struct record *record, const char *interface,
				 enum outcome outcome, const struct paste_line *line)
{
	const struct result *old = record_result(record, interface, ROLE_ADAPTER);
	if (old)
		return NULL;
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	*result = (struct result){ .interface = interface,
				   .role = ROLE_ADAPTER,
				   .reported = true,
				   .outcome = outcome };
	size_t size = line->size < 120 ? line->size : 120;
	while (size < line->size && size &&
	       ((unsigned char)line->text[size] & 0xc0) == 0x80)
		size--;
	*arena_push(&record->arena, record->evidence, record->n_evidence) =
		(struct evidence){ arena_printf(&record->arena, "/results/%zu",
						record->n_results - 1),
				   line->number,
				   arena_strndup(&record->arena, line->text, size) };
	return result;
}

static void read_signs(const struct paste_line *line, struct record *record)
{
	char words[SQUEEZED_MAX];
	size_t size = squeeze(line, words);
	for_each_row(sign, signs) {
		const char *at = words, *first = NULL;
		for (size_t i = 0; at && i < 3 && sign->words[i]; i++) {
			at = strstr(at, sign->words[i]);
			if (!first)
				first = at;
			if (at)
				at += strlen(sign->words[i]);
		}
		if (!at || (sign->outcome == OUTCOME_FALLBACK &&
			    (!strncmp(at, " gpu", 4) || !strncmp(at, " npu", 4))))
			continue;
		struct paste_line part = { .plain = words, .size = size };
		if (sign->words[1] &&
		    is_denied(&part, (size_t)(first - words), (size_t)(at - words)))
			continue;
		add_result(record, sign->interface, sign->outcome, line);
	}
}

/* What lists of devices come to, seen over the whole text. */
struct lists {
	struct paste_line vulkan_cpu, gl_cpu, gl_gpu, sycl_cpu;
	bool vulkan_gpu, sycl_gpu, opencl_gpu;
};

static bool has(const struct paste_line *line, const char *what)
{
	return memmem(line->text, line->size, what, strlen(what));
}

static void keep_first(struct paste_line *kept, const struct paste_line *line)
{
	if (!kept->text)
		*kept = *line;
}

static void read_list_line(const struct paste_line *line, struct lists *lists)
{
	bool software = has(line, "llvmpipe");
	if (has(line, "deviceName") && has(line, "=")) {
		if (software)
			keep_first(&lists->vulkan_cpu, line);
		else
			lists->vulkan_gpu = true;
	}
	bool renderer = has(line, "OpenGL renderer string") || has(line, "GL_RENDERER");
	if (renderer && software)
		keep_first(&lists->gl_cpu, line);
	if (renderer && has(line, "D3D12 ("))
		keep_first(&lists->gl_gpu, line);
	if (has(line, "opencl:cpu") || has(line, "[opencl:acc"))
		keep_first(&lists->sycl_cpu, line);
	if (has(line, ":gpu:") || has(line, ":gpu]"))
		lists->sycl_gpu = true;
}

static void set_device(struct record *record, struct result *result, const char *name)
{
	if (!result)
		return;
	*arena_push(&record->arena, result->device.finding, result->device.n) =
		(struct finding_value){ .name = finding_rows[FIND_DEVICE].name,
					.kind = FINDING_STRING,
					.string = name };
}

static void add_lists(const struct lists *lists, struct record *record)
{
	if (lists->vulkan_cpu.text && !lists->vulkan_gpu)
		set_device(record,
			   add_result(record, "vulkan", OUTCOME_FALLBACK,
				      &lists->vulkan_cpu),
			   "llvmpipe");
	if (lists->gl_cpu.text && !lists->gl_gpu.text)
		set_device(record,
			   add_result(record, "d3d12", OUTCOME_FALLBACK, &lists->gl_cpu),
			   "llvmpipe");
	if (lists->gl_gpu.text && !lists->gl_cpu.text)
		add_result(record, "d3d12", OUTCOME_PASS, &lists->gl_gpu);
	if (lists->sycl_cpu.text && !lists->sycl_gpu)
		add_result(record, "sycl", OUTCOME_FALLBACK, &lists->sycl_cpu);
}

void paste_read_tools(const struct paste_text *text, struct record *record)
{
	struct paste_line line = { 0 };
	struct lists lists = { 0 };
	while (paste_line_next(text, &line)) {
		read_signs(&line, record);
		read_list_line(&line, &lists);
	}
	add_lists(&lists, record);
}
