/*
 * dxgmatrix-probe-misbehaves: speaks the command line and the packets of dxgmatrix-probe
 * and behaves as told, to see what a runner makes of it. Loads nothing.
 *
 *     DXGMATRIX_FAKE=MODE       one of the rows below, or the name of a signal; default pass
 *     DXGMATRIX_FAKE_AT=PLACE   where: RUNG, INTERFACE/RUNG or INTERFACE/ROLE/RUNG, ROLE
 *                               being adapter or control; default: the first rung climbed
 *     DXGMATRIX_FAKE_ONCE=FILE  only if FILE does not exist yet; it is made then: the next
 *                               process finds it and passes
 *     DXGMATRIX_FAKE_FILE=FILE  what the modes `read` and `freeze` use
 *
 * Elsewhere every rung passes, as a control on a CPU device, else on the GPU of --pci.
 * `dxgmatrix-probe-misbehaves --modes` prints the table.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "probes/probe.h"
#include "util/alloc.h"
#include "util/array.h"

struct fake {
	struct probe p; /* of its fields those that packets need */
	const char *interface;
	uint32_t rungs, wanted;
};

struct mode {
	const char *name;
	enum outcome (*act)(struct fake *f);
	const char *what;
};

static const struct {
	const char *line; /* of --list */
	const char *name;
} interfaces[] = {
	{ "dxg\t1\tDXG\t-\tload,enumerate,open,query,paging,fence", "dxg" },
	{ "opencl\t2\tOpenCL\tPoCL\tload,enumerate,open,copy,compile,launch", "opencl" },
	{ "vulkan\t2\tVulkan\tlavapipe\tload,enumerate,open,copy,compile,launch",
	  "vulkan" },
};

static const struct {
	const char *name;
	int number;
} signals[] = {
#define X(name) { #name, name },
	X(SIGSEGV) X(SIGBUS) X(SIGILL) X(SIGFPE) X(SIGABRT) X(SIGTRAP) X(SIGSYS)
		X(SIGPIPE) X(SIGQUIT) X(SIGALRM) X(SIGXCPU) X(SIGXFSZ) X(SIGUSR1)
			X(SIGTERM) X(SIGKILL)
#undef X
};

static void sleep_for_ever(void)
{
	for (;;)
		pause();
}

