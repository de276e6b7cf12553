/* dxgmatrix run: climbs the stack from the bottom, keeps the record, says what it means. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/road.h"
#include "matrix/ingest.h"
#include "record/key.h"
#include "runner/battery.h"
#include "runner/detect.h"
#include "runner/leftover.h"
#include "runner/plan.h"
#include "runner/playback.h"
#include "runner/progress.h"
#include "runner/requirement.h"
#include "runner/run_log.h"
#include "runner/screen.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/command.h"
#include "util/file.h"

#define BUDGET_MS (10 * 60 * 1000)
/* Of the deadlines, for a recorded call that never returned: playing takes no time. */
#define PLAYED_PERCENT 25

struct run {
	bool json, again, dry_run;
	const char *db, *risk_name, *require, *root;
	const char *const *names;
	size_t n_names;

	struct arena arena;
	char *program;
	struct playback playback; /* all-zero on this machine */
	struct interfaces interfaces;
	enum risk risk;
	struct requirement requirement;
	struct journal *journal;
	struct record base;
	struct battery battery;
	struct run_log log;
	int stop;
	int64_t begin_ms;
};

static void run_deinit(struct run *run)
{
	battery_deinit(&run->battery);
	run_log_deinit(&run->log);
	record_deinit(&run->base);
	journal_destroy(run->journal);
	arena_deinit(&run->arena);
	playback_deinit(&run->playback);
	free(run->program);
	if (run->stop >= 0)
		close(run->stop);
}

static const struct interface_row *find_interface(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->interfaces.n; i++)
		if (!strcmp(run->interfaces.row[i].name, name))
			return &run->interfaces.row[i];
	return NULL;
}

static struct error *check_names(const struct run *run)
{
	for (size_t i = 0; i < run->n_names; i++) {
		if (find_interface(run, run->names[i]))
			continue;
		char *known = arena_strdup(&((struct run *)run)->arena, "");
		for (size_t j = 0; j < run->interfaces.n; j++)
			known = arena_printf(&((struct run *)run)->arena, "%s %s", known,
					     run->interfaces.row[j].name);
		return error_usage("there is no interface '%s'; there are:%s",
				   run->names[i], known);
	}
	return NULL;
}

/* systemd names every run of a service (systemd.exec(5)), cron's children inherit it. So do
 * shells of a desktop, which have a terminal. */
static bool is_from_timer(void)
{
	if (!getenv("INVOCATION_ID"))
		return false;
	cleanup_close int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	return terminal < 0;
}

/* Without --risk: what a person who asked for it may be asked to bear, in a pipe too. */
static struct error *choose_risk(struct run *run)
{
	run->risk = !run->root && is_from_timer() ? RISK_LOW : RISK_MEDIUM;
	if (run->risk_name && !risk_parse(run->risk_name, &run->risk))
		return error_usage("'%s' is no risk: low, medium or high",
				   run->risk_name);
	return NULL;
}

/* INT, TERM and HUP become readable in place of ending us in mid-step. */
static struct error *take_signals(struct run *run)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	signal(SIGCHLD, SIG_DFL); /* inherited as ignored, children could not be buried */
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return error_errno("sigprocmask");
	run->stop = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return run->stop < 0 ? error_errno("signalfd") : NULL;
}

/* What will not be climbed cannot be required. */
static struct error *check_requirement(const struct run *run)
{
	const struct requirement *wanted = &run->requirement;
	if (!run->require)
		return NULL;
	const struct interface_row *row = find_interface(run, wanted->interface);
	if (!row)
		return error_usage("--require %s: there is no such interface",
				   run->require);
	if (!(row->rungs & rung_bit(wanted->rung)))
		return error_usage("--require %s: %s has no such step", run->require,
				   row->name);
	if (rung_rows[wanted->rung].risk > run->risk)
		return error_usage("--require %s: this step needs --risk %s",
				   run->require,
				   risk_names[rung_rows[wanted->rung].risk]);
	return NULL;
}

/* A recording has answers of the door alone: all else needs this machine's libraries. */
static struct error *open_playback(struct run *run)
{
	static const char *const played[] = { BATTERY_DOOR };
	if (!run->root)
		return NULL;
	if (run->db || run->again)
		return error_usage("%s: a run on a recorded machine keeps nothing",
				   run->db ? "--db" : "--again");
	for (size_t i = 0; i < run->n_names; i++)
		if (strcmp(run->names[i], BATTERY_DOOR) != 0)
			return error_usage("--root plays back " BATTERY_DOOR
					   " alone: no recording has what %s needs",
					   run->names[i]);
	run->names = played;
	run->n_names = ARRAY_SIZE(played);
	struct error *err = playback_open(run->root, &run->playback);
	if (err || !run->playback.node || run->playback.text)
		return err;
	return error_create("%s/dev/dxg is empty: nothing was recorded of it; "
			    "'dxgmatrix trace --record' does",
			    run->root);
}

