#include "matrix/merge.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "matrix/stmt.h"

bool merge_is_store(const char *path)
{
	/* SQLite file format §1.3: the first 16 bytes, with the NUL. */
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd >= 0 && read(fd, head, sizeof(head)) == sizeof(head) &&
	       !memcmp(head, magic, sizeof(magic));
}

static struct error *merge_record(struct store *other, struct stmt *record,
				  merge_function *each, void *context)
{
	size_t size;
	const char *bytes = stmt_blob(record, "bytes", &size);
	const char *id = stmt_text(record, "id");
	bool row = false, admitted = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, other, QUERY_EACH_ADMISSION);
	stmt_bind_int(&stmt, "n", stmt_int(record, "n", 0));
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && (row || !admitted)) {
		const char *road = row ? stmt_text(&stmt, "road") : NULL;
		struct admission admission = { road ? road : "merge",
					       row ? stmt_text(&stmt, "submitter")
						   : NULL };
		each(context, id ? id : "", bytes ? bytes : "", size, &admission);
		admitted = true;
		if (!row)
			break;
	}
	return err;
}

struct error *merge_each(const char *path, merge_function *each, void *context)
{
	cleanup_store struct store *other = NULL;
	struct error *err = store_open(path, STORE_FACTS, &other);
	if (err)
		return err;
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, other, QUERY_EACH_RECORD);
	while (!(err = stmt_step(&stmt, &row)) && row) {
		err = merge_record(other, &stmt, each, context);
		if (err)
			return err;
	}
	return err;
}
