/* dxgmatrix detect: what this machine is made of. */
#include <stdio.h>
#include <string.h>

#include "record/record.h"
#include "runner/adapters.h"
#include "runner/detect.h"
#include "runner/driver_store.h"
#include "runner/environment.h"
#include "runner/playback.h"
#include "util/array.h"
#include "util/command.h"

#define TITLE_WIDTH 16

/* A line of the set-up; further lines of the same title leave it out. */
static void print_row(const char *title, const char *text)
{
	printf("  %-*s%s\n", TITLE_WIDTH, title, text);
}

static void print_adapter(const struct adapter *adapter)
{
	bool npu = adapter->class && !strcmp(adapter->class, "npu");
	if (adapter->present)
		printf("  %-*s%s (%s)\n", TITLE_WIDTH, npu ? "NPU" : "GPU",
		       adapter->name ? adapter->name : "name not known",
		       adapter->pci ? adapter->pci : "id not known");
}

static void print_driver(const struct record *record)
{
	const struct combination *combination = &record->combination;
	const char *date = combination->driver_date, *inf = combination->driver_inf;
	if (combination->driver)
		printf("  %-*s%s%s%s%s%s\n", TITLE_WIDTH,
		       component_titles[COMPONENT_DRIVER], combination->driver,
		       date ? ", " : "", date ? date : "", inf ? ", " : "",
		       inf ? inf : "");
	/* Only a driver's version is ever contradicted here. */
	for (size_t i = 0; i < record->n_contradictions; i++)
		printf("  %-*sthe driver says %s, its INF %s\n", TITLE_WIDTH,
		       component_titles[COMPONENT_DRIVER],
		       record->contradictions[i].values.string[0],
		       record->contradictions[i].values.string[1]);
}

static void print_folder(const char *title, const struct driver_folder *folder)
{
	const char *version = folder->says.version, *date = folder->says.date;
	/* No NPU driver has one so far: nothing to remark on. */
	bool wsl_part_missing =
		!folder->for_wsl && folder->says.class == INF_CLASS_DISPLAY;
	printf("  %-*s%s %s%s%s%s%s%s\n", TITLE_WIDTH, title,
	       folder->says.class == INF_CLASS_COMPUTE ? "NPU" : "GPU", folder->inf,
	       *version ? " " : "", version, *date ? ", " : "", date,
	       wsl_part_missing ? ", without its WSL part" : "");
}

static void print_store(const char *root, struct record *record)
{
	struct driver_store store;
	driver_store_read(root, &record->arena, &store);
	for (size_t i = 0; i < store.n; i++)
		print_folder(i ? "" : "driver store", &store.folders[i]);
	if (store.n > 1 && !record->combination.driver)
		print_row("", "which of them is in use, only the driver can tell");
}

static void print_components(const struct combination *combination)
{
	for (enum component i = COMPONENT_WSL; i < COMPONENT_COUNT; i++) {
		const char *version = combination_version(combination, i);
		if (version)
			print_row(component_titles[i], version);
	}
}

static void print_packages(const struct combination *combination)
{
	for (size_t i = 0; i < combination->n_packages; i++)
		printf("  %-*s%s %s\n", TITLE_WIDTH, i ? "" : "packages",
		       combination->packages[i].name, combination->packages[i].version);
}

/* The package was updated, the virtual machine goes on with the old one
 * (microsoft/WSL#10560). */
static void print_pending(const struct combination *combination)
{
	if (combination->wsl && combination->wsl_installed &&
	    strcmp(combination->wsl, combination->wsl_installed) != 0)
		puts("\nAnother WSL is installed than the one that runs: wsl --shutdown "
		     "starts the new one.");
}

/* The part of the record that differs between adapters. */
static void take_adapter(const char *root, struct record *record,
			 const struct climb_adapter *adapter)
{
	record->combination.adapter.index = adapter->index;
	record->n_contradictions = 0;
	detect_adapter(record, &adapter->findings, root);
}

static void print_adapters(const char *root, struct record *record,
			   const struct adapters *adapters)
{
	if (!adapters->n)
		print_driver(record);
	for (size_t i = 0; i < adapters->n; i++) {
		take_adapter(root, record, &adapters->row[i]);
		print_adapter(&record->combination.adapter);
		print_driver(record);
	}
}

static void print_words(const char *root, struct record *record,
			const struct adapters *adapters)
{
	enum environment kind = record->environment.kind;
	printf("%s%s.\n\n",
	       kind == ENVIRONMENT_WSL2 ? "" : "NOT WSL2: ", environment_title(kind));
	print_adapters(root, record, adapters);
	if (!adapters->n)
		print_store(root, record);
	print_components(&record->combination);
	if (record->combination.distro)
		print_row("distribution", record->combination.distro);
	print_packages(&record->combination);
	for (size_t i = 0; i < record->environment.seen.n; i++)
		print_row(i ? "" : "seen", record->environment.seen.string[i]);
	if (record->environment.power)
		print_row("power", record->environment.power);
	print_pending(&record->combination);
}

static void print_record(const struct playback *playback, struct record *record)
{
	char today[DATE_SIZE];
	record_today(today);
	record->source.kind = SOURCE_MEASURED;
	record->source.tool = "dxgmatrix " DXGMATRIX_VERSION;
	record->source.trigger = "manual";
	record->time = today;
	if (playback->root)
		playback_sign(playback, record);
	record_write(record);
	printf("%s\n", record->bytes);
}

static void print_records(const struct playback *playback, struct record *record,
			  const struct adapters *adapters)
{
	if (!adapters->n)
		print_record(playback, record);
	for (size_t i = 0; i < adapters->n; i++) {
		take_adapter(playback->root, record, &adapters->row[i]);
		print_record(playback, record);
	}
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	(void)ret_status;
	const char *root = NULL;
	bool json = false;
	const struct command_option options[] = {
		{ "root", "DIR", &root, "read a recorded machine below DIR" },
		{ "json", NULL, &json,
		  "a record without results per adapter, on a line" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (first < argc)
		return error_usage("'%s' is too much; see dxgmatrix detect --help",
				   argv[first]);
	cleanup_record struct record record;
	cleanup_playback struct playback playback = { 0 };
	struct adapters adapters = { 0 };
	record_init(&record);
	err = detect(root, &record);
	if (!err && root)
		err = playback_open(root, &playback);
	if (!err && (!root || playback.text))
		err = adapters_ask(playback.root, &record.arena, &adapters);
	if (err)
		return err;
	if (json)
		print_records(&playback, &record, &adapters);
	else
		print_words(root, &record, &adapters);
	return NULL;
}

const struct command command_detect = {
	.name = "detect",
	.arguments = "",
	.summary = "What this machine is made of: adapter, driver, versions",
	.help = "Prints the environment and the versions of WSL, Windows, kernel and "
		"packages\n"
		"as far as they can be read; what is not known is left out. Asks Windows "
		"for\n"
		"its versions where that is possible, for at most ten seconds. On a "
		"machine\n"
		"that is not WSL2 it says so and goes on.\n\n"
		"Exit status: 0; 1 where DIR is no folder; 2 for a wrong command line.",
	.run = run,
};
