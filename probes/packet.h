/*
 * packet.h: what a probe process tells the runner, on one inherited descriptor.
 *
 * The descriptor is a stream socket. Probe to runner: packets. Runner to probe: one byte
 * PACKET_GO for each PACKET_RUNG_BEGUN, sent when the journal holds the rung, and one for
 * each PACKET_RUNG_ENDED, sent when its calls and kernel lines are counted. The probe waits
 * for it: nothing is tried that a dead machine would not remember, and nothing that comes
 * after a rung is taken for its own.
 *
 * A writer restarts after signals; a reader of its packets that went away ends the process
 * at once and quietly.
 *
 * A packet is a header and `size` bytes of body. All numbers are in the machine's order:
 * both ends run on it. What a runner reads is untrusted, since a vendor library in the
 * probe may write anything: packet_read() checks every field.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/finding.h"
#include "record/outcome.h"
#include "record/rung.h"

#define PACKET_MAGIC 0x4758u
#define PACKET_GO    'g'
/* Largest body. Longer strings are cut by the writer. */
#define PACKET_BODY_MAX 4096

enum packet_type {
	PACKET_RUNG_BEGUN = 1, /* no body; header.rung is about to start */
	PACKET_FINDING,        /* struct packet_finding, name, NUL, string, NUL */
	PACKET_RUNG_ENDED,     /* struct packet_ended */
	PACKET_END,      /* no body; the last packet of a probe that ended as it should */
	PACKET_EXPECTED, /* struct packet_expected */
};

#define PACKET_NO_ADAPTER 0xff

struct packet_header {
	uint16_t magic;  /* PACKET_MAGIC */
	uint16_t size;   /* bytes of body, at most PACKET_BODY_MAX */
	uint8_t type;    /* enum packet_type */
	uint8_t rung;    /* enum rung; 0 in PACKET_END */
	uint8_t adapter; /* of a finding: which of several adapters, else
			    PACKET_NO_ADAPTER */
	uint8_t reserved;
};

struct packet_finding {
	uint8_t kind; /* enum finding_kind */
	uint8_t reserved[7];
	int64_t integer; /* number, or 0 / 1 for a boolean; 0 for a string, and a number's
			  * string is "" */
};

/* Before calls of /dev/dxg whose refusal is an answer too (an optional question, a test for
 * a feature): from here to the end of the rung, so many refusals are expected. What sees
 * the calls counts them apart. Of several for one call the numbers add up. */
struct packet_expected {
	int32_t query_type; /* of query_adapter_info, or PACKET_ANY_TYPE */
	uint32_t count;     /* at least 1 */
	uint8_t nr;         /* of the ioctl (dxg_abi.h), at least 1 */
	uint8_t reserved[7];
};

#define PACKET_ANY_TYPE (-1)

struct packet_ended {
	uint8_t outcome; /* pass, fallback, fail, skip or error: the others are the runner's
			  * words */
	uint8_t reason; /* enum reason */
	uint8_t reserved[2];
	uint32_t ms;
};

/* A decoded packet; strings point into the reader and live until its next call. */
struct packet {
	enum packet_type type;
	enum rung rung;
	uint8_t adapter;
	enum finding_kind kind;
	const char *name;   /* of a finding, at least one byte; any bytes but NUL */
	const char *string; /* of a string finding, else NULL */
	int64_t integer;
	uint8_t nr; /* of an expectation, as the next two */
	int32_t query_type;
	uint32_t count;
	enum outcome outcome;
	enum reason reason;
	uint32_t ms;
};

/* Right before it tells that a rung has ended, a probe makes this ioctl on this descriptor,
 * which is refused: a tracer learns by it which calls come after the rung. */
#define PACKET_MARK_FD      (-1)
#define PACKET_MARK_REQUEST 0x4700u /* _IO of DXG's type, a number that it lacks */

/* Writers, for the probe; -1 as fd writes readable lines to stdout instead (a probe run
 * by hand or under gdb). A reader that went away ends the process quietly (status 1). */
/* This and packet_write_ended() return when the runner said go. */
void packet_write_begun(int fd, enum rung rung);
void packet_write_string(int fd, enum rung rung, uint8_t adapter, const char *name,
			 const char *string);
void packet_write_integer(int fd, enum rung rung, uint8_t adapter, const char *name,
			  enum finding_kind kind, int64_t integer);
void packet_write_expected(int fd, enum rung rung, uint8_t nr, int32_t query_type,
			   uint32_t count);
void packet_write_ended(int fd, enum rung rung, enum outcome outcome, enum reason reason,
			uint32_t ms);
void packet_write_end(int fd);

/* The runner's end: bytes in, packets out. */
struct packet_reader {
	size_t length;
	size_t taken;
	char bytes[2 * (sizeof(struct packet_header) + PACKET_BODY_MAX)];
};

enum packet_read {
	PACKET_READ_ONE,  /* *ret holds a packet */
	PACKET_READ_MORE, /* feed more bytes first */
	PACKET_READ_BAD,  /* no packet: the stream is worthless from here on */
};

/* @return how many of the size bytes were taken: fewer, even none, while packets wait to be
 * read. Makes the strings of earlier packets stale. */
size_t packet_feed(struct packet_reader *reader, const char *bytes, size_t size);
/* After PACKET_READ_BAD it says so for ever. */
enum packet_read packet_next(struct packet_reader *reader, struct packet *ret);
/* @return whether a part of a packet is left over, as when the probe died in mid-write. */
bool packet_is_partial(const struct packet_reader *reader);
