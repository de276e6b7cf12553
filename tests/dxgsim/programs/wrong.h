/*
 * wrong.h: wrong calls as rows, and what the files of wrong_calls share: the objects that
 * the calls are made on, and one function for each file's rows.
 */
#pragma once

#include "tests/dxgsim/programs/caller.h"

#define PAGE 4096
#define BAD                                                                              \
	{                                                                                \
		.v = 0x99                                                                \
	}

/* The driver's functions that say which object there is not, and of what type. */
#define LACKS(type, handle)                                                              \
	"dxgprocess_device_by_object_handle: device_by_handle failed: " type " " handle
#define NO_DEVICE  LACKS("3", "99")
#define NO_CONTEXT LACKS("7", "99")
#define NO_QUEUE   LACKS("10", "99")
#define NO_HWQUEUE LACKS("15", "99")
#define TOO_LONG   "dxgvmb_send_sync_msg: dxgvmb_send_sync_msg invalid data size"
#define NO_PAGE                                                                          \
	"check_iospace_address: invalid iospace address 0; dxg_map_iospace: invalid "    \
	"address to map"

struct row {
	const char *what;
	unsigned long request;
	const void *argument;
	int result;
	/* What is printed before the last line: "FUNCTION: TEXT", or TEXT where that is
	 * the handler, with fnmatch's wildcards; several by "; ". */
	const char *lines;
};

/* Makes the call and compares both its result and what is printed. handled: a handler was
 * reached, which ends with its last line where it fails. */
void check(int fd, const struct row *row, bool handled);

#define check_rows(fd, ...)                                                              \
	do {                                                                             \
		const struct row rows_[] = { __VA_ARGS__ };                              \
		for (size_t i_ = 0; i_ < ARRAY_SIZE(rows_); i_++)                        \
			check(fd, &rows_[i_], true);                                     \
	} while (0)

#define ARG(type, ...) (&(struct type){ __VA_ARGS__ })
#define PTR(pointer)   ((uintptr_t)(pointer))

/* The driver's names of its handlers, in the order of DXG_IOCTLS. */
struct wrong_name {
	uint32_t request;
	const char *name;
};
extern const struct wrong_name wrong_names[];
extern const size_t wrong_name_count;

/* Opens the log; what is there already is no row's. */
void wrong_open_log(void);
/* What was printed since the last time, "; " between lines. */
void wrong_read_lines(char *to, size_t size);

/* What the other tests work on. */
struct bench {
	int fd, event;
	struct d3dkmt_adapterinfo info;
	struct d3dkmthandle adapter, device, other_device, queue, queue_fence, fence,
		context, hwqueue;
	struct d3dkmthandle allocation, resource, in_resource;
	char *memory;
	void *constant; /* a page of zeros that cannot be written to */
};

void wrong_adapters(const struct bench *b);
void wrong_sharing(const struct bench *b);
void wrong_work(const struct bench *b);
void wrong_memory(const struct bench *b);
/* Calls that are right, but Windows refuses them, or the adapter is gone. */
void wrong_refused(const struct bench *b);
void wrong_gone(const struct bench *b);
