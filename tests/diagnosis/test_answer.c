#include "diagnosis/answer.h"

#include "diagnosis/diagnose.h"
#include "tests/diagnosis/builder.h"

static void build_rows(struct record *record, const struct built_rung *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		build_rung(record, &rows[i]);
}

/* A broken compiler over a good door, with Vulkan on the CPU only. */
static const struct built_rung broken_compiler[] = {
	{ "opencl", A, RUNG_LOAD, OUTCOME_PASS },
	{ "opencl",
	  A,
	  RUNG_ENUMERATE,
	  OUTCOME_PASS,
	  0,
	  { "device", "Intel(R) Graphics [0x7d51]" } },
	{ "opencl", A, RUNG_OPEN, OUTCOME_PASS },
	{ "opencl",
	  A,
	  RUNG_COMPILE,
	  OUTCOME_CRASH,
	  REASON_SIGNAL,
	  { "signal", "SIGSEGV", "in", "libigc.so.1" } },
	{ "opencl", A, RUNG_LAUNCH, OUTCOME_BLOCKED },
	{ "vulkan",
	  A,
	  RUNG_ENUMERATE,
	  OUTCOME_FALLBACK,
	  REASON_CPU_ONLY,
	  { "device", "llvmpipe" } },
	{ "cuda", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED },
	{ "opencl", C, RUNG_LAUNCH, OUTCOME_PASS },
};

static void make(struct record *record, struct answer *ret)
{
	diagnose(record);
	answer_make(record, ret);
}

static const struct answer_step *find_step(const struct answer_steps *steps,
					   const char *name)
{
	for (size_t i = 0; i < steps->n; i++)
		if (!strcmp(steps->step[i].step, name))
			return &steps->step[i];
	fail_msg("no step '%s'", name);
	return NULL;
}

static void test_broken_floor_is_one_line_and_above_is_not_reached(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, good_door, ARRAY_SIZE(good_door));
	build_rows(&record, broken_compiler, ARRAY_SIZE(broken_compiler));
	struct answer answer;
	make(&record, &answer);
	assert_int_equal(answer.word, ANSWER_NO);
	assert_string_equal(answer.headline.string[0], "NO inside WSL2.");
	assert_string_equal(answer.headline.string[1],
			    "Broken inside: the OpenCL compiler (layer 3). The door to "
			    "Windows works, tested.");
	assert_int_equal(answer.stack.n, 5);
	assert_string_equal(answer.stack.step[0].word, "not reached");
	assert_string_equal(answer.stack.step[1].word, "CRASH");
	assert_string_equal(answer.stack.step[1].detail, "SIGSEGV in libigc.so.1");
	assert_string_equal(answer.stack.step[2].detail,
			    "Intel(R) Graphics [0x7d51] found and opened");
	assert_string_equal(answer.stack.step[3].detail, "4 of 4 steps");
	assert_string_equal(answer.stack.step[4].word, "ok");
	assert_string_equal(find_step(&answer.roads, "Vulkan")->word, "CPU only");
	assert_string_equal(find_step(&answer.roads, "CUDA")->word, "not installed");
	assert_string_equal(find_step(&answer.controls, "OpenCL")->word, "ok");
	assert_true(answer.todo.n == 2 && answer.leave.n == 1);
	answer_deinit(&answer);
}

static void test_broken_door_moves_the_fault_down(void **state)
{
	(void)state;
	static const struct built_rung rows[] = {
		{ "dxg", A, RUNG_LOAD, OUTCOME_PASS },
		{ "dxg", A, RUNG_ENUMERATE, OUTCOME_PASS },
		{ "dxg", A, RUNG_OPEN, OUTCOME_PASS },
		{ "dxg",
		  A,
		  RUNG_FENCE,
		  OUTCOME_FAIL,
		  REASON_REFUSED,
		  { "call", "create_sync_object", "code", "-12" } },
		{ "opencl", A, RUNG_OPEN, OUTCOME_PASS },
		{ "opencl", A, RUNG_COMPILE, OUTCOME_PASS },
		{ "opencl", A, RUNG_COPY, OUTCOME_PASS },
		{ "opencl",
		  A,
		  RUNG_LAUNCH,
		  OUTCOME_CRASH,
		  REASON_SIGNAL,
		  { "signal", "SIGABRT", "in", "libigdrcl.so" } },
	};
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, rows, ARRAY_SIZE(rows));
	struct answer answer;
	make(&record, &answer);
	assert_int_equal(answer.word, ANSWER_NO);
	assert_non_null(strstr(answer.headline.string[1], "DXG (layer 1)"));
	assert_int_equal(answer.stack.n, 6);
	assert_string_equal(answer.stack.step[0].word, "not reached");
	assert_string_equal(answer.stack.step[1].step, "launch");
	assert_string_equal(answer.stack.step[1].word, "CRASH");
	assert_string_equal(answer.stack.step[2].word, "ok");
	assert_string_equal(answer.stack.step[4].word, "FAIL");
	assert_string_equal(answer.stack.step[4].detail,
			    "fence: create_sync_object: -12");
	answer_deinit(&answer);
}

