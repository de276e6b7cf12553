/* What cannot be shared. */
#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

void wrong_sharing(const struct bench *b)
{
	struct d3dkmthandle fence = b->fence, resource = b->resource, device = b->device,
			    queues = b->queue_fence;
	const struct d3dkmthandle bad = BAD;
#define SHARE(handle) ARG(d3dkmt_shareobjects, 1, 0, PTR(handle))
	check_rows(b->fd,
		   { "two objects", LX_DXSHAREOBJECTS, ARG(d3dkmt_shareobjects, 2),
		     -EINVAL, "invalid object count 2" },
		   { "from nowhere", LX_DXSHAREOBJECTS,
		     ARG(d3dkmt_shareobjects, 1, 0, NOWHERE), -EFAULT,
		     "failed to copy object handles" },
		   { "none", LX_DXSHAREOBJECTS, SHARE(&bad), -EINVAL,
		     "invalid object handle 99" },
		   { "a private fence", LX_DXSHAREOBJECTS, SHARE(&fence), -EINVAL,
		     "sync object is not shared" },
		   { "a queue's own fence", LX_DXSHAREOBJECTS, SHARE(&queues), -EINVAL,
		     "invalid object handle *" },
		   { "a queue's own fence", LX_DXCREATESYNCFILE,
		     ARG(d3dkmt_createsyncfile, device, queues), -EINVAL,
		     "invalid syncobj handle *" },
		   { "a private resource", LX_DXSHAREOBJECTS, SHARE(&resource), -EINVAL,
		     "resource object shared" },
		   { "a device", LX_DXSHAREOBJECTS, SHARE(&device), -EINVAL,
		     "invalid object type 3" },
		   { "no descriptor", LX_DXQUERYRESOURCEINFOFROMNTHANDLE,
		     ARG(d3dkmt_queryresourceinfofromnthandle, b->device, 0, 999),
		     -EINVAL, "failed to get file from handle: 3e7" },
		   { "another's descriptor", LX_DXOPENSYNCOBJECTFROMNTHANDLE2,
		     ARG(d3dkmt_opensyncobjectfromnthandle2, 1, b->device), -EINVAL,
		     "invalid fd: 1" },
		   { "no descriptor", LX_DXOPENRESOURCEFROMNTHANDLE,
		     ARG(d3dkmt_openresourcefromnthandle, b->device, 0, 999), -EINVAL,
		     "open_resource: failed to get file from handle: 3e7" },
		   { "no sync file", LX_DXWAITSYNCFILE,
		     ARG(d3dkmt_waitsyncfile, 999, b->context), -EINVAL,
		     "failed to get dmafence from handle: 3e7" });
	/* The one handler that leaves without its last line. */
	check(b->fd,
	      &(struct row){ "no device", LX_DXOPENSYNCOBJECTFROMNTHANDLE2,
			     ARG(d3dkmt_opensyncobjectfromnthandle2, 1, BAD), -EINVAL,
			     NO_DEVICE },
	      false);
}
