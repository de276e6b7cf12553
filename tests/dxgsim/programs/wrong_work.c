/* Wrong contexts, queues and fences, and what they are wrongly told to do. */
#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static void test_contexts(const struct bench *b)
{
#define CONTEXT(node, data, size)                                                        \
	ARG(d3dkmt_createcontextvirtual, .device = b->device, .node_ordinal = node,      \
	    .priv_drv_data = data, .priv_drv_data_size = size)
	struct d3dkmt_createcontextvirtual plain = { .device = b->device };
	expect("context", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &plain), 0);
	check_rows(
		b->fd,
		{ "a third engine", LX_DXCREATECONTEXTVIRTUAL, CONTEXT(2, 0, 0), -EINVAL,
		  "invalid host handle" },
		{ "data nowhere", LX_DXCREATECONTEXTVIRTUAL, CONTEXT(0, NOWHERE, 8),
		  -EINVAL,
		  "dxgvmb_send_create_context: Faled to copy private data; invalid host "
		  "handle" },
		{ "too much data", LX_DXCREATECONTEXTVIRTUAL, CONTEXT(0, NOWHERE, 131073),
		  -EINVAL,
		  "dxgvmb_send_create_context: PrivateDriverDataSize is invalid; invalid "
		  "host handle" },
		{ "queue of a plain context", LX_DXCREATEHWQUEUE,
		  ARG(d3dkmt_createhwqueue, plain.context), -EINVAL,
		  "dxgvmb_send_create_hwqueue: dxgvmb_send_sync_msg failed: c000000d; "
		  "dxgvmb_send_create_hwqueue: failed ffffffea" },
		{ "queue's data nowhere", LX_DXCREATEHWQUEUE,
		  ARG(d3dkmt_createhwqueue, b->context, .priv_drv_data_size = 8,
		      .priv_drv_data = NOWHERE),
		  -EFAULT,
		  "dxgvmb_send_create_hwqueue: failed to copy private data; "
		  "dxgvmb_send_create_hwqueue: failed fffffff2" },
		{ "queue's data too much", LX_DXCREATEHWQUEUE,
		  ARG(d3dkmt_createhwqueue, b->context, .priv_drv_data_size = 131073),
		  -EINVAL,
		  "dxgvmb_send_create_hwqueue: invalid private driver data size: 131073; "
		  "dxgvmb_send_create_hwqueue: failed ffffffea" },
		{ "a priority there is not", LX_DXCREATEPAGINGQUEUE,
		  ARG(d3dkmt_createpagingqueue, b->device, 2), -ENOMEM, NO_PAGE });
}

static void test_fences(const struct bench *b)
{
	struct d3dkmthandle fence = b->fence;
	uint64_t value = 1;
#define CREATE(...)                                                                      \
	ARG(d3dkmt_createsynchronizationobject2, .device = b->device,                    \
	    .info = { __VA_ARGS__ })
#define SIGNAL(count, objects, values)                                                   \
	ARG(d3dkmt_signalsynchronizationobjectfromcpu, b->device, count, objects, values)
#define WAIT(of, count, objects, values, event)                                          \
	ARG(d3dkmt_waitforsynchronizationobjectfromcpu, of, count, objects, values, event)
	const struct d3dkmthandle bad = BAD;
	check_rows(b->fd,
		   { "shared the old way", LX_DXCREATESYNCHRONIZATIONOBJECT,
		     CREATE(.type = 5, .flags.shared = 1), -EINVAL,
		     "dxgsyncobject_create: nt_security_sharing must be set" },
		   { "an event that is none", LX_DXCREATESYNCHRONIZATIONOBJECT,
		     CREATE(.type = 4, .cpu_notification.event = (uint64_t)b->fd),
		     -EINVAL, "failed to reference the event" },
		   { "33 signals", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
		     SIGNAL(33, PTR(&fence), PTR(&value)), -EINVAL, "" },
		   { "of objects nowhere", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
		     SIGNAL(1, NOWHERE, PTR(&value)), -EFAULT,
		     "dxgvmb_send_signal_sync_object: Failed to read objects "
		     "????????????????*4" },
		   { "of values nowhere", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
		     SIGNAL(1, PTR(&fence), NOWHERE), -EFAULT,
		     "dxgvmb_send_signal_sync_object: Failed to read fences "
		     "????????????????*8" },
		   { "of no device", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
		     ARG(d3dkmt_signalsynchronizationobjectfromcpu, BAD, 1, PTR(&fence),
			 PTR(&value)),
		     -EINVAL, NO_DEVICE },
		   { "131073 waits", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(b->device, 131073, PTR(&fence), PTR(&value), 0), -EINVAL, "" },
		   { "an event that is none", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(bad, 1, PTR(&fence), PTR(&value), (uint64_t)b->fd), -EINVAL,
		     "failed to reference the event" },
		   { "of no device", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(bad, 1, PTR(&fence), PTR(&value), (uint64_t)b->event), -EINVAL,
		     NO_DEVICE },
		   { "for objects nowhere", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(b->device, 1, NOWHERE, PTR(&value), 0), -EFAULT,
		     "dxgvmb_send_wait_sync_object_cpu: failed to copy objects" },
		   { "for values nowhere", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(b->device, 1, PTR(&fence), NOWHERE, 0), -EFAULT,
		     "dxgvmb_send_wait_sync_object_cpu: failed to copy fences" },
		   { "for what is no fence", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		     WAIT(b->device, 1, PTR(&bad), PTR(&value), 0), -EINVAL, "" },
		   { "no fence", LX_DXCREATESYNCFILE,
		     ARG(d3dkmt_createsyncfile, b->device, BAD), -EINVAL,
		     "invalid syncobj handle 99" });
}

