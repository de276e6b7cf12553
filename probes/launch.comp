#version 450
/* The arithmetic of check.c on the device. The nonce makes a pipeline that no cache has
 * met. */
layout(local_size_x = 64) in;
layout(constant_id = 0) const uint nonce = 0;
layout(binding = 0) readonly buffer Input { uint values[]; };
layout(binding = 1) writeonly buffer Integers { uint integers[]; };
layout(binding = 2) writeonly buffer Floats { float floats[]; };

void main()
{
	uint i = gl_GlobalInvocationID.x;
	uint x = values[i];
	for (int step = 0; step < 8; step++) {
		x = (x ^ nonce) * 1664525u + 1013904223u;
		x ^= x >> 15;
	}
	integers[i] = x;
	float f = float(values[i] & 0xffffu);
	floats[i] = (f * f + 2.0) / (f * 0.75 + 3.0);
}