static struct error *prepare(struct run *run)
{
	const struct child_limits limits = child_limits_default();
	struct error *err = choose_risk(run);
	if (!err)
		err = open_playback(run);
	if (!err)
		err = requirement_parse(run->require, &run->requirement);
	if (!err)
		err = take_signals(run);
	if (!err)
		err = interfaces_program(&run->program);
	if (!err)
		err = interfaces_ask(run->program, &limits, run->stop, &run->arena,
				     &run->interfaces);
	if (!err)
		err = check_names(run);
	return err ? err : check_requirement(run);
}

static bool is_asked(const struct run *run, const char *name)
{
	const struct battery_order order = { .names = run->names,
					     .n_names = run->n_names };
	return battery_is_asked(&order, name);
}

static void print_steps(const struct interface_row *interface, const char *name,
			enum risk risk)
{
	uint32_t wanted = plan_wanted(interface->rungs, risk);
	printf("%-10s", name);
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (wanted & rung_bit((enum rung)rung))
			printf(" %s", rung_rows[rung].name);
	putchar('\n');
}

static void print_dry_run(const struct run *run)
{
	printf("These steps would run, at risk %s; nothing was started.\n\n",
	       risk_names[run->risk]);
	for (int control = 0; control < 2; control++)
		for (size_t i = 0; i < run->interfaces.n; i++) {
			const struct interface_row *row = &run->interfaces.row[i];
			const char *name = control ? row->control : row->name;
			if (name && is_asked(run, row->name))
				print_steps(row, name, run->risk);
		}
}

static void tell_found(const struct journal_found *found)
{
	const struct journal_spot *spot = &found->spot;
	if (found->corrupt)
		fprintf(stderr, "%s\n", found->corrupt);
	if (found->outcome == OUTCOME_ERROR)
		fprintf(stderr,
			"The last run was ended from outside, in \"%s %s\": what that "
			"step would have come to is not known.\n",
			spot->interface, rung_rows[spot->rung].name);
	if (found->outcome == OUTCOME_INTERRUPTED || found->outcome == OUTCOME_DIED)
		fprintf(stderr,
			"The last run was stopped in \"%s %s\"%s: WSL or Windows shut "
			"down, or the step\ntook them down. It is left out until you ask "
			"for it: dxgmatrix run %s --again\n",
			spot->interface, rung_rows[spot->rung].name,
			found->outcome == OUTCOME_DIED ? ", not for the first time" : "",
			spot->interface);
}

static struct error *detect_base(struct run *run)
{
	struct record *base = &run->base;
	struct error *err = detect(run->playback.root, base);
	if (err)
		return err;
	if (run->root) {
		playback_sign(&run->playback, base);
		return NULL;
	}
	char today[DATE_SIZE];
	record_today(today);
	base->source.kind = SOURCE_MEASURED;
	base->source.tool = "dxgmatrix " DXGMATRIX_VERSION;
	base->source.trigger = is_from_timer() ? "scheduled" : "manual";
	base->time = arena_strdup(&base->arena, today);
	base->run_n = journal_run(run->journal);
	base->run_boot = journal_boot(run->journal);
	if (base->environment.kind == ENVIRONMENT_WSL2 && base->run_n == 1)
		fprintf(stderr,
			"Programs of this kind have crashed Windows: save your work. "
			"(%s: --dry-run)\n",
			run->risk > RISK_LOW ? "Gentler: --risk low; steps" : "Steps");
	return NULL;
}

static struct error *measure(struct run *run)
{
	cleanup_progress struct progress progress;
	progress_init(&progress, stderr);
	const char *trace = getenv("DXGMATRIX_TRACE");
	struct child_limits limits = child_limits_default();
	limits.traced = !run->root && (!trace || strcmp(trace, "off") != 0);
	/* No machine is waited for. */
	if (run->root)
		limits.deadline_percent = PLAYED_PERCENT;
	else
		run_log_init(&run->log);
	const struct battery_order order = {
		.program = run->program,
		.interfaces = &run->interfaces,
		.names = run->names,
		.n_names = run->n_names,
		.risk = run->risk,
		.has_door = root_exists(run->playback.root, "/dev/dxg"),
		.limits = limits,
		.budget_ms = BUDGET_MS,
		.journal = run->journal,
		.watch = progress_watch(&progress),
		.log = run->root ? NULL : run_log_hooks(&run->log),
		.root = run->playback.root,
		.stop = run->stop,
	};
	return battery_run(&order, &run->base, &run->battery);
}