static void test_a_suspicion_is_no_proof(void **state)
{
	(void)state;
	static const struct built_rung row = { "opencl",         A,
					       RUNG_COMPILE,     OUTCOME_CRASH,
					       REASON_SIGNAL,    { "signal", "SIGSEGV" },
					       "reserve_gpu_va", -75 };
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, good_door, ARRAY_SIZE(good_door));
	build_rung(&record, &row);
	struct answer answer;
	make(&record, &answer);
	assert_string_equal(
		answer.headline.string[1],
		"Most likely broken inside: DXG (layer 1), between WSL and the "
		"Windows driver.");
	assert_string_equal(find_step(&answer.stack, "DXG")->word, "suspected");
	assert_string_equal(find_step(&answer.stack, "compile")->word, "CRASH");
	assert_int_equal(answer.tested.n, 0);
	assert_true(answer.likely.n > 0);
	answer_deinit(&answer);
}

struct first_line {
	enum environment environment;
	struct built_rung row[2];
	enum answer_word word;
	const char *begins;
};

static void test_first_line_is_the_answer(void **state)
{
	(void)state;
	static const struct first_line rows[] = {
		{ ENVIRONMENT_WSL2,
		  { { "dxg", A, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_DEVICE_NODE } },
		  ANSWER_NO,
		  "NO: WSL2 has no GPU here, /dev/dxg is missing" },
		{ ENVIRONMENT_LINUX,
		  { { "dxg", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_WSL2 },
		    { "opencl", C, RUNG_LAUNCH, OUTCOME_PASS } },
		  ANSWER_NOT_WSL2,
		  "NOT WSL2: an ordinary Linux machine." },
		{ ENVIRONMENT_LINUX,
		  { { "opencl", C, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT } },
		  ANSWER_NOT_KNOWN,
		  "NOT KNOWN: our own check on the CPU failed too" },
		{ ENVIRONMENT_WSL2,
		  { { "opencl", A, RUNG_LAUNCH, OUTCOME_PASS } },
		  ANSWER_YES,
		  "YES: a small program ran on Intel Arc 140T (OpenCL)" },
		{ ENVIRONMENT_WSL2,
		  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS } },
		  ANSWER_NOT_KNOWN,
		  "NOT KNOWN: of the roads that use the GPU none was tried." },
		{ ENVIRONMENT_WSL2,
		  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
		    { "opencl", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED } },
		  ANSWER_NO,
		  "NO, not yet: the door to Windows works, but nothing" },
		{ ENVIRONMENT_WSL2,
		  { { "opencl", A, RUNG_LOAD, OUTCOME_PASS },
		    { "opencl", A, RUNG_COPY, OUTCOME_INTERRUPTED, REASON_STOPPED } },
		  ANSWER_NOT_KNOWN,
		  "NOT KNOWN: not all steps came to their end" },
		{ ENVIRONMENT_WSL2,
		  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
		    { "opencl", A, RUNG_LOAD, OUTCOME_ERROR, REASON_PROTOCOL } },
		  ANSWER_NOT_KNOWN,
		  "NOT KNOWN: not all steps came to their end" },
		{ ENVIRONMENT_WSL2,
		  { { "opencl", A, RUNG_LOAD, OUTCOME_INTERRUPTED, REASON_STOPPED } },
		  ANSWER_NOT_KNOWN,
		  "NOT KNOWN: no step came to an end" },
		{ ENVIRONMENT_WSL1,
		  { { NULL } },
		  ANSWER_NOT_WSL2,
		  "NOT WSL2: this is WSL1" },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		build_record(&record);
		record.environment.kind = row->environment;
		for (size_t i = 0; i < 2 && row->row[i].interface; i++)
			build_rung(&record, &row->row[i]);
		struct answer answer;
		make(&record, &answer);
		const char *line = answer.headline.string[0];
		if (answer.word != row->word ||
		    strncmp(line, row->begins, strlen(row->begins)))
			fail_msg("'%s' (%d), not '%s'", line, answer.word, row->begins);
		answer_deinit(&answer);
	}
}

