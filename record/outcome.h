/*
 * outcome.h: how a rung ended, and why, in the words of the record.
 *
 * One table each for outcomes, reasons, roles and layers; documents hold `name`, people
 * read `words`.
 */
#pragma once

#include <stdbool.h>

/*
 * X(CONSTANT, name, words, css, sign)
 * From OUTCOME_PASS to OUTCOME_DIED worse and worse; what follows stands beside that
 * order and is not counted by any verdict. sign is the letter of heat maps.
 */
#define OUTCOMES(X)                                                                      \
	X(PASS, "pass", "ok", "good", 'W')                                               \
	X(FALLBACK, "fallback", "CPU only", "cpu", 'C')                                  \
	X(FAIL, "fail", "FAIL", "bad", 'F')                                              \
	X(CRASH, "crash", "CRASH", "bad", 'F')                                           \
	X(TIMEOUT, "timeout", "TIMEOUT", "bad", 'F')                                     \
	X(HUNG, "hung", "HUNG", "bad", 'F')                                              \
	X(DIED, "died", "VM DOWN", "bad", 'F')                                           \
	X(BLOCKED, "blocked", "not reached", "none", '-')                                \
	X(SKIP, "skip", "skipped", "none", '-')                                          \
	X(INTERRUPTED, "interrupted", "stopped", "none", '-')                            \
	X(ERROR, "error", "could not tell", "none", '?')

enum outcome {
#define X(constant, name, words, css, sign) OUTCOME_##constant,
	OUTCOMES(X)
#undef X
		OUTCOME_COUNT
};

struct outcome_row {
	const char *name;  /* in documents */
	const char *words; /* on screens */
	const char *css;   /* class on pages: good, cpu, bad, none */
	char sign;
};

extern const struct outcome_row outcome_rows[OUTCOME_COUNT];

/* @return whether name is an outcome's; *ret is written only then. */
bool outcome_parse(const char *name, enum outcome *ret);
/* fail … died, and fallback: what makes a rung's need unmet and its machine look broken. */
bool outcome_is_bad(enum outcome outcome);
/* fail, crash and timeout are tried again, in a fresh process; hung never. */
bool outcome_is_retried(enum outcome outcome);
/* @return the worse of two by the order above; an uncounted one loses to a counted one. */
enum outcome outcome_worse(enum outcome a, enum outcome b);

/* Why a rung ended so, where the outcome alone does not say it: X(CONSTANT, name, words) */
#define REASONS(X)                                                                       \
	X(NONE, "", "")                                                                  \
	X(NOT_INSTALLED, "not-installed", "not installed")                               \
	X(NOT_APPLICABLE, "not-applicable", "not applicable")                            \
	X(NOT_ASKED, "not-asked", "not asked for")                                       \
	X(NOT_WSL2, "not-wsl2", "this is not WSL2")                                      \
	X(NO_DEVICE_NODE, "no-device-node", "/dev/dxg is missing")                       \
	X(NO_HOST_CHANNEL, "no-host-channel", "Windows offers no GPU to this VM")        \
	X(NO_ADAPTER, "no-adapter", "no adapter found")                                  \
	X(CPU_ONLY, "cpu-only", "only a CPU device answers")                             \
	X(SYMBOL_MISSING, "symbol-missing", "a function is missing in the library")      \
	X(UNLOADABLE, "unloadable", "the library is there but does not load")            \
	X(REFUSED, "refused", "a call was refused")                                      \
	X(WRONG_RESULT, "wrong-result", "wrong numbers came back")                       \
	X(BUILD_FAILED, "build-failed", "the compiler refused the kernel")               \
	X(SIGNAL, "signal", "killed by a signal")                                        \
	X(EXIT, "exit", "the process ended early")                                       \
	X(PROTOCOL, "protocol", "what the process sent made no sense")                   \
	X(OUTPUT_LIMIT, "output-limit", "too much output")                               \
	X(MEMORY_LIMIT, "memory-limit", "too much memory")                               \
	X(DEVICE_LOST, "device-lost", "the GPU stopped or was reset under it")           \
	X(DEADLINE, "deadline", "no answer in time")                                     \
	X(CONTROL_FAILED, "control-failed", "our own check on the CPU failed")           \
	X(STOPPED, "stopped", "we were stopped")                                         \
	X(NOT_STARTED, "not-started", "the process could not be started")                \
	X(EARLIER_HUNG, "earlier-hung", "an earlier step still hangs")                   \
	X(NOT_RECORDED, "not-recorded", "the recording does not tell")

enum reason {
#define X(constant, name, words) REASON_##constant,
	REASONS(X)
#undef X
		REASON_COUNT
};

struct reason_row {
	const char *name;
	const char *words;
};

extern const struct reason_row reason_rows[REASON_COUNT];

bool reason_parse(const char *name, enum reason *ret);

/* The layers of the stack, bottom first: X(CONSTANT, number, title) */
#define LAYERS(X)                                                                        \
	X(WINDOWS_DRIVER, 0, "Windows driver")                                           \
	X(DXG, 1, "DXG")                                                                 \
	X(LOADER, 2, "API")                                                              \
	X(COMPILER, 3, "compiler")                                                       \
	X(INFERENCE, 4, "inference")

enum layer {
#define X(constant, number, title) LAYER_##constant = number,
	LAYERS(X)
#undef X
		LAYER_COUNT,
	LAYER_UNKNOWN = -1,
};

extern const char *const layer_titles[LAYER_COUNT];
