#include "tests/dxgsim/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* What the ring keeps; the kernel's own depends on its size in bytes. */
#define RECORDS_KEPT 4096

/* KERN_ERR, and KERN_INFO for what other drivers say at boot. */
#define LEVEL_ERROR 3
#define LEVEL_INFO  6

struct log_record {
	int level;
	uint64_t us;
	char *text;
};

/* An open file: the program holds one end of a pipe that has a byte in it while there is
 * something to read, for poll(2). */
struct log_reader {
	struct log_reader *next;
	int pipe[2];
	dev_t device;
	ino_t inode;
	uint64_t position;
	bool waits;
	uint64_t notification;
	pid_t thread;
	uint64_t address;
	size_t size;
};

static struct log_record *record_of(const struct log *log, uint64_t sequence)
{
	return &log->records[sequence % RECORDS_KEPT];
}

/* The byte in the pipe follows what there is to read. */
static void show_readable(const struct log *log, const struct log_reader *reader)
{
	char byte = 0;
	while (read(reader->pipe[0], &byte, 1) > 0)
		continue;
	if (reader->position < log->next && write(reader->pipe[1], &byte, 1) != 1)
		return; /* a poll misses it; a read does not */
}

static void add(struct log *log, int level, uint64_t us, char *text)
{
	if (log->next - log->first == RECORDS_KEPT)
		log->first++;
	struct log_record *record = record_of(log, log->next++);
	free(record->text);
	*record = (struct log_record){ level, us, text };
	for (struct log_reader *reader = log->readers; reader; reader = reader->next)
		show_readable(log, reader);
}

void log_init(struct log *log, const struct scenario *scenario)
{
	*log = (struct log){ 0 };
	log->records = xcalloc(RECORDS_KEPT, sizeof(*log->records));
	for (size_t i = 0; i < scenario->boot_count; i++) {
		const struct boot_line *line = &scenario->boot[i];
		bool ours = strstr(line->text, "dxgk: ");
		add(log, ours ? LEVEL_ERROR : LEVEL_INFO, line->us, xstrdup(line->text));
	}
}

void log_deinit(struct log *log)
{
	for (size_t i = 0; log->records && i < RECORDS_KEPT; i++)
		free(log->records[i].text);
	free(log->records);
	while (log->readers) {
		struct log_reader *reader = log->readers;
		log->readers = reader->next;
		close(reader->pipe[0]);
		close(reader->pipe[1]);
		free(reader);
	}
}

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void log_print(struct log *log, const char *function, const char *format, ...)
{
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	strbuf_printf(&text, "misc dxg: dxgk: %s: ", function);
	va_list args;
	va_start(args, format);
	strbuf_vprintf(&text, format, args);
	va_end(args);
	/* A simulated boot may be younger than its last line; time does not run back. */
	uint64_t us = now_us();
	if (log->next > log->first && record_of(log, log->next - 1)->us > us)
		us = record_of(log, log->next - 1)->us;
	add(log, LEVEL_ERROR, us, strbuf_take(&text));
}

int log_open(struct log *log, int flags)
{
	struct log_reader *reader = xcalloc(1, sizeof(*reader));
	struct stat st;
	if (pipe2(reader->pipe, O_CLOEXEC)) {
		free(reader);
		return -1;
	}
	/* A description of its own for the program: its O_NONBLOCK is not ours. */
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", reader->pipe[0]);
	int fd = open(path, O_RDONLY | O_CLOEXEC | (flags & O_NONBLOCK));
	if (fd < 0 || fstat(fd, &st)) {
		int error = errno;
		close(reader->pipe[0]);
		close(reader->pipe[1]);
		free(reader);
		errno = error;
		return -1;
	}
	fcntl(reader->pipe[0], F_SETFL, O_NONBLOCK);
	fcntl(reader->pipe[1], F_SETFL, O_NONBLOCK);
	reader->device = st.st_dev;
	reader->inode = st.st_ino;
	reader->position = log->first;
	reader->next = log->readers;
	log->readers = reader;
	show_readable(log, reader);
	return fd;
}