static void test_answer_outlives_its_record(void **state)
{
	(void)state;
	struct record record;
	build_record(&record);
	build_rows(&record, broken_compiler, ARRAY_SIZE(broken_compiler));
	failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_escape", -75, 3);
	struct answer answer;
	make(&record, &answer);
	record_deinit(&record);
	assert_string_equal(answer.setup.string[0], "Intel Arc 140T (8086:7d51)");
	assert_string_equal(answer.lines.line[0].line,
			    "dxgkio_escape: Ioctl failed: -75");
	answer_deinit(&answer);
}

static void test_chat_lines_are_three(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, good_door, ARRAY_SIZE(good_door));
	build_rows(&record, broken_compiler, ARRAY_SIZE(broken_compiler));
	diagnose(&record);
	cleanup_free char *lines = answer_chat_lines(&record);
	assert_string_equal(lines,
			    "Intel Arc 140T 8086:7d51 | WSL 2.7.9.0 k6.18.33.2\n"
			    "DXG ok | OpenCL compile CRASH libigc | Vulkan CPU only\n"
			    "lowest broken: 3 compiler (tested) | dxgmatrix 0.1.0\n");
}

/* Ubuntu's clinfo brings the loader of OpenCL, and no driver. */
static void test_loader_without_a_driver_is_not_installed(void **state)
{
	(void)state;
	static const struct built_rung rows[] = {
		{ "opencl", A, RUNG_LOAD, OUTCOME_PASS },
		{ "opencl", A, RUNG_ENUMERATE, OUTCOME_SKIP, REASON_NOT_INSTALLED },
		{ "opencl", A, RUNG_LAUNCH, OUTCOME_BLOCKED },
		{ "vulkan", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED },
		{ "vulkan", A, RUNG_LAUNCH, OUTCOME_BLOCKED },
	};
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, good_door, ARRAY_SIZE(good_door));
	build_rows(&record, rows, ARRAY_SIZE(rows));
	struct answer answer;
	make(&record, &answer);
	assert_string_equal(record.diagnoses[0].rule, "nothing-installed");
	assert_non_null(strstr(record.diagnoses[0].says, "OpenCL, Vulkan"));
	const struct answer_step *api = find_step(&answer.stack, "API");
	assert_string_equal(api->road, "OpenCL");
	assert_string_equal(api->word, "not installed");
	assert_non_null(strstr(api->detail, "no driver"));
	cleanup_free char *lines = answer_chat_lines(&record);
	assert_non_null(strstr(lines, "DXG ok | OpenCL not installed\n"));
	answer_deinit(&answer);
}

static void test_climb_that_could_not_be_told_is_not_ok(void **state)
{
	(void)state;
	static const struct built_rung rows[] = {
		{ "opencl", A, RUNG_LOAD, OUTCOME_PASS },
		{ "opencl", A, RUNG_ENUMERATE, OUTCOME_PASS },
		{ "opencl", A, RUNG_OPEN, OUTCOME_PASS },
		{ "opencl", A, RUNG_COPY, OUTCOME_INTERRUPTED, REASON_STOPPED },
		{ "opencl", A, RUNG_COMPILE, OUTCOME_PASS },
		{ "vulkan", A, RUNG_LOAD, OUTCOME_PASS },
		{ "vulkan", A, RUNG_ENUMERATE, OUTCOME_ERROR, REASON_PROTOCOL },
	};
	cleanup_record struct record record;
	build_record(&record);
	build_rows(&record, good_door, ARRAY_SIZE(good_door));
	build_rows(&record, rows, ARRAY_SIZE(rows));
	struct answer answer;
	make(&record, &answer);
	assert_int_equal(find_step(&answer.stack, "API")->outcome, OUTCOME_INTERRUPTED);
	assert_int_equal(find_step(&answer.roads, "Vulkan")->outcome, OUTCOME_ERROR);
	answer_deinit(&answer);
}

