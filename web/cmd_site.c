/* dxgmatrix site: the store as pages in a folder. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "matrix/ingest.h"
#include "util/alloc.h"
#include "util/command.h"
#include "web/generate.h"

static void report(const char *folder, const struct folder_counts *counts, bool json)
{
	size_t length = strlen(folder);
	const char *slash = length && folder[length - 1] == '/' ? "" : "/";
	cleanup_free char *index = xasprintf("%s%sindex.html", folder, slash);
	if (!json) {
		printf("%s: %zu files, %zu written, %zu deleted\n", index, counts->files,
		       counts->written, counts->deleted);
		return;
	}
	json_t *object = json_pack("{s:s,s:I,s:I,s:I}", "index", index, "files",
				   (json_int_t)counts->files, "written",
				   (json_int_t)counts->written, "deleted",
				   (json_int_t)counts->deleted);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	const char *db = NULL;
	bool json = false;
	const struct command_option options[] = {
		{ "db", "FILE", &db,
		  "the store; default $XDG_DATA_HOME/dxgmatrix/matrix.db" },
		{ "json", NULL, &json, "say what was done as one object" },
		{ NULL },
	};
	(void)ret_status;
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (first + 1 != argc)
		return error_usage("name one folder; see dxgmatrix site --help");

	cleanup_store struct store *store = NULL;
	err = ingest_open(db, &store);
	if (err)
		return err;
	struct folder_counts counts;
	err = generate(store, argv[first], &counts);
	if (err)
		return err;
	report(argv[first], &counts, json);
	return NULL;
}

const struct command command_site = {
	.name = "site",
	.arguments = "DIR",
	.summary = "Write the store as pages",
	.help = "Writes the site into DIR: plain files, for any server or for a browser\n"
		"here. Only what changed since the last time is written, and only files\n"
		"that an earlier run wrote are deleted; a folder with other things in "
		"it\n"
		"is refused.\n"
		"\n"
		"Prints the path of the front page and what was done. Exit status: 0 "
		"done,\n"
		"1 not, 2 usage.\n",
	.run = run,
};
