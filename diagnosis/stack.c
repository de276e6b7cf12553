#include "diagnosis/stack.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "util/array.h"
#include "util/strbuf.h"

#define MIB (1024 * 1024)

static void comma(struct strbuf *buf)
{
	if (buf->length)
		strbuf_add_string(buf, ", ");
}

static void add_finding(struct strbuf *buf, const struct findings *findings,
			enum finding what, const char *format)
{
	const char *text = findings_string(findings, what);
	if (!text)
		return;
	comma(buf);
	const char *at = strstr(format, "%s");
	strbuf_printf(buf, "%.*s%s%s", (int)(at - format), format, text, at + 2);
}

static size_t bad_tries(const struct rung_result *rung)
{
	size_t bad = 0;
	for (size_t i = 0; i < rung->n_tries; i++)
		bad += outcome_is_bad(rung->tries[i]);
	return bad;
}

/* What the driver of the guest means by an error; of Windows' own statuses it makes these
 * (microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/dxgvmbus.c, ntstatus2int). */
static const struct {
	int64_t error;
	const char *words;
} refusals[] = {
	{ -EPERM, "not permitted" },
	{ -ENOENT, "no such thing" },
	{ -EBADF, "no way to Windows" },
	{ -EAGAIN, "no room for it now" },
	{ -ENOMEM, "no memory for it" },
	{ -EACCES, "not permitted" },
	{ -EFAULT, "memory it can't read" },
	{ -ENODEV, "no such GPU any more" },
	{ -EINVAL, "not as Windows wants it" },
	{ -ENOTTY, "this kernel has no such call" },
	{ -EOVERFLOW, "Windows gave no full answer" },
};

static void add_refused_call(struct strbuf *buf, const char *call, int64_t error)
{
	strbuf_printf(buf, "our call %s was refused (%" PRId64, call, error);
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].error == error)
			strbuf_printf(buf, ", %s", refusals[i].words);
	strbuf_add_char(buf, ')');
}

static void add_refusal(struct strbuf *buf, const struct findings *findings)
{
	const char *call = findings_string(findings, FIND_CALL);
	const char *code = findings_string(findings, FIND_CODE);
	const struct finding_value *error = findings_get(findings, FIND_ERRNO);
	if (!call)
		return;
	comma(buf);
	if (error)
		add_refused_call(buf, call, error->integer);
	else
		strbuf_printf(buf, "%s%s%s", call, code ? ": " : "", code ? code : "");
}

static void add_wrong(struct strbuf *buf, const struct findings *findings)
{
	const struct finding_value *count = findings_get(findings, FIND_WRONG_COUNT);
	const struct finding_value *at = findings_get(findings, FIND_WRONG_AT);
	if (count)
		strbuf_printf(buf, ": %" PRId64 " of them", count->integer);
	if (at)
		strbuf_printf(buf, ", the first at %" PRId64, at->integer);
}

static void add_reason(struct strbuf *buf, const struct rung_result *rung)
{
	switch (rung->reason) {
	case REASON_NONE:
	case REASON_SIGNAL:
		break;
	case REASON_REFUSED:
	case REASON_BUILD_FAILED:
		add_refusal(buf, &rung->findings);
		if (!buf->length)
			strbuf_add_string(buf, reason_rows[rung->reason].words);
		break;
	case REASON_UNLOADABLE:
	case REASON_NOT_INSTALLED:
		add_finding(buf, &rung->findings, FIND_LOADER_SAYS, "%s");
		if (!buf->length)
			strbuf_add_string(buf, reason_rows[rung->reason].words);
		break;
	case REASON_WRONG_RESULT:
		strbuf_add_string(buf, reason_rows[rung->reason].words);
		add_wrong(buf, &rung->findings);
		break;
	case REASON_DEVICE_LOST:
		strbuf_add_string(buf, reason_rows[rung->reason].words);
		add_refusal(buf, &rung->findings);
		add_finding(buf, &rung->findings, FIND_DEVICE_STATE, "%s");
		break;
	case REASON_CPU_ONLY:
		add_finding(buf, &rung->findings, FIND_DEVICE, "only %s answers");
		if (!buf->length)
			strbuf_add_string(buf, reason_rows[rung->reason].words);
		break;
	case REASON_SYMBOL_MISSING:
		strbuf_add_string(buf, reason_rows[rung->reason].words);
		add_finding(buf, &rung->findings, FIND_MISSING_SYMBOL, "%s");
		break;
	case REASON_NOT_APPLICABLE:
	case REASON_NOT_ASKED:
	case REASON_NOT_WSL2:
	case REASON_NO_DEVICE_NODE:
	case REASON_NO_HOST_CHANNEL:
	case REASON_NO_ADAPTER:
	case REASON_EXIT:
	case REASON_PROTOCOL:
	case REASON_OUTPUT_LIMIT:
	case REASON_MEMORY_LIMIT:
	case REASON_DEADLINE:
	case REASON_CONTROL_FAILED:
	case REASON_STOPPED:
	case REASON_NOT_STARTED:
	case REASON_EARLIER_HUNG:
	case REASON_NOT_RECORDED:
	case REASON_COUNT:
		strbuf_add_string(buf, reason_rows[rung->reason].words);
		break;
	}
}

