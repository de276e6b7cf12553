#include "probes/packet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_SIZE  sizeof(struct packet_header)
#define FINDING_SIZE sizeof(struct packet_finding)

/* A write that does not raise SIGPIPE, so that the signal keeps its meaning for the vendor
 * libraries of this process: a driver that dies of it is a crash to be told. */
static ssize_t write_some(int fd, const char *bytes, size_t size)
{
	ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
	return n < 0 && errno == ENOTSOCK ? write(fd, bytes, size) : n;
}

/* Without a reader there is nobody to tell: no exit handlers, no words. */
static void write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write_some(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		bytes += n;
		size -= (size_t)n;
	}
}

static void write_packet(int fd, enum packet_type type, enum rung rung, uint8_t adapter,
			 const void *body, size_t size)
{
	char bytes[HEADER_SIZE + PACKET_BODY_MAX];
	const struct packet_header header = {
		.magic = PACKET_MAGIC,
		.size = (uint16_t)size,
		.type = (uint8_t)type,
		.rung = (uint8_t)rung,
		.adapter = adapter,
	};
	memcpy(bytes, &header, HEADER_SIZE);
	if (size > 0)
		memcpy(bytes + HEADER_SIZE, body, size);
	write_all(fd, bytes, HEADER_SIZE + size);
}

/* @return the largest length up to limit that does not end inside a UTF-8 sequence. */
static size_t cut_length(const char *string, size_t limit)
{
	size_t length = strnlen(string, limit + 1);
	if (length <= limit)
		return length;
	length = limit;
	while (length > 0 && ((unsigned char)string[length] & 0xc0) == 0x80)
		length--;
	return length;
}

static void write_finding(int fd, enum rung rung, uint8_t adapter, const char *name,
			  enum finding_kind kind, const char *string, int64_t integer)
{
	char body[PACKET_BODY_MAX];
	const struct packet_finding finding = { .kind = (uint8_t)kind,
						.integer = integer };
	size_t room = PACKET_BODY_MAX - FINDING_SIZE - 2;
	size_t name_length = cut_length(name, room);
	size_t length = cut_length(string, room - name_length);
	char *at = body;

	memcpy(at, &finding, FINDING_SIZE);
	at += FINDING_SIZE;
	memcpy(at, name, name_length);
	at += name_length;
	*at++ = '\0';
	memcpy(at, string, length);
	at += length;
	*at++ = '\0';
	write_packet(fd, PACKET_FINDING, rung, adapter, body, (size_t)(at - body));
}

/* By hand: what a library says may hold escape sequences; a terminal gets none. */
static void print_clean(const char *string)
{
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		if (c == '\n')
			fputs("\n        ", stdout);
		else
			putchar(c < 0x20 || c == 0x7f ? '?' : c);
	}
}

static void print_name(uint8_t adapter, const char *name)
{
	fputs("    ", stdout);
	if (adapter != PACKET_NO_ADAPTER)
		printf("adapter %d ", adapter);
	print_clean(name);
	fputs(": ", stdout);
}

static void print_end_of_line(void)
{
	putchar('\n');
	fflush(stdout); /* the next call may be the last of this process */
}

static void wait_for_go(int fd)
{
	char go = 0;
	ssize_t n;
	do
		n = read(fd, &go, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1 || go != PACKET_GO)
		_exit(1);
}

void packet_write_begun(int fd, enum rung rung)
{
	if (fd < 0) {
		fputs(rung_rows[rung].name, stdout);
		print_end_of_line();
		return;
	}
	write_packet(fd, PACKET_RUNG_BEGUN, rung, PACKET_NO_ADAPTER, NULL, 0);
	wait_for_go(fd);
}

void packet_write_string(int fd, enum rung rung, uint8_t adapter, const char *name,
			 const char *string)
{
	if (fd >= 0) {
		write_finding(fd, rung, adapter, name, FINDING_STRING, string, 0);
		return;
	}
	print_name(adapter, name);
	print_clean(string);
	print_end_of_line();
}

void packet_write_integer(int fd, enum rung rung, uint8_t adapter, const char *name,
			  enum finding_kind kind, int64_t integer)
{
	if (fd >= 0) {
		write_finding(fd, rung, adapter, name, kind, "", integer);
		return;
	}
	print_name(adapter, name);
	if (kind == FINDING_BOOLEAN)
		fputs(integer ? "yes" : "no", stdout);
	else
		printf("%lld", (long long)integer);
	print_end_of_line();
}

/* By hand there is nobody who counts calls. */
void packet_write_expected(int fd, enum rung rung, uint8_t nr, int32_t query_type,
			   uint32_t count)
{
	const struct packet_expected expected = {
		.query_type = query_type,
		.count = count,
		.nr = nr,
	};
	if (fd >= 0)
		write_packet(fd, PACKET_EXPECTED, rung, PACKET_NO_ADAPTER, &expected,
			     sizeof(expected));
}

void packet_write_ended(int fd, enum rung rung, enum outcome outcome, enum reason reason,
			uint32_t ms)
{
	if (fd < 0) {
		const char *why = reason_rows[reason].words;
		printf("    %s%s%s, %u ms", outcome_rows[outcome].words, *why ? ": " : "",
		       why, ms);
		print_end_of_line();
		return;
	}
	ioctl(PACKET_MARK_FD, PACKET_MARK_REQUEST, NULL);
	const struct packet_ended ended = {
		.outcome = (uint8_t)outcome,
		.reason = (uint8_t)reason,
		.ms = ms,
	};
	write_packet(fd, PACKET_RUNG_ENDED, rung, PACKET_NO_ADAPTER, &ended,
		     sizeof(ended));
	wait_for_go(fd);
}

