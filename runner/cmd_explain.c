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

static struct error *read_input(const char *path, char **ret, size_t *ret_size)
{
	return strcmp(path, "-") ? file_read(path, PASTE_SIZE_MAX, ret, ret_size)
				 : file_read_fd(STDIN_FILENO, "standard input",
						PASTE_SIZE_MAX, ret, ret_size);
}

static struct error *read_machine(const char *path, struct record *ret)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	struct error *err = read_input(path, &bytes, &size);
	if (err)
		return err;
	if (!is_record(bytes, size))
		return error_wrap(paste_read(bytes, size, ret), "%s", path);
	char today[DATE_SIZE];
	record_today(today);
	return error_wrap(record_read(bytes, size, today, ret), "%s", path);
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
		"read. "
		"Reads\n"
		"kernel lines, wsl --version in any language, clinfo, vulkaninfo, "
		"nvidia-smi,\n"
		"uname, dxdiag, and versions and PCI ids beside their component's name, "
		"in "
		"UTF-8\n"
		"or UTF-16. A record is diagnosed again. Nothing is sent, nothing is "
		"kept.\n"
		"Exit status: 0 each text was read, whatever it shows; 1 a file could "
		"not "
		"be\n"
		"read or a record was refused; 2 usage.",
	.run = run,
};
