#include "tests/testing.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/packet.h"

struct channel {
	int probe, runner;
	struct packet_reader reader;
};

static int setup(void **state)
{
	struct channel *c = xcalloc(1, sizeof(*c));
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	c->probe = fds[0];
	c->runner = fds[1];
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct channel *c = *state;
	close(c->probe);
	close(c->runner);
	free(c);
	return 0;
}

/* What the probe's end wrote, fed a few bytes at a time. */
static enum packet_read receive(struct channel *c, struct packet *ret)
{
	for (;;) {
		enum packet_read read_ = packet_next(&c->reader, ret);
		if (read_ != PACKET_READ_MORE)
			return read_;
		char bytes[7];
		ssize_t n = recv(c->runner, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (n <= 0)
			return PACKET_READ_MORE;
		assert_int_equal(packet_feed(&c->reader, bytes, (size_t)n), n);
	}
}

static void test_packet_arrives_as_written(void **state)
{
	struct channel *c = *state;
	struct packet got;
	assert_int_equal(write(c->runner, "gg", 2), 2);
	packet_write_begun(c->probe, RUNG_COPY);
	packet_write_string(c->probe, RUNG_COPY, PACKET_NO_ADAPTER, "device", "Arc\xff");
	packet_write_string(c->probe, RUNG_ENUMERATE, 3, "pci", "8086:7d51");
	packet_write_integer(c->probe, RUNG_COPY, PACKET_NO_ADAPTER, "wrong_at",
			     FINDING_INTEGER, INT64_MIN);
	packet_write_integer(c->probe, RUNG_COPY, PACKET_NO_ADAPTER, "checker_catches",
			     FINDING_BOOLEAN, 1);
	packet_write_expected(c->probe, RUNG_COPY, 0x09, 70, 3);
	packet_write_expected(c->probe, RUNG_COPY, 0x49, PACKET_ANY_TYPE, UINT32_MAX);
	packet_write_ended(c->probe, RUNG_COPY, OUTCOME_FAIL, REASON_WRONG_RESULT,
			   UINT32_MAX);
	packet_write_end(c->probe);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.type, PACKET_RUNG_BEGUN);
	assert_int_equal(got.rung, RUNG_COPY);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.type, PACKET_FINDING);
	assert_int_equal(got.adapter, PACKET_NO_ADAPTER);
	assert_int_equal(got.kind, FINDING_STRING);
	assert_string_equal(got.name, "device");
	assert_string_equal(got.string, "Arc\xff");

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.adapter, 3);
	assert_string_equal(got.string, "8086:7d51");

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.kind, FINDING_INTEGER);
	assert_null(got.string);
	assert_true(got.integer == INT64_MIN);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.kind, FINDING_BOOLEAN);
	assert_int_equal(got.integer, 1);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.type, PACKET_EXPECTED);
	assert_int_equal(got.rung, RUNG_COPY);
	assert_int_equal(got.nr, 0x09);
	assert_int_equal(got.query_type, 70);
	assert_int_equal(got.count, 3);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.nr, 0x49);
	assert_int_equal(got.query_type, PACKET_ANY_TYPE);
	assert_int_equal(got.count, UINT32_MAX);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.type, PACKET_RUNG_ENDED);
	assert_int_equal(got.outcome, OUTCOME_FAIL);
	assert_int_equal(got.reason, REASON_WRONG_RESULT);
	assert_int_equal(got.ms, UINT32_MAX);

	assert_int_equal(receive(c, &got), PACKET_READ_ONE);
	assert_int_equal(got.type, PACKET_END);
	assert_int_equal(receive(c, &got), PACKET_READ_MORE);
	assert_false(packet_is_partial(&c->reader));
}

static void test_packet_cuts_long_strings_between_characters(void **state)
{
	struct channel *c = *state;
	struct packet got;
	char string[2 * PACKET_BODY_MAX];
	for (size_t i = 0; i + 1 < sizeof(string); i++)
		string[i] = i % 2 ? '\xa4' : '\xc3'; /* ä, ä, … */
	string[sizeof(string) - 1] = '\0';
	/* One of the two names makes the room odd. */
	for (int odd = 0; odd < 2; odd++) {
		packet_write_string(c->probe, RUNG_LOAD, PACKET_NO_ADAPTER,
				    odd ? "log" : "logs", string);
		assert_int_equal(receive(c, &got), PACKET_READ_ONE);
		size_t length = strlen(got.string);
		assert_int_equal(length % 2, 0);
		assert_in_range(length, PACKET_BODY_MAX - 32, PACKET_BODY_MAX);
	}
}