const char *stack_detail(struct arena *arena, const struct rung_result *rung)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	add_finding(&buf, &rung->findings, FIND_SIGNAL, "%s");
	const char *in = findings_string(&rung->findings, FIND_IN);
	if (in)
		strbuf_printf(&buf, "%sin %s", buf.length ? " " : "", in);
	if (!in && rung->outcome == OUTCOME_CRASH)
		add_finding(&buf, &rung->findings, FIND_LAST_WORDS, "\"%s\"");
	add_reason(&buf, rung);
	if (rung->outcome == OUTCOME_HUNG)
		add_finding(&buf, &rung->findings, FIND_WCHAN, "waits in %s");
	if (rung->n_tries > 1) {
		comma(&buf);
		strbuf_printf(&buf, "%zu tries of %zu", bad_tries(rung), rung->n_tries);
	}
	if (!outcome_is_bad(rung->outcome) || !rung->trace.how || rung->rung < RUNG_COPY)
		;
	else if (road_trace_failed(&rung->trace))
		strbuf_add_string(&buf, ", after a refused call down in DXG");
	else if (!road_trace_submits(&rung->trace))
		strbuf_add_string(&buf, "; nothing went to the GPU");
	return buf.length ? arena_strdup(arena, buf.string) : NULL;
}

const char *stack_answered(const struct result *dxg, const struct rung_result *gone)
{
	/* Where the list has lost it, the steps above were climbed before that. */
	const char *last = rung_rows[RUNG_ENUMERATE].name;
	for (size_t i = 0; i < dxg->n_rungs; i++) {
		const struct rung_result *rung = &dxg->rungs[i];
		if (rung == gone && gone->rung != RUNG_ENUMERATE)
			break;
		if (rung->outcome == OUTCOME_PASS && rung->rung > RUNG_ENUMERATE)
			last = rung_rows[rung->rung].name;
	}
	return last;
}

static struct answer_step *add_step(struct answer *answer, struct answer_steps *steps,
				    enum layer layer, const char *step, const char *road)
{
	struct answer_step *new = arena_push(&answer->arena, steps->step, steps->n);
	new->layer = layer;
	new->step = arena_strdup(&answer->arena, step);
	new->road = arena_strdup(&answer->arena, road);
	return new;
}

static void set_outcome(struct answer_step *step, enum outcome outcome, const char *word,
			const char *detail)
{
	step->outcome = outcome;
	step->word = word ? word : outcome_rows[outcome].words;
	step->detail = detail;
}

/* The rungs of one floor of a road: the first that is bad, else whether all passed. */
static const struct rung_result *floor_worst(const struct result *result,
					     enum layer layer, bool *ret_passed)
{
	const struct rung_result *stopped = NULL;
	*ret_passed = false;
	for (size_t i = 0; i < result->n_rungs; i++) {
		const struct rung_result *rung = &result->rungs[i];
		if (road_layer(result->interface, rung->rung) != layer)
			continue;
		if (outcome_is_bad(rung->outcome))
			return rung;
		if (rung->outcome == OUTCOME_PASS)
			*ret_passed = true;
		else if (!stopped)
			stopped = rung;
	}
	return stopped;
}

