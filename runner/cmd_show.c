/* dxgmatrix show: a record that is kept, or lies in a file, as a person reads it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"
#include "matrix/ingest.h"
#include "matrix/view.h"
#include "record/key.h"
#include "runner/screen.h"
#include "util/alloc.h"
#include "util/command.h"
#include "util/file.h"
#include "util/utf8.h"

struct show {
	bool json, line;
	const char *db;
	const char *what; /* "last", an id, its beginning, or a file */
};

/* The key of this machine, if it has one: looking makes none. */
static struct error *own_key(char ret[KEY_TEXT_SIZE])
{
	cleanup_free char *folder = NULL;
	struct machine_key key;
	*ret = '\0';
	struct error *err = file_xdg_folder("XDG_STATE_HOME", ".local/state", &folder);
	if (err)
		return err;
	cleanup_free char *path = xasprintf("%s/key", folder);
	if (access(path, F_OK) < 0)
		return NULL;
	err = key_open(&key);
	if (!err)
		key_text(&key, ret);
	return err;
}

static struct error *find_last(struct store *store, struct arena *arena,
			       struct strings *ret)
{
	char key[KEY_TEXT_SIZE];
	struct error *err = own_key(key);
	if (!err)
		err = view_last(store, *key ? key : NULL, arena, ret);
	if (!err && !ret->n)
		err = error_create("%s holds no run of this machine yet: dxgmatrix run",
				   store_path(store));
	return err;
}

static struct error *read_file(const char *path, struct record *ret)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	char today[DATE_SIZE];
	record_today(today);
	struct error *err = file_read(path, RECORD_SIZE_MAX, &bytes, &size);
	if (!err)
		err = error_wrap(record_read(bytes, size, today, ret), "%s", path);
	return err;
}

static bool is_file(const char *what)
{
	return strcmp(what, "last") && access(what, F_OK) == 0;
}

/* Of outside text: a terminal gets none of its control characters. */
static void print_chat(const struct record *record)
{
	cleanup_free char *lines = answer_chat_lines(record);
	size_t size = strlen(lines);
	for (size_t i = 0; i < size;) {
		uint32_t c;
		size_t n = utf8_decode(lines + i, size - i, &c);
		if (c != '\n' && (c > 0x10ffff || utf8_is_control(c)))
			putchar('?');
		else
			fwrite(lines + i, 1, n, stdout);
		i += n;
	}
}

static void print_record(const struct show *show, struct record *record)
{
	if (show->json) {
		printf("%s\n", record->bytes);
		return;
	}
	/* What the tool said then stays in the document; shown is what it says now. */
	diagnose(record);
	if (show->line) {
		print_chat(record);
		return;
	}
	const struct screen screen = screen_for(stdout);
	struct answer answer;
	answer_make(record, &answer);
	screen_answer(&screen, &answer);
	screen_details(&screen, &answer, record);
	answer_deinit(&answer);
	cleanup_free char *text = xasprintf("%s%s%s", record->time ? record->time : "",
					    record->time ? ", " : "", record->id);
	putchar('\n');
	screen_paragraph(&screen, "", 0, text);
}

static struct error *show_file(const struct show *show)
{
	cleanup_record struct record record;
	record_init(&record);
	struct error *err = read_file(show->what, &record);
	if (!err)
		print_record(show, &record);
	return err;
}

/* A run leaves a record for each adapter: "last" is all of them. */
static struct error *show_kept(const struct show *show)
{
	cleanup_store struct store *store = NULL;
	cleanup_arena struct arena arena = { 0 };
	struct strings ids = { 0 };
	struct error *err = ingest_open(show->db, &store);
	if (!err && !strcmp(show->what, "last"))
		err = find_last(store, &arena, &ids);
	else if (!err)
		strings_add(&arena, &ids, show->what);
	for (size_t i = 0; i < ids.n && !err; i++) {
		cleanup_record struct record record;
		record_init(&record);
		err = view_record(store, ids.string[i], &record);
		if (!err && i && !show->json && !show->line)
			putchar('\n');
		if (!err)
			print_record(show, &record);
	}
	return err;
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	(void)ret_status;
	struct show show = { .what = "last" };
	const struct command_option options[] = {
		{ "json", NULL, &show.json, "the document itself, on a line" },
		{ "line", NULL, &show.line, "three lines for a chat" },
		{ "db", "FILE", &show.db, "where results are kept" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (argc - first > 1)
		return error_usage("'%s' is too much; see dxgmatrix show --help",
				   argv[first + 1]);
	if (first < argc)
		show.what = argv[first];
	return is_file(show.what) ? show_file(&show) : show_kept(&show);
}

const struct command command_show = {
	.name = "show",
	.arguments = "[last | ID | FILE]",
	.summary = "A result in full: the answer, every step, the kernel lines",
	.help = "Shows the last run of this machine, a record for each GPU; or the "
		"record with\n"
		"this id or a unique beginning of it (six digits or more); or the one in "
		"a file.\n"
		"\n"
		"Exit status: 0; 1 where there is no such record; 2 for a wrong command "
		"line.",
	.run = run,
};
