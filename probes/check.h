/*
 * check.h: what a device is asked to move and to compute, and whether it did.
 *
 * The same pattern, the same arithmetic and the same comparison for every API, so that
 * their cells compare. The kernels (launch.cl, launch.comp) and check.c hold the formula
 * once each.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "probes/probe.h"

/* 256 KiB: more than a driver inlines into its commands, less than anyone waits for. */
#define CHECK_COPY_WORDS 65536

/* A fresh random number: what an earlier process left in a cache or in memory answers no
 * later one. */
uint32_t check_nonce(void);

/* The pattern that seed makes: no two neighbours equal, no two seeds alike. */
void check_fill(uint32_t *words, size_t count, uint32_t seed);
/*
 * Compares what came back with the pattern. Notes compared_bytes and, where it differs,
 * wrong_at and wrong_count in words.
 * @return pass or fail(wrong-result)
 */
enum outcome check_copy(struct probe *p, const uint32_t *words, size_t count,
			uint32_t seed);

#define CHECK_ELEMENTS 4096

/* One launch: input goes to the device, the other two come back. */
struct check_launch {
	uint32_t nonce; /* compiled into the kernel */
	uint32_t input[CHECK_ELEMENTS];
	uint32_t integers[CHECK_ELEMENTS];
	float floats[CHECK_ELEMENTS];
};

/* Sets the input for this nonce, and results that are all wrong. */
void check_launch_init(struct check_launch *launch, uint32_t nonce);
/*
 * Compares every element with the CPU's own: integers exactly, floats to one part in 10^5
 * (OpenCL C 1.2 section 7.4 and Vulkan's "Precision and Operation of SPIR-V Instructions"
 * allow division some units in the last place, and fused multiplication). Then compares with an
 * expectation made wrong in one element, which must be noticed.
 * @return pass; fail(wrong-result) with wrong_at and wrong_count in elements;
 *   error(control-failed) where the wrong expectation went unnoticed
 */
enum outcome check_launch(struct probe *p, const struct check_launch *launch);
