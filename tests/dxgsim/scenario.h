/*
 * scenario.h: what the simulated machine is and how its Windows answers.
 *
 * The text format is described in README.md. Unknown words, repeated keys and values that
 * do not parse are errors with file and line: a scenario that is read half is a test that
 * tests something else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "probes/dxg_abi.h"
#include "util/arena.h"
#include "util/error.h"

/* How a call is refused (or delayed: STATUS_PENDING). */
struct verdict {
	bool by_host; /* status holds what Windows says; else number what the driver says */
	uint32_t status; /* NTSTATUS */
	int number;      /* positive errno */
};

struct refusal {
	uint8_t nr;   /* of the ioctl */
	bool of_type; /* only adapter-info type `type` */
	uint32_t type;
	uint32_t nth;  /* only the n-th matching call, from 1; 0: every one */
	uint32_t seen; /* matching calls so far */
	struct verdict verdict;
};

/* The answer to one adapter-info type: bytes, or a refusal where bytes is NULL. */
struct answer {
	uint32_t type;
	uint8_t *bytes;
	size_t size;
	struct verdict verdict;
};

struct feature {
	uint32_t id;
	uint16_t version;
	uint16_t value;
};

/* A key that the scenario does not give is NULL or 0, and its question is refused as the
 * host refuses what it does not know. */
struct sim_adapter {
	struct winluid luid;
	struct d3dkmt_query_device_ids ids; /* vendor_id 0: not given */
	bool has_type;
	struct d3dkmt_adaptertype type;
	const char *description;
	uint64_t kmd, umd;
	uint32_t wddm;
	const char *driver_store;               /* whole Windows path */
	uint64_t dedicated, shared;             /* bytes */
	uint64_t local_budget, nonlocal_budget; /* bytes */
	struct answer *answers;
	size_t answer_count;
	struct feature *features;
	size_t feature_count;
};

/* A path the simulator answers for: with text, or as missing where text is NULL. */
struct sim_file {
	const char *path;
	const char *text;
};

struct scenario {
	bool wsl2;          /* the files by which a machine shows that it is WSL2 */
	bool frozen;        /* fences complete, but what the process sees of them stays */
	const char *kernel; /* release, or NULL: the real one shows */
	bool node;          /* whether /dev/dxg exists */
	int open_errno;     /* of opening it; 0: it opens */
	struct sim_adapter *adapters;
	size_t adapter_count;
	struct refusal *refusals;
	size_t refusal_count;
	struct sim_file *files;
	size_t file_count;
};

/* @param ret  lives in the arena */
struct error *scenario_read(const char *path, struct arena *arena,
			    struct scenario *ret) must_check;

/* @return what the scenario says of this call, which counts it; NULL: let it happen. */
const struct verdict *scenario_refusal(struct scenario *scenario, uint8_t nr,
				       uint32_t type);