static void test_gpu(const struct bench *b)
{
	struct d3dkmthandle fence = b->fence, context = b->context, queue = b->hwqueue;
	const struct d3dkmthandle bad = BAD;
	uint64_t value = 1;
	check_rows(
		b->fd,
		{ "33 objects", LX_DXSIGNALSYNCHRONIZATIONOBJECT,
		  ARG(d3dkmt_signalsynchronizationobject2, context, 33), -EINVAL, "" },
		{ "64 contexts", LX_DXSIGNALSYNCHRONIZATIONOBJECT,
		  ARG(d3dkmt_signalsynchronizationobject2, context, .context_count = 64),
		  -EINVAL, "" },
		{ "33 waits", LX_DXWAITFORSYNCHRONIZATIONOBJECT,
		  ARG(d3dkmt_waitforsynchronizationobject2, context, 33), -EINVAL, "" },
		{ "in no context", LX_DXWAITFORSYNCHRONIZATIONOBJECT,
		  ARG(d3dkmt_waitforsynchronizationobject2, BAD, 1), -EINVAL,
		  NO_CONTEXT },
		{ "in no context", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_signalsynchronizationobjectfromgpu, BAD, 1), -EINVAL,
		  NO_CONTEXT },
		{ "objects nowhere", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_signalsynchronizationobjectfromgpu, context, 1, NOWHERE),
		  -EFAULT,
		  "dxgvmb_send_signal_sync_object: Failed to read objects "
		  "????????????????*4" },
		{ "event and fence", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
		  ARG(d3dkmt_signalsynchronizationobjectfromgpu2, 1,
		      .flags.enqueue_cpu_event = 1, .cpu_event_handle = 3),
		  -EINVAL, "Bad input in EnqueueCpuEvent: 1 3" },
		{ "contexts nowhere", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
		  ARG(d3dkmt_signalsynchronizationobjectfromgpu2, 1, .context_count = 1,
		      .contexts = NOWHERE),
		  -EFAULT, "failed to copy context handle" },
		{ "an event that is none", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
		  ARG(d3dkmt_signalsynchronizationobjectfromgpu2, 0,
		      .flags.enqueue_cpu_event = 1, .contexts = PTR(&context),
		      .cpu_event_handle = 999),
		  -EINVAL, "failed to reference the event" },
		{ "objects nowhere", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_waitforsynchronizationobjectfromgpu, context, 1, NOWHERE),
		  -EFAULT, "failed to copy objects" },
		{ "in no context", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_waitforsynchronizationobjectfromgpu, BAD, 1, PTR(&fence)),
		  -EINVAL, "Invalid context handle: 99" },
		{ "for what is no fence", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_waitforsynchronizationobjectfromgpu, context, 1, PTR(&bad)),
		  -EINVAL, "Invalid syncobj type: 99" },
		{ "values nowhere", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
		  ARG(d3dkmt_waitforsynchronizationobjectfromgpu, context, 1, PTR(&fence),
		      { NOWHERE }),
		  -EFAULT, "failed to copy fences" },
		{ "65 queues", LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitsignalsyncobjectstohwqueue, .hwqueue_count = 65),
		  -EINVAL, "invalid hwqueue count: 65" },
		{ "33 objects", LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitsignalsyncobjectstohwqueue, .hwqueue_count = 1,
		      .object_count = 33),
		  -EINVAL, "invalid number of syncobjects: 33" },
		{ "queues nowhere", LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitsignalsyncobjectstohwqueue, .hwqueue_count = 1,
		      .object_count = 1, .hwqueues = NOWHERE),
		  -EFAULT, "failed to copy hwqueue handle" },
		{ "no queue", LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitsignalsyncobjectstohwqueue, .hwqueue_count = 1,
		      .object_count = 1, .hwqueues = PTR(&bad)),
		  -EINVAL, NO_HWQUEUE },
		{ "objects nowhere", LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitwaitforsyncobjectstohwqueue, queue, 1, NOWHERE),
		  -EFAULT, "failed to copy objects" },
		{ "values nowhere", LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitwaitforsyncobjectstohwqueue, queue, 1, PTR(&fence),
		      NOWHERE),
		  -EFAULT, "failed to copy fence values" },
		{ "no queue", LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
		  ARG(d3dkmt_submitwaitforsyncobjectstohwqueue, BAD, 1, PTR(&fence),
		      PTR(&value)),
		  -EINVAL, NO_HWQUEUE });
}

