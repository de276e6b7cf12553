/*
 * The file, a line each, words separated by single blanks:
 *
 *	dxgmatrix-journal 1
 *	runs COUNT
 *	boots COUNT BOOT-ID
 *	down INTERFACE ROLE RUNG ADAPTER FINGERPRINT TIMES	any number of them
 *	run BOOT-ID PID START					the last run
 *	begin INTERFACE ROLE RUNG ADAPTER FINGERPRINT		appended, each on disk
 *	end OUTCOME						before the next step
 *	close done | close interrupted				the run ended in order
 *
 * BOOT-ID is the kernel's (random(4)), START field 22 of proc(5) stat, ADAPTER "-" where
 * none. All up to `run` is written at once and replaces the old file. A last line without
 * its newline was being written when the machine went down: its step had not begun.
 */
#include "runner/journal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "util/alloc.h"
#include "util/file.h"
#include "util/strbuf.h"

#define HEADER           "dxgmatrix-journal 1"
#define JOURNAL_SIZE_MAX (1 << 20)
#define DOWN_MAX         64 /* older ones are forgotten */
#define LOCK_MS          1000
#define BOOT_ID_SIZE     37

struct down {
	struct journal_spot spot;
	int64_t times;
	bool passed; /* in this run: to be forgotten */
};

struct journal {
	struct arena arena;
	char *path;
	int lock, fd;
	int64_t runs, boots;
	char boot_id[BOOT_ID_SIZE];
	struct down *down;
	size_t n_down;
	bool again;
	bool active;
	struct journal_spot spot;
	struct journal_found found;
};

/* What was read, before it is settled. */
struct text {
	struct journal *journal;
	char last_boot_id[BOOT_ID_SIZE]; /* that was counted */
	char run_boot_id[BOOT_ID_SIZE];  /* "" without a run line */
	bool closed, begun;
	struct journal_spot spot;
};

static bool parse_count(const char *word, int64_t *ret)
{
	char *end;
	errno = 0;
	long long count = strtoll(word, &end, 10);
	if (!isdigit((unsigned char)*word) || *end || errno || count > INT64_C(1) << 52)
		return false;
	*ret = count;
	return true;
}

static bool consists_of(const char *word, const char *characters, size_t least,
			size_t most)
{
	size_t length = strspn(word, characters);
	return !word[length] && length >= least && length <= most;
}

static bool parse_boot_id(const char *word, char ret[BOOT_ID_SIZE])
{
	if (!consists_of(word, "0123456789abcdef-", BOOT_ID_SIZE - 1, BOOT_ID_SIZE - 1))
		return false;
	memcpy(ret, word, BOOT_ID_SIZE);
	return true;
}

static bool parse_role(const char *word, enum role *ret)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (strcmp(role_names[role], word))
			continue;
		*ret = (enum role)role;
		return true;
	}
	return false;
}

/* INTERFACE ROLE RUNG ADAPTER FINGERPRINT */
static bool parse_spot(struct journal *journal, char *const *words,
		       struct journal_spot *ret)
{
	if (!consists_of(words[0], "abcdefghijklmnopqrstuvwxyz0123456789-", 1, 32) ||
	    !parse_role(words[1], &ret->role) || !rung_parse(words[2], &ret->rung) ||
	    !consists_of(words[3], "0123456789abcdef:-", 1, 9) ||
	    !consists_of(words[4], "0123456789abcdef", 12, 12))
		return false;
	ret->interface = arena_strdup(&journal->arena, words[0]);
	ret->adapter =
		strcmp(words[3], "-") ? arena_strdup(&journal->arena, words[3]) : NULL;
	ret->fingerprint = arena_strdup(&journal->arena, words[4]);
	return true;
}

static bool parse_down(struct text *text, char *const *words)
{
	struct down down = { 0 };
	if (!parse_spot(text->journal, words + 1, &down.spot) ||
	    !parse_count(words[6], &down.times))
		return false;
	*arena_push(&text->journal->arena, text->journal->down, text->journal->n_down) =
		down;
	return true;
}

static bool is_same(const struct journal_spot *a, const struct journal_spot *b)
{
	return a->role == b->role && a->rung == b->rung &&
	       !strcmp(a->interface, b->interface) &&
	       !strcmp(a->adapter ? a->adapter : "-", b->adapter ? b->adapter : "-") &&
	       !strcmp(a->fingerprint, b->fingerprint);
}

static struct down *find_down(const struct journal *journal,
			      const struct journal_spot *spot)
{
	for (size_t i = 0; i < journal->n_down; i++)
		if (is_same(&journal->down[i].spot, spot))
			return &journal->down[i];
	return NULL;
}

/* Whatever else it was: this time the machine lived through it. */
static void note_end(struct journal *journal, const struct journal_spot *spot,
		     enum outcome outcome)
{
	struct down *down = find_down(journal, spot);
	if (down && outcome != OUTCOME_INTERRUPTED)
		down->passed = true;
}

static bool parse_end(struct text *text, char *const *words)
{
	enum outcome outcome;
	if (!text->begun || !outcome_parse(words[1], &outcome))
		return false;
	text->begun = false;
	note_end(text->journal, &text->spot, outcome);
	return true;
}

