/* dxgmatrix trace: the DXG calls of any program, counted or one by one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/writer.h"
#include "runner/recorder.h"
#include "runner/trace.h"
#include "runner/trace_gate.h"
#include "runner/trace_report.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/command.h"
#include "util/file.h"
#include "util/utf8.h"

struct trace_run {
	bool follow, json;
	const char *output_path, *record_path;
	FILE *output, *record;
	struct recorder *recorder; /* NULL: nothing is recorded */
	bool started;
	enum trace_how how;
	enum trace_why why;
	int64_t crashed_ns; /* 0: it did not */
	struct tally tally;
	struct crash_list crashes;
	bool told_left;
};

/* ---- what is seen ---- */

static void take_how(void *context, enum trace_how how, enum trace_why why)
{
	struct trace_run *run = context;
	run->started = true;
	run->how = how;
	run->why = why;
}

static void take_begun(void *context, const struct dxg_call *call)
{
	struct trace_run *run = context;
	tally_begin(&run->tally, call);
	if (run->recorder)
		recorder_begun(run->recorder, call);
}

static void take_ended(void *context, const struct dxg_call *call)
{
	struct trace_run *run = context;
	tally_end(&run->tally, call);
	if (run->recorder)
		recorder_ended(run->recorder, call);
	if (!run->follow)
		return;
	if (run->json) {
		write_line(run->output, trace_call_json(call));
		return;
	}
	cleanup_strbuf struct strbuf line;
	strbuf_init(&line);
	trace_call_text(call, &line);
	fputs(line.string, run->output);
	fflush(run->output);
}

static void take_crash(void *context, const struct crash *crash)
{
	struct trace_run *run = context;
	crash_list_add(&run->crashes, crash);
	if (!crash->caught)
		run->crashed_ns = crash->ns;
}

/* ---- signals ---- */

static volatile sig_atomic_t command_pid; /* 0: it has ended */
static volatile sig_atomic_t asked_to_end, alarmed;

/* Of whoever sent us one it is the command that was meant; the keys of a terminal reach it
 * by themselves. */
static void hand_on(int number, siginfo_t *info, void *unused)
{
	int saved = errno;
	(void)unused;
	if (command_pid > 0 && info->si_code <= 0)
		kill((pid_t)command_pid, number);
	if (!command_pid) {
		asked_to_end = true;
		alarm(1); /* should it come right before the wait */
	}
	errno = saved;
}

static void take_alarm(int number, siginfo_t *info, void *unused)
{
	(void)number;
	(void)info;
	(void)unused;
	alarmed = true;
}

/* A reader of the report that goes away is no reason to end the command. */
static void ignore(int number, siginfo_t *info, void *unused)
{
	(void)number;
	(void)info;
	(void)unused;
}

static const struct {
	int number;
	void (*handler)(int, siginfo_t *, void *);
} signal_rows[] = {
	{ SIGINT, hand_on }, { SIGQUIT, hand_on },    { SIGTERM, hand_on },
	{ SIGHUP, hand_on }, { SIGALRM, take_alarm }, { SIGPIPE, ignore },
};

/* @param flags  SA_RESTART, or 0 where a signal shall end the wait
 * @param ret    what was set before, or NULL */
static void set_signals(int flags, struct sigaction *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(signal_rows); i++) {
		struct sigaction action = { .sa_sigaction = signal_rows[i].handler,
					    .sa_flags = flags | SA_SIGINFO };
		sigaction(signal_rows[i].number, &action, ret ? &ret[i] : NULL);
	}
}

/* One that lives on for more than a moment is told of, so that nobody wonders. */
static bool take_left(void *context, pid_t tid)
{
	struct trace_run *run = context;
	if (command_pid) {
		command_pid = 0;
		set_signals(0, NULL);
		alarm(1);
	}
	if (asked_to_end)
		return false;
	if (!alarmed || run->told_left)
		return true;
	run->told_left = true;
	cleanup_free char *path = xasprintf("/proc/%d/comm", (int)tid);
	cleanup_free char *name = NULL;
	if (!root_read(NULL, path, 256, &name, NULL))
		return true;
	name[strcspn(name, "\n")] = '\0';
	cleanup_free char *printable = utf8_printable(name);
	fprintf(stderr,
		"dxgmatrix trace: the command has ended; waiting for '%s' (%d), which it "
		"left behind. Ctrl-C ends that too.\n",
		printable, (int)tid);
	return true;
}

static void reset_signals(const struct sigaction old[ARRAY_SIZE(signal_rows)])
{
	alarm(0); /* it would end us in the middle of the report */
	for (size_t i = 0; i < ARRAY_SIZE(signal_rows); i++)
		sigaction(signal_rows[i].number, &old[i], NULL);
}

static _Noreturn void become(char **argv, struct trace_gate *gate, pid_t tracer)
{
	close(gate->tracer);
	if (!trace_gate_pass(gate->child, tracer))
		_exit(126); /* the tracer says why */
	execvp(argv[0], argv);
	int status = errno == ENOENT ? 127 : 126;
	fprintf(stderr, "dxgmatrix trace: %s: %s\n", argv[0], strerror(errno));
	_exit(status);
}

