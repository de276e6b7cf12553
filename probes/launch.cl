/* The arithmetic of check.c on the device. Before this text stands #define NONCE: a program
 * that no cache has met. */
kernel void launch(global const uint *input, global uint *integers, global float *floats)
{
	size_t i = get_global_id(0);
	uint x = input[i];
	for (int round = 0; round < 8; round++) {
		x = (x ^ NONCE) * 1664525u + 1013904223u;
		x ^= x >> 15;
	}
	integers[i] = x;
	float f = (float)(input[i] & 0xffffu);
	floats[i] = (f * f + 2.0f) / (f * 0.75f + 3.0f);
}
