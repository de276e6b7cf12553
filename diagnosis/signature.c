#include "diagnosis/signature.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define DRIVER(file)                                                                     \
	"https://github.com/microsoft/WSL2-Linux-Kernel/blob/linux-msft-wsl-6.6.y/"      \
	"drivers/hv/dxgkrnl/" file
#define LIBDXG "https://github.com/microsoft/libdxg"

/*
 * Sources are public threads and posts. Machines that fail print the harmless ones too
 * (microsoft/WSL#13734, #41654), which is why such a line says nothing. Meanings follow the
 * driver's source (ioctl.c; dxgvmbus.c: ntstatus2int).
 */
const struct signature signatures[] = {
	{ "dxgkio_query_adapter_info",
	  -22,
	  SIGNATURE_HARMLESS,
	  "a question this host doesn't answer",
	  { "microsoft/WSL#40715", "microsoft/WSL#11293", "microsoft/WSL#11939",
	    "microsoft/WSL#9483", "microsoft/WSL#9029", "microsoft/WSL#41410",
	    "microsoft/wslg#1163" } },
	{ "dxgkio_query_adapter_info",
	  -2,
	  SIGNATURE_HARMLESS,
	  "a name that isn't there",
	  { "microsoft/WSL#40715", "microsoft/WSL#11293", "microsoft/WSL#11939",
	    "microsoft/WSL#9483", "microsoft/WSL#9029", "microsoft/wslg#1163",
	    "docker/for-win#14922" } },
	{ "dxgkio_is_feature_enabled",
	  0,
	  SIGNATURE_HARMLESS,
	  "\"do you know this feature?\" \"No.\"",
	  { "microsoft/WSL#40715", "microsoft/WSL#11293", "microsoft/WSL#11939",
	    "microsoft/WSL#13491" } },
	{ "dxgkio_query_clock_calibration",
	  -22,
	  SIGNATURE_HARMLESS,
	  "a profiler's question that this host doesn't answer",
	  { "staralt/dxgkrnl-dkms#12" } },
	{ "dxgkio_wait_sync_object_cpu",
	  -512,
	  SIGNATURE_HARMLESS,
	  "a program was interrupted (Ctrl-C, a signal) while it waited for the GPU",
	  { DRIVER("ioctl.c") } },
	{ "dxgkio_reserve_gpu_va",
	  -75,
	  SIGNATURE_DEPENDS,
	  "Windows refused GPU addresses: there are none left, or the vendor's driver "
	  "asked in vain. Seen where Intel's OpenCL stops",
	  { "https://cncsmonster.github.io/en/posts/"
	    "wsl2-intel-gpu-llm-inference-diagnosis-en/",
	    "https://cncsmonster.github.io/en/posts/wsl2-gpufen-ceng-zhen-duan/",
	    DRIVER("ioctl.c") } },
	{ "dxgkio_escape",
	  -75,
	  SIGNATURE_DEPENDS,
	  "Windows refused a message to the vendor's driver. On an NPU nothing works "
	  "without it",
	  { "microsoft/WSL#40445", "microsoft/WSL#40444" } },
	{ "dxgkio_escape",
	  -22,
	  SIGNATURE_DEPENDS,
	  "a message to the vendor's driver that never left WSL: malformed, too large, "
	  "or for an adapter that is closed",
	  { DRIVER("ioctl.c"), DRIVER("dxgvmbus.c") } },
	{ "dxgkio_make_resident",
	  -12,
	  SIGNATURE_TROUBLE,
	  "GPU memory ran out: what a program uses no longer fits, and it slows down, "
	  "stalls or stops",
	  { "microsoft/WSL#41176" } },
	{ "dxgkio_create_allocation",
	  -12,
	  SIGNATURE_TROUBLE,
	  "memory for the GPU could not be had or pinned: the VM's memory is short, or "
	  "too much is pinned at once",
	  { "microsoft/WSL#11558" } },
	{ "dxgkio_create_allocation",
	  -11,
	  SIGNATURE_TROUBLE,
	  "the channel to Windows was full: too many large buffers at the same time",
	  { DRIVER("dxgvmbus.c") } },
	{ "dxgkio_create_allocation",
	  -75,
	  SIGNATURE_DEPENDS,
	  "Windows refused memory for the GPU. Seen beside GPU memory running out, and "
	  "once without any effect",
	  { "microsoft/WSL#41176" } },
	{ "dxgkio_create_allocation",
	  -1073741811,
	  SIGNATURE_DEPENDS,
	  "a program asked for GPU memory in a way that the driver doesn't take",
	  { DRIVER("ioctl.c") } },
	{ "*",
	  -11,
	  SIGNATURE_DEPENDS,
	  "the channel to Windows was full, and the call was given up",
	  { DRIVER("dxgvmbus.c") } },
	{ "*",
	  -19,
	  SIGNATURE_TROUBLE,
	  "the adapter stopped: the GPU was reset or its Windows driver replaced while "
	  "WSL ran; wsl --shutdown makes it anew",
	  { DRIVER("dxgvmbus.c"), DRIVER("dxgadapter.c") } },
	{ "*",
	  -19,
	  SIGNATURE_DEPENDS,
	  "the adapter was not there yet; whether it came, the lines after it show",
	  { DRIVER("dxgadapter.c") },
	  .phase = SIGNATURE_BOOT },
	{ "*",
	  -512,
	  SIGNATURE_DEPENDS,
	  "a program was killed while Windows owed it an answer",
	  { "microsoft/WSL#9029", DRIVER("dxgvmbus.c") } },
	{ "dxgkio_query_adapter_info",
	  0,
	  SIGNATURE_TROUBLE,
	  "Windows does not say what kind of adapter this is, which it says of each that "
	  "can be used",
	  { LIBDXG, DRIVER("ioctl.c") },
	  .query_type = 57 },
	{ "dxgkio_query_adapter_info",
	  0,
	  SIGNATURE_TROUBLE,
	  "Windows does not say which card this is, which it says of each that can be "
	  "used",
	  { LIBDXG },
	  .query_type = 31 },
	{ "dxgkio_query_adapter_info",
	  0,
	  SIGNATURE_TROUBLE,
	  "Windows does not give the card's name, which it gives of each that can be "
	  "used",
	  { LIBDXG },
	  .query_type = 65 },
	{ "dxgkio_query_adapter_info",
	  0,
	  SIGNATURE_HARMLESS,
	  "\"does the GPU schedule its own work?\" No answer means no",
	  { LIBDXG },
	  .query_type = 70 },
};
const size_t n_signatures = ARRAY_SIZE(signatures);