static const char *device_of(const struct result *result)
{
	const char *device = findings_string(&result->device, FIND_DEVICE);
	for (size_t i = 0; i < result->n_rungs && !device; i++)
		device = findings_string(&result->rungs[i].findings, FIND_DEVICE);
	return device;
}

static const char *passed_detail(struct answer *answer, const struct result *result,
				 enum layer layer)
{
	const char *device = device_of(result);
	const struct rung_result *compile = result_rung(result, RUNG_COMPILE);
	switch (layer) {
	case LAYER_LOADER:
		return device ? arena_printf(&answer->arena, "%s found and opened",
					     device)
			      : NULL;
	case LAYER_COMPILER:
		return compile && compile->trace.how &&
				       !road_trace_submits(&compile->trace)
			       ? "compiled; nothing sent"
			       : "compiled";
	case LAYER_INFERENCE:
		return result_height(result) == RUNG_INFER
			       ? "a small model gave the right answers"
			       : "a kernel ran and its numbers are right";
	case LAYER_WINDOWS_DRIVER:
	case LAYER_DXG:
	case LAYER_COUNT:
	case LAYER_UNKNOWN:
		break;
	}
	return NULL;
}

/* Of a climb that no fault ended. */
static void set_end(struct answer *answer, struct answer_step *step,
		    const struct rung_result *end)
{
	bool driver = end->reason == REASON_NOT_INSTALLED && end->rung > RUNG_LOAD;
	if (end->outcome != OUTCOME_SKIP)
		set_outcome(step, end->outcome, NULL, stack_detail(&answer->arena, end));
	else
		set_outcome(step, OUTCOME_SKIP, reason_rows[end->reason].words,
			    driver ? "its loader is there, and no driver" : NULL);
	if (!*step->word)
		step->word = outcome_rows[OUTCOME_SKIP].words;
}

static void add_floor(const struct overview *o, struct answer *answer, enum layer layer)
{
	const struct result *road = o->carrier ? o->carrier : o->best;
	if (!road) {
		set_outcome(add_step(answer, &answer->stack, layer, layer_titles[layer],
				     NULL),
			    OUTCOME_BLOCKED, NULL, NULL);
		return;
	}
	bool passed;
	const struct rung_result *worst = floor_worst(road, layer, &passed);
	const char *title = road_title(road->interface);
	bool bad = worst && outcome_is_bad(worst->outcome);
	/* A fault whose cause lies further down breaks no floor of its own. */
	bool moved = bad && o->suspect && o->suspect->layer < layer;
	if (moved || (!bad && !passed)) {
		bool reached = worst && worst->outcome != OUTCOME_BLOCKED;
		struct answer_step *step = add_step(answer, &answer->stack, layer,
						    layer_titles[layer], NULL);
		if (reached && !moved)
			set_outcome(step, worst->outcome, NULL,
				    stack_detail(&answer->arena, worst));
		else
			set_outcome(step, OUTCOME_BLOCKED, NULL, NULL);
		/* That only a CPU answers above a broken floor is no news. */
		if (moved && worst->outcome != OUTCOME_FALLBACK)
			set_outcome(add_step(answer, &answer->stack, layer,
					     rung_rows[worst->rung].name, title),
				    worst->outcome, NULL,
				    stack_detail(&answer->arena, worst));
		return;
	}
	struct answer_step *step =
		add_step(answer, &answer->stack, layer, layer_titles[layer], title);
	if (worst && worst == road_end(road))
		set_end(answer, step, worst);
	else if (bad)
		set_outcome(step, worst->outcome, NULL,
			    stack_detail(&answer->arena, worst));
	else
		set_outcome(step, OUTCOME_PASS, NULL, passed_detail(answer, road, layer));
}