void packet_write_end(int fd)
{
	if (fd >= 0)
		write_packet(fd, PACKET_END, (enum rung)0, PACKET_NO_ADAPTER, NULL, 0);
}

size_t packet_feed(struct packet_reader *reader, const char *bytes, size_t size)
{
	reader->length -= reader->taken;
	memmove(reader->bytes, reader->bytes + reader->taken, reader->length);
	reader->taken = 0;

	size_t room = sizeof(reader->bytes) - reader->length;
	if (size > room)
		size = room;
	memcpy(reader->bytes + reader->length, bytes, size);
	reader->length += size;
	return size;
}

/* A probe cannot tell of its own crash or death, nor block itself: these words are the
 * runner's. */
static bool is_probes_outcome(unsigned int outcome)
{
	return outcome == OUTCOME_PASS || outcome == OUTCOME_FALLBACK ||
	       outcome == OUTCOME_FAIL || outcome == OUTCOME_SKIP ||
	       outcome == OUTCOME_ERROR;
}

static bool decode_ended(const char *body, size_t size, struct packet *packet)
{
	struct packet_ended ended;
	if (size != sizeof(ended))
		return false;
	memcpy(&ended, body, sizeof(ended));
	if (!is_probes_outcome(ended.outcome) || ended.reason >= REASON_COUNT ||
	    ended.reserved[0] || ended.reserved[1])
		return false;
	packet->outcome = (enum outcome)ended.outcome;
	packet->reason = (enum reason)ended.reason;
	packet->ms = ended.ms;
	return true;
}

static bool is_number_of_kind(unsigned int kind, int64_t integer)
{
	switch (kind) {
	case FINDING_STRING:
		return integer == 0;
	case FINDING_INTEGER:
		return true;
	case FINDING_BOOLEAN:
		return integer == 0 || integer == 1;
	}
	return false;
}

static bool decode_finding(const char *body, size_t size, struct packet *packet)
{
	struct packet_finding finding;
	if (size < sizeof(finding))
		return false;
	memcpy(&finding, body, sizeof(finding));
	if (!is_number_of_kind(finding.kind, finding.integer))
		return false;
	for (size_t i = 0; i < sizeof(finding.reserved); i++)
		if (finding.reserved[i])
			return false;

	const char *end = body + size;
	const char *name = body + sizeof(finding);
	const char *name_end = memchr(name, '\0', (size_t)(end - name));
	if (!name_end || name_end == name)
		return false;
	const char *string = name_end + 1;
	if (string == end || memchr(string, '\0', (size_t)(end - string)) != end - 1)
		return false;
	if (finding.kind != FINDING_STRING && *string)
		return false;

	packet->kind = (enum finding_kind)finding.kind;
	packet->name = name;
	packet->string = finding.kind == FINDING_STRING ? string : NULL;
	packet->integer = finding.integer;
	return true;
}

static bool decode_expected(const char *body, size_t size, struct packet *packet)
{
	struct packet_expected expected;
	if (size != sizeof(expected))
		return false;
	memcpy(&expected, body, sizeof(expected));
	if (!expected.nr || !expected.count || expected.query_type < PACKET_ANY_TYPE)
		return false;
	for (size_t i = 0; i < sizeof(expected.reserved); i++)
		if (expected.reserved[i])
			return false;
	packet->nr = expected.nr;
	packet->query_type = expected.query_type;
	packet->count = expected.count;
	return true;
}

static bool decode_body(const struct packet_header *header, const char *body,
			struct packet *packet)
{
	if (header->type != PACKET_FINDING && header->adapter != PACKET_NO_ADAPTER)
		return false;
	switch (header->type) {
	case PACKET_RUNG_BEGUN:
		return header->size == 0;
	case PACKET_FINDING:
		return decode_finding(body, header->size, packet);
	case PACKET_EXPECTED:
		return decode_expected(body, header->size, packet);
	case PACKET_RUNG_ENDED:
		return decode_ended(body, header->size, packet);
	case PACKET_END:
		return header->size == 0 && header->rung == 0;
	}
	return false;
}

enum packet_read packet_next(struct packet_reader *reader, struct packet *ret)
{
	const char *at = reader->bytes + reader->taken;
	size_t left = reader->length - reader->taken;
	struct packet_header header;
	if (left < sizeof(header))
		return PACKET_READ_MORE;
	memcpy(&header, at, sizeof(header));
	/* Before waiting for a body that may never come. */
	if (header.magic != PACKET_MAGIC || header.size > PACKET_BODY_MAX ||
	    header.rung >= RUNG_COUNT || header.reserved)
		return PACKET_READ_BAD;
	if (left < sizeof(header) + header.size)
		return PACKET_READ_MORE;

	struct packet packet = {
		.type = (enum packet_type)header.type,
		.rung = (enum rung)header.rung,
		.adapter = header.adapter,
	};
	if (!decode_body(&header, at + sizeof(header), &packet))
		return PACKET_READ_BAD;
	reader->taken += sizeof(header) + header.size;
	*ret = packet;
	return PACKET_READ_ONE;
}

bool packet_is_partial(const struct packet_reader *reader)
{
	return reader->length > reader->taken;
}
