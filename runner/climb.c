#include "runner/climb.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "probes/packet.h"
#include "runner/clean.h"
#include "runner/climb_findings.h"
#include "util/alloc.h"
#include "util/strbuf.h"

#define WORDS_MAX    240 /* of last words */
#define ADAPTERS_MAX 64
#define EXPECTED_MAX 256 /* announcements of one rung */
/* Before its first rung and between rungs a probe does nothing that takes long. */
#define IDLE_MS 20000
#define TICK_MS 1000

struct climbing {
	const struct climb_order *order;
	const struct child_limits *limits;
	const struct climb_watch *watch;
	struct arena *arena;
	struct climb *climb;
	struct child child;
	struct packet_reader reader;
	bool active; /* the last of climb->rungs has begun and not ended */
	bool ended;  /* the end marker came */
	bool bad;    /* the stream is worthless: no packet is read any more */
	int64_t begun_ms, deadline_ms;
	int64_t condemned_ns;  /* by trace_clock_ns(); 0: it is not */
	int64_t output_before; /* what it had written when the rung began */
	int64_t packet_bytes;
	struct tally_expected expected[EXPECTED_MAX]; /* of the rung */
	size_t n_expected;
	struct error *err;
};

static struct rung_result *last_rung(const struct climbing *c)
{
	return &c->climb->rungs[c->climb->n_rungs - 1];
}

static int64_t rung_deadline(const struct climbing *c, enum rung rung)
{
	return (int64_t)rung_rows[rung].deadline_ms * c->limits->deadline_percent / 100;
}

/* At most a second at a time: who watches is told that it lasts. */
static void wait_on(struct climbing *c)
{
	int64_t tick = child_clock() + TICK_MS;
	child_set_deadline(&c->child, tick < c->deadline_ms ? tick : c->deadline_ms);
}

static void wait_for(struct climbing *c, int64_t ms)
{
	c->deadline_ms = child_clock() + ms;
	wait_on(c);
}

static void find_last_words(struct climbing *c, struct rung_result *rung)
{
	int64_t since = c->child.output_total - c->output_before;
	size_t kept = c->child.tail_length;
	size_t size = since < (int64_t)kept ? (size_t)since : kept;
	findings_note_string(
		c->arena, &rung->findings, FIND_LAST_WORDS,
		clean_last_line(c->arena, c->child.tail + kept - size, size, WORDS_MAX));
}

static struct rung_result *add_rung(struct climbing *c, enum rung rung)
{
	struct rung_result *result =
		arena_push(c->arena, c->climb->rungs, c->climb->n_rungs);
	*result = (struct rung_result){ .rung = rung,
					.outcome = OUTCOME_ERROR,
					.ms = -1,
					.risk = rung_rows[rung].risk };
	return result;
}

static const char *signal_name(struct climbing *c, int number)
{
	const char *name = sigabbrev_np(number);
	return name ? arena_printf(c->arena, "SIG%s", name)
		    : arena_printf(c->arena, "SIG%d", number);
}

/* A fault that a library caught is a fact whatever the rung returned. */
static void find_caught(struct climbing *c, struct rung_result *rung,
			const struct crash *caught)
{
	if (!caught->signal)
		return;
	cleanup_free char *text = xasprintf("%s%s%s", signal_name(c, caught->signal),
					    *caught->in ? " in " : "", caught->in);
	findings_note_text(c->arena, &rung->findings, FIND_FAULT_CAUGHT, text);
}

static bool has_bad_end(const struct rung_result *rung)
{
	return rung->outcome >= OUTCOME_FAIL && rung->outcome <= OUTCOME_DIED;
}

/* When the rung was over: at the crash, not when that was noticed. */
static int64_t end_of(const struct climbing *c, const struct rung_result *rung,
		      const struct trace_seen *seen)
{
	const struct crash *place = rung->reason == REASON_SIGNAL ? &seen->fatal
				    : rung->reason == REASON_EXIT ? &seen->exits
								  : NULL;
	if (place && place->ns)
		return place->ns;
	return c->condemned_ns ? c->condemned_ns : trace_clock_ns();
}

static void tell_last(struct climbing *c, struct rung_result *rung,
		      const struct trace_seen *seen)
{
	if (!has_bad_end(rung) || !seen->tally.n_last)
		return;
	rung->trace.last = NULL;
	rung->trace.n_last = 0;
	tally_add_last(&seen->tally, end_of(c, rung, seen), c->arena, &rung->trace);
	tally_number_threads(&rung->trace);
}

/* The calls since the rung began; those after it belong to none, but may be the last that a
 * process made. */