static struct error *follow(struct trace_run *run, char **argv, int *ret_status)
{
	const struct trace_watch watch = {
		.context = run,
		.bytes = run->follow || run->recorder,
		.seen_by = take_how,
		.begun = take_begun,
		.ended = take_ended,
		.struck = take_crash,
		.left = take_left,
	};
	struct sigaction old[ARRAY_SIZE(signal_rows)];
	struct trace_gate gate;
	if (!trace_gate_open(&gate))
		return error_errno("socket pair");
	fflush(NULL);
	pid_t tracer = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(argv, &gate, tracer);
	command_pid = pid;
	/* One that comes before ends us, and the gate then the command. */
	set_signals(SA_RESTART, old);
	close(take_fd(gate.child));
	struct error *err = pid < 0 ? error_errno("fork")
				    : trace_follow(gate.tracer, &watch, ret_status);
	trace_gate_close(&gate);
	if (err && pid > 0) {
		waitpid(pid, NULL, 0);
		err = error_wrap(err, "%s cannot be traced", argv[0]);
	}
	reset_signals(old);
	return err;
}

static struct error *open_file(const char *path, FILE *unless, FILE **ret)
{
	*ret = path ? fopen(path, "we") : unless;
	return path && !*ret ? error_errno("%s", path) : NULL;
}

static struct error *open_files(struct trace_run *run)
{
	struct error *err = open_file(run->output_path, stderr, &run->output);
	if (!err)
		err = open_file(run->record_path, NULL, &run->record);
	if (!err && run->record)
		run->recorder = recorder_create(run->record);
	return err;
}

static struct error *close_file(const char *path, FILE *file)
{
	bool bad = ferror(file) || fflush(file);
	if (file != stderr)
		bad = fclose(file) || bad;
	return bad ? error_create("%s: write failed", path ? path : "standard error")
		   : NULL;
}

static struct error *close_files(struct trace_run *run)
{
	struct error *err = NULL;
	if (run->recorder)
		recorder_destroy(run->recorder);
	if (run->record)
		err = close_file(run->record_path, run->record);
	cleanup_error struct error *output_err =
		run->output ? close_file(run->output_path, run->output) : NULL;
	return err ? err : take_ptr(output_err);
}

static void print_report(struct trace_run *run, int status)
{
	const struct trace_report report = {
		.started = run->started,
		.how = run->how,
		.why = run->why,
		.tally = &run->tally,
		.crashes = &run->crashes,
		.status = status,
		.end_ns = run->crashed_ns && WIFSIGNALED(status) ? run->crashed_ns
								 : trace_clock_ns(),
	};
	if (run->json) {
		write_line(run->output, trace_report_json(&report));
		return;
	}
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	trace_report_text(&report, &text);
	fputs(text.string, run->output);
}

/* @return the exit status of the command; after its signal only where that spared us. */
static int end_as(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	int number = WTERMSIG(status);
	sigset_t set;
	/* A core of ours would hide that of the program. WSL's goes to a pipe (/wsl-capture-crash),
	 * and no RLIMIT_CORE keeps it from that: core(5). */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	fflush(NULL);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	return 128 + number;
}

static struct error *trace(struct trace_run *run, char **argv, int *ret_status)
{
	int status;
	struct error *err = open_files(run);
	if (!err)
		err = follow(run, argv, &status);
	if (!err && run->recorder)
		recorder_finish(run->recorder);
	if (!err)
		print_report(run, status);
	cleanup_error struct error *close_err = close_files(run);
	if (err || close_err)
		return err ? err : take_ptr(close_err);
	*ret_status = end_as(status);
	return NULL;
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	cleanup_free struct trace_run *run = xcalloc(1, sizeof(*run));
	const struct command_option options[] = {
		{ "follow", NULL, &run->follow, "also call by call, with arguments" },
		{ "record", "FILE", &run->record_path,
		  "also what went in and out of each call" },
		{ "json", NULL, &run->json, "for programs: one object a line" },
		{ "output", "FILE", &run->output_path, "report to FILE, not to stderr",
		  .letter = 'o' },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (first >= argc)
		return error_usage("which command? dxgmatrix trace -- COMMAND…");
	return trace(run, argv + first, ret_status);
}

const struct command command_trace = {
	.name = "trace",
	.arguments = "-- COMMAND…",
	.summary = "The DXG calls of any program, and where it crashed",
	.help = "Runs the command as it is and counts its calls of /dev/dxg: how many, "
		"which\n"
		"failed, how long they took; after a crash its place and the last calls. "
		"The\n"
		"report goes to standard error, or to FILE (-o).\n\n"
		"Exit status: that of the command, by its signal too; 1 where it cannot "
		"be\n"
		"traced; 2 for a wrong command line.",
	.run = run,
};
