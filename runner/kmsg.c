#include "runner/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The longest record the kernel gives (Linux:kernel/printk/internal.h,
 * PRINTK_MESSAGE_MAX is 2048), and room for its dictionary. */
#define KMSG_RECORD_MAX 8192

static void explain(struct kmsg *kmsg, int error)
{
	const char *cure = "";
	if (error == EPERM || error == EACCES)
		cure = ": run as root, or once: sudo sysctl kernel.dmesg_restrict=0; "
		       "or, with systemd: sudo usermod -aG systemd-journal $USER, then "
		       "wsl --shutdown";
	else if (error == ENOENT)
		cure = ": a container without /dev/kmsg; run outside it";
	snprintf(kmsg->why, sizeof(kmsg->why), "the kernel log can't be read (%s)%s",
		 strerror(error), cure);
}

static void open_at(struct kmsg *kmsg, int whence)
{
	*kmsg = (struct kmsg){ .fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC),
			       .first = -1,
			       .next = -1 };
	/* The right is asked at open; some containers refuse only the seek or the read. */
	if (kmsg->fd >= 0 && lseek(kmsg->fd, 0, whence) < 0) {
		int error = errno;
		close(kmsg->fd);
		kmsg->fd = -1;
		errno = error;
	}
	if (kmsg->fd < 0)
		explain(kmsg, errno);
}

void kmsg_open(struct kmsg *kmsg)
{
	open_at(kmsg, SEEK_END);
}

void kmsg_open_all(struct kmsg *kmsg)
{
	open_at(kmsg, SEEK_SET);
}

void kmsg_close(struct kmsg *kmsg)
{
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

const char *kmsg_why(const struct kmsg *kmsg)
{
	return kmsg->fd >= 0 ? NULL : kmsg->why;
}

static void follow(struct kmsg *kmsg, int64_t sequence)
{
	if (kmsg->first < 0)
		kmsg->first = sequence;
	if (kmsg->next >= 0 && sequence > kmsg->next)
		kmsg->lost += sequence - kmsg->next;
	kmsg->next = sequence + 1;
}

/* "6,339,5140900,-;text\n SUBSYSTEM=…" as dmesg would print it: the text ends at the first
 * newline since the kernel escapes those inside it. */
static void put_record(struct kmsg *kmsg, const char *record, size_t size,
		       struct kernel_log_stream *stream)
{
	int64_t sequence, us;
	const char *text = memchr(record, ';', size);
	if (!text || sscanf(record, "%*d,%" SCNd64 ",%" SCNd64, &sequence, &us) != 2 ||
	    us < 0)
		return;
	follow(kmsg, sequence);
	text++;
	size -= (size_t)(text - record);
	const char *feed = memchr(text, '\n', size);
	char stamp[48];
	int n = snprintf(stamp, sizeof(stamp), "[%5" PRId64 ".%06" PRId64 "] ",
			 us / 1000000, us % 1000000);
	kernel_log_stream_put(stream, stamp, (size_t)n);
	kernel_log_stream_put(stream, text, feed ? (size_t)(feed - text) : size);
	kernel_log_stream_put(stream, "\n", 1);
}

/* @return false where nothing more is to be had now */
static bool read_record(struct kmsg *kmsg, struct kernel_log_stream *stream)
{
	char record[KMSG_RECORD_MAX + 1];
	ssize_t size = read(kmsg->fd, record, KMSG_RECORD_MAX);
	if (size > 0) {
		record[size] = '\0';
		put_record(kmsg, record, (size_t)size, stream);
		return true;
	}
	/* Overwritten: the position is now the oldest record left. How many are gone its
	 * number tells, if one was read before. */
	if (size < 0 && errno == EPIPE) {
		kmsg->lost += kmsg->next < 0;
		return true;
	}
	if (size < 0 && (errno == EINTR || errno == EINVAL))
		return true;
	if (size < 0 && errno != EAGAIN) {
		explain(kmsg, errno);
		kmsg_close(kmsg);
	}
	return false;
}

void kmsg_window(struct kmsg *kmsg, struct kernel_log_counts *ret)
{
	struct kernel_log_stream stream;
	kernel_log_stream_init(&stream, ret);
	while (kmsg->fd >= 0 && read_record(kmsg, &stream))
		continue;
	kernel_log_stream_end(&stream);
	kernel_log_forget_lines(ret);
}