static struct error *sign(struct run *run)
{
	struct machine_key key;
	struct error *err = key_open(&key);
	for (size_t i = 0; i < run->battery.n_records && !err; i++) {
		run_log_record(&run->log, &run->battery.expected_lines,
			       &run->battery.records[i]);
		diagnose(&run->battery.records[i]);
		record_sign(&run->battery.records[i], &key);
	}
	return err;
}

static struct error *keep(const struct run *run)
{
	cleanup_store struct store *store = NULL;
	const struct admission admission = { .road = "run" };
	struct error *err = store_open(run->db, STORE_WRITE, &store);
	for (size_t i = 0; i < run->battery.n_records && !err; i++)
		err = ingest_one(store, run->battery.records[i].bytes,
				 run->battery.records[i].size, &admission);
	return error_wrap(err, "the results could not be kept");
}

static void print_record(const struct screen *screen, const struct record *record)
{
	struct answer answer;
	answer_make(record, &answer);
	screen_result(screen, &answer);
	if (answer.word == ANSWER_NO && record->kernel_log.unread)
		screen_paragraph(screen, "Remark", 9, record->kernel_log.unread);
	answer_deinit(&answer);
}

static char *caused_words(const struct window *lines)
{
	if (lines->unknown)
		return xasprintf(" %" PRId64 " DXG kernel line%s came during our steps.",
				 counts_add(lines->unknown,
					    counts_add(lines->ours, lines->foreign)),
				 lines->unknown == 1 ? "" : "s");
	if (lines->ours)
		return xasprintf(" This run caused %" PRId64 " DXG kernel line%s itself.",
				 lines->ours, lines->ours == 1 ? "" : "s");
	return xstrdup("");
}

static void print_end(const struct run *run, const struct screen *screen, bool kept)
{
	double seconds = (double)(child_clock() - run->begin_ms) / 1000;
	cleanup_free char *caused = caused_words(&run->battery.lines);
	cleanup_free char *text = xasprintf(
		"%.1f s, risk %s.%s%s Nothing was sent.", seconds, risk_names[run->risk],
		caused, kept ? " In detail: dxgmatrix show last." : "");
	fputc('\n', screen->file);
	screen_paragraph(screen, "", 0, text);
}

static void print_left_out(const struct screen *screen, const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		for (size_t j = 0; j < result->n_rungs; j++) {
			const struct rung_result *rung = &result->rungs[j];
			bool stopped =
				rung->outcome == OUTCOME_INTERRUPTED && rung->ms >= 0;
			if (stopped || (rung->outcome != OUTCOME_INTERRUPTED &&
					rung->outcome != OUTCOME_DIED))
				continue;
			cleanup_free char *text = xasprintf(
				"%s %s: the VM went down during it before. To try it all "
				"the same: dxgmatrix run %s --again",
				road_title(result->interface), rung_rows[rung->rung].name,
				result->interface);
			screen_paragraph(screen, "Left out", 10, text);
		}
	}
}

static void print_results(const struct run *run, bool kept)
{
	if (run->json) {
		for (size_t i = 0; i < run->battery.n_records; i++)
			printf("%s\n", run->battery.records[i].bytes);
		return;
	}
	const struct screen screen = screen_for(stdout);
	for (size_t i = 0; i < run->battery.n_records; i++) {
		if (i)
			putchar('\n');
		print_record(&screen, &run->battery.records[i]);
		print_left_out(&screen, &run->battery.records[i]);
	}
	print_end(run, &screen, kept);
}

/* Steps on a GPU of which we could not tell how they ended. */
static bool has_errors(const struct battery *battery)
{
	for (size_t i = 0; i < battery->n_records; i++) {
		const struct record *record = &battery->records[i];
		for (size_t j = 0; j < record->n_results; j++)
			for (size_t k = 0; k < record->results[j].n_rungs; k++)
				if (record->results[j].rungs[k].outcome == OUTCOME_ERROR)
					return true;
	}
	return false;
}

static int exit_status(const struct run *run)
{
	const struct battery *battery = &run->battery;
	if (battery->stopped) {
		fprintf(stderr, "Stopped before the end%s.\n",
			run->root ? "" : "; what was seen so far is kept");
		return 1;
	}
	if (battery->control_failed || battery->late)
		return 1;
	bool met = requirement_is_met(run->require ? &run->requirement : NULL,
				      battery->records, battery->n_records);
	if (!met && run->require)
		fprintf(stderr, "%s is required, and was not seen to work.\n",
			run->require);
	return met ? 0 : has_errors(battery) ? 1 : 3;
}