static void build_paste(struct record *record)
{
	record_init(record);
	record->source.kind = SOURCE_HARVESTED;
}

static void test_benign_paste_shows_no_fault(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_paste(&record);
	record.combination.kernel = "6.6.114.1-microsoft-standard-WSL2";
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_is_feature_enabled", -22, 1);
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_query_adapter_info", -22, 3);
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_query_adapter_info", -2, 17);
	struct answer answer;
	make(&record, &answer);
	assert_int_equal(answer.word, ANSWER_NO_FAULT);
	assert_string_equal(answer.headline.string[0], "NO FAULT SHOWN by these lines.");
	assert_int_equal(answer.lines.n, 3);
	assert_int_equal(answer.lines.line[0].count, 1);
	assert_int_equal(answer.lines.line[2].count, 17);
	assert_string_equal(answer.found.string[0], "kernel 6.6.114.1");
	assert_string_equal(answer.missing.string[0], "GPU");
	answer_deinit(&answer);
}

static void test_line_that_matters_comes_first(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_paste(&record);
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_query_adapter_info", -22, 28);
	failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_reserve_gpu_va",
		     -75, 1);
	*arena_push(&record.arena, record.evidence, record.n_evidence) =
		(struct evidence){ "/kernel_log/failed/dxgkio_reserve_gpu_va/-75", 7,
				   "[ 4021.500000] dxgkio_reserve_gpu_va" };
	struct answer answer;
	make(&record, &answer);
	assert_int_equal(answer.word, ANSWER_WORTH_A_TEST);
	assert_string_equal(answer.headline.string[0],
			    "ONE LINE WORTH A TEST, 28 harmless ones.");
	assert_string_equal(answer.lines.line[0].when, "at 4021.5 s, long after boot");
	answer_deinit(&answer);
}

static void test_counts_of_a_document_do_not_overflow(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_paste(&record);
	for (int error = 1000; error < 2100; error++)
		failures_add(&record.arena, &record.kernel_log.failed,
			     "dxgkio_is_feature_enabled", -error, (INT64_C(1) << 53) - 1);
	failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_escape", -75, 1);
	struct answer answer;
	make(&record, &answer);
	assert_string_equal(answer.headline.string[0],
			    "ONE LINE WORTH A TEST, 9223372036854775807 harmless ones.");
	assert_true(strstr(answer.not_it.string[0], "9223372036854775807 kernel lines"));
	answer_deinit(&answer);
}

static void test_contradiction_is_not_known(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_paste(&record);
	struct contradiction *contradiction =
		arena_push(&record.arena, record.contradictions, record.n_contradictions);
	contradiction->pointer = "/combination/driver/version";
	strings_add(&record.arena, &contradiction->values, "32.0.101.6913");
	strings_add(&record.arena, &contradiction->values, "32.0.101.7088");
	struct answer answer;
	make(&record, &answer);
	assert_string_equal(answer.not_known.string[0],
			    "Windows driver: the text names 32.0.101.6913 and "
			    "32.0.101.7088; left out.");
	for (size_t i = 0; i < answer.missing.n; i++)
		assert_string_not_equal(answer.missing.string[i], "Windows driver");
	answer_deinit(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_floor_is_one_line_and_above_is_not_reached),
		cmocka_unit_test(test_broken_door_moves_the_fault_down),
		cmocka_unit_test(test_a_suspicion_is_no_proof),
		cmocka_unit_test(test_first_line_is_the_answer),
		cmocka_unit_test(test_answer_outlives_its_record),
		cmocka_unit_test(test_loader_without_a_driver_is_not_installed),
		cmocka_unit_test(test_climb_that_could_not_be_told_is_not_ok),
		cmocka_unit_test(test_chat_lines_are_three),
		cmocka_unit_test(test_benign_paste_shows_no_fault),
		cmocka_unit_test(test_line_that_matters_comes_first),
		cmocka_unit_test(test_counts_of_a_document_do_not_overflow),
		cmocka_unit_test(test_contradiction_is_not_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
