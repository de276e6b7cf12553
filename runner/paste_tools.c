#include "runner/paste_tools.h"

#include <stdint.h>
#include <string.h>

#include "util/array.h"

/* As much of a line is kept as evidence. */
#define EVIDENCE_MAX 120
/* The words of a sentence stand this near each other. */
#define SIGN_NEAR 120

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
	{ { "gmm client context.cpp", NULL }, "opencl", OUTCOME_CRASH },
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
static bool is_denied(const char *from, const char *to)
{
	static const char *const words[] = { " no ",    " not ",      " without ",
					     " never ", " if ",       " may ",
					     " might ", " fixed ",    " doesn t ",
					     " won t ", " no longer " };
	for_each_row(word, words)
		if (memmem(from, (size_t)(to - from), *word, strlen(*word)))
			return true;
	return false;
}

/* Plain words with every run of blanks as one, so that columns read as a sentence. */
struct squeezed {
	char words[PASTE_LINE_MAX + 1];
	uint16_t at[PASTE_LINE_MAX + 1]; /* where each byte stands in the line */
};

static void squeeze(const struct paste_line *line, struct squeezed *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < line->size && n < PASTE_LINE_MAX; i++) {
		char c = line->plain[i] == PLAIN_STOP || line->plain[i] == PLAIN_ARROW
				 ? ' '
				 : line->plain[i];
		if (c == ' ' && (!n || ret->words[n - 1] == ' '))
			continue;
		ret->at[n] = (uint16_t)i;
		ret->words[n++] = c;
	}
	while (n && ret->words[n - 1] == ' ')
		n--;
	ret->words[n] = '\0';
}

static struct result *add_result(struct record *record, const char *interface,
				 enum outcome outcome, const struct paste_line *line,
				 size_t from)
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
	size_t size = line->size - from;
	if (size > EVIDENCE_MAX)
		size = EVIDENCE_MAX;
	while (size && from + size < line->size &&
	       ((unsigned char)line->text[from + size] & 0xc0) == 0x80)
		size--;
	*arena_push(&record->arena, record->evidence,
		    record->n_evidence) = (struct evidence){
		arena_printf(&record->arena, "/results/%zu", record->n_results - 1),
		line->number, arena_strndup(&record->arena, line->text + from, size)
	};
	return result;
}

/* @return where the words of a sign begin, NULL where they don't stand there, near each
 * other, in their order and with nothing between that denies them; *ret_end is behind them. */
static const char *find_sign(const struct sign *sign, const char *words,
			     const char **ret_end)
{
	const char *first = strstr(words, sign->words[0]);
	while (first) {
		const char *at = first + strlen(sign->words[0]);
		for (size_t i = 1; at && i < ARRAY_SIZE(sign->words) && sign->words[i];
		     i++) {
			const char *next = strstr(at, sign->words[i]);
			bool near = next && next - at < SIGN_NEAR;
			/* the blanks around what lies between */
			const char *behind = near && *next != ' ' ? next + 1 : next;
			at = near && !is_denied(at, behind)
				     ? next + strlen(sign->words[i])
				     : NULL;
		}
		if (at) {
			*ret_end = at;
			return first;
		}
		first = strstr(first + 1, sign->words[0]);
	}
	return NULL;
}

static void read_signs(const struct paste_line *line, struct record *record)
{
	struct squeezed squeezed;
	squeeze(line, &squeezed);
	for_each_row(sign, signs) {
		const char *end;
		const char *first = find_sign(sign, squeezed.words, &end);
		/* of a list of devices, that only the CPU stands in it */
		if (!first || (sign->outcome == OUTCOME_FALLBACK &&
			       (!strncmp(end, " gpu", 4) || !strncmp(end, " npu", 4))))
			continue;
		add_result(record, sign->interface, sign->outcome, line,
			   squeezed.at[first - squeezed.words]);
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
				      &lists->vulkan_cpu, 0),
			   "llvmpipe");
	if (lists->gl_cpu.text && !lists->gl_gpu.text)
		set_device(
			record,
			add_result(record, "d3d12", OUTCOME_FALLBACK, &lists->gl_cpu, 0),
			"llvmpipe");
	if (lists->gl_gpu.text && !lists->gl_cpu.text)
		add_result(record, "d3d12", OUTCOME_PASS, &lists->gl_gpu, 0);
	if (lists->sycl_cpu.text && !lists->sycl_gpu)
		add_result(record, "sycl", OUTCOME_FALLBACK, &lists->sycl_cpu, 0);
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