const struct signature_message signature_messages[] = {
	{ "field-spanning write",
	  SIGNATURE_HARMLESS,
	  "a known remark of 6.18 kernels about their own code, once per boot",
	  { "microsoft/WSL#40580", "microsoft/WSL#41017", "microsoft/WSL#41060",
	    "microsoft/WSL#41093" } },
	{ "dxgvmb_send_wait_sync_object_gpu",
	  SIGNATURE_HARMLESS,
	  "the trace that belongs to the \"field-spanning write\" remark of 6.18 kernels",
	  { "microsoft/WSL#40580", "microsoft/WSL#41017", "microsoft/WSL#41093" } },
	{ "dxg_drv_init Version",
	  SIGNATURE_HARMLESS,
	  "the first driver's greeting at every boot; \"err\" is only its prefix",
	  { "microsoft/WSL#6423" } },
	{ "wait_completion_interruptible: -512",
	  SIGNATURE_HARMLESS,
	  "a program was interrupted (Ctrl-C, a signal) while it waited for the GPU",
	  { DRIVER("ioctl.c") } },
	{ "wait_for_completion failed: fffffe00",
	  SIGNATURE_DEPENDS,
	  "a program was killed while Windows owed it an answer; often repeated, Windows "
	  "does not answer any more",
	  { "microsoft/WSL#9029", "microsoft/WSL#41176" } },
	{ "Failed to acquire global channel lock",
	  SIGNATURE_TROUBLE,
	  "no GPU is attached to this VM (kernels before 2024-04 say so at every open)",
	  { "microsoft/WSL#9033" } },
	{ "create_process failed",
	  SIGNATURE_TROUBLE,
	  "Windows lets no new program use the GPU; wsl --shutdown has cured it",
	  { "microsoft/WSL#41062" } },
	{ "create_process returned 0 handle",
	  SIGNATURE_TROUBLE,
	  "Windows lets no new program use the GPU; wsl --shutdown has cured it",
	  { "microsoft/WSL#41062" } },
	{ "vmbus_sendpacket failed: fffffff5",
	  SIGNATURE_TROUBLE,
	  "the channel to Windows was full: too many large buffers at the same time",
	  { DRIVER("dxgvmbus.c") } },
	{ "failed set existing pages: fffffff5",
	  SIGNATURE_TROUBLE,
	  "the channel to Windows was full: too many large buffers at the same time",
	  { DRIVER("dxgvmbus.c") } },
	{ "failed set existing store: fffffff5",
	  SIGNATURE_TROUBLE,
	  "the channel to Windows was full: too many large buffers at the same time",
	  { DRIVER("dxgvmbus.c") } },
	{ "establish_gpadl failed",
	  SIGNATURE_TROUBLE,
	  "memory could not be shared with Windows: too much is shared already",
	  { DRIVER("dxgvmbus.c") } },
	{ "get_user_pages_fast failed",
	  SIGNATURE_TROUBLE,
	  "a program's memory could not be pinned: the VM's memory is short",
	  { "microsoft/WSL#11558" } },
	{ "send_create_allocation failed",
	  SIGNATURE_DEPENDS,
	  "Windows refused memory for the GPU; belongs to the create_allocation line "
	  "after it",
	  { "microsoft/WSL#41176" } },
	{ "invalid iospace address",
	  SIGNATURE_TROUBLE,
	  "Windows gave no page for a fence, a paging queue or a lock",
	  { DRIVER("dxgvmbus.c") } },
	{ "invalid address to map",
	  SIGNATURE_TROUBLE,
	  "Windows gave no page for a fence, a paging queue or a lock",
	  { DRIVER("dxgvmbus.c") } },
	{ "Failed to get device state",
	  SIGNATURE_DEPENDS,
	  "a program asked in vain whether the GPU still works",
	  { DRIVER("ioctl.c") } },
	{ "bad ioctl",
	  SIGNATURE_DEPENDS,
	  "a program made a call that this kernel does not have; newer ones may",
	  { DRIVER("ioctl.c") } },
	{ "invalid host handle",
	  SIGNATURE_TROUBLE,
	  "Windows or the vendor's driver refused the GPU context",
	  { DRIVER("ioctl.c") } },
	{ "Unable to allocate mmio memory",
	  SIGNATURE_TROUBLE,
	  "the channel to the GPU did not come up: no GPU in this boot",
	  { DRIVER("dxgmodule.c") } },
	{ "vmbus_open failed",
	  SIGNATURE_TROUBLE,
	  "the channel to the GPU did not come up: no GPU in this boot",
	  { DRIVER("dxgvmbus.c") } },
	{ "dxgglobal_init_global_channel: ",
	  SIGNATURE_TROUBLE,
	  "the channel to the GPU did not come up: no GPU in this boot",
	  { DRIVER("dxgmodule.c") } },
	{ "send_set_iospace_region failed",
	  SIGNATURE_TROUBLE,
	  "the channel to the GPU did not come up: no GPU in this boot",
	  { DRIVER("dxgvmbus.c") } },
	{ "dxg_drv_init: ",
	  SIGNATURE_TROUBLE,
	  "the driver did not load: no GPU in this boot",
	  { DRIVER("dxgmodule.c") } },
	{ "dxgadapter_set_vmbus: ",
	  SIGNATURE_TROUBLE,
	  "the adapter did not come up: no GPU in this boot",
	  { DRIVER("dxgadapter.c") } },
	{ "Failed to open adapter",
	  SIGNATURE_TROUBLE,
	  "the adapter did not come up: no GPU in this boot",
	  { DRIVER("dxgvmbus.c") } },
	{ "Failed to start adapter",
	  SIGNATURE_TROUBLE,
	  "the adapter did not come up: no GPU in this boot",
	  { DRIVER("dxgadapter.c") } },
	{ "Invalid handle to free",
	  SIGNATURE_DEPENDS,
	  "the driver gave up a handle that was gone already; nothing fails by that "
	  "alone",
	  { DRIVER("hmgr.c") } },
	{ "hmgrtable_free_handle",
	  SIGNATURE_TROUBLE,
	  "a fault of older kernels that takes the VM down; wsl --update brings a newer "
	  "one",
	  { "microsoft/WSL#12476" } },
	{ "BUG: ",
	  SIGNATURE_TROUBLE,
	  "the kernel's own code failed, after which nothing in this VM is sure; "
	  "wsl --update may bring a newer one",
	  { "microsoft/WSL#12476" } },
	{ "Oops",
	  SIGNATURE_TROUBLE,
	  "the kernel's own code failed, after which nothing in this VM is sure; "
	  "wsl --update may bring a newer one",
	  { "microsoft/WSL#12476" } },
};
const size_t n_signature_messages = ARRAY_SIZE(signature_messages);

