#include "runner/battery.h"

#include <string.h>

#include "runner/battery_road.h"
#include "runner/detect.h"
#include "runner/environment.h"

bool battery_is_asked(const struct battery_order *order, const char *interface)
{
	for (size_t i = 0; i < order->n_names; i++)
		if (!strcmp(order->names[i], interface))
			return true;
	return order->n_names == 0;
}

void battery_judge_door(bool is_inside, struct rung_result *rung)
{
	if (rung->reason != REASON_NO_DEVICE_NODE)
		return;
	rung->outcome = is_inside ? OUTCOME_FAIL : OUTCOME_SKIP;
	rung->reason = is_inside ? REASON_NO_DEVICE_NODE : REASON_NOT_WSL2;
}

bool battery_control_fails(const struct result *control)
{
	for (size_t i = 0; i < control->n_rungs; i++)
		if (outcome_is_bad(control->rungs[i].outcome) ||
		    control->rungs[i].outcome == OUTCOME_ERROR)
			return true;
	return false;
}

static bool is_door(const struct interface_row *interface)
{
	return !strcmp(interface->name, BATTERY_DOOR);
}

static bool is_late(struct battery *b)
{
	b->late = b->late || child_clock() - b->begin_ms >= b->order->budget_ms;
	return b->late;
}

static const struct interface_row *find_interface(const struct battery *b,
						  const char *name)
{
	const struct interfaces *all = b->order->interfaces;
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->row[i].name, name))
			return &all->row[i];
	return NULL;
}

static struct journal_spot spot_of(const struct road *road, enum rung rung)
{
	return (struct journal_spot){ .interface = road->interface->name,
				      .role = road->role,
				      .rung = rung,
				      .adapter = road->pci,
				      .fingerprint = road->fingerprint };
}

static struct battery_step step_of(const struct road *road, enum rung rung)
{
	return (struct battery_step){ road->interface, road->role, rung };
}

static struct error *on_begun(void *context, enum rung rung)
{
	struct road *road = context;
	const struct battery_order *order = road->battery->order;
	const struct journal_spot spot = spot_of(road, rung);
	const struct battery_step step = step_of(road, rung);
	struct error *err = journal_begin(order->journal, &spot);
	if (err)
		return err;
	if (order->watch.begun)
		order->watch.begun(order->watch.context, &step);
	if (order->log)
		order->log->mark(order->log->context);
	return NULL;
}

static void on_waits(void *context, enum rung rung, int64_t limit_ms)
{
	const struct road *road = context;
	const struct battery_watch *watch = &road->battery->order->watch;
	const struct battery_step step = step_of(road, rung);
	size_t nth = road->plan.rungs[rung].n_tries + 1;
	if (watch->waits)
		watch->waits(watch->context, &step, limit_ms,
			     nth < TRIES_MAX ? nth : TRIES_MAX);
}

/* How many of the lines of a kind say nothing of this machine. */
static int64_t count_expected(const struct road *road, const struct rung_result *rung,
			      const struct failure *lines)
{
	bool answered =
		road->interface->layer <= LAYER_DXG && rung->outcome == OUTCOME_PASS;
	if (!answered)
		return window_expected(rung, lines);
	return rung->trace.how ? window_ours(rung, lines) : lines->count;
}

static void take_lines(struct road *road, struct rung_result *rung)
{
	struct battery *b = road->battery;
	const struct battery_log *log = b->order->log;
	rung->has_kernel_log = log->take(log->context, &b->arena, &rung->kernel_log);
	if (!rung->has_kernel_log)
		return;
	window_add(&b->lines, rung);
	for (size_t i = 0; i < rung->kernel_log.n; i++) {
		const struct failure *lines = &rung->kernel_log.failure[i];
		int64_t expected = count_expected(road, rung, lines);
		if (expected)
			failures_add(&b->arena, &b->expected_lines, lines->ioctl,
				     lines->error, expected);
	}
}

static void on_ended(void *context, struct rung_result *rung)
{
	struct road *road = context;
	const struct battery_order *order = road->battery->order;
	const struct battery_step step = step_of(road, rung->rung);
	if (order->log)
		take_lines(road, rung);
	battery_judge_door(environment_is_inside(road->record), rung);
	/* The next entry, or the end of the run, says the same: this one may get lost. */
	cleanup_error struct error *err = journal_end(order->journal, rung->outcome);
	if (order->watch.ended)
		order->watch.ended(order->watch.context, &step, rung);
}

