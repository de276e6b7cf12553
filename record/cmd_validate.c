/* dxgmatrix validate: is a file a record, and if not, where is the first fault? */
#include <stdio.h>

#include "embed/record_record_file.h"
#include "record/record.h"
#include "record/writer.h"
#include "util/command.h"
#include "util/file.h"
#include "util/utf8.h"

static struct error *validate(const char *path, struct record *ret)
{
	char today[DATE_SIZE];
	record_today(today);
	cleanup_free char *bytes = NULL;
	size_t size;
	/* Far more than a record may have, so that record_read tells the size. */
	struct error *err = file_read(path, 64 * RECORD_SIZE_MAX, &bytes, &size);
	if (err)
		return err;
	return error_wrap(record_read(bytes, size, today, ret), "%s", path);
}

static void report_json(const char *path, const struct record *record,
			const struct error *err)
{
	json_t *object = json_object();
	write_string(object, "file", path);
	json_object_set_new(object, "ok", json_boolean(!err));
	write_string(object, "error", err ? err->message : NULL);
	write_string(object, "id", err ? NULL : record->id);
	write_line(stdout, object);
}

static void report(const char *path, const struct record *record, const struct error *err)
{
	if (err) {
		fprintf(stderr, "dxgmatrix validate: %s\n", err->message);
		return;
	}
	cleanup_free char *name = utf8_printable(path);
	printf("%s: %s, %s\n", name, record->key ? "signed" : "unsigned, a report",
	       record->id);
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	bool json = false, schema = false;
	const struct command_option options[] = {
		{ "json", NULL, &json, "one object per file, on a line" },
		{ "schema", NULL, &schema, "print the JSON Schema of a record and end" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (schema) {
		fwrite(record_file_schema_json.bytes, 1, record_file_schema_json.size,
		       stdout);
		return NULL;
	}
	if (first == argc)
		return error_usage(
			"name at least one file; see dxgmatrix validate --help");
	for (int i = first; i < argc; i++) {
		cleanup_record struct record record;
		record_init(&record);
		cleanup_error struct error *fault = validate(argv[i], &record);
		(json ? report_json : report)(argv[i], &record, fault);
		if (fault)
			*ret_status = 1;
	}
	return NULL;
}

const struct command command_validate = {
	.name = "validate",
	.arguments = "FILE…",
	.summary = "Tell whether files are records, and where the first fault is",
	.help = "Prints each file's id and whether it is signed. A file that is no "
		"record gets\n"
		"one sentence on standard error with the JSON pointer of its first "
		"fault.\n"
		"Exit status: 0 all are records, 1 at least one is not, 2 usage.",
	.run = run,
};