static const struct signature *find(const char *ioctl, int error,
				    enum signature_phase phase)
{
	const struct signature *best = NULL;
	for_each_row(row, signatures) {
		bool any_ioctl = !strcmp(row->ioctl, "*");
		if ((!any_ioctl && strcmp(row->ioctl, ioctl)) ||
		    (row->error && row->error != error) || row->query_type ||
		    row->phase != phase)
			continue;
		if (row->error && !any_ioctl)
			return row;
		/* "*" names its errno, so it says more than a handler with any. */
		if (!best || any_ioctl)
			best = row;
	}
	return best;
}

const struct signature *signature_find(const char *ioctl, int error)
{
	return find(ioctl, error, SIGNATURE_ANY_PHASE);
}

const struct signature *signature_find_boot(const char *ioctl, int error)
{
	const struct signature *row = find(ioctl, error, SIGNATURE_BOOT);
	return row ? row : signature_find(ioctl, error);
}

const struct signature *signature_find_query(uint32_t query_type, int error)
{
	const struct signature *any = signature_find("dxgkio_query_adapter_info", error);
	/* An adapter that is gone answers nothing: that is not about the question. */
	if (any && !strcmp(any->ioctl, "*"))
		return any;
	for_each_row(row, signatures)
		if (row->query_type && row->query_type == query_type &&
		    (!row->error || row->error == error))
			return row;
	return any;
}