static const char *door_detail(const struct overview *o, struct answer *answer)
{
	char *steps = arena_printf(&answer->arena, "%zu of %zu steps", o->door_passed,
				   o->door_tried);
	if (!o->submitted)
		return steps;
	const struct rung_result *copy = result_rung(o->submitted, RUNG_COPY);
	const struct finding_value *bytes =
		findings_get(&copy->findings, FIND_COMPARED_BYTES);
	const char *size = !bytes ? ""
			   : bytes->integer >= MIB
				   ? arena_printf(&answer->arena, "%" PRId64 " MiB ",
						  bytes->integer / MIB)
				   : arena_printf(&answer->arena, "%" PRId64 " KiB ",
						  bytes->integer / 1024);
	return arena_printf(&answer->arena, "%s; %s: %sto the GPU and back, equal", steps,
			    road_title(o->submitted->interface), size);
}

/* What a broken step of the door means for programs. */
static const char *door_fault(struct answer *answer, const struct rung_result *bad)
{
	const struct finding_value *largest = road_address_cap(bad);
	if (largest)
		return arena_printf(&answer->arena,
				    "GPU addresses end at %" PRId64
				    " MiB; a small model needs about 1 GiB",
				    largest->integer);
	const char *name = rung_rows[bad->rung].name;
	const char *detail = stack_detail(&answer->arena, bad);
	/* The call may have the rung's name. */
	if (detail && !strncmp(detail, name, strlen(name)))
		return detail;
	return arena_printf(&answer->arena, "%s%s%s", name, detail ? ": " : "",
			    detail ? detail : "");
}

/* The suspicion rests on a floor none of whose own steps is bad. */
static bool is_suspected(const struct overview *o, enum layer layer)
{
	return !o->carrier && !o->door_broken && o->suspect && o->suspect->layer == layer;
}

static void add_door_floor(const struct overview *o, struct answer *answer)
{
	struct answer_step *step = add_step(answer, &answer->stack, LAYER_DXG,
					    layer_titles[LAYER_DXG], NULL);
	const struct rung_result *bad =
		o->door_broken ? road_lowest_bad(o->door_broken) : NULL;
	bool below = o->suspect && o->suspect->layer == LAYER_WINDOWS_DRIVER;
	const struct rung_result *gone = bad ? road_gone(o->door_broken) : NULL;
	if (gone && below) {
		set_outcome(step, OUTCOME_BLOCKED, NULL,
			    arena_printf(&answer->arena, "answered up to %s before that",
					 stack_answered(o->door_broken, gone)));
	} else if (bad && !below) {
		set_outcome(step, bad->outcome, NULL, door_fault(answer, bad));
	} else if (bad || !o->door_tried) {
		set_outcome(step, OUTCOME_BLOCKED, NULL, NULL);
	} else if (is_suspected(o, LAYER_DXG)) {
		/* Our own steps are good, and a road was refused something here. */
		set_outcome(step, OUTCOME_SKIP, "suspected", door_detail(o, answer));
	} else {
		set_outcome(step, OUTCOME_PASS, NULL, door_detail(o, answer));
	}
}

static void add_driver_floor(const struct overview *o, struct answer *answer)
{
	struct answer_step *step = add_step(answer, &answer->stack, LAYER_WINDOWS_DRIVER,
					    layer_titles[LAYER_WINDOWS_DRIVER], NULL);
	const struct result *dxg = record_result(o->record, "dxg", ROLE_ADAPTER);
	const struct rung_result *enumerate =
		dxg ? result_rung(dxg, RUNG_ENUMERATE) : NULL;
	const struct rung_result *bad =
		o->door_broken ? road_lowest_bad(o->door_broken) : NULL;
	const struct rung_result *gone = bad ? road_gone(o->door_broken) : NULL;
	if (bad && o->suspect && o->suspect->layer == LAYER_WINDOWS_DRIVER)
		set_outcome(step, bad->outcome, NULL,
			    stack_detail(&answer->arena, gone ? gone : bad));
	else if (is_suspected(o, LAYER_WINDOWS_DRIVER))
		set_outcome(step, OUTCOME_SKIP, "suspected", "its part for WSL");
	else if (enumerate && enumerate->outcome == OUTCOME_PASS)
		set_outcome(step, OUTCOME_PASS, NULL,
			    o->record->combination.driver
				    ? "answers through DXG with its version"
				    : "answers through DXG");
	else
		set_outcome(step, OUTCOME_SKIP, "not known", NULL);
}

