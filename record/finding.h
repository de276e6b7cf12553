/*
 * finding.h: the facts a rung may note, their kind and unit, in one table.
 *
 * A number's unit is the end of its name. The packets and the document hold the name; a
 * reader that meets a name it does not know keeps it and shows nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum finding_kind { FINDING_STRING, FINDING_INTEGER, FINDING_BOOLEAN };

/* X(CONSTANT, name, kind, what it is) */
#define FINDINGS(X)                                                                      \
	/* what a library said of itself and of the device */                            \
	X(LIBRARY, "library", STRING, "file that was opened")                            \
	X(MISSING_SYMBOL, "missing_symbol", STRING, "first function not found")          \
	X(LOADER_SAYS, "loader_says", STRING, "text of dlerror")                         \
	X(PLATFORM, "platform", STRING, "OpenCL platform or Vulkan driver")              \
	X(DEVICE, "device", STRING, "the device's name as the API gives it")             \
	X(DEVICE_TYPE, "device_type", STRING, "gpu, npu, accelerator, cpu, other")       \
	X(DEVICES, "devices", INTEGER, "devices the API lists")                          \
	X(DRIVERS, "drivers", INTEGER, "drivers registered with the API's loader")       \
	X(ADAPTERS, "adapters", INTEGER, "adapters that DXG lists")                      \
	X(VENDOR_ID, "vendor_id", STRING, "four hexadecimal digits")                     \
	X(DEVICE_ID, "device_id", STRING, "four hexadecimal digits")                     \
	X(DRIVER_VERSION, "driver_version", STRING, "the API driver's own version")      \
	X(API_VERSION, "api_version", STRING, "the API's version")                       \
	/* calls */                                                                      \
	X(CALL, "call", STRING, "the call that was refused")                             \
	X(CODE, "code", STRING, "what it returned, in the API's spelling")               \
	X(ERRNO, "errno", INTEGER, "negative errno of a refused ioctl")                  \
	X(LOG, "log", STRING, "the compiler's text, cut")                                \
	X(COMPARED_BYTES, "compared_bytes", INTEGER,                                     \
	  "bytes that came back and were compared")                                      \
	X(WRONG_AT, "wrong_at", INTEGER, "index of the first wrong element")             \
	X(WRONG_COUNT, "wrong_count", INTEGER, "elements that differ")                   \
	X(CHECKER_CATCHES, "checker_catches", BOOLEAN,                                   \
	  "a wrong expectation was noticed")                                             \
	/* processes */                                                                  \
	X(SIGNAL, "signal", STRING, "SIGSEGV, SIGABRT, …")                               \
	X(EXIT_STATUS, "exit_status", INTEGER, "of a process that ended early")          \
	X(IN, "in", STRING, "library of the crash")                                      \
	X(CALLED_FROM, "called_from", STRING, "library that called it")                  \
	X(SYMBOL, "symbol", STRING, "function of the crash, as its library spells it")   \
	X(FAULT_CAUGHT, "fault_caught", STRING, "signal that a handler got, and where")  \
	X(REMARK, "remark", STRING, "of a report: what its reader noted, in own words")  \
	X(LAST_WORDS, "last_words", STRING, "last line of its output, cut")              \
	X(WCHAN, "wchan", STRING, "kernel function a hung process waits in")             \
	X(STACK, "stack", STRING, "kernel functions above wchan, cut")                   \
	X(RESIDENT_MIB, "resident_mib", INTEGER, "memory when the limit ended it")       \
	/* dxg */                                                                        \
	X(PCI, "pci", STRING, "vvvv:dddd")                                               \
	X(REVISION, "revision", STRING, "two hexadecimal digits")                        \
	X(SUBSYSTEM, "subsystem", STRING, "vvvv:dddd")                                   \
	X(DESCRIPTION, "description", STRING, "the adapter's name in Windows")           \
	X(ADAPTER_CLASS, "adapter_class", STRING, "gpu, npu, software")                  \
	X(KMD_VERSION, "kmd_version", STRING, "kernel-mode driver, four parts")          \
	X(UMD_VERSION, "umd_version", STRING, "user-mode driver, four parts")            \
	X(WDDM_VERSION, "wddm_version", INTEGER, "3200 is WDDM 3.2")                     \
	X(DRIVER_STORE, "driver_store", STRING, "last part of the driver's folder")      \
	X(ATTRIBUTES, "attributes", STRING, "what DXCore says the adapter can do")       \
	X(INTEGRATED, "integrated", BOOLEAN, "a GPU of the processor")                   \
	X(DISAGREES, "disagrees", STRING, "where DXCore and DXG do not say the same")    \
	X(REFUSED_TYPES, "refused_types", STRING, "optional questions not answered")     \
	X(REFUSED_CALLS, "refused_calls", STRING, "optional calls not answered")         \
	X(BUDGET_MIB, "budget_mib", INTEGER, "GPU memory this process may use")          \
	X(SHARED_BUDGET_MIB, "shared_budget_mib", INTEGER, "system memory likewise")     \
	X(DEDICATED_MIB, "dedicated_mib", INTEGER, "dedicated GPU memory")               \
	X(SHARED_MIB, "shared_mib", INTEGER, "system memory the GPU may use")            \
	X(FEATURES, "features", STRING, "WDDM features Windows knows, on or off")        \
	X(HARDWARE_SCHEDULING, "hardware_scheduling", STRING, "on, off, unsupported")    \
	X(TDRS, "tdrs", INTEGER, "times Windows had to recover the GPU (TDR)")           \
	X(ADDRESS_BITS, "address_bits", INTEGER, "width of a GPU address")               \
	X(FENCE_US, "fence_us", INTEGER, "fence round trip, signal to readable")         \
	X(ESCAPE_BYTES, "escape_bytes", INTEGER, "of the message that was refused")      \
	X(DEVICE_STATE, "device_state", STRING,                                          \
	  "after the rung: active, reset, hung, stopped, …")                             \
	X(DESKTOP_SWITCHED, "desktop_switched", BOOLEAN, "as the device saw it")         \
	X(PAGE_FAULT, "page_fault", STRING,                                              \
	  "read or write, and the flags of the last one")                                \
	X(LARGEST_MIB, "largest_mib", INTEGER, "largest size that was granted")

enum finding {
#define X(constant, name, kind, what) FIND_##constant,
	FINDINGS(X)
#undef X
		FIND_COUNT
};

struct finding_row {
	const char *name;
	enum finding_kind kind;
	const char *what;
};

extern const struct finding_row finding_rows[FIND_COUNT];

bool finding_parse(const char *name, enum finding *ret);
