/* A recording of DXG calls. */
#include "runner/recording.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	cleanup_error struct error *err = recording_parse("recording", (const char *)data,
							  size, &arena, &recording);
	if (err)
		return 0;
	for (size_t i = 0; i < recording.n; i++) {
		const struct recording_call *call = &recording.calls[i];
		require(dxg_call_is(call->request) && call->thread);
		require(!call->out.bytes || call->out.size == call->in.size);
		for (size_t j = 0; j < call->n_data; j++)
			require(call->data[j].offset + sizeof(uint64_t) <= call->in.size);
	}
	return 0;
}