static void end_trace(struct climbing *c, struct rung_result *rung)
{
	cleanup_free struct trace_seen *seen = xmalloc(sizeof(*seen));
	trace_process_read(&c->child.trace, seen);
	trace_process_begin(&c->child.trace);
	if (seen->how != TRACE_NONE) {
		if (!rung->trace.how)
			tally_to_trace(&seen->tally, trace_how_names[seen->how],
				       c->expected, c->n_expected, c->arena,
				       &rung->trace);
		tell_last(c, rung, seen);
		find_caught(c, rung, &seen->caught);
	}
	rung->trace.why = trace_why_words[seen->why];
	c->n_expected = 0;
}

static void end_rung(struct climbing *c)
{
	c->active = false;
	end_trace(c, last_rung(c));
	wait_for(c, IDLE_MS);
	if (c->watch->ended)
		c->watch->ended(c->watch->context, last_rung(c));
}

static bool has_begun(const struct climbing *c, enum rung rung)
{
	for (size_t i = 0; i < c->climb->n_rungs; i++)
		if (c->climb->rungs[i].rung == rung)
			return true;
	return false;
}

static void send_go(struct climbing *c)
{
	const char go = PACKET_GO;
	/* A probe that is gone will be noticed as such. */
	if (send(c->child.packets, &go, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		errno = 0;
}

/* From here on it is judged by what it did so far. */
static void condemn(struct climbing *c, enum reason reason, bool gently)
{
	if (!c->bad)
		c->condemned_ns = trace_clock_ns();
	c->bad = true;
	child_condemn(&c->child, reason, gently);
}

static bool take_begun(struct climbing *c, const struct packet *packet)
{
	if (c->active || has_begun(c, packet->rung) ||
	    !(c->order->rungs & rung_bit(packet->rung)))
		return false;
	add_rung(c, packet->rung);
	c->active = true;
	c->begun_ms = child_clock();
	c->output_before = c->child.output_total;
	if (c->watch->begun)
		c->err = c->watch->begun(c->watch->context, packet->rung);
	if (c->err) {
		condemn(c, REASON_STOPPED, true);
		return true;
	}
	trace_process_begin(&c->child.trace);
	wait_for(c, rung_deadline(c, packet->rung));
	send_go(c);
	return true;
}

static struct findings *adapter_findings(struct climbing *c, int index)
{
	struct climb *climb = c->climb;
	for (size_t i = 0; i < climb->n_adapters; i++)
		if (climb->adapters[i].index == index)
			return &climb->adapters[i].findings;
	if (climb->n_adapters == ADAPTERS_MAX)
		return NULL;
	struct climb_adapter *adapter =
		arena_push(c->arena, climb->adapters, climb->n_adapters);
	adapter->index = index;
	return &adapter->findings;
}

static bool take_finding(struct climbing *c, const struct packet *packet)
{
	if (!c->active || packet->rung != last_rung(c)->rung)
		return false;
	struct findings *findings = packet->adapter == PACKET_NO_ADAPTER
					    ? &last_rung(c)->findings
					    : adapter_findings(c, packet->adapter);
	if (findings)
		findings_note_packet(c->arena, findings, packet);
	return true;
}

static bool take_expected(struct climbing *c, const struct packet *packet)
{
	if (!c->active || packet->rung != last_rung(c)->rung)
		return false;
	if (c->n_expected < EXPECTED_MAX)
		c->expected[c->n_expected++] = (struct tally_expected){
			.nr = packet->nr,
			.query_type = packet->query_type,
			.count = packet->count,
		};
	return true;
}

static bool is_probes_outcome(enum outcome outcome)
{
	return outcome <= OUTCOME_FAIL || outcome == OUTCOME_SKIP ||
	       outcome == OUTCOME_ERROR;
}

static bool take_ended(struct climbing *c, const struct packet *packet)
{
	if (!c->active || packet->rung != last_rung(c)->rung ||
	    !is_probes_outcome(packet->outcome))
		return false;
	struct rung_result *rung = last_rung(c);
	rung->outcome = packet->outcome;
	rung->reason = packet->reason;
	rung->ms = packet->ms;
	if (rung->outcome == OUTCOME_FAIL)
		find_last_words(c, rung);
	end_rung(c);
	send_go(c);
	return true;
}

static bool take_end(struct climbing *c)
{
	if (c->active)
		return false;
	c->ended = true;
	wait_for(c, c->limits->exit_ms);
	return true;
}

static bool take_packet(struct climbing *c, const struct packet *packet)
{
	if (c->ended) /* nobody listens any more */
		return true;
	switch (packet->type) {
	case PACKET_RUNG_BEGUN:
		return take_begun(c, packet);
	case PACKET_FINDING:
		return take_finding(c, packet);
	case PACKET_EXPECTED:
		return take_expected(c, packet);
	case PACKET_RUNG_ENDED:
		return take_ended(c, packet);
	case PACKET_END:
		return take_end(c);
	}
	return false;
}

static void take_packets(struct climbing *c)
{
	while (!c->bad) {
		struct packet packet;
		enum packet_read read = packet_next(&c->reader, &packet);
		if (read == PACKET_READ_MORE)
			return;
		if (read == PACKET_READ_BAD || !take_packet(c, &packet))
			condemn(c, REASON_PROTOCOL, false);
	}
}

static void read_packets(struct climbing *c)
{
	char bytes[4096];
	ssize_t n = recv(c->child.packets, bytes, sizeof(bytes), MSG_DONTWAIT);
	/* What is said stays in memory: of packets it may send as much as of output. */
	c->packet_bytes += n > 0 ? n : 0;
	if (!c->bad && c->packet_bytes > c->limits->output_bytes)
		condemn(c, REASON_OUTPUT_LIMIT, false);
	for (ssize_t taken = 0; taken < n && !c->bad;) {
		taken += (ssize_t)packet_feed(&c->reader, bytes + taken,
					      (size_t)(n - taken));
		take_packets(c);
	}
}

static enum reason late_reason(const struct climbing *c)
{
	return c->child.is_closed && !c->ended ? REASON_PROTOCOL : REASON_DEADLINE;
}

static void take_late(struct climbing *c)
{
	if (child_clock() >= c->deadline_ms) {
		condemn(c, late_reason(c), true);
		return;
	}
	if (c->active && c->watch->waits)
		c->watch->waits(c->watch->context, last_rung(c)->rung,
				rung_deadline(c, last_rung(c)->rung));
	wait_on(c);
}

/* @return whether more will come. */
static bool take_event(struct climbing *c, enum child_event event)
{
	switch (event) {
	case CHILD_READABLE:
		read_packets(c);
		return true;
	case CHILD_CLOSED:
		/* A process that ends closes its descriptors first: it may be just that. */
		if (!c->ended)
			wait_for(c, c->limits->exit_ms);
		return true;
	case CHILD_LATE:
		take_late(c);
		return true;
	case CHILD_FLOODS:
		condemn(c, REASON_OUTPUT_LIMIT, false);
		return true;
	case CHILD_HOGS:
		condemn(c, REASON_MEMORY_LIMIT, false);
		return true;
	case CHILD_STOPPED:
		c->climb->stopped = true;
		condemn(c, REASON_STOPPED, true);
		return true;
	case CHILD_HUNG:
		c->climb->hung = true;
		return false;
	case CHILD_ENDED:
		return false;
	}
	return false;
}

enum outcome climb_outcome(const struct climb_end *end, enum reason *ret)
{
	*ret = end->condemned;
	if (end->condemned == REASON_STOPPED)
		return OUTCOME_INTERRUPTED;
	if (end->hung)
		return OUTCOME_HUNG;
	if (end->condemned == REASON_DEADLINE)
		return OUTCOME_TIMEOUT;
	if (end->condemned != REASON_NONE)
		return OUTCOME_CRASH;
	*ret = WIFSIGNALED(end->status) ? REASON_SIGNAL
	       : end->partial           ? REASON_PROTOCOL
					: REASON_EXIT;
	return OUTCOME_CRASH;
}

/* Where it was when it died. @param signal  0: it exited */
static void find_place(struct climbing *c, struct rung_result *rung, int signal)
{
	cleanup_free struct trace_seen *seen = xmalloc(sizeof(*seen));
	trace_process_read(&c->child.trace, seen);
	const struct crash *place = trace_seen_place(seen, signal);
	if (!place)
		return;
	findings_note_text(c->arena, &rung->findings, FIND_IN, place->in);
	findings_note_text(c->arena, &rung->findings, FIND_SYMBOL, place->symbol);
	findings_note_text(c->arena, &rung->findings, FIND_CALLED_FROM,
			   place->called_from);
}

static void find_how_it_ended(struct climbing *c, struct rung_result *rung)
{
	const struct child *child = &c->child;
	if (c->climb->hung) {
		findings_note_text(c->arena, &rung->findings, FIND_WCHAN, child->hung_in);
		if (child->hung_stack)
			findings_note_text(c->arena, &rung->findings, FIND_STACK,
					   child->hung_stack);
	} else if (rung->reason == REASON_SIGNAL) {
		findings_note_string(c->arena, &rung->findings, FIND_SIGNAL,
				     signal_name(c, WTERMSIG(child->status)));
		find_place(c, rung, WTERMSIG(child->status));
	} else if (rung->reason == REASON_EXIT) {
		findings_note_number(c->arena, &rung->findings, FIND_EXIT_STATUS,
				     WEXITSTATUS(child->status));
		find_place(c, rung, 0);
	} else if (rung->reason == REASON_MEMORY_LIMIT) {
		findings_note_number(c->arena, &rung->findings, FIND_RESIDENT_MIB,
				     child->resident_mib);
	}
	find_last_words(c, rung);
}

/* The rung a death belongs to: the active one; else the next that was wanted; else, when
 * all had ended, the last. */
static struct rung_result *struck_rung(struct climbing *c)
{
	if (c->active)
		return last_rung(c);
	for (int rung = 0; rung < RUNG_COUNT; rung++) {
		if (!(c->order->rungs & rung_bit((enum rung)rung)) ||
		    has_begun(c, (enum rung)rung))
			continue;
		bool reachable = true;
		for (size_t i = 0; i < c->climb->n_rungs; i++)
			if (rung_rows[rung].needs & rung_bit(c->climb->rungs[i].rung) &&
			    c->climb->rungs[i].outcome != OUTCOME_PASS)
				reachable = false;
		if (reachable)
			return add_rung(c, (enum rung)rung);
	}
	return last_rung(c);
}

static void end_without_marker(struct climbing *c)
{
	const struct climb_end end = { .condemned = c->child.condemned,
				       .hung = c->climb->hung,
				       .partial = packet_is_partial(&c->reader),
				       .status = c->child.status };
	bool active = c->active;
	struct rung_result *rung = struck_rung(c);
	rung->outcome = climb_outcome(&end, &rung->reason);
	rung->ms = active ? child_clock() - c->begun_ms : rung->ms;
	find_how_it_ended(c, rung);
	c->climb->broke = rung->outcome != OUTCOME_INTERRUPTED;
	end_rung(c);
}

/* All was tried and told; how the process then goes is a remark on its last rung. */
static void end_with_marker(struct climbing *c)
{
	c->climb->broke = c->child.condemned != REASON_NONE || c->climb->hung;
	if (c->child.condemned == REASON_NONE && WIFSIGNALED(c->child.status) &&
	    c->climb->n_rungs) {
		c->climb->broke = true;
		findings_note_string(c->arena, &last_rung(c)->findings, FIND_SIGNAL,
				     signal_name(c, WTERMSIG(c->child.status)));
		find_place(c, last_rung(c), WTERMSIG(c->child.status));
	}
	if (c->climb->hung && c->climb->n_rungs) {
		last_rung(c)->outcome = OUTCOME_HUNG;
		last_rung(c)->reason = c->child.condemned;
		find_how_it_ended(c, last_rung(c));
		end_trace(c, last_rung(c));
	}
}

static struct error *watch_child(struct climbing *c)
{
	wait_for(c, IDLE_MS);
	while (take_event(c, child_next(&c->child)))
		;
	if (c->err)
		return c->err;
	struct error *err = child_start_error(&c->child);
	if (err)
		return error_wrap(err, "%s", c->order->program);
	if (c->ended)
		end_with_marker(c);
	else
		end_without_marker(c);
	return NULL;
}

static char *rung_list(uint32_t rungs)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (rungs & rung_bit((enum rung)rung))
			strbuf_printf(&buf, "%s%s", buf.length ? "," : "",
				      rung_rows[rung].name);
	return strbuf_take(&buf);
}

struct error *climb(const struct climb_order *order, const struct child_limits *limits,
		    const struct climb_watch *watch, struct arena *arena,
		    struct climb *ret)
{
	cleanup_free char *rungs = rung_list(order->rungs);
	cleanup_free char *adapter = xasprintf("%d", order->adapter);
	const char *argv[14] = { order->program,        order->interface, "--packets",
				 CHILD_PACKETS_FD_TEXT, "--rungs",        rungs };
	int n = 6;
	if (order->control)
		argv[n++] = "--control";
	if (order->adapter >= 0) {
		argv[n++] = "--adapter";
		argv[n++] = adapter;
	}
	if (order->pci) {
		argv[n++] = "--pci";
		argv[n++] = order->pci;
	}
	if (order->root) {
		argv[n++] = "--root";
		argv[n++] = order->root;
	}
	*ret = (struct climb){ 0 };
	cleanup_free struct climbing *c = xcalloc(1, sizeof(*c));
	*c = (struct climbing){ .order = order,
				.limits = limits,
				.watch = watch,
				.arena = arena,
				.climb = ret };
	struct error *err = child_start(argv, limits, watch->stop, &c->child);
	if (err)
		return err;
	err = watch_child(c);
	child_deinit(&c->child);
	return err;
}
