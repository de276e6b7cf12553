/* The runner's end of the packets. The first byte chooses how large the pieces are. */
#include <string.h>

#include "probes/packet.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct packet *packet)
{
	require(packet->rung < RUNG_COUNT);
	if (packet->type == PACKET_FINDING) {
		require(*packet->name && strlen(packet->name) < PACKET_BODY_MAX);
		require((packet->kind == FINDING_STRING) == (packet->string != NULL));
		if (packet->string)
			require(strlen(packet->string) < PACKET_BODY_MAX);
		if (packet->kind == FINDING_BOOLEAN)
			require(packet->integer == 0 || packet->integer == 1);
	}
	if (packet->type == PACKET_EXPECTED)
		require(packet->nr && packet->count &&
			packet->query_type >= PACKET_ANY_TYPE);
	if (packet->type == PACKET_RUNG_ENDED)
		require(packet->outcome < OUTCOME_COUNT && packet->reason < REASON_COUNT);
}

/* @return whether the stream is still good. */
static bool read_packets(struct packet_reader *reader)
{
	struct packet packet;
	enum packet_read read;
	while ((read = packet_next(reader, &packet)) == PACKET_READ_ONE)
		check(&packet);
	return read == PACKET_READ_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packet_reader reader;
	if (size == 0)
		return 0;
	size_t piece = (size_t)data[0] * 37 + 1, at = 1;
	memset(&reader, 0, sizeof(reader));
	while (at < size) {
		size_t n = size - at < piece ? size - at : piece;
		size_t taken = packet_feed(&reader, (const char *)data + at, n);
		require(taken > 0);
		at += taken;
		if (!read_packets(&reader))
			break;
	}
	return 0;
}