static void test_packet_reader_takes_what_fits(void **state)
{
	struct channel *c = *state;
	struct packet got;
	char string[PACKET_BODY_MAX + 1];
	char *bytes = xcalloc(5, PACKET_BODY_MAX + 64);
	size_t size = 0, fed = 0, packets = 0;
	memset(string, 'x', sizeof(string) - 1);
	string[sizeof(string) - 1] = '\0';
	for (int i = 0; i < 5; i++)
		packet_write_string(c->probe, RUNG_LOAD, PACKET_NO_ADAPTER, "log",
				    string);
	ssize_t n;
	while ((n = recv(c->runner, bytes + size, 5 * (PACKET_BODY_MAX + 64) - size,
			 MSG_DONTWAIT)) > 0)
		size += (size_t)n;

	while (fed < size) {
		size_t taken = packet_feed(&c->reader, bytes + fed, size - fed);
		assert_true(taken > 0); /* since every packet was read before */
		fed += taken;
		while (packet_next(&c->reader, &got) == PACKET_READ_ONE)
			packets++;
	}
	assert_int_equal(packets, 5);
	assert_int_equal(packet_feed(&c->reader, bytes, 0), 0);
	free(bytes);
}

struct raw {
	struct packet_header header;
	char body[64];
};

#define HEADER(type_, size_)                                                             \
	{                                                                                \
		.magic = PACKET_MAGIC, .size = (size_), .type = (type_),                 \
		.rung = RUNG_LOAD, .adapter = PACKET_NO_ADAPTER                          \
	}

static enum packet_read read_raw(const struct raw *raw)
{
	struct packet_reader *reader = xcalloc(1, sizeof(*reader));
	struct packet got;
	packet_feed(reader, (const char *)&raw->header, sizeof(raw->header));
	packet_feed(reader, raw->body,
		    raw->header.size < sizeof(raw->body) ? raw->header.size
							 : sizeof(raw->body));
	enum packet_read read_ = packet_next(reader, &got);
	if (read_ == PACKET_READ_BAD)
		assert_int_equal(packet_next(reader, &got), PACKET_READ_BAD);
	free(reader);
	return read_;
}

static struct raw raw_finding(uint8_t kind, int64_t integer, const char *strings,
			      size_t size)
{
	struct packet_finding finding = { .kind = kind, .integer = integer };
	struct raw raw = { HEADER(PACKET_FINDING, (uint16_t)(sizeof(finding) + size)),
			   { 0 } };
	memcpy(raw.body, &finding, sizeof(finding));
	memcpy(raw.body + sizeof(finding), strings, size);
	return raw;
}

static struct raw raw_ended(uint8_t outcome, uint8_t reason)
{
	struct packet_ended ended = { .outcome = outcome, .reason = reason };
	struct raw raw = { HEADER(PACKET_RUNG_ENDED, sizeof(ended)), { 0 } };
	memcpy(raw.body, &ended, sizeof(ended));
	return raw;
}

static struct raw raw_expected(uint8_t nr, int32_t query_type, uint32_t count)
{
	struct packet_expected expected = { query_type, count, nr, { 0 } };
	struct raw raw = { HEADER(PACKET_EXPECTED, sizeof(expected)), { 0 } };
	memcpy(raw.body, &expected, sizeof(expected));
	return raw;
}

static void test_packet_reader_refuses_each_bad_field(void **state)
{
	(void)state;
	const struct raw good[] = {
		{ HEADER(PACKET_RUNG_BEGUN, 0), { 0 } },
		{ HEADER(PACKET_END, 0), { 0 } },
		raw_finding(FINDING_STRING, 0, "a\0b", 4),
		raw_finding(FINDING_STRING, 0, "a\0", 3),
		raw_finding(FINDING_INTEGER, -5, "a\0", 3),
		raw_ended(OUTCOME_PASS, REASON_NONE),
		raw_ended(OUTCOME_SKIP, REASON_NOT_INSTALLED),
		raw_expected(1, PACKET_ANY_TYPE, 1),
		raw_expected(255, INT32_MAX, UINT32_MAX),
	};
	for_each_row(raw, good)
		assert_int_equal(read_raw(raw), PACKET_READ_ONE);

	struct raw bad[] = {
		{ HEADER(PACKET_RUNG_BEGUN, 1), { 0 } },
		{ HEADER(PACKET_END, 1), { 0 } },
		{ HEADER(0, 0), { 0 } },
		{ HEADER(PACKET_EXPECTED + 1, 0), { 0 } },
		{ HEADER(PACKET_FINDING, PACKET_BODY_MAX + 1), { 0 } },
		{ HEADER(PACKET_FINDING, 3), { 0 } },
		raw_finding(3, 0, "a\0b", 4),
		raw_finding(FINDING_STRING, 1, "a\0b", 4),
		raw_finding(FINDING_BOOLEAN, 2, "a\0", 3),
		raw_finding(FINDING_INTEGER, 1, "a\0b", 4),
		raw_finding(FINDING_STRING, 0, "ab", 2),      /* name without end */
		raw_finding(FINDING_STRING, 0, "ab\0", 3),    /* fine but for the cut */
		raw_finding(FINDING_STRING, 0, "a\0b", 3),    /* string without end */
		raw_finding(FINDING_STRING, 0, "a\0b\0c", 6), /* something behind it */
		raw_finding(FINDING_STRING, 0, "\0b", 3),     /* no name */
		raw_ended(OUTCOME_COUNT, REASON_NONE),
		raw_ended(OUTCOME_DIED, REASON_NONE), /* the runner's word */
		raw_ended(OUTCOME_FAIL, REASON_COUNT),
		{ HEADER(PACKET_RUNG_ENDED, sizeof(struct packet_ended) + 1), { 0 } },
		raw_expected(0, 0, 1),
		raw_expected(1, -2, 1),
		raw_expected(1, 0, 0),
		{ HEADER(PACKET_EXPECTED, sizeof(struct packet_expected) - 1), { 1 } },
		good[0],
		good[0],
		good[0],
		good[0],
		good[1],
		good[2],
		good[5],
		good[7],
	};
	struct raw *last = bad + ARRAY_SIZE(bad) - 8;
	bad[11].header.size--; /* the second NUL is lost */
	last[0].header.magic ^= 1;
	last[1].header.rung = RUNG_COUNT;
	last[2].header.adapter = 0;
	last[3].header.reserved = 1;
	last[4].header.rung = RUNG_COPY;
	last[5].body[3] = 1;  /* reserved bytes of a finding */
	last[6].body[2] = 1;  /* … of an end … */
	last[7].body[15] = 1; /* … and of an expectation */
	for_each_row(raw, bad)
		if (read_raw(raw) != PACKET_READ_BAD)
			fail_msg("row %td was taken", raw - bad);
}

