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

/* Which calls of a run a row of the scenario is about. */
struct selector {
	uint8_t nr;   /* of the ioctl; 0: every call */
	bool of_type; /* only adapter-info type `type` */
	uint32_t type;
	bool of_adapter; /* only those about adapter `adapter` */
	uint32_t adapter;
	uint32_t first, last; /* of the matching calls, from 1 */
	uint32_t seen;        /* matching calls so far */
};

struct refusal {
	struct selector selector;
	struct verdict verdict;
};

/* What befalls the machine as a call is made, before it is answered. */
enum event_kind {
	EVENT_SILENT,  /* Windows never answers this call */
	EVENT_DIES,    /* Windows is gone: ENODEV now and from then on */
	EVENT_REMOVED, /* the adapter of this call is gone */
	EVENT_DELAY,   /* the call is answered later */
	EVENT_STATE,   /* devices of this adapter are in another state from then on */
};

struct event {
	struct selector selector;
	enum event_kind kind;
	uint32_t value; /* ms of a delay; enum d3dkmt_deviceexecution_state */
};

/* The answer to one adapter-info type: bytes, or a refusal where bytes is NULL. */
struct answer {
	uint32_t type;
	const uint8_t *question; /* what the caller's buffer must hold; NULL: anything */
	size_t question_size;
	const uint8_t *bytes;
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
	/* What one process may have, in bytes; 0: no limit but the machine's own. */
	uint64_t address_limit;  /* of GPU addresses reserved or mapped */
	uint64_t resident_limit; /* of allocations made resident */
	uint64_t pin_limit;      /* of its own memory lent to allocations */
	uint32_t node_count;     /* engines */
	uint32_t tdr_count;      /* timeouts that Windows has recovered from */
	uint64_t clock_hz;       /* of the GPU's counter */
	uint32_t state;          /* enum d3dkmt_deviceexecution_state, at the start */
	uint64_t page_fault;     /* address of the last one; 0: there was none */
	struct answer *answers;
	size_t answer_count;
	struct feature *features;
	size_t feature_count;
};

/* A path the simulator answers for: with text, with a file of the real machine, or as
 * missing where both are NULL. */
struct sim_file {
	const char *path;
	const char *text;
	const char *source;
};

/* A line of the kernel log from before the program. */
struct boot_line {
	uint64_t us; /* since the boot */
	const char *text;
};

struct scenario {
	bool wsl2;          /* the files by which a machine shows that it is WSL2 */
	bool frozen;        /* fences complete, but what the process sees of them stays */
	const char *kernel; /* release, or NULL: the real one shows */
	const char *recording; /* of which more is to be learnt; replay.h */
	bool node;             /* whether /dev/dxg exists */
	int open_errno;        /* of opening it; 0: it opens */
	bool open_silent;      /* opening it never returns */
	uint8_t newest_call;   /* number of the newest call this kernel has; 0: all */
	bool log_kept;         /* the kernel log is kept from the program */
	struct boot_line *boot;
	size_t boot_count;
	struct sim_adapter *adapters;
	size_t adapter_count;
	struct refusal *refusals;
	size_t refusal_count;
	struct event *events;
	size_t event_count;
	struct sim_file *files;
	size_t file_count;
	const char *tree; /* folders of these files; set by main, tree.h */
};

/* @param ret  lives in the arena */
struct error *scenario_read(const char *path, struct arena *arena,
			    struct scenario *ret) must_check;

/* A call as selectors see it. */
struct occasion {
	uint8_t nr;
	uint32_t type;   /* of a QUERYADAPTERINFO */
	int64_t adapter; /* index of the one it is about, or -1 */
};

/* Both count the call. @return what the scenario says of it; NULL: let it happen. */
const struct verdict *scenario_refusal(struct scenario *scenario,
				       const struct occasion *occasion);
const struct event *scenario_event(struct scenario *scenario,
				   const struct occasion *occasion);