static bool parse_words(struct text *text, char *const *words, size_t n)
{
	struct journal *journal = text->journal;
	int64_t pid, start;
	if (!strcmp(words[0], "runs") && n == 2)
		return parse_count(words[1], &journal->runs);
	if (!strcmp(words[0], "boots") && n == 3)
		return parse_count(words[1], &journal->boots) &&
		       parse_boot_id(words[2], text->last_boot_id);
	if (!strcmp(words[0], "down") && n == 7)
		return parse_down(text, words);
	if (!strcmp(words[0], "run") && n == 4)
		return parse_boot_id(words[1], text->run_boot_id) &&
		       parse_count(words[2], &pid) && parse_count(words[3], &start);
	if (!strcmp(words[0], "begin") && n == 6)
		return text->begun = parse_spot(journal, words + 1, &text->spot);
	if (!strcmp(words[0], "end") && n == 2)
		return parse_end(text, words);
	if (!strcmp(words[0], "close") && n == 2)
		return text->closed = true;
	return false;
}

static bool parse_line(struct text *text, char *line)
{
	char *words[8], *word;
	size_t n = 0;
	while ((word = strsep(&line, " "))) {
		if (n == 8 || !*word)
			return false;
		words[n++] = word;
	}
	return parse_words(text, words, n);
}

/* @return the number of the first line that makes no sense, or 0. */
static int parse(struct text *text, char *bytes, size_t size)
{
	char *end = memrchr(bytes, '\n', size);
	if (!end)
		return size ? 1 : 0;
	*end = '\0';
	if (memchr(bytes, '\0', (size_t)(end - bytes)))
		return 1;
	char *rest = bytes, *line = strsep(&rest, "\n");
	if (strcmp(line, HEADER))
		return 1;
	for (int number = 2; (line = strsep(&rest, "\n")); number++)
		if (!parse_line(text, line))
			return number;
	return 0;
}

static enum outcome count_down(struct journal *journal, const struct journal_spot *spot)
{
	struct down *down = find_down(journal, spot);
	if (!down) {
		down = arena_push(&journal->arena, journal->down, journal->n_down);
		down->spot = *spot;
	}
	down->passed = false;
	return ++down->times > 1 ? OUTCOME_DIED : OUTCOME_INTERRUPTED;
}

static void settle(struct text *text)
{
	struct journal *journal = text->journal;
	struct journal_found *found = &journal->found;
	if (strcmp(text->last_boot_id, journal->boot_id))
		journal->boots++;
	journal->runs++;
	if (!*text->run_boot_id || text->closed || !text->begun)
		return;
	found->spot = text->spot;
	found->outcome = strcmp(text->run_boot_id, journal->boot_id)
				 ? count_down(journal, &text->spot)
				 : OUTCOME_ERROR;
}

/* A corrupt file is evidence for whoever wants to know: it stays, beside. */
static struct error *move_aside(struct journal *journal, int line)
{
	cleanup_free char *aside = xasprintf("%s.corrupt", journal->path);
	if (rename(journal->path, aside) < 0)
		return error_errno("%s", journal->path);
	journal->runs = journal->boots = 0;
	journal->down = NULL;
	journal->n_down = 0;
	journal->found.corrupt =
		arena_printf(&journal->arena,
			     "%s: line %d makes no sense; it is now %s, and which steps "
			     "took this machine down is forgotten",
			     journal->path, line, aside);
	return NULL;
}

static struct error *read_journal(struct journal *journal)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	struct text text = { .journal = journal };
	struct stat st;
	if (lstat(journal->path, &st) < 0) {
		if (errno != ENOENT)
			return error_errno("%s", journal->path);
		settle(&text);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) /* opening a pipe would wait for its other end */
		return error_create("%s: not a file", journal->path);
	struct error *err = file_read(journal->path, JOURNAL_SIZE_MAX, &bytes, &size);
	if (err)
		return err;
	int line = parse(&text, bytes, size);
	if (line) {
		text = (struct text){ .journal = journal };
		err = move_aside(journal, line);
	}
	settle(&text);
	return err;
}

static void add_spot(struct strbuf *buf, const char *word,
		     const struct journal_spot *spot)
{
	strbuf_printf(buf, "%s %s %s %s %s %s", word, spot->interface,
		      role_names[spot->role], rung_rows[spot->rung].name,
		      spot->adapter ? spot->adapter : "-", spot->fingerprint);
}

/* proc(5): field 22 of stat, counted behind the name, which may hold blanks. */
static unsigned long long own_start(void)
{
	cleanup_free char *stat = NULL;
	unsigned long long start = 0;
	if (!root_read(NULL, "/proc/self/stat", 4096, &stat, NULL))
		return 0;
	const char *at = strrchr(stat, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, " %llu", &start) != 1)
		return 0;
	return start;
}