static struct error *climb_once(struct road *road, uint32_t rungs, struct climb *ret)
{
	struct battery *b = road->battery;
	const struct climb_order order = {
		.program = b->order->program,
		.interface = road->interface->name,
		.control = road->role == ROLE_CONTROL,
		.adapter = road->interface->layer <= LAYER_DXG ? road->adapter : -1,
		/* The door counts; DXCore, beside it, has both to go by. */
		.pci = is_door(road->interface) ? NULL : road->pci,
		.rungs = rungs,
		.root = b->order->root,
	};
	const struct climb_watch watch = { road, on_begun, on_waits, on_ended,
					   b->order->stop };
	struct error *err = climb(&order, &b->order->limits, &watch, &b->arena, ret);
	b->stopped = b->stopped || (!err && ret->stopped);
	return err;
}

static void init_road(struct road *road, struct battery *b,
		      const struct interface_row *interface, enum role role,
		      const struct record *record)
{
	const struct adapter *adapter = &record->combination.adapter;
	bool named = role == ROLE_ADAPTER && adapter->present;
	*road = (struct road){ .battery = b,
			       .interface = interface,
			       .role = role,
			       .adapter = named ? adapter->index : -1,
			       .pci = named ? adapter->pci : NULL,
			       .record = record };
	combination_address(&record->combination, road->fingerprint);
	road->plan.has = interface->rungs;
	road->plan.wanted = plan_wanted(interface->rungs, b->order->risk);
	road->plan.once = b->order->root != NULL;
}

/* What once took the machine down waits until it is asked for. */
static void leave_out(struct road *road)
{
	for (int rung = 0; rung < RUNG_COUNT; rung++) {
		if (!(road->plan.wanted & rung_bit((enum rung)rung)))
			continue;
		const struct journal_spot spot = spot_of(road, (enum rung)rung);
		enum outcome outcome =
			journal_verdict(road->battery->order->journal, &spot);
		if (outcome == OUTCOME_PASS)
			continue;
		plan_settle(&road->plan, (enum rung)rung, outcome);
		road->rungs[rung].outcome = outcome;
		road->rungs[rung].reason =
			outcome == OUTCOME_INTERRUPTED ? REASON_STOPPED : REASON_NONE;
	}
}

/* From here on nothing touches a GPU. */
static void wedge(struct battery *b, enum rung by, enum reason reason)
{
	b->wedged = true;
	b->wedged_by = by;
	b->wedged_reason = reason;
}

static void take_climb(struct road *road, uint32_t target, const struct climb *climb)
{
	uint32_t seen = 0;
	road->broke = road->broke || climb->broke;
	for (size_t i = 0; i < climb->n_rungs; i++) {
		const struct rung_result *rung = &climb->rungs[i];
		seen |= rung_bit(rung->rung);
		if (plan_take(&road->plan, rung->rung, rung->outcome))
			road->rungs[rung->rung] = *rung;
		if (rung->outcome == OUTCOME_HUNG && road->role == ROLE_ADAPTER)
			wedge(road->battery, rung->rung, REASON_EARLIER_HUNG);
	}
	plan_miss(&road->plan, target & ~seen);
	if (climb->n_adapters) {
		road->adapters = climb->adapters;
		road->n_adapters = climb->n_adapters;
	}
}

static struct result *record_door(struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		if (record->results[i].role == ROLE_ADAPTER &&
		    !strcmp(record->results[i].interface, BATTERY_DOOR))
			return &record->results[i];
	return NULL;
}

static struct rung_result *find_rung(struct result *result, enum rung rung)
{
	for (size_t i = 0; result && i < result->n_rungs; i++)
		if (result->rungs[i].rung == rung)
			return &result->rungs[i];
	return NULL;
}

/* One more try of a rung that had passed, and the worst stands. */
static void add_try(struct rung_result *rung, const struct rung_result *more)
{
	enum outcome first = rung->outcome;
	enum outcome tries[TRIES_MAX];
	size_t n = rung->n_tries;
	memcpy(tries, rung->tries, sizeof(tries));
	if (!n)
		tries[n++] = first;
	tries[n < TRIES_MAX ? n++ : TRIES_MAX - 1] = more->outcome;
	if (outcome_worse(first, more->outcome) == more->outcome)
		*rung = *more;
	memcpy(rung->tries, tries, sizeof(tries));
	rung->n_tries = n;
}

/* What a road came to, for who watches too. */
static void finish_road(struct road *road, struct result *ret)
{
	const struct battery_watch *watch = &road->battery->order->watch;
	const struct battery_step step = step_of(road, RUNG_COUNT);
	road_finish(road, ret);
	if (watch->done)
		watch->done(watch->context, &step);
}

static void add_result(struct battery *b, struct record *record,
		       const struct result *result)
{
	if (result->n_rungs)
		*arena_push(&b->arena, record->results, record->n_results) = *result;
}

