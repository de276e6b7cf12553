/* Any record that is accepted can be diagnosed, shown and written again. */
#include <stdio.h>
#include <string.h>

#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"
#include "record/record.h"
#include "runner/screen.h"
#include "runner/screen_paste.h"
#include "tests/fuzz/fuzz.h"
#include "util/utf8.h"

#define TODAY "2026-11-20"

/* A terminal that shows it obeys nothing but the ends of lines. */
static void check_screen(const char *text, size_t size)
{
	while (size) {
		uint32_t c;
		size_t n = utf8_decode(text, size, &c);
		require(c <= 0x10ffff && (c == '\n' || !utf8_is_control(c)));
		text += n;
		size -= n;
	}
}

static void show(const struct record *record)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	require(file);
	const struct screen screen = { .file = file, .width = 80 };
	struct answer answer;
	answer_make(record, &answer);
	screen_answer(&screen, &answer);
	screen_paste(&screen, &answer);
	screen_details(&screen, &answer, record);
	answer_deinit(&answer);
	fclose(file);
	check_screen(text, size);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record record, again;
	cleanup_error struct error *refused =
		record_read((const char *)data, size, TODAY, &record);
	if (refused)
		return 0;
	diagnose(&record);
	require(record.n_diagnoses < 100);
	show(&record);
	record.n_contradictions = 0; /* of members that a writer may add */
	record_write(&record);
	if (record.size <= RECORD_SIZE_MAX) {
		cleanup_error struct error *err =
			record_read(record.bytes, record.size, TODAY, &again);
		require(!err);
		record_deinit(&again);
	}
	record_deinit(&record);
	return 0;
}
