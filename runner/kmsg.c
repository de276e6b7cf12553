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
		cure = ": run as root, or once: sudo sysctl kernel.dmesg_restrict=0";
	else if (error == ENOENT)
		cure = ": a container without /dev/kmsg; run outside it";
	snprintf(kmsg->why, sizeof(kmsg->why), "the kernel log can't be read (%s)%s",
		 strerror(error), cure);
}

static void open_at(struct kmsg *kmsg, int whence)
{
	*kmsg = (struct kmsg){ .fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC),
			       .first = -1 };
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

/* "6,339,5140900,-;text\n SUBSYSTEM=…": the text alone, which ends at the first newline
 * since the kernel escapes those inside it. */
static void count_record(struct kmsg *kmsg, const char *record, size_t size,
			 struct kernel_log_counts *ret)
{
	int64_t sequence, us;
	const char *text = memchr(record, ';', size);
	if (!text || sscanf(record, "%*d,%" SCNd64 ",%" SCNd64, &sequence, &us) != 2)
		return;
	if (kmsg->first < 0)
		kmsg->first = sequence;
	text++;
	size -= (size_t)(text - record);
	const char *feed = memchr(text, '\n', size);
	if (feed)
		size = (size_t)(feed - text);
	struct kernel_lines lines;
	struct kernel_message message;
	kernel_lines_start(&lines, text, size);
	while (kernel_lines_next(&lines, &message)) {
		message.line = 0;
		message.seconds = (double)us / 1000000;
		if (!message.mention)
			kernel_log_add(ret, &message);
	}
}

void kmsg_window(struct kmsg *kmsg, struct kernel_log_counts *ret)
{
	char record[KMSG_RECORD_MAX + 1];
	kernel_log_init(ret);
	while (kmsg->fd >= 0) {
		ssize_t size = read(kmsg->fd, record, KMSG_RECORD_MAX);
		if (size > 0) {
			record[size] = '\0';
			count_record(kmsg, record, (size_t)size, ret);
		} else if (size < 0 && errno == EPIPE) {
			/* Overwritten: the position is now the oldest record left. */
			kmsg->lost++;
		} else if (size < 0 && errno != EINTR && errno != EINVAL) {
			if (errno != EAGAIN) {
				explain(kmsg, errno);
				kmsg_close(kmsg);
			}
			return;
		} else if (size == 0) {
			return;
		}
	}
}