static void add_reported_road(struct answer *answer, struct answer_step *step,
			      const struct result *result)
{
	const char *remark = findings_string(&result->device, FIND_REMARK);
	bool dzn =
		!strcmp(result->interface, "vulkan") && result->outcome != OUTCOME_PASS;
	set_outcome(step, result->outcome, NULL,
		    arena_printf(&answer->arena, "reported%s%s%s", remark ? ": " : "",
				 remark ? remark : "",
				 dzn ? "; only a Mesa with dzn can reach the GPU" : ""));
}

static void add_road(const struct overview *o, struct answer *answer,
		     struct answer_steps *steps, const struct result *result)
{
	struct answer_step *step = add_step(answer, steps, LAYER_LOADER,
					    road_title(result->interface), NULL);
	if (result->reported) {
		add_reported_road(answer, step, result);
		return;
	}
	const struct rung_result *open = road_lowest_bad(result);
	enum rung height = result_height(result);
	if (!open)
		open = height == RUNG_COUNT ? road_lowest_open(result) : road_end(result);
	const char *detail = open ? stack_detail(&answer->arena, open) : NULL;
	bool elsewhere = result->role == ROLE_ADAPTER &&
			 road_is_elsewhere(result, &o->record->combination.adapter);
	if (open && open->outcome == OUTCOME_SKIP) {
		set_end(answer, step, open);
	} else if (open && elsewhere) {
		set_outcome(
			step, open->outcome, NULL,
			arena_printf(&answer->arena, "not this %s's: %s",
				     o->npu ? "NPU" : "GPU",
				     detail ? detail : reason_rows[open->reason].words));
	} else if (open && open->outcome == OUTCOME_FALLBACK) {
		/* Elsewhere Mesa has other roads to a GPU. */
		bool dzn = !strcmp(result->interface, "vulkan") && !o->ordinary;
		set_outcome(step, OUTCOME_FALLBACK, NULL,
			    dzn ? arena_printf(&answer->arena,
					       "this Mesa has no dzn driver; %s",
					       detail ? detail : "only a CPU answers")
				: detail);
	} else if (open) {
		set_outcome(step, open->outcome, NULL,
			    arena_printf(&answer->arena, "at %s%s%s",
					 rung_rows[open->rung].name, detail ? ": " : "",
					 detail ? detail : ""));
	} else if (height == RUNG_COUNT) {
		set_outcome(step, OUTCOME_BLOCKED, NULL, NULL);
	} else {
		set_outcome(
			step, OUTCOME_PASS, NULL,
			arena_printf(&answer->arena, "up to %s", rung_rows[height].name));
	}
}

static void add_control(const struct overview *o, struct answer *answer,
			const struct result *result)
{
	add_road(o, answer, &answer->controls, result);
	struct answer_step *step = &answer->controls.step[answer->controls.n - 1];
	const char *device = device_of(result);
	if (step->outcome == OUTCOME_PASS && device)
		step->detail =
			arena_printf(&answer->arena, "%s, on %s", step->detail, device);
}

static bool is_road_to_gpu(enum road_kind kind)
{
	return kind == ROAD_API || kind == ROAD_SERVER;
}

/* DXCore comes with WSL2 and nobody misses it elsewhere. */
static bool is_absent_library(const struct result *result)
{
	const struct rung_result *end = road_end(result);
	return road_kind(result->interface) == ROAD_DOOR && end &&
	       end->reason == REASON_NOT_INSTALLED;
}

void stack_make(const struct overview *o, struct answer *answer)
{
	const struct record *record = o->record;
	const struct result *road = o->carrier ? o->carrier : o->best;
	if (o->ordinary)
		road = NULL;
	bool climbed = o->door_tried || road;
	for (int layer = LAYER_INFERENCE; climbed && layer > LAYER_DXG; layer--)
		add_floor(o, answer, (enum layer)layer);
	if (climbed) {
		add_door_floor(o, answer);
		add_driver_floor(o, answer);
	}
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		if (result->role == ROLE_CONTROL)
			add_control(o, answer, result);
		else if (!is_absent_library(result) && result != road &&
			 (result->reported || !climbed ||
			  is_road_to_gpu(road_kind(result->interface))))
			add_road(o, answer, &answer->roads, result);
	}
}