static void send_bytes(struct fake *f, const void *bytes, size_t size)
{
	if (f->p.fd >= 0 && send(f->p.fd, bytes, size, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static enum outcome act_pass(struct fake *f)
{
	(void)f;
	return OUTCOME_PASS;
}

static enum outcome act_fail(struct fake *f)
{
	return probe_refused(&f->p, "fakeCall", "FAKE_REFUSAL");
}

static enum outcome act_wrong_result(struct fake *f)
{
	probe_find_number(&f->p, FIND_WRONG_AT, 17);
	probe_find_number(&f->p, FIND_WRONG_COUNT, 3);
	return probe_fail(&f->p, REASON_WRONG_RESULT);
}

static enum outcome act_build_failed(struct fake *f)
{
	probe_find(&f->p, FIND_LOG, "1:1: error: <script>alert(1)</script>\n");
	return probe_fail(&f->p, REASON_BUILD_FAILED);
}

static enum outcome act_fallback(struct fake *f)
{
	return probe_fallback(&f->p, REASON_CPU_ONLY);
}

static enum outcome act_skip(struct fake *f)
{
	return probe_skip(&f->p, REASON_NOT_INSTALLED);
}

static enum outcome act_error(struct fake *f)
{
	return probe_error(&f->p, REASON_CONTROL_FAILED);
}

static enum outcome act_hang(struct fake *f)
{
	(void)f;
	sleep_for_ever();
	return OUTCOME_PASS;
}

static enum outcome act_slow(struct fake *f)
{
	(void)f;
	usleep(500000);
	return OUTCOME_PASS;
}

static enum outcome act_ignore_term(struct fake *f)
{
	(void)f;
	signal(SIGTERM, SIG_IGN);
	sleep_for_ever();
	return OUTCOME_PASS;
}

static const char *fake_file(void)
{
	const char *path = getenv("DXGMATRIX_FAKE_FILE");
	if (path)
		return path;
	fputs("DXGMATRIX_FAKE_FILE is not set\n", stderr);
	_exit(3);
}

static enum outcome act_read(struct fake *f)
{
	(void)f;
	char byte;
	int fd = open(fake_file(), O_RDONLY);
	if (fd < 0 || read(fd, &byte, 1) < 0) {
		perror(fake_file());
		_exit(3);
	}
	return OUTCOME_PASS;
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		perror(path);
		_exit(3);
	}
	close(fd);
	free(path);
}

static enum outcome act_freeze(struct fake *f)
{
	(void)f;
	write_text(fake_file(), "tasks", "0");
	write_text(fake_file(), "freezer.state", "FROZEN");
	sleep_for_ever();
	return OUTCOME_PASS;
}

static enum outcome act_leave_child(struct fake *f)
{
	(void)f;
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		if (fork() == 0)
			sleep_for_ever();
		_exit(0);
	}
	return OUTCOME_PASS;
}

static void flood(int fd)
{
	char line[4096];
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	while (write(fd, line, sizeof(line)) > 0 || errno == EINTR)
		;
	_exit(1);
}

static enum outcome act_flood_stdout(struct fake *f)
{
	(void)f;
	flood(STDOUT_FILENO);
	return OUTCOME_PASS;
}

static enum outcome act_flood_stderr(struct fake *f)
{
	(void)f;
	flood(STDERR_FILENO);
	return OUTCOME_PASS;
}

static enum outcome act_flood_packets(struct fake *f)
{
	for (;;)
		probe_find(&f->p, FIND_DEVICE, "once more");
	return OUTCOME_PASS;
}

static enum outcome act_close(struct fake *f)
{
	close(f->p.fd);
	exit(0);
}

static enum outcome act_close_and_hang(struct fake *f)
{
	close(f->p.fd);
	sleep_for_ever();
	return OUTCOME_PASS;
}

static enum outcome act_garbage(struct fake *f)
{
	send_bytes(f, "\xff\x00 this is no packet at all \x80", 29);
	return OUTCOME_PASS;
}

static enum outcome act_half_packet(struct fake *f)
{
	const struct packet_header header = {
		.magic = PACKET_MAGIC,
		.size = 100,
		.type = PACKET_FINDING,
		.rung = (uint8_t)f->p.rung,
		.adapter = PACKET_NO_ADAPTER,
	};
	send_bytes(f, &header, sizeof(header));
	send_bytes(f, "half", 4);
	exit(0);
}

static enum outcome act_oversize(struct fake *f)
{
	static char body[UINT16_MAX];
	const struct packet_header header = {
		.magic = PACKET_MAGIC,
		.size = sizeof(body),
		.type = PACKET_FINDING,
		.rung = (uint8_t)f->p.rung,
		.adapter = PACKET_NO_ADAPTER,
	};
	memset(body, 'x', sizeof(body));
	send_bytes(f, &header, sizeof(header));
	send_bytes(f, body, sizeof(body));
	return OUTCOME_PASS;
}

static enum outcome act_exit(struct fake *f)
{
	(void)f;
	exit(0);
}

static enum outcome act_exit_7(struct fake *f)
{
	(void)f;
	fputs("terminate called without an active exception\n", stderr);
	exit(7);
}

static enum outcome act_exhaust_memory(struct fake *f)
{
	(void)f;
	for (;;) {
		char *block = malloc(16 << 20);
		if (!block)
			_exit(1);
		memset(block, 0x5a, 16 << 20);
	}
	return OUTCOME_PASS;
}

static enum outcome act_wrong_rung(struct fake *f)
{
	enum rung other = f->p.rung == RUNG_LAUNCH ? RUNG_LOAD : RUNG_LAUNCH;
	packet_write_ended(f->p.fd, other, OUTCOME_PASS, REASON_NONE, 1);
	sleep_for_ever();
	return OUTCOME_PASS;
}

static enum outcome act_begin_twice(struct fake *f)
{
	packet_write_begun(f->p.fd, f->p.rung);
	return OUTCOME_PASS;
}

static enum outcome act_end_in_rung(struct fake *f)
{
	packet_write_end(f->p.fd);
	exit(0);
}

static enum outcome act_end_and_crash(struct fake *f)
{
	packet_write_ended(f->p.fd, f->p.rung, OUTCOME_PASS, REASON_NONE, 1);
	packet_write_end(f->p.fd);
	abort();
}

static enum outcome act_call_and_abort(struct fake *f)
{
	(void)f;
	struct d3dkmt_closeadapter none = { .adapter_handle.v = 0 };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (ioctl(fd, LX_DXCLOSEADAPTER, &none) < 0)
		abort();
	return OUTCOME_PASS;
}

static enum outcome act_end_and_hang(struct fake *f)
{
	packet_write_ended(f->p.fd, f->p.rung, OUTCOME_PASS, REASON_NONE, 1);
	packet_write_end(f->p.fd);
	sleep_for_ever();
	return OUTCOME_PASS;
}

static enum outcome act_long_string(struct fake *f)
{
	char *string = xmalloc(1 << 20);
	memset(string, 'x', (1 << 20) - 1);
	string[(1 << 20) - 1] = '\0';
	probe_find(&f->p, FIND_DEVICE, string);
	free(string);
	return OUTCOME_PASS;
}

static enum outcome act_invalid_utf8(struct fake *f)
{
	probe_find(&f->p, FIND_DEVICE, "Arc\xff\xfe \xc3( \xed\xa0\x80 \x1b[31m\x01");
	packet_write_string(f->p.fd, f->p.rung, PACKET_NO_ADAPTER, "na\xffme", "x");
	return OUTCOME_PASS;
}

static enum outcome act_hostile_string(struct fake *f)
{
	probe_find(&f->p, FIND_DEVICE, "<script>alert(1)</script>\"'&\n\t");
	return OUTCOME_PASS;
}

static enum outcome act_unknown_finding(struct fake *f)
{
	packet_write_string(f->p.fd, f->p.rung, PACKET_NO_ADAPTER, "never_heard_of", "x");
	packet_write_integer(f->p.fd, f->p.rung, PACKET_NO_ADAPTER, "device",
			     FINDING_INTEGER, 5);
	return OUTCOME_PASS;
}

static const struct mode modes[] = {
	{ "pass", act_pass, "passes" },
	{ "fail", act_fail, "fail(refused) with call and code" },
	{ "wrong-result", act_wrong_result, "fail(wrong-result)" },
	{ "build-failed", act_build_failed, "fail(build-failed) with HTML in the log" },
	{ "fallback", act_fallback, "fallback(cpu-only)" },
	{ "skip", act_skip, "skip(not-installed)" },
	{ "error", act_error, "error(control-failed)" },
	{ "slow", act_slow, "passes after half a second" },
	{ "hang", act_hang, "never returns" },
	{ "ignore-term", act_ignore_term, "never returns and ignores SIGTERM" },
	{ "read", act_read,
	  "reads a byte of DXGMATRIX_FAKE_FILE: one that is never answered (FUSE with "
	  "direct_io) survives SIGKILL" },
	{ "freeze", act_freeze,
	  "enters the cgroup-v1 freezer folder DXGMATRIX_FAKE_FILE and freezes it: "
	  "survives SIGKILL until the test writes THAWED" },
	{ "leave-child", act_leave_child,
	  "leaves a process in its own session that holds all descriptors, and passes" },
	{ "flood-stdout", act_flood_stdout, "writes without end" },
	{ "flood-stderr", act_flood_stderr, "the same" },
	{ "flood-packets", act_flood_packets, "sends the same finding without end" },
	{ "close", act_close, "closes the descriptor and exits 0" },
	{ "close-and-hang", act_close_and_hang, "closes the descriptor, never returns" },
	{ "garbage", act_garbage, "sends bytes that are no packet, and goes on" },
	{ "half-packet", act_half_packet, "sends half a packet and exits 0" },
	{ "oversize", act_oversize, "sends a packet larger than allowed" },
	{ "exit-0", act_exit, "exits 0 without the end marker" },
	{ "exit-7", act_exit_7, "prints last words and exits 7" },
	{ "exhaust-memory", act_exhaust_memory, "touches more and more memory" },
	{ "wrong-rung", act_wrong_rung, "ends a rung that was not begun, then hangs" },
	{ "begin-twice", act_begin_twice, "begins the rung again" },
	{ "end-in-rung", act_end_in_rung, "sends the end marker while a rung is open" },
	{ "call-and-abort", act_call_and_abort, "a DXG call to /dev/null, then SIGABRT" },
	{ "end-and-crash", act_end_and_crash, "the end marker, then SIGABRT" },
	{ "end-and-hang", act_end_and_hang, "the end marker, then never exits" },
	{ "long-string", act_long_string, "a finding of 1 MiB, cut by the writer" },
	{ "invalid-utf8", act_invalid_utf8, "a finding and a name that are no UTF-8" },
	{ "hostile-string", act_hostile_string, "HTML, quotes and control characters" },
	{ "unknown-finding", act_unknown_finding,
	  "a name nobody knows, and a known one of another kind" },
};

static void print_modes(void)
{
	for_each_row(mode, modes)
		printf("%-16s  %s\n", mode->name, mode->what);
	for_each_row(row, signals)
		printf("%-16s  dies of it\n", row->name);
}

static enum outcome act(struct fake *f, const char *name)
{
	for_each_row(row, signals) {
		if (strcmp(row->name, name))
			continue;
		signal(row->number, SIG_DFL);
		raise(row->number);
	}
	for_each_row(mode, modes)
		if (!strcmp(mode->name, name))
			return mode->act(f);
	fprintf(stderr, "no mode '%s'\n", name);
	_exit(3);
}

static bool is_here(const struct fake *f, bool first)
{
	const char *at = getenv("DXGMATRIX_FAKE_AT");
	const char *rung = rung_rows[f->p.rung].name;
	if (!at)
		return first;
	char *one = xasprintf("%s/%s", f->interface, rung);
	char *two = xasprintf("%s/%s/%s", f->interface,
			      f->p.control ? "control" : "adapter", rung);
	bool here = !strcmp(at, rung) || !strcmp(at, one) || !strcmp(at, two);
	free(one);
	free(two);
	return here;
}

static bool is_now(void)
{
	const char *once = getenv("DXGMATRIX_FAKE_ONCE");
	if (!once)
		return true;
	int fd = open(once, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* What a healthy device says. */
static void find_healthy(struct fake *f)
{
	if (f->p.rung == RUNG_ENUMERATE) {
		probe_find(&f->p, FIND_DEVICE, f->p.control ? "Fake CPU" : "Fake GPU");
		probe_find(&f->p, FIND_DEVICE_TYPE, f->p.control ? "cpu" : "gpu");
		probe_find_number(&f->p, FIND_DEVICES, 1);
		if (!f->p.control && f->p.vendor) {
			probe_find_format(&f->p, FIND_VENDOR_ID, "%04x", f->p.vendor);
			probe_find_format(&f->p, FIND_DEVICE_ID, "%04x", f->p.device);
		}
	}
	if (f->p.rung == RUNG_COPY)
		probe_find_number(&f->p, FIND_COMPARED_BYTES, 262144);
	if (f->p.rung == RUNG_LAUNCH)
		probe_find_flag(&f->p, FIND_CHECKER_CATCHES, true);
}

static void climb(struct fake *f)
{
	const char *mode = getenv("DXGMATRIX_FAKE");
	uint32_t passed = 0;
	bool first = true;
	for (int i = 0; i < RUNG_COUNT; i++) {
		f->p.rung = (enum rung)i;
		f->p.reason = REASON_NONE;
		if (!(f->wanted & rung_bit(f->p.rung)) ||
		    (rung_rows[i].needs & f->rungs & ~passed))
			continue;
		packet_write_begun(f->p.fd, f->p.rung);
		find_healthy(f);
		enum outcome outcome = OUTCOME_PASS;
		if (mode && is_here(f, first) && is_now())
			outcome = act(f, mode);
		packet_write_ended(f->p.fd, f->p.rung, outcome, f->p.reason, 1);
		if (outcome == OUTCOME_PASS)
			passed |= rung_bit(f->p.rung);
		first = false;
	}
	packet_write_end(f->p.fd);
}

static uint32_t parse_rungs(const char *names)
{
	uint32_t set = 0;
	char *copy = xstrdup(names), *rest = copy, *name;
	while ((name = strsep(&rest, ","))) {
		enum rung rung;
		if (rung_parse(name, &rung))
			set |= rung_bit(rung);
	}
	free(copy);
	return set;
}

static bool choose_interface(struct fake *f, const char *name)
{
	for_each_row(row, interfaces) {
		if (strcmp(row->name, name))
			continue;
		f->interface = row->name;
		f->rungs = f->wanted = parse_rungs(strrchr(row->line, '\t') + 1);
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct fake f = { .p = { .adapter = -1, .fd = -1 } };
	unsigned int vendor, device;
	if (argc > 1 && !strcmp(argv[1], "--modes")) {
		print_modes();
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "--list")) {
		for_each_row(row, interfaces)
			puts(row->line);
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("dxgmatrix-probe " DXGMATRIX_VERSION);
		return 0;
	}
	if (argc < 2 || !choose_interface(&f, argv[1])) {
		fputs("dxgmatrix-probe-misbehaves: one interface is needed\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (!strcmp(argv[i], "--control"))
			f.p.control = true;
		else if (!strcmp(argv[i], "--packets"))
			f.p.fd = atoi(value);
		else if (!strcmp(argv[i], "--rungs"))
			f.wanted = rung_closure(parse_rungs(value), f.rungs) & f.rungs;
		else if (!strcmp(argv[i], "--pci") &&
			 sscanf(value, "%4x:%4x", &vendor, &device) == 2) {
			f.p.vendor = (uint16_t)vendor;
			f.p.device = (uint16_t)device;
		}
	}
	climb(&f);
	return 0;
}
