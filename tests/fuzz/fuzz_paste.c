/* Pasted text, any bytes: what comes of it is a record that reads back as itself, is
 * diagnosed and has a picture. */
#include <string.h>

#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"
#include "runner/paste.h"
#include "tests/fuzz/fuzz.h"

static void check_document(struct record *record)
{
	record_write(record);
	struct record back;
	record_init(&back);
	struct error *err = record_read(record->bytes, record->size, "2026-11-20", &back);
	if (err)
		fprintf(stderr, "%s\n", err->message);
	require(!err && !strcmp(back.id, record->id));
	record_deinit(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record record;
	record_init(&record);
	struct error *err = paste_read((const char *)data, size, -1, &record);
	require(!err);
	diagnose(&record);
	check_document(&record);
	for (size_t i = 0; i < record.n_diagnoses; i++)
		require(!strchr(record.diagnoses[i].says, '{') &&
			record.diagnoses[i].todo.n <= 2);
	struct answer answer;
	answer_make(&record, &answer);
	require(answer.headline.n >= 1 && answer.headline.n <= 2 && answer.todo.n <= 2);
	answer_deinit(&answer);
	record_deinit(&record);
	return 0;
}