/* Nobody asked for the door, and it is what is broken. */
static void tell_of_door(struct road *road, uint32_t rungs, const struct climb *climb,
			 struct record *record)
{
	struct result result;
	road->plan.has = rungs;
	take_climb(road, 0, climb);
	finish_road(road, &result);
	add_result(road->battery, record, &result);
}

/*
 * After a probe died: does the way to Windows' scheduler still stand? A process killed in
 * mid-call can wedge it for the whole VM (microsoft/WSL#41062), and then what follows
 * would say nothing of what it tries.
 */
static struct error *check_fence(struct battery *b, struct record *record)
{
	const struct interface_row *door = find_interface(b, BATTERY_DOOR);
	struct result *result = record_door(record);
	struct rung_result *known = find_rung(result, RUNG_FENCE);
	if (b->wedged || b->stopped || !door || !(door->rungs & rung_bit(RUNG_FENCE)) ||
	    !b->order->has_door || (result && (!known || known->outcome != OUTCOME_PASS)))
		return NULL;
	struct road road;
	struct climb climb;
	init_road(&road, b, door, ROLE_ADAPTER, record);
	const uint32_t way = rung_closure(rung_bit(RUNG_FENCE), door->rungs);
	struct error *err = climb_once(&road, way, &climb);
	if (err || b->stopped || !climb.n_rungs)
		return err;
	const struct rung_result *last = &climb.rungs[climb.n_rungs - 1];
	if (last->rung == RUNG_FENCE && last->outcome == OUTCOME_PASS)
		return NULL;
	wedge(b, last->rung,
	      last->outcome == OUTCOME_FAIL ? REASON_NONE : REASON_EARLIER_HUNG);
	struct rung_result *rung = find_rung(result, last->rung);
	if (rung)
		add_try(rung, last);
	if (!result)
		tell_of_door(&road, way, &climb, record);
	return NULL;
}

static bool is_over(struct road *road)
{
	struct battery *b = road->battery;
	return b->stopped || is_late(b) || (b->wedged && road->role == ROLE_ADAPTER);
}

static bool is_silent(const struct plan_rung *rung)
{
	for (size_t i = 0; i < rung->n_tries; i++)
		if (rung->tries[i] != OUTCOME_TIMEOUT)
			return false;
	return rung->n_tries == TRIES_MAX;
}

/*
 * A door that never answered, in as many fresh processes as there are tries, makes every API
 * wait as long for the same answer, and each process killed in such a wait may make it worse
 * (microsoft/WSL#41062). One that answered and then killed a process is asked once more.
 */
static struct error *judge_door(struct road *road)
{
	struct battery *b = road->battery;
	const struct plan_rung *rungs = road->plan.rungs;
	const uint32_t way = rung_closure(rung_bit(RUNG_FENCE), road->plan.has);
	for (int rung = 0; rung < RUNG_COUNT && !b->wedged; rung++)
		if (way & rung_bit((enum rung)rung) && is_silent(&rungs[rung]))
			wedge(b, (enum rung)rung, REASON_DEADLINE);
	if (b->wedged || b->stopped || !road->broke || !rungs[RUNG_FENCE].n_tries ||
	    rungs[RUNG_FENCE].outcome != OUTCOME_PASS)
		return NULL;
	struct climb climb;
	struct error *err = climb_once(road, way, &climb);
	if (err)
		return err;
	take_climb(road, 0, &climb);
	for (int rung = 0; rung < RUNG_COUNT && !b->wedged; rung++)
		if (way & rung_bit((enum rung)rung) &&
		    rungs[rung].outcome != OUTCOME_PASS)
			wedge(b, (enum rung)rung, REASON_EARLIER_HUNG);
	return NULL;
}

static struct error *climb_road(struct road *road, struct record *record)
{
	uint32_t target, rungs;
	leave_out(road);
	while (!is_over(road) && (rungs = plan_next(&road->plan, &target))) {
		struct climb climb;
		struct error *err = climb_once(road, rungs, &climb);
		if (err)
			return err;
		take_climb(road, target, &climb);
		if (climb.broke && road->role == ROLE_ADAPTER &&
		    !is_door(road->interface))
			err = check_fence(road->battery, record);
		if (err)
			return err;
	}
	return is_door(road->interface) ? judge_door(road) : NULL;
}

static struct error *measure(struct battery *b, const struct interface_row *interface,
			     enum role role, struct record *record, struct result *ret)
{
	struct road road;
	init_road(&road, b, interface, role, record);
	struct error *err = climb_road(&road, record);
	finish_road(&road, ret);
	return err;
}

