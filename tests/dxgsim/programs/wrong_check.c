#include "tests/dxgsim/programs/wrong.h"

#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

const struct wrong_name wrong_names[] = {
#define X(nr, constant, size, name) { constant, "dxgkio_" #name },
	DXG_IOCTLS(X)
#undef X
};

const size_t wrong_name_count = ARRAY_SIZE(wrong_names);

static int log_fd;

void wrong_open_log(void)
{
	char lines[256];
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	expect("the kernel log", log_fd >= 0, true);
	wrong_read_lines(lines, sizeof(lines));
}

static const char *name_of(unsigned long request)
{
	for (size_t i = 0; i < wrong_name_count; i++)
		if (wrong_names[i].request == (uint32_t)request)
			return wrong_names[i].name;
	return "dxgk_ioctl";
}

void wrong_read_lines(char *to, size_t size)
{
	char record[1024];
	ssize_t length;
	*to = '\0';
	while ((length = read(log_fd, record, sizeof(record) - 1)) > 0) {
		record[length] = '\0';
		char *text = strstr(record, "dxgk: ");
		if (!text)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (*to)
			strncat(to, "; ", size - strlen(to) - 1);
		strncat(to, text + strlen("dxgk: "), size - strlen(to) - 1);
	}
}

/* The last line of a handler that failed: most share one, not all have it. */
static void last_line(const struct row *row, char *to, size_t size)
{
	const char *name = name_of(row->request);
	int result = row->result;
	*to = '\0';
	switch (row->request) {
	case LX_DXFREEGPUVIRTUALADDRESS:
	case LX_DXUPDATEGPUVIRTUALADDRESS:
		return;
	case LX_DXQUERYVIDEOMEMORYINFO:
		snprintf(to, size, "%s: failed: %x", name, (unsigned int)result);
		return;
	case LX_DXGETDEVICESTATE:
		snprintf(to, size, "%s: Failed to get device state %x", name,
			 (unsigned int)result);
		return;
	case LX_DXENUMADAPTERS3:
		/* What it calls was not reached. */
		if (!strcmp(row->lines, "failed to copy input args"))
			break;
		snprintf(to, size,
			 "dxgkp_enum_adapters: Ioctl failed: %d; %s: Ioctl failed: %d",
			 result, name, result);
		return;
	}
	snprintf(to, size, "%s: Ioctl failed: %d", name, result);
}

/* Gives each text without a function its handler's name. */
static void expand(unsigned long request, const char *lines, char *to, size_t size)
{
	*to = '\0';
	for (const char *line = lines; *line;) {
		size_t length = strcspn(line, ";");
		size_t word = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");
		bool named = line[word] == ':' && memchr(line, '_', word);
		size_t used = strlen(to);
		snprintf(to + used, size - used, "%s%s%s%.*s", used ? "; " : "",
			 named ? "" : name_of(request), named ? "" : ": ", (int)length,
			 line);
		line += length;
		line += strspn(line, "; ");
	}
}

void check(int fd, const struct row *row, bool handled)
{
	char expected[2048], last[256] = "", got[2048];
	int result = call(fd, row->request, row->argument);
	expect(row->what, result, row->result);
	wrong_read_lines(got, sizeof(got));
	expand(row->request, row->lines, expected, sizeof(expected));
	if (handled && row->result < 0)
		last_line(row, last, sizeof(last));
	if (*last && *expected)
		strncat(expected, "; ", sizeof(expected) - strlen(expected) - 1);
	strncat(expected, last, sizeof(expected) - strlen(expected) - 1);
	if (!fnmatch(expected, got, 0))
		return;
	printf("%s (%s): printed '%s', expected '%s'\n", row->what, name_of(row->request),
	       got, expected);
	failures++;
}