static void test_packet_half_is_partial(void **state)
{
	struct channel *c = *state;
	struct packet got;
	const struct raw raw = raw_finding(FINDING_STRING, 0, "a\0b", 4);
	assert_false(packet_is_partial(&c->reader));
	packet_feed(&c->reader, (const char *)&raw, sizeof(raw.header) + 5);
	assert_int_equal(packet_next(&c->reader, &got), PACKET_READ_MORE);
	assert_true(packet_is_partial(&c->reader));
}

static int status_of(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_packet_writer_without_reader_ends_quietly(void **state)
{
	struct channel *c = *state;
	close(c->runner);
	c->runner = -1;
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		packet_write_end(c->probe);
		_exit(99);
	}
	int status = status_of(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void test_packet_nothing_is_tried_without_go(void **state)
{
	struct channel *c = *state;
	const char *const answers[] = { "", "x" };
	for_each_row(answer, answers) {
		int fds[2];
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		pid_t pid = fork();
		if (pid == 0) {
			close(fds[1]);
			packet_write_begun(fds[0], RUNG_LOAD);
			_exit(99);
		}
		close(fds[0]);
		if (**answer)
			assert_int_equal(write(fds[1], *answer, 1), 1);
		else
			shutdown(fds[1], SHUT_WR);
		int status = status_of(pid);
		close(fds[1]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
	}
	(void)c;
}

static void ignore(int signal_)
{
	(void)signal_;
}

/* A full socket and a signal in mid-write: not a byte is lost or doubled. */
static void test_packet_writer_goes_on_after_signals(void **state)
{
	struct channel *c = *state;
	int size = 4096;
	setsockopt(c->probe, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	struct sigaction action = { .sa_handler = ignore };
	sigaction(SIGUSR1, &action, NULL);
	pid_t pid = fork();
	if (pid == 0) {
		char string[PACKET_BODY_MAX] = { 0 };
		memset(string, 's', 3000);
		for (int i = 0; i < 100; i++)
			packet_write_string(c->probe, RUNG_LOAD, PACKET_NO_ADAPTER, "log",
					    string);
		packet_write_end(c->probe);
		_exit(0);
	}
	close(c->probe);
	c->probe = -1;
	int findings = 0;
	struct packet got = { 0 };
	while (got.type != PACKET_END) {
		kill(pid, SIGUSR1);
		usleep(200);
		char bytes[911];
		ssize_t n = recv(c->runner, bytes, sizeof(bytes), 0);
		assert_true(n > 0);
		assert_int_equal(packet_feed(&c->reader, bytes, (size_t)n), n);
		enum packet_read read_;
		while ((read_ = packet_next(&c->reader, &got)) == PACKET_READ_ONE) {
			if (got.type != PACKET_FINDING)
				continue;
			assert_int_equal(strlen(got.string), 3000);
			findings++;
		}
		assert_int_equal(read_, PACKET_READ_MORE);
	}
	assert_int_equal(findings, 100);
	assert_int_equal(status_of(pid), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_packet_arrives_as_written),
		TEST(test_packet_cuts_long_strings_between_characters),
		TEST(test_packet_reader_takes_what_fits),
		TEST(test_packet_reader_refuses_each_bad_field),
		TEST(test_packet_half_is_partial),
		TEST(test_packet_writer_without_reader_ends_quietly),
		TEST(test_packet_nothing_is_tried_without_go),
		TEST(test_packet_writer_goes_on_after_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
