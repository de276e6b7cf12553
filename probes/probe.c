#include "probes/probe.h"

#include <stdarg.h>
#include <sys/ioctl.h>
#include <time.h>

#include "probes/packet.h"
#include "util/alloc.h"
#include "util/cleanup.h"

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum outcome end_with(struct probe *p, enum outcome outcome, enum reason reason)
{
	p->reason = reason;
	return outcome;
}

enum outcome probe_fail(struct probe *p, enum reason reason)
{
	return end_with(p, OUTCOME_FAIL, reason);
}

enum outcome probe_skip(struct probe *p, enum reason reason)
{
	return end_with(p, OUTCOME_SKIP, reason);
}

enum outcome probe_fallback(struct probe *p, enum reason reason)
{
	return end_with(p, OUTCOME_FALLBACK, reason);
}

enum outcome probe_error(struct probe *p, enum reason reason)
{
	return end_with(p, OUTCOME_ERROR, reason);
}

enum outcome probe_refused(struct probe *p, const char *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	cleanup_free char *code = xvasprintf(format, args);
	va_end(args);
	probe_find(p, FIND_CALL, call);
	probe_find(p, FIND_CODE, code);
	return probe_fail(p, REASON_REFUSED);
}

static void find_string(struct probe *p, uint8_t adapter, enum finding finding,
			const char *string)
{
	if (string && *string)
		packet_write_string(p->fd, p->rung, adapter, finding_rows[finding].name,
				    string);
}

void probe_find(struct probe *p, enum finding finding, const char *string)
{
	find_string(p, PACKET_NO_ADAPTER, finding, string);
}

void probe_find_of(struct probe *p, int adapter, enum finding finding, const char *string)
{
	find_string(p, (uint8_t)adapter, finding, string);
}

void probe_find_format(struct probe *p, enum finding finding, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	cleanup_free char *string = xvasprintf(format, args);
	va_end(args);
	probe_find(p, finding, string);
}

void probe_find_number(struct probe *p, enum finding finding, int64_t number)
{
	packet_write_integer(p->fd, p->rung, PACKET_NO_ADAPTER,
			     finding_rows[finding].name, FINDING_INTEGER, number);
}

void probe_find_number_of(struct probe *p, int adapter, enum finding finding,
			  int64_t number)
{
	packet_write_integer(p->fd, p->rung, (uint8_t)adapter, finding_rows[finding].name,
			     FINDING_INTEGER, number);
}

void probe_find_flag(struct probe *p, enum finding finding, bool flag)
{
	packet_write_integer(p->fd, p->rung, PACKET_NO_ADAPTER,
			     finding_rows[finding].name, FINDING_BOOLEAN, flag);
}

void probe_expect(struct probe *p, uint32_t request, int32_t query_type, uint32_t count)
{
	packet_write_expected(p->fd, p->rung, (uint8_t)_IOC_NR(request), query_type,
			      count);
}

uint32_t probe_rungs(const struct interface *interface)
{
	uint32_t rungs = 0;
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (interface->rungs[rung])
			rungs |= rung_bit((enum rung)rung);
	return rungs;
}

/* The loader must see the stand-in's variables before its library is opened; that it is not
 * there is an answer of the first rung. */
static enum outcome climb_function(struct probe *p, bool first)
{
	if (first && p->control && !p->interface->prepare_control(p))
		return probe_skip(p, REASON_NOT_INSTALLED);
	return p->interface->rungs[p->rung](p);
}

static enum outcome climb_rung(struct probe *p, enum rung rung, bool first)
{
	p->rung = rung;
	p->reason = REASON_NONE;
	packet_write_begun(p->fd, rung);
	int64_t begun_ms = now_ms();
	enum outcome outcome = climb_function(p, first);
	int64_t ms = now_ms() - begun_ms;
	packet_write_ended(p->fd, rung, outcome, p->reason,
			   ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX);
	return outcome;
}

void probe_climb(struct probe *p, uint32_t wanted)
{
	uint32_t has = probe_rungs(p->interface);
	uint32_t passed = 0;
	bool first = true;
	for (int i = 0; i < RUNG_COUNT; i++) {
		enum rung rung = (enum rung)i;
		uint32_t needs = rung_rows[rung].needs & has;
		if (!(has & wanted & rung_bit(rung)) || (needs & ~passed))
			continue;
		if (climb_rung(p, rung, first) == OUTCOME_PASS)
			passed |= rung_bit(rung);
		first = false;
	}
	packet_write_end(p->fd);
	if (p->interface->close)
		p->interface->close(p);
}