static void test_submissions(const struct bench *b)
{
#define SUBMIT(...)                                                                      \
	ARG(d3dkmt_submitcommand, .broadcast_context_count = 1,                          \
	    .broadcast_context = { b->context }, __VA_ARGS__)
#define TO_QUEUE(...) ARG(d3dkmt_submitcommandtohwqueue, b->hwqueue, __VA_ARGS__)
	check_rows(
		b->fd,
		{ "65 contexts", LX_DXSUBMITCOMMAND,
		  ARG(d3dkmt_submitcommand, .broadcast_context_count = 65), -EINVAL,
		  "invalid number of contexts" },
		{ "no context", LX_DXSUBMITCOMMAND,
		  ARG(d3dkmt_submitcommand, .broadcast_context_count = 1,
		      .broadcast_context = { BAD }),
		  -EINVAL, NO_CONTEXT },
		{ "too much data", LX_DXSUBMITCOMMAND,
		  SUBMIT(.priv_drv_data_size = 131073), -EINVAL,
		  "invalid private data size" },
		{ "1025 buffers", LX_DXSUBMITCOMMAND, SUBMIT(.num_history_buffers = 1025),
		  -EINVAL, "invalid number of history buffers" },
		{ "131073 primaries", LX_DXSUBMITCOMMAND, SUBMIT(.num_primaries = 131073),
		  -EINVAL, "invalid number of primaries" },
		{ "buffers nowhere", LX_DXSUBMITCOMMAND,
		  SUBMIT(.num_history_buffers = 1, .history_buffer_array = NOWHERE),
		  -EFAULT, "dxgvmb_send_submit_command:  failed to copy history buffer" },
		{ "data nowhere", LX_DXSUBMITCOMMAND,
		  SUBMIT(.priv_drv_data_size = 1, .priv_drv_data = NOWHERE), -EFAULT,
		  "dxgvmb_send_submit_command: failed to copy history priv data" },
		{ "a command", LX_DXSUBMITCOMMAND, SUBMIT(.command_length = 4), -EPERM,
		  "" },
		{ "too much data", LX_DXSUBMITCOMMANDTOHWQUEUE,
		  TO_QUEUE(.priv_drv_data_size = 131073), -EINVAL,
		  "invalid private data size" },
		{ "131073 primaries", LX_DXSUBMITCOMMANDTOHWQUEUE,
		  TO_QUEUE(.num_primaries = 131073), -EINVAL,
		  "invalid number of primaries" },
		{ "primaries nowhere", LX_DXSUBMITCOMMANDTOHWQUEUE,
		  TO_QUEUE(.num_primaries = 1, .written_primaries = NOWHERE), -EFAULT,
		  "dxgvmb_send_submit_command_hwqueue: failed to copy primaries "
		  "handles" },
		{ "data nowhere", LX_DXSUBMITCOMMANDTOHWQUEUE,
		  TO_QUEUE(.priv_drv_data_size = 1, .priv_drv_data = NOWHERE), -EFAULT,
		  "dxgvmb_send_submit_command_hwqueue: failed to copy primaries data" },
		{ "a command", LX_DXSUBMITCOMMANDTOHWQUEUE, TO_QUEUE(.command_length = 4),
		  -EPERM, "" });
}

void wrong_work(const struct bench *b)
{
	test_contexts(b);
	test_fences(b);
	test_gpu(b);
	test_submissions(b);
}
