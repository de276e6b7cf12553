#include "diagnosis/rule.h"

#include "diagnosis/limit.h"
#include "util/array.h"

#define SHUTDOWN                                                                         \
	"in Windows: wsl --shutdown, then dxgmatrix run (a GPU that hung looks the "     \
	"same)"
#define DRIVER                                                                           \
	"a newer GPU driver in Windows (Device Manager can roll it back), wsl "          \
	"--shutdown, dxgmatrix run"

/* In the order of asking: the floors from below, then what covers or joins others. */
/* clang-format off */
const struct rule rules[] = {
	/* The door: no vendor library takes part in these. */
	{ "no-device-in-container", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_no_device_in_container,
	  "/dev/dxg is missing in this container; what the machine around it has can't "
	  "be seen from here.",
	  { "--device /dev/dxg -v /usr/lib/wsl:/usr/lib/wsl, then: dxgmatrix run",
	    "the same outside the container: dxgmatrix run" },
	  { NULL }, { "microsoft/wslg#1488", NULL } },
	{ "no-device-node", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_no_device_node,
	  "/dev/dxg is missing: GPU support is switched off, or this kernel has no DXG "
	  "driver.",
	  { "look into .wslconfig for gpuSupport=false and kernel=; take them out, then "
	    "wsl --shutdown", DRIVER },
	  { "no-device-in-container", NULL }, { "microsoft/wslg#1488",
	    "yuk7/ArchWSL#389", NULL } },
	{ "no-host-channel", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_no_host_channel,
	  "/dev/dxg is there and does not open: Windows gives this VM no GPU, or no new "
	  "program may use it.",
	  { SHUTDOWN, DRIVER }, { NULL }, { "microsoft/WSL#41062", "microsoft/WSL#9033", NULL } },
	{ "adapter-gone", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_adapter_gone,
	  "The GPU answered up to {step}, and then was gone: {how}. Windows reset it, or "
	  "replaced its driver, while WSL ran.",
	  { SHUTDOWN }, { NULL }, { "microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/"
	    "dxgadapter.c", NULL } },
	{ "no-adapter", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_no_adapter,
	  "DXG answers, but Windows lists no adapter to it: the GPU is off in Windows, "
	  "or its driver has no WSL part.",
	  { SHUTDOWN, DRIVER }, { "adapter-gone", NULL }, { "microsoft/WSL#10085", "yuk7/ArchWSL#308", NULL } },
	{ "software-only", LAYER_WINDOWS_DRIVER, CERTAINTY_TESTED, 100, when_software_only,
	  "Windows lists only its own software adapter to DXG: the GPU's driver has no "
	  "WSL part.",
	  { DRIVER }, { NULL }, { "microsoft/WSL#10085", NULL } },
	{ "door-hung", LAYER_DXG, CERTAINTY_TESTED, 95, when_door_hung,
	  "DXG stopped answering at {step} ({how}); no vendor library takes part in it.",
	  { SHUTDOWN, DRIVER }, { NULL }, { "microsoft/WSL#41062", "microsoft/WSL#9029", NULL } },
	{ "address-capped", LAYER_DXG, CERTAINTY_TESTED, 90, when_address_capped,
	  "Windows refused our own call for GPU addresses above {largest} MiB; no "
	  "vendor library takes part in it.",
	  { SHUTDOWN, DRIVER }, { NULL }, { NULL } },
	{ "npu-escape-tested", LAYER_DXG, CERTAINTY_TESTED, 95, when_npu_escape_tested,
	  "This NPU can be seen and opened; Windows refused our message to its driver. "
	  "As far as is known it can't be used through WSL2, whatever is installed.",
	  { "watch microsoft/WSL#40445; use the NPU from Windows" },
	  { NULL }, { "microsoft/WSL#40445", "microsoft/WSL#40842", NULL } },
	{ "dxcore-broken", LAYER_DXG, CERTAINTY_TESTED, 85, when_dxcore_broken,
	  "/dev/dxg answers, but libdxcore fails at {step}: {how}. Its files in "
	  "/usr/lib/wsl/lib are missing, cut or not those of this WSL.",
	  { SHUTDOWN, "in Windows: wsl --update" },
	  { "door-hung", NULL }, { "microsoft/WSL#12584", NULL } },
	{ "dxcore-blind", LAYER_DXG, CERTAINTY_TESTED, 85, when_dxcore_blind,
	  "/dev/dxg shows this adapter, and libdxcore does not, or as another one ({how}): "
	  "Direct3D and the GPU makers' own libraries look for it there.",
	  { SHUTDOWN, "in Windows: wsl --update" }, { NULL }, { NULL } },
	{ "dxcore-missing", LAYER_DXG, CERTAINTY_TESTED, 65, when_dxcore_missing,
	  "/dev/dxg answers, and there is no libdxcore here, through which every GPU "
	  "maker's library for WSL2 reaches it: /usr/lib/wsl is not in this container or "
	  "distro.",
	  { "in a container: -v /usr/lib/wsl:/usr/lib/wsl and LD_LIBRARY_PATH="
	    "/usr/lib/wsl/lib; elsewhere: wsl --update in Windows, wsl --shutdown" },
	  { NULL }, { "microsoft/wslg#1488", NULL } },
	{ "door-broken", LAYER_DXG, CERTAINTY_TESTED, 80, when_door_broken,
	  "{road} fails at {step}: {how}; no vendor library takes part in it.",
	  { SHUTDOWN, DRIVER },
	  { "adapter-gone", "door-hung", "address-capped", "npu-escape-tested", NULL }, { NULL } },

	/* Roads: what an API did, once the door is known. */
	{ "control-failed", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 99, when_control_failed,
	  "{road} fails on the CPU as well ({how}): a fault of ours or of this distro, "
	    "not of the GPU.",
	  { "please report it: dxgmatrix show last" }, { NULL }, { NULL } },
	{ "refused-below", LAYER_DXG, CERTAINTY_LIKELY, 75, when_refused_below,
	  "DXG refused {call} ({errno}, {times}) in the very step where {road} failed "
	  "({step}{before}).",
	  { SHUTDOWN, DRIVER }, { "door-broken", "address-capped", NULL }, { NULL } },
	{ "crash-below", LAYER_DXG, CERTAINTY_LIKELY, 74, when_crash_below,
	  "{road} crashed at {step} inside {library}, which belongs to WSL and not to "
	    "{road}.",
	  { SHUTDOWN, "in Windows: wsl --update" }, { "door-broken", "dxcore-broken", NULL }, { NULL } },
	{ "door-mismatch", LAYER_DXG, CERTAINTY_LIKELY, 75, when_door_mismatch,
	  "This Windows driver and DXG don't fit for this GPU: {road} met the same "
	  "refusal ({step}{before}).",
	  { NULL }, { NULL }, { NULL } },
	{ "which-driver", LAYER_DXG, CERTAINTY_UNKNOWN, 20, when_door_mismatch,
	  "Which driver does: only a run with another one can tell.",
	  { NULL }, { NULL }, { NULL } },
	{ "hung-below", LAYER_DXG, CERTAINTY_LIKELY, 73, when_hung_below,
	  "{road} hangs at {step} in the kernel's DXG driver ({wchan}): Windows does "
	    "not answer.",
	  { SHUTDOWN, DRIVER }, { "door-hung", NULL }, { "microsoft/WSL#41062", NULL } },
	{ "road-hung", LAYER_LOADER, CERTAINTY_TESTED, 72, when_road_hung,
	  "{road} did not come back from {step} ({how}).",
	  { SHUTDOWN, DRIVER }, { "door-hung", "hung-below", NULL }, {
	    "microsoft/WSL#41062", NULL } },
	{ "compiler-alone", LAYER_COMPILER, CERTAINTY_TESTED, 71, when_compiler_alone,
	  "The compiler fails alone too, without the GPU ({how}): a fault of its own.",
	  { "{packages}" }, { NULL }, { NULL } },
	{ "compiler-crash", LAYER_COMPILER, CERTAINTY_TESTED, 70, when_compiler_crash,
	  "The {road} compiler crashed ({how}){sent}.",
	  { "{packages}" },
	  { "refused-below", "crash-below", "compiler-alone", NULL }, { NULL } },
	{ "compiler-refuses", LAYER_COMPILER, CERTAINTY_TESTED, 70, when_compiler_refuses,
	  "The {road} compiler refused a trivial kernel ({how}).",
	  { "{packages}" },
	  { "refused-below", NULL }, { NULL } },
	{ "wrong-numbers", LAYER_INFERENCE, CERTAINTY_TESTED, 68, when_wrong_numbers,
	  "{road} ran on the GPU without an error and gave wrong numbers ({how}).",
	  { DRIVER, "{packages}" },
	  { "refused-below", NULL }, { NULL } },
	{ "launch-broken", LAYER_INFERENCE, CERTAINTY_TESTED, 66, when_launch_broken,
	  "{road} compiles, and fails when the kernel runs ({how}).",
	  { SHUTDOWN, DRIVER }, { "refused-below", "crash-below", "road-hung",
	    "door-broken", "address-capped", NULL }, { NULL } },
	{ "intel-helper-missing", LAYER_WINDOWS_DRIVER, CERTAINTY_LIKELY, 73, when_intel_helper_missing,
	  "Intel's runtime gives up because the Windows driver's WSL part lacks a library "
	  "it needs ({where}): the driver is too old, or a container has only a part of "
	  "/usr/lib/wsl.",
	  { DRIVER, "in a container: -v /usr/lib/wsl:/usr/lib/wsl, the whole of it" },
	  { NULL }, { "intel/compute-runtime#688", "intel/compute-runtime#674",
	    "intel/compute-runtime:WSL.md", NULL } },
	{ "intel-query-refused", LAYER_DXG, CERTAINTY_LIKELY, 73, when_intel_query_refused,
	  "Intel's runtime gives up because Windows refused its first question about the "
	  "GPU, for the folder of its driver (adapter_info.cpp).",
	  { SHUTDOWN, DRIVER },
	  { NULL }, { "intel/compute-runtime:shared/source/os_interface/windows/wddm/"
	    "adapter_info.cpp", NULL } },
	{ "intel-context-refused", LAYER_LOADER, CERTAINTY_LIKELY, 73, when_intel_context_refused,
	  "Intel's runtime gives up because it was refused a GPU context (os_context_win): "
	  "seen with two Intel GPUs in one machine, and cured by newer packages.",
	  { "newer Intel packages (intel/compute-runtime, Releases), then: dxgmatrix run "
	    "opencl", "switch the second Intel GPU off in Device Manager (it can be "
	    "switched on again)" },
	  { NULL }, { "intel/compute-runtime#469", NULL } },
	{ "unloadable", LAYER_LOADER, CERTAINTY_TESTED, 64, when_unloadable,
	  "The {road} library is there and does not load: {how}.",
	  { "install what it names, then: dxgmatrix run {interface}" },
	  { NULL }, { "microsoft/WSL#10547", NULL } },
	{ "own-road-untried", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 65, when_own_road_untried,
	  "Whether {road} works: it is this GPU's own road through WSL2, and not among the "
	  "steps of this version.",
	  { "{tool}, then a {road} program of your own" },
	  { NULL }, { "docs.nvidia.com/cuda/wsl-user-guide", "ROCm/librocdxg", NULL } },
	{ "symbol-missing", LAYER_LOADER, CERTAINTY_TESTED, 64, when_symbol_missing,
	  "The {road} library is too old or another one of that name wins ({how}).",
	  { "newer packages, or take the other library out of the search path" },
	  { NULL }, { "microsoft/WSL#5848", NULL } },
	{ "level-zero-uninitialised", LAYER_LOADER, CERTAINTY_LIKELY, 62, when_level_zero_uninitialised,
	  "Level Zero finds no device it knows (zeInit 0x78000001): its packages are "
	  "missing, or older than the GPU.",
	  { "newer Intel packages (intel/compute-runtime, Releases), then: dxgmatrix "
	    "run level-zero" },
	  { NULL }, { "intel/compute-runtime", NULL } },
	{ "known-limit", LAYER_LOADER, CERTAINTY_LIKELY, 63, when_known_limit,
	  "{why} As far as is known on " LIMITS_DATE " nothing that is installed "
	    "changes it ({thread}).",
	  { "watch the thread: {thread}" }, { "no-device-node",
	    "no-device-in-container", "no-host-channel", "no-adapter", "adapter-gone",
	    "software-only", "door-hung", NULL }, { NULL } },
	{ "icd-missing", LAYER_LOADER, CERTAINTY_TESTED, 62, when_icd_missing,
	  "{road}'s loader is there, no driver for this GPU is ({how}).",
	  { "{install}" }, { "known-limit", "dxcore-missing", NULL }, { "microsoft/WSL#6951",
	    "microsoft/WSL#7790", NULL } },
	{ "cpu-only", LAYER_LOADER, CERTAINTY_TESTED, 58, when_road_cpu_only,
	  "Only a CPU device answers to {road}{device}: no driver for this GPU is "
	  "installed for it.",
	  { "{install}" }, { "known-limit", "no-device-node", "no-device-in-container",
	    "no-host-channel", "no-adapter", "adapter-gone", "software-only", NULL }, {
	    "microsoft/WSL#6951", NULL } },
	{ "road-refused", LAYER_LOADER, CERTAINTY_TESTED, 56, when_road_refused,
	  "{road} fails at {step}: {how}.",
	  { "{packages}", SHUTDOWN },
	  { "refused-below", "crash-below", "road-hung", "intel-helper-missing",
	    "intel-query-refused", "intel-context-refused", NULL }, { NULL } },
	{ "nothing-installed", LAYER_LOADER, CERTAINTY_TESTED, 54, when_nothing_installed,
	  "No road to the GPU is installed in this distro (not installed: {missing}).",
	  { "{install}" }, { NULL }, { NULL } },

	{ "untraced", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 25, when_untraced,
	  "Whether DXG refused something when {road} failed ({step}): its calls were "
	  "not seen, because {why}.",
	  { NULL }, { "door-broken", "door-hung", "address-capped", "compiler-alone",
	    "control-failed", NULL }, { NULL } },

	/* Lines and versions. What only a line says is never tested. */
	{ "npu-escape-refused", LAYER_DXG, CERTAINTY_LIKELY, 95, when_npu_escape,
	  "The NPU is visible and opens; Windows refuses escapes (-75, {count}), "
	  "without which its driver does nothing. Not usable through WSL2, as far as is "
	  "known, whatever is installed (microsoft/WSL#40445).",
	  { "{test}", "use the NPU from Windows; nothing "
	    "in this distro can change it" },
	  { "npu-escape-tested", NULL }, { "microsoft/WSL#40445", "microsoft/WSL#40842",
	    "intel/linux-npu-driver#56", NULL }, .of_lines = true },
	{ "gpu-memory-out", LAYER_INFERENCE, CERTAINTY_LIKELY, 64, when_memory_ran_out,
	  "GPU memory ran out (make_resident -12, {count}): programs use more "
	  "than the GPU may hold, and slow down, stall or stop (microsoft/WSL#41176).",
	  { "a smaller model, fewer layers on the GPU, or close what else uses it",
	    "in Windows: wsl --shutdown, then start the program alone" },
	  { NULL }, { "microsoft/WSL#41176", NULL }, .of_lines = true },
	{ "adapter-stopped", LAYER_WINDOWS_DRIVER, CERTAINTY_LIKELY, 49, when_adapter_stopped,
	  "The adapter stopped while WSL ran (-19, {count}): Windows reset the "
	  "GPU or replaced its driver.",
	  { SHUTDOWN }, { NULL }, { NULL }, .of_lines = true },
	{ "process-refused", LAYER_DXG, CERTAINTY_LIKELY, 48, when_process_refused,
	  "Windows lets no new program use the GPU ({what}).",
	  { SHUTDOWN }, { "no-host-channel", NULL }, { "microsoft/WSL#41062", NULL }, .of_lines = true },
	{ "runtime-older-than-gpu", LAYER_LOADER, CERTAINTY_LIKELY, 46, when_runtime_older,
	  "{package} {version} ({year}) is older than this GPU ({gpu}, {gpu_year}): it "
	    "may not know it, and then its compiler or driver fails in ways that look "
	    "like a broken GPU.",
	  { "newer Intel packages (intel/compute-runtime, Releases), then: dxgmatrix "
	    "run opencl" },
	  { "control-failed", "address-capped", NULL }, { "intel/compute-runtime:WSL.md",
	    "launchpad.net/ubuntu/+source/intel-compute-runtime", NULL } },
	{ "runtime-may-be-older", LAYER_LOADER, CERTAINTY_LIKELY, 44, when_runtime_unknown,
	  "The Intel OpenCL packages may be older than this GPU ({gpu}, {gpu_year}): "
	  "Ubuntu 24.04 ships those of 2023. Which are installed isn't said.",
	  { "dpkg -l | grep -E 'intel-opencl-icd|libigc|intel-igc': before {gpu_year}, "
	    "take newer ones (intel/compute-runtime, Releases)" },
	  { "runtime-older-than-gpu", "control-failed", "address-capped", NULL }, {
	    "intel/compute-runtime:WSL.md",
	    "launchpad.net/ubuntu/+source/intel-compute-runtime", NULL } },
	{ "driver-before-gpu", LAYER_WINDOWS_DRIVER, CERTAINTY_LIKELY, 40, when_driver_before_gpu,
	  "The Windows driver ({driver}, {date}) is older than this GPU ({gpu}, "
	  "{gpu_year}).",
	  { DRIVER }, { NULL }, { NULL } },
	{ "mesa-without-dzn", LAYER_LOADER, CERTAINTY_LIKELY, 60, when_vulkan_cpu_only,
	  "Only a CPU device answers to Vulkan{device}: this Mesa has no dzn driver. No "
	  "vendor ships its own Vulkan driver for WSL2.",
	  { "a Mesa with dzn (for Ubuntu the kisak PPA; it can be purged again), then: "
	    "dxgmatrix run vulkan" },
	  { "runtime-older-than-gpu", "runtime-may-be-older", "no-device-node",
	    "no-device-in-container", "no-host-channel", "no-adapter", "adapter-gone",
	    "software-only", NULL }, {
	    "microsoft/WSL#7790", "microsoft/WSL#41410", "microsoft/wslg#40", NULL } },
	{ "opengl-cpu-only", LAYER_LOADER, CERTAINTY_LIKELY, 38, when_opengl_cpu_only,
	  "OpenGL runs on the CPU (llvmpipe): this Mesa did not choose its d3d12 "
	  "driver, or can't load it.",
	  { "export GALLIUM_DRIVER=d3d12, then look again (glxinfo -B)" },
	  { NULL }, { "yuk7/ArchWSL#389", "microsoft/WSL#41093", "microsoft/wslg#1394", NULL } },
	{ "nvml-blocked", LAYER_WINDOWS_DRIVER, CERTAINTY_LIKELY, 47, when_nvml_blocked,
	  "NVIDIA's tool is refused the GPU. Seen with a kernel of one's own, with a "
	  "card in data-center mode, and when Windows lets no new program in.",
	  { SHUTDOWN, "take kernel= out of .wslconfig, then wsl --shutdown" },
	  { "no-host-channel", "process-refused", NULL }, { "microsoft/WSL#10289",
	    "microsoft/WSL#14339", "microsoft/WSL#41062", NULL }, .of_lines = true },
	{ "reserve-gpu-va-refused", LAYER_DXG, CERTAINTY_UNKNOWN, 45, when_reserve_refused,
	  "Windows refused GPU addresses (reserve_gpu_va -75, {count}): the line worth "
	  "a test. Alone it decides nothing: what counts is how much the GPU may address.",
	  { "{test}: its address step measures how much the GPU may address" },
	  { "address-capped", NULL }, { NULL }, .of_lines = true },
	{ "escape-refused", LAYER_DXG, CERTAINTY_UNKNOWN, 42, when_escape_refused,
	  "Windows refused messages to the vendor's driver (escape, {count}): it "
	  "matters on an NPU; on a GPU the line alone decides nothing.",
	  { "dxgmatrix run: does the GPU work all the same?" },
	  { "npu-escape-refused", "npu-escape-tested", NULL }, { "microsoft/WSL#40445", NULL }, .of_lines = true },
	{ "vm-memory-short", LAYER_INFERENCE, CERTAINTY_LIKELY, 64, when_memory_not_pinned,
	  "Memory for the GPU could not be had or pinned (create_allocation -12, {count}): "
	  "the VM's own memory was short, or too much of it was pinned at once "
	  "(microsoft/WSL#11558).",
	  { "a smaller model, or close what else uses the GPU",
	    "more memory= for WSL in .wslconfig, then wsl --shutdown" },
	  { NULL }, { "microsoft/WSL#11558", NULL }, .of_lines = true },
	{ "allocation-refused", LAYER_DXG, CERTAINTY_UNKNOWN, 41, when_allocation_refused,
	  "Windows refused memory for the GPU (create_allocation -75, {count}): "
	  "seen when GPU memory is short, and once without any effect (microsoft/WSL#41176).",
	  { "close what else uses the GPU, then: dxgmatrix run" },
	  { "gpu-memory-out", NULL }, { "microsoft/WSL#41176", NULL }, .of_lines = true },
	{ "channel-full", LAYER_DXG, CERTAINTY_LIKELY, 41, when_channel_full,
	  "The channel to Windows was full (create_allocation -11, {count}): too many large "
	  "buffers at the same time.",
	  { "a smaller model, or close what else uses the GPU" },
	  { NULL }, { "microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/dxgvmbus.c", NULL },
	  .of_lines = true },
	{ "two-suspects", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 30, when_two_suspects,
	  "Which of the two it is. Compiling alone, without the GPU (ocloc compile, or "
	  "the compile step), fails if it is the packages; the address step, which uses "
	  "none of them, is refused if it is DXG.",
	  { "dxgmatrix run: tells the two apart by its compile and address steps" },
	  { NULL }, { NULL } },
	{ "npu-unproved", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 20, when_npu_unproved,
	  "Nothing was refused to the NPU in these lines. Of others it is known that "
	  "Windows refuses what its driver needs; that one computes through WSL2 nobody "
	  "has shown.",
	  { "watch the thread: microsoft/WSL#40445", "use the NPU from Windows" },
	  { "npu-escape-refused", "npu-escape-tested", "escape-refused", NULL },
	  { "microsoft/WSL#40445", "microsoft/WSL#40842", NULL } },
	{ "npu-untested", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 20, when_npu_untested,
	  "Whether Windows lets its driver work. Of others it is known that it does not; that "
	  "one computes through WSL2 nobody has shown (microsoft/WSL#40445).",
	  { "{test}", "use the NPU from Windows" },
	  { "npu-escape-refused", NULL },
	  { "microsoft/WSL#40445", "microsoft/WSL#40842", NULL } },
	{ "name-against-id", LAYER_UNKNOWN, CERTAINTY_UNKNOWN, 10, when_name_against_id,
	  "The text says {name}; {pci} is sold as {sold}. Taken: the id.",
	  { NULL }, { NULL }, { NULL } },
};
/* clang-format on */
const size_t n_rules = ARRAY_SIZE(rules);