/* All interfaces on the adapter of a record, or on none; the door is there already where
 * it found no adapter. */
static struct error *measure_adapter(struct battery *b, struct record *record)
{
	const struct interfaces *all = b->order->interfaces;
	for (size_t i = 0; i < all->n; i++) {
		const struct interface_row *interface = &all->row[i];
		bool done = is_door(interface) && !record->combination.adapter.present;
		if (done || b->stopped || !battery_is_asked(b->order, interface->name))
			continue;
		struct result result;
		struct error *err = measure(b, interface, ROLE_ADAPTER, record, &result);
		add_result(b, record, &result);
		if (err)
			return err;
	}
	return NULL;
}

/* A copy by way of the document, its only full description. */
static struct error *add_record(struct battery *b, struct record *base,
				struct record **ret)
{
	char today[DATE_SIZE];
	struct record copy;
	record_today(today);
	struct error *err = record_read(base->bytes, base->size, today, &copy);
	if (err)
		return err;
	*arena_push(&b->arena, b->records, b->n_records) = copy;
	*ret = &b->records[b->n_records - 1];
	return NULL;
}

static bool is_hardware(const struct climb_adapter *adapter)
{
	const char *class = findings_string(&adapter->findings, FIND_ADAPTER_CLASS);
	return !class || strcmp(class, "software");
}

static struct error *add_adapters(struct battery *b, struct record *base,
				  const struct climb_adapter *adapters, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct record *record;
		if (!is_hardware(&adapters[i]))
			continue;
		struct error *err = add_record(b, base, &record);
		if (err)
			return err;
		record->combination.adapter.present = true;
		record->combination.adapter.index = adapters[i].index;
		detect_adapter(record, &adapters[i].findings, b->order->root);
	}
	return NULL;
}

/* What is broken below all roads is a result also where only a road was asked for. */
static bool is_broken(const struct result *result)
{
	for (size_t i = 0; i < result->n_rungs; i++)
		if (outcome_is_bad(result->rungs[i].outcome))
			return true;
	return false;
}

/* Asks the door which adapters there are. Without any, how it ended is a result. */
static struct error *discover(struct battery *b, struct record *base)
{
	const struct interface_row *door = find_interface(b, BATTERY_DOOR);
	struct result result = { 0 };
	struct error *err = NULL;
	if (door) {
		struct road road;
		init_road(&road, b, door, ROLE_ADAPTER, base);
		road.plan.wanted &= rung_bit(RUNG_LOAD) | rung_bit(RUNG_ENUMERATE);
		err = climb_road(&road, base);
		road.plan.wanted = plan_wanted(door->rungs, b->order->risk);
		if (!err && road.plan.rungs[RUNG_ENUMERATE].outcome == OUTCOME_PASS)
			err = add_adapters(b, base, road.adapters, road.n_adapters);
		/* Without an adapter there is no better place for the rest of it. */
		if (!err && !b->n_records && battery_is_asked(b->order, BATTERY_DOOR))
			err = climb_road(&road, base);
		if (err || b->n_records)
			return err;
		finish_road(&road, &result);
	}
	struct record *record;
	err = add_record(b, base, &record);
	if (!err && (battery_is_asked(b->order, BATTERY_DOOR) || is_broken(&result)))
		add_result(b, record, &result);
	return err;
}

static struct error *measure_controls(struct battery *b, struct record *base)
{
	const struct interfaces *all = b->order->interfaces;
	for (size_t i = 0; i < all->n; i++) {
		const struct interface_row *interface = &all->row[i];
		if (!interface->control || b->stopped ||
		    !battery_is_asked(b->order, interface->name))
			continue;
		struct result result;
		struct error *err = measure(b, interface, ROLE_CONTROL, base, &result);
		for (size_t j = 0; j < b->n_records; j++)
			add_result(b, &b->records[j], &result);
		if (err)
			return err;
		if (battery_control_fails(&result) && !b->control_failed)
			b->control_failed = interface->name;
	}
	return NULL;
}

struct error *battery_run(const struct battery_order *order, struct record *base,
			  struct battery *ret)
{
	*ret = (struct battery){ .order = order, .begin_ms = child_clock() };
	record_write(base);
	struct error *err = discover(ret, base);
	for (size_t i = 0; i < ret->n_records && !err; i++)
		err = measure_adapter(ret, &ret->records[i]);
	if (!err)
		err = measure_controls(ret, base);
	return err;
}

void battery_deinit(struct battery *battery)
{
	for (size_t i = 0; i < battery->n_records; i++)
		record_deinit(&battery->records[i]);
	arena_deinit(&battery->arena);
	*battery = (struct battery){ 0 };
}