struct log_reader *log_find_reader(const struct log *log, pid_t thread, int fd)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", thread, fd);
	if (!log->readers || stat(path, &st))
		return NULL;
	struct log_reader *reader = log->readers;
	while (reader && (reader->inode != st.st_ino || reader->device != st.st_dev))
		reader = reader->next;
	return reader;
}

/* "3,1041,5140900,-;text" and the dictionary of lines that belong to the device. */
static char *format_record(uint64_t sequence, const struct log_record *record)
{
	bool ours = strstr(record->text, "misc dxg: ") == record->text;
	return xasprintf("%d,%" PRIu64 ",%" PRIu64 ",-;%s\n%s", record->level, sequence,
			 record->us, record->text,
			 ours ? " SUBSYSTEM=misc\n DEVICE=c10:125\n" : "");
}

ssize_t log_read(struct log *log, struct log_reader *reader, pid_t thread,
		 uint64_t address, size_t size)
{
	if (reader->position < log->first) {
		reader->position = log->first;
		return -EPIPE;
	}
	if (reader->position == log->next)
		return -EAGAIN;
	cleanup_free char *text =
		format_record(reader->position, record_of(log, reader->position));
	size_t length = strlen(text);
	if (length > size)
		return -EINVAL;
	if (!memory_write(thread, address, text, length))
		return -EFAULT;
	reader->position++;
	show_readable(log, reader);
	return (ssize_t)length;
}

off_t log_seek(const struct log *log, struct log_reader *reader, off_t offset, int whence)
{
	if (offset)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
	case SEEK_DATA: /* after the last clearing, and nobody clears */
		reader->position = log->first;
		break;
	case SEEK_END:
		reader->position = log->next;
		break;
	default:
		return -EINVAL;
	}
	show_readable(log, reader);
	return 0;
}

/* Actions of syslog(2). */
enum { READ_ALL = 3, SIZE_BUFFER = 10 };

ssize_t log_answer_syslog(const struct log *log, pid_t thread, int action,
			  uint64_t address, size_t size)
{
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	for (uint64_t i = log->first; i < log->next; i++) {
		const struct log_record *record = record_of(log, i);
		strbuf_printf(&text, "<%d>[%5" PRIu64 ".%06" PRIu64 "] %s\n",
			      record->level, record->us / 1000000, record->us % 1000000,
			      record->text);
	}
	if (action == SIZE_BUFFER)
		return (ssize_t)text.length + 4096;
	if (action != READ_ALL)
		return -EPERM;
	/* The newest whole lines that fit. */
	size_t skip = 0;
	while (text.length - skip > size)
		skip += strcspn(text.string + skip, "\n") + 1;
	if (!memory_write(thread, address, text.string + skip, text.length - skip))
		return -EFAULT;
	return (ssize_t)(text.length - skip);
}

bool log_is_nonblocking(pid_t thread, int fd)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", thread, fd);
	cleanup_fclose FILE *file = fopen(path, "re");
	unsigned int flags;
	char line[128];
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "flags: %o", &flags) == 1)
			return flags & O_NONBLOCK;
	return true;
}

void log_wait(struct log_reader *reader, uint64_t notification, pid_t thread,
	      uint64_t address, size_t size)
{
	reader->waits = true;
	reader->notification = notification;
	reader->thread = thread;
	reader->address = address;
	reader->size = size;
}

bool log_end_wait(struct log *log, struct log_ended_wait *ret)
{
	for (struct log_reader *reader = log->readers; reader; reader = reader->next) {
		if (!reader->waits || reader->position == log->next)
			continue;
		reader->waits = false;
		ret->notification = reader->notification;
		ret->result = log_read(log, reader, reader->thread, reader->address,
				       reader->size);
		return true;
	}
	return false;
}
