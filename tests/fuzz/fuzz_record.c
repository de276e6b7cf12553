/* The reader of documents, and what every accepted or refused one has in common. */
#include <string.h>

#include "record/hash.h"
#include "record/record.h"
#include "tests/fuzz/fuzz.h"
#include "util/utf8.h"

#define TODAY "2026-11-20"

static void check_sentence(const char *message)
{
	require(*message == '/' || !strncmp(message, "(document): ", 12));
	require(strstr(message, ": "));
	for (size_t left = strlen(message); left;) {
		uint32_t c;
		size_t n = utf8_decode(message, left, &c);
		require(c <= 0x10ffff && !utf8_is_control(c));
		message += n;
		left -= n;
	}
}

/* What the store keeps is the same record, and its own canonical form. */
static void check_bytes(const struct record *record)
{
	struct record again;
	cleanup_error struct error *err =
		record_read(record->bytes, record->size, TODAY, &again);
	require(!err);
	require(!strcmp(again.id, record->id));
	require(again.size == record->size);
	require(!memcmp(again.bytes, record->bytes, record->size));
	record_deinit(&again);
}

/* What was read can be written, and that is read again. A contradiction may name a member
 * that a writer adds. */
static void check_rewriting(struct record *record)
{
	if (record->n_contradictions)
		return;
	record_write(record);
	if (record->size <= RECORD_SIZE_MAX)
		check_bytes(record);
}

static void check_members(const struct record *record)
{
	require(hash_is_address(record->id));
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		require(record_result(record, result->interface, result->role));
		enum rung height = result_height(result);
		require(height == RUNG_COUNT || result_rung(result, height));
	}
	char address[COMBINATION_ADDRESS_SIZE];
	combination_address(&record->combination, address);
	cleanup_free char *page = combination_gpu_address(&record->combination.adapter);
	require(!page || (strlen(page) < 200 && !strchr(page, '/') && *page != '.'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record record;
	cleanup_error struct error *err =
		record_read((const char *)data, size, TODAY, &record);
	if (err) {
		check_sentence(err->message);
		return 0;
	}
	check_members(&record);
	check_bytes(&record);
	check_rewriting(&record);
	record_deinit(&record);
	return 0;
}
