/*
 * rules.h: every constant of the verdict rules, and their version.
 *
 * Derived rows carry RULES_VERSION. Whoever changes a number here, or how a reading or
 * a verdict is made, raises it: the next ingest then makes all derived tables anew.
 */
#pragma once

#define RULES_VERSION 3

/*
 * The rules and the shipped tables that verdicts are made with (rungs, GPU names, known
 * signatures), as text: "1-5c0f…". A store whose derived rows have another stamp makes
 * them anew.
 * @return static
 */
const char *rules_stamp(void);

/* Wilson's interval with z = 2, about 95 %. */
#define RULES_WILSON_Z 2.0

/* A side that is shown to be rarer than this is an exception, not a conflict. */
#define RULES_EXCEPTION_SHARE 0.10

/* noisy: more than half of the good, as a fraction. */
#define RULES_NOISY_NUMERATOR   1
#define RULES_NOISY_DENOMINATOR 2

/* Two changes of mind of one machine under equal conditions are flaky. */
#define RULES_FLAKY_CHANGES 2

/* Strength, by witnesses: one machine, a few, several, many. With 36 and none bad, fewer
 * than one in ten can be failing. */
#define RULES_FEW     2
#define RULES_SEVERAL 5
#define RULES_MANY    36
