#include "matrix/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "embed/matrix_query.h"
#include "embed/matrix_sql.h"
#include "matrix/rules.h"
#include "record/record.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"
#include "util/strbuf.h"

struct store {
	sqlite3 *database;
	char *path;
	sqlite3_stmt *statements[QUERY_COUNT];
};

/* In this order, only ever appended to: user_version counts those that were applied. */
static const struct embedded *const migrations[] = {
	&sql_schema_sql,
};

#define BUSY_TIMEOUT_MS 30000
#define CACHE_KIB       65536
/* No row of another store is larger: a record and its id. */
#define FACTS_LENGTH_MAX (2 * RECORD_SIZE_MAX)

struct sqlite3 *store_database(struct store *store)
{
	return store->database;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

struct error *store_error(struct store *store, const char *doing)
{
	int rc = sqlite3_errcode(store->database);
	if (rc == SQLITE_NOTADB)
		return error_create("%s: not a matrix of dxgmatrix (not a database)",
				    store->path);
	return error_create("%s: %s: %s", store->path, doing,
			    sqlite3_errmsg(store->database));
}

struct sqlite3_stmt *store_statement(struct store *store, int query)
{
	sqlite3_stmt **statement = &store->statements[query];
	if (!*statement)
		sqlite3_prepare_v3(store->database, queries[query].bytes, -1,
				   SQLITE_PREPARE_PERSISTENT, statement, NULL);
	return *statement;
}

struct error *store_execute(struct store *store, const char *sql)
{
	if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK)
		return NULL;
	cleanup_free char *first = xstrndup(sql, strcspn(sql, "\n"));
	return store_error(store, first);
}

struct error *store_begin(struct store *store)
{
	return store_execute(store, "BEGIN IMMEDIATE");
}

struct error *store_commit(struct store *store)
{
	return store_execute(store, "COMMIT");
}

bool store_in_transaction(struct store *store)
{
	return !sqlite3_get_autocommit(store->database);
}

void store_rollback(struct store *store)
{
	if (store_in_transaction(store))
		sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
}

/* One integer of a statement without parameters; `none` where there is no row. */
static struct error *read_integer(struct store *store, const char *sql, int64_t none,
				  int64_t *ret)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	else if (rc == SQLITE_DONE)
		*ret = none;
	struct error *err = NULL;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		err = store_error(store, "read");
	sqlite3_finalize(statement);
	return err;
}

/* Whose file is it? *ret_version is -1 for an empty file. */
static struct error *identify(struct store *store, int64_t *ret_version)
{
	int64_t id = 0, version = 0, tables = 0;
	struct error *err = read_integer(store, "PRAGMA application_id", 0, &id);
	if (!err)
		err = read_integer(store, "PRAGMA user_version", 0, &version);
	if (!err)
		err = read_integer(store, "SELECT count(*) FROM sqlite_schema", 0,
				   &tables);
	if (err)
		return err;
	if (!id && !tables && !version) {
		*ret_version = -1;
		return NULL;
	}
	if (id != STORE_APPLICATION_ID)
		return error_create("%s: not a matrix of dxgmatrix, but a database of "
				    "another program",
				    store->path);
	if (version < 1 || version > (int64_t)ARRAY_SIZE(migrations))
		return error_create("%s: made by a newer dxgmatrix (store version "
				    "%" PRId64 ", this one knows %zu)",
				    store->path, version, ARRAY_SIZE(migrations));
	*ret_version = version;
	return NULL;
}

/* The lock is held: another process may have migrated in between. */
static struct error *migrate_locked(struct store *store)
{
	int64_t version = 0;
	struct error *err = identify(store, &version);
	size_t first = version < 0 ? 0 : (size_t)version;
	for (size_t i = first; !err && i < ARRAY_SIZE(migrations); i++)
		err = store_execute(store, migrations[i]->bytes);
	if (err || first == ARRAY_SIZE(migrations))
		return err;
	char pragmas[96];
	sqlite3_snprintf(sizeof(pragmas), pragmas,
			 "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 STORE_APPLICATION_ID, (int)ARRAY_SIZE(migrations));
	return store_execute(store, pragmas);
}

static struct error *migrate(struct store *store)
{
	int64_t version = 0;
	struct error *err = identify(store, &version);
	if (err || version == (int64_t)ARRAY_SIZE(migrations))
		return err;
	if (version < 0)
		err = store_execute(store, "PRAGMA journal_mode = WAL");
	if (!err)
		err = store_begin(store);
	if (!err)
		err = migrate_locked(store);
	if (!err)
		err = store_commit(store);
	if (err)
		store_rollback(store);
	return err;
}

static struct error *check_rules(struct store *store)
{
	sqlite3_stmt *stmt = store_statement(store, QUERY_RULES);
	int rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
	struct error *err = NULL;
	if (rc == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(stmt, 0), rules_stamp()))
		err = error_create(
			"%s: its verdicts were made by other rules than this "
			"program's; dxgmatrix ingest --rebuild makes them anew",
			store->path);
	else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		err = store_error(store, "rules");
	sqlite3_reset(stmt);
	return err;
}

