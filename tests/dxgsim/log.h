/*
 * log.h: the simulated machine's kernel log, for programs below: /dev/kmsg and syslog(2).
 *
 * As Linux:Documentation/ABI/testing/dev-kmsg has it: a record per read, none taken away,
 * a position per open file; the ring forgets its oldest records, and who has not read them
 * learns it by EPIPE. The real log is neither read nor written.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/dxgsim/scenario.h"

/* Descriptors of /dev/kmsg get numbers from here on, so that the filter asks of their
 * read and lseek alone; few programs get so far, and those run a little slower there. */
#define LOG_FD_FIRST 960
#define LOG_FD_COUNT 32

struct log_reader;
struct log_record;

struct log {
	struct log_record *records;
	uint64_t first, next; /* sequence numbers: the oldest kept, and the next one */
	struct log_reader *readers;
};

/* Begins with the scenario's lines from the boot. */
void log_init(struct log *log, const struct scenario *scenario);
void log_deinit(struct log *log);

/* Prints as the driver does: "misc dxg: dxgk: FUNCTION: …", level error. */
void log_print(struct log *log, const char *function, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Opens /dev/kmsg. @return a descriptor for the program, the caller's; -1 with errno. */
int log_open(struct log *log, int flags);
/* @return the reader behind the descriptor of a thread, or NULL. */
struct log_reader *log_find_reader(const struct log *log, pid_t thread, int fd);
/* The results of the calls of that name: a length, a position, or -errno. */
ssize_t log_read(struct log *log, struct log_reader *reader, pid_t thread,
		 uint64_t address, size_t size);
off_t log_seek(const struct log *log, struct log_reader *reader, off_t offset,
	       int whence);
/* syslog(2), the actions that only look. */
ssize_t log_answer_syslog(const struct log *log, pid_t thread, int action,
			  uint64_t address, size_t size);
/* @return whether reads of an empty log come back at once, by the program's own flag. */
bool log_is_nonblocking(pid_t thread, int fd);
/* Puts a read off until the next record: that of `notification`. */
void log_wait(struct log_reader *reader, uint64_t notification, pid_t thread,
	      uint64_t address, size_t size);

struct log_ended_wait {
	uint64_t notification;
	ssize_t result; /* of the read */
};
/* Ends one wait that is over. @return whether there was one. */
bool log_end_wait(struct log *log, struct log_ended_wait *ret);
