/* dxgmatrix explain: what a record, or text pasted from anywhere, says and doesn't say. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"
#include "runner/paste.h"
#include "runner/screen_paste.h"
#include "util/command.h"
#include "util/file.h"

/* A document that says it is a record is read as one, and refused as one. */
static bool is_record(const char *bytes, size_t size)
{
	static const char mark[] = "\"dxgmatrix-record/";
	size_t blanks = strspn(bytes, " \t\r\n");
	return blanks < size && bytes[blanks] == '{' &&
	       memmem(bytes, size, mark, strlen(mark));
}

static struct error *read_text(int fd, const char *name, struct record *ret)
{
	cleanup_free char *head = NULL;
	size_t size;
	struct error *err = file_read_head(fd, name, PASTE_HEAD_MAX, &head, &size);
	if (err)
		return err;
	if (!is_record(head, size))
		return error_wrap(paste_read(head, size, fd, ret), "%s", name);
	char today[DATE_SIZE];
	record_today(today);
	return error_wrap(record_read(head, size, today, ret), "%s", name);
}

static struct error *read_machine(const char *path, struct record *ret)
{
	if (!strcmp(path, "-"))
		return read_text(STDIN_FILENO, "standard input", ret);
	cleanup_close int fd = -1;
	struct error *err = file_open(path, &fd);
	return err ? err : read_text(fd, path, ret);
}

static void print_json(struct record *record)
{
	record_write(record);
	fwrite(record->bytes, 1, record->size, stdout);
	putchar('\n');
}

static void print_picture(const struct record *record)
{
	const struct screen screen = screen_for(stdout);
	struct answer answer;
	answer_make(record, &answer);
	if (record->source.kind == SOURCE_HARVESTED)
		screen_paste(&screen, &answer);
	else
		screen_answer(&screen, &answer);
	answer_deinit(&answer);
}

static struct error *explain(const char *path, bool json)
{
	cleanup_record struct record record;
	record_init(&record);
	struct error *err = read_machine(path, &record);
	if (err)
		return err;
	diagnose(&record);
	if (json)
		print_json(&record);
	else
		print_picture(&record);
	return NULL;
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	bool json = false;
	const struct command_option options[] = {
		{ "json", NULL, &json, "the record of each text, one per line" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (first == argc)
		return explain("-", json);
	for (int i = first; i < argc; i++) {
		if (!json && argc - first > 1)
			printf("%s== %s\n", i == first ? "" : "\n", argv[i]);
		cleanup_error struct error *fault = explain(argv[i], json);
		if (!fault)
			continue;
		fprintf(stderr, "dxgmatrix explain: %s\n", fault->message);
		*ret_status = 1;
	}
	return NULL;
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "[FILE…]",
	.summary = "Say what a record, or logs and versions pasted from anywhere, show",
	.help = "Each FILE is one machine; without FILE, or for -, standard input is "
		"read. Reads\n"
		"kernel lines, wsl --version in any language, clinfo, vulkaninfo, "
		"nvidia-smi,\n"
		"uname, dxdiag, and versions and PCI ids beside their component's name, "
		"in UTF-8\n"
		"or UTF-16. A record is diagnosed again. Nothing is sent, nothing is "
		"kept.\n"
		"Exit status: 0 each text was read, whatever it shows; 1 a file could "
		"not be\n"
		"read or a record was refused; 2 usage.",
	.run = run,
};