static struct error *check(struct store *store, enum store_mode mode)
{
	int64_t version = 0;
	struct error *err = identify(store, &version);
	if (err)
		return err;
	if (version < 0)
		return error_create("%s: empty; dxgmatrix ingest fills it", store->path);
	if (version < (int64_t)ARRAY_SIZE(migrations))
		return error_create("%s: made by an older dxgmatrix; dxgmatrix ingest "
				    "brings it up to date",
				    store->path);
	if (mode == STORE_FACTS)
		return NULL;
	return check_rules(store);
}

/* A file from elsewhere may hold anything: nothing in its schema is run or trusted. */
static struct error *configure(struct store *store, enum store_mode mode)
{
	sqlite3 *database = store->database;
	if (mode == STORE_FACTS)
		sqlite3_limit(database, SQLITE_LIMIT_LENGTH, FACTS_LENGTH_MAX);
	sqlite3_busy_timeout(database, BUSY_TIMEOUT_MS);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, mode == STORE_WRITE,
			  NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, mode != STORE_FACTS,
			  NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	char pragmas[160];
	sqlite3_snprintf(sizeof(pragmas), pragmas,
			 "PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; "
			 "PRAGMA cache_size = -%d",
			 CACHE_KIB);
	if (sqlite3_exec(database, pragmas, NULL, NULL, NULL) == SQLITE_OK)
		return NULL;
	return store_error(store, mode == STORE_WRITE ? "open for writing" : "open");
}

/* @return what sqlite3_open would not say: that there is nothing, or no file. */
static struct error *look(const char *path, enum store_mode mode)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return mode == STORE_WRITE && errno == ENOENT ? file_make_parent(path)
							      : error_errno("%s", path);
	if (S_ISREG(st.st_mode))
		return NULL;
	return error_create("%s: not a matrix of dxgmatrix (not a file)", path);
}

/* To read a file in WAL mode SQLite makes two beside it (sqlite.org/wal.html, "Read-Only
 * Databases"). Where it may not, nobody writes, and without a -wal the file is whole. */
static bool is_at_rest(const char *path)
{
	cleanup_free char *log = xasprintf("%s-wal", path);
	const char *slash = strrchr(path, '/');
	cleanup_free char *folder =
		slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	return access(log, F_OK) < 0 && errno == ENOENT && access(folder, W_OK) < 0;
}

/* sqlite.org/uri.html: what would end the path is escaped; two slashes begin a host. */
static char *immutable_uri(const char *path)
{
	cleanup_strbuf struct strbuf uri;
	strbuf_init(&uri);
	strbuf_add_string(&uri, "file:");
	while (path[0] == '/' && path[1] == '/')
		path++;
	for (; *path; path++) {
		if (strchr("%?#", *path))
			strbuf_printf(&uri, "%%%02x", (unsigned char)*path);
		else
			strbuf_add_char(&uri, *path);
	}
	strbuf_add_string(&uri, "?immutable=1");
	return strbuf_take(&uri);
}

static int open_database(const char *path, enum store_mode mode, sqlite3 **ret)
{
	if (mode == STORE_WRITE)
		return sqlite3_open_v2(path, ret,
				       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (!is_at_rest(path))
		return sqlite3_open_v2(path, ret, SQLITE_OPEN_READONLY, NULL);
	cleanup_free char *uri = immutable_uri(path);
	return sqlite3_open_v2(uri, ret, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

static struct error *open_at(struct store *store, enum store_mode mode)
{
	struct error *err = look(store->path, mode);
	if (err)
		return err;
	int rc = open_database(store->path, mode, &store->database);
	if (rc != SQLITE_OK)
		return error_create("%s: %s", store->path,
				    store->database ? sqlite3_errmsg(store->database)
						    : sqlite3_errstr(rc));
	err = configure(store, mode);
	if (!err)
		err = mode == STORE_WRITE ? migrate(store) : check(store, mode);
	return err;
}

static struct error *default_path(char **ret)
{
	cleanup_free char *folder = NULL;
	struct error *err = file_xdg_folder("XDG_DATA_HOME", ".local/share", &folder);
	if (!err)
		*ret = xasprintf("%s/matrix.db", folder);
	return err;
}

struct error *store_open(const char *path, enum store_mode mode, struct store **ret)
{
	/* A document is a savepoint: what undoes it, a few pages, stays in memory instead of
	 * a temporary file. Only the first call of a process, before any store, has effect.
	 */
	sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
	cleanup_store struct store *store = xcalloc(1, sizeof(*store));
	struct error *err = NULL;
	if (path)
		store->path = xstrdup(path);
	else
		err = default_path(&store->path);
	if (!err)
		err = open_at(store, mode);
	if (!err)
		*ret = take_ptr(store);
	return err;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < QUERY_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->database);
	free(store->path);
	free(store);
}