static struct error *write_journal(struct journal *journal, bool run)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_printf(&buf, HEADER "\nruns %" PRId64 "\nboots %" PRId64 " %s\n",
		      journal->runs, journal->boots, journal->boot_id);
	size_t first = journal->n_down > DOWN_MAX ? journal->n_down - DOWN_MAX : 0;
	for (size_t i = first; i < journal->n_down; i++) {
		if (journal->down[i].passed)
			continue;
		add_spot(&buf, "down", &journal->down[i].spot);
		strbuf_printf(&buf, " %" PRId64 "\n", journal->down[i].times);
	}
	if (run)
		strbuf_printf(&buf, "run %s %d %llu\n", journal->boot_id, (int)getpid(),
			      own_start());
	return file_write(journal->path, buf.string, buf.length, 0600, true);
}

/* Who was killed a moment ago may still be letting go: its probe shares the lock until
 * it executes. */
static struct error *take_lock(const char *path, int *ret)
{
	cleanup_free char *name = xasprintf("%s.lock", path);
	cleanup_close int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno("%s", name);
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_errno("%s", name);
		if (tries == LOCK_MS / 20)
			return error_create("another run is in progress on this machine");
		nanosleep(&pause, NULL);
	}
	*ret = take_fd(fd);
	return NULL;
}

static struct error *read_boot_id(char ret[BOOT_ID_SIZE])
{
	cleanup_free char *text = NULL;
	if (!root_read(NULL, "/proc/sys/kernel/random/boot_id", 256, &text, NULL))
		return error_create("/proc/sys/kernel/random/boot_id cannot be read");
	text[strcspn(text, "\n")] = '\0';
	if (!parse_boot_id(text, ret))
		return error_create("/proc/sys/kernel/random/boot_id holds no id");
	return NULL;
}

static struct error *open_journal(struct journal *journal)
{
	cleanup_free char *folder = NULL;
	struct error *err = file_xdg_folder("XDG_STATE_HOME", ".local/state", &folder);
	if (err)
		return err;
	journal->path = xasprintf("%s/journal", folder);
	err = file_make_folder(folder);
	if (!err)
		err = take_lock(journal->path, &journal->lock);
	if (!err)
		err = read_boot_id(journal->boot_id);
	if (!err)
		err = read_journal(journal);
	if (!err)
		err = write_journal(journal, true);
	if (err)
		return err;
	journal->fd = open(journal->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	return journal->fd < 0 ? error_errno("%s", journal->path) : NULL;
}

struct error *journal_open(bool again, struct journal **ret)
{
	cleanup_journal struct journal *journal = xcalloc(1, sizeof(*journal));
	journal->lock = journal->fd = -1;
	journal->again = again;
	struct error *err = open_journal(journal);
	if (err)
		return error_wrap(err, "journal");
	*ret = take_ptr(journal);
	return NULL;
}

void journal_destroy(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	if (journal->lock >= 0)
		close(journal->lock);
	free(journal->path);
	arena_deinit(&journal->arena);
	free(journal);
}

int64_t journal_run(const struct journal *journal)
{
	return journal->runs;
}

int64_t journal_boot(const struct journal *journal)
{
	return journal->boots;
}

const struct journal_found *journal_found(const struct journal *journal)
{
	return &journal->found;
}

enum outcome journal_verdict(const struct journal *journal,
			     const struct journal_spot *spot)
{
	const struct down *down = journal ? find_down(journal, spot) : NULL;
	if (!down || down->passed || journal->again)
		return OUTCOME_PASS;
	return down->times > 1 ? OUTCOME_DIED : OUTCOME_INTERRUPTED;
}

static struct error *append(struct journal *journal, const struct strbuf *line)
{
	/* One call: whoever is killed leaves a whole line or none. */
	ssize_t n = write(journal->fd, line->string, line->length);
	if (n == (ssize_t)line->length)
		return NULL;
	if (n >= 0)
		errno = ENOSPC;
	return error_errno("%s", journal->path);
}

struct error *journal_begin(struct journal *journal, const struct journal_spot *spot)
{
	if (!journal)
		return NULL;
	cleanup_strbuf struct strbuf line;
	strbuf_init(&line);
	add_spot(&line, "begin", spot);
	strbuf_add_char(&line, '\n');
	struct error *err = append(journal, &line);
	if (err)
		return err;
	journal->active = true;
	journal->spot = *spot;
	return fsync(journal->fd) < 0 ? error_errno("%s", journal->path) : NULL;
}

/* Not on disk at once: the next `begin` says as much. */
struct error *journal_end(struct journal *journal, enum outcome outcome)
{
	if (!journal || !journal->active)
		return NULL;
	journal->active = false;
	note_end(journal, &journal->spot, outcome);
	cleanup_strbuf struct strbuf line;
	strbuf_init(&line);
	strbuf_printf(&line, "end %s\n", outcome_rows[outcome].name);
	return append(journal, &line);
}

struct error *journal_close(struct journal *journal, bool interrupted)
{
	cleanup_strbuf struct strbuf line;
	strbuf_init(&line);
	strbuf_printf(&line, "close %s\n", interrupted ? "interrupted" : "done");
	struct error *err = append(journal, &line);
	if (err || interrupted)
		return err ? err
			   : (fsync(journal->fd) < 0 ? error_errno("%s", journal->path)
						     : NULL);
	return write_journal(journal, false);
}