/* ---- on a recorded machine ---- */

/* Judged as what it is, steps that were taken; only its document is that of a text. */
static void judge_played(struct run *run)
{
	for (size_t i = 0; i < run->battery.n_records; i++) {
		struct record *record = &run->battery.records[i];
		playback_forget_times(record);
		playback_read_log(&run->playback, record);
		record->source.kind = SOURCE_MEASURED;
		diagnose(record);
	}
}

static void print_untold(const struct screen *screen, const struct record *record)
{
	cleanup_free char *steps = playback_untold(record);
	if (!steps)
		return;
	cleanup_free char *text = xasprintf(
		"%s: the recording does not hold these calls, so how the machine "
		"answers them is not known.",
		steps);
	screen_paragraph(screen, "Not told", 10, text);
}

static void print_played(const struct run *run)
{
	const struct screen screen = screen_for(stdout);
	cleanup_free char *head = xasprintf(
		"PLAYED BACK from %s (%.19s%s): a recorded machine, not this one. "
		"Nothing was measured, and nothing is kept.",
		run->root, run->playback.text ? run->playback.text : "it has no /dev/dxg",
		run->playback.text ? "…" : "");
	screen_paragraph(&screen, "", 0, head);
	for (size_t i = 0; i < run->battery.n_records; i++) {
		putchar('\n');
		print_record(&screen, &run->battery.records[i]);
		print_untold(&screen, &run->battery.records[i]);
	}
}

static void print_played_documents(struct run *run)
{
	for (size_t i = 0; i < run->battery.n_records; i++) {
		struct record *record = &run->battery.records[i];
		playback_sign(&run->playback, record);
		record_write(record);
		printf("%s\n", record->bytes);
	}
}

static struct error *play(struct run *run, int *ret_status)
{
	struct error *err = detect_base(run);
	if (!err)
		err = measure(run);
	if (err)
		return err;
	judge_played(run);
	if (run->json)
		print_played_documents(run);
	else
		print_played(run);
	*ret_status = exit_status(run);
	/* What was cut short may be broken above. */
	if (*ret_status == 0 && !run->require && has_errors(&run->battery))
		*ret_status = 1;
	return NULL;
}

static struct error *run_all(struct run *run, int *ret_status)
{
	struct error *err = journal_open(run->again, &run->journal);
	if (err)
		return err;
	tell_found(journal_found(run->journal));
	leftover_remove();
	err = detect_base(run);
	if (!err)
		err = measure(run);
	if (!err)
		err = sign(run);
	if (err)
		return err;
	err = keep(run);
	print_results(run, !err);
	if (!err)
		err = journal_close(run->journal, run->battery.stopped);
	if (!err)
		*ret_status = exit_status(run);
	return err;
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	cleanup_with(run_deinit) struct run run = { .stop = -1,
						    .begin_ms = child_clock() };
	record_init(&run.base);
	const struct command_option options[] = {
		{ "json", NULL, &run.json, "the records, one on a line" },
		{ "db", "FILE", &run.db,
		  "where results are kept; default in the manual" },
		{ "risk", "LEVEL", &run.risk_name,
		  "low, medium or high; default medium, from a timer low" },
		{ "require", "INTERFACE:RUNG", &run.require,
		  "end with 3 unless this step works on the GPU" },
		{ "root", "DIR", &run.root,
		  "play back a machine recorded below DIR; nothing is kept" },
		{ "again", NULL, &run.again,
		  "also steps during which the VM went down before" },
		{ "dry-run", NULL, &run.dry_run, "print the steps, start nothing" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	run.names = (const char *const *)argv + first;
	run.n_names = (size_t)(argc - first);
	err = prepare(&run);
	if (err)
		return err;
	if (!run.dry_run)
		return run.root ? play(&run, ret_status) : run_all(&run, ret_status);
	print_dry_run(&run);
	return NULL;
}

const struct command command_run = {
	.name = "run",
	.arguments = "[INTERFACE…]",
	.summary = "Climb the stack from the bottom and name the lowest broken layer",
	.help = "Asks the door to Windows, then every API, step by step, each in a "
		"process of\n"
		"its own, and the same steps on the CPU beside them. Says what works, "
		"what is\n"
		"broken, and what to do. The result is kept here; nothing is sent.\n"
		"With --root it climbs DXG on a recording, and keeps nothing.\n"
		"\n"
		"Exit status: 0 a GPU runs our program, or this is not WSL2; 1 it could "
		"not be\n"
		"told, our own check on the CPU failed, or the run was stopped; 2 wrong "
		"command\n"
		"line; 3 no GPU runs our program, or --require is not met.",
	.run = run,
};