const struct signature *signature_find_trace(const struct trace_failure *failure)
{
	char handler[160]; /* a name in a document has 128 at most */
	if (failure->has_type && !strcmp(failure->ioctl, "query_adapter_info"))
		return signature_find_query(failure->type, failure->error);
	snprintf(handler, sizeof(handler), "dxgkio_%s", failure->ioctl);
	return signature_find(handler, failure->error);
}

const struct signature *signature_find_short(const char *text)
{
	static const char words[] = "Ioctl failed: ";
	char ioctl[64];
	size_t length = strcspn(text, ":");
	if (strncmp(text, "dxgk", 4) || length >= sizeof(ioctl) || text[length] != ':' ||
	    text[length + 1] != ' ')
		return NULL;
	memcpy(ioctl, text, length);
	ioctl[length] = '\0';
	const char *at = text + length + 2;
	if (!strncmp(at, words, strlen(words)))
		at += strlen(words);
	const struct signature *heaviest = NULL;
	while (*at == '-' && isdigit((unsigned char)at[1])) {
		char *end;
		long error = strtol(at, &end, 10);
		const struct signature *row =
			error < -10000 ? NULL : signature_find(ioctl, (int)error);
		if (!row)
			return NULL;
		if (!heaviest || row->class > heaviest->class)
			heaviest = row;
		at = *end == '/' ? end + 1 : end;
	}
	return *at ? NULL : heaviest;
}

const struct signature_message *signature_find_message(const char *text)
{
	size_t first = strcspn(text, "\n");
	for_each_row(row, signature_messages) {
		/* The trace of an oops may well name what is harmless elsewhere. */
		size_t looked_at =
			row->class == SIGNATURE_HARMLESS ? first : strlen(text);
		if (memmem(text, looked_at, row->contains, strlen(row->contains)))
			return row;
	}
	return NULL;
}

const char *signature_class_words(enum signature_class class)
{
	switch (class) {
	case SIGNATURE_HARMLESS:
		return "Harmless by itself";
	case SIGNATURE_DEPENDS:
		return "It depends: test it";
	case SIGNATURE_TROUBLE:
		return "Something was refused or ran out";
	}
	return "";
}

size_t signature_source_count(const struct signature *signature)
{
	size_t n = 0;
	while (n < ARRAY_SIZE(signature->sources) && signature->sources[n])
		n++;
	return n;
}
