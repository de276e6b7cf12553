#include "matrix/rules.h"

#include <inttypes.h>
#include <stdio.h>

#include "diagnosis/gpu.h"
#include "diagnosis/signature.h"
#include "record/hash.h"
#include "record/rung.h"
#include "util/array.h"
#include "util/strbuf.h"

static void add_tables(struct strbuf *buf)
{
	/* Rows of readings are written in this order. */
	for_each_row(rung, rung_rows)
		strbuf_printf(buf, "%s %u\n", rung->name, rung->needs);
	for (size_t i = 0; i < n_gpus; i++) {
		strbuf_printf(buf, "%s %d %s\n", gpus[i].pci, gpus[i].names_id,
			      gpus[i].name);
		for (size_t j = 0; gpus[i].names_id && gpus[i].aliases[j]; j++)
			strbuf_printf(buf, "  %s\n", gpus[i].aliases[j]);
	}
	for (size_t i = 0; i < n_signatures; i++)
		strbuf_printf(buf, "%s %" PRIu32 " %d %d %d\n", signatures[i].ioctl,
			      signatures[i].query_type, signatures[i].error,
			      (int)signatures[i].phase, (int)signatures[i].class);
}

const char *rules_stamp(void)
{
	static char stamp[32];
	if (*stamp)
		return stamp;
	cleanup_strbuf struct strbuf tables;
	strbuf_init(&tables);
	add_tables(&tables);
	char hex[HASH_HEX_SIZE];
	hash_hex(tables.string, tables.length, hex);
	snprintf(stamp, sizeof(stamp), "%d-%.12s", RULES_VERSION, hex);
	return stamp;
}
