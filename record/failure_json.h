/*
 * failure_json.h: counts of refused calls in a document, both ways: { "-22": 3, "-2": 17 }
 * of one ioctl, and { "IOCTL": { … } } of several.
 */
#pragma once

#include "record/failure.h"
#include "record/reader.h"

/* The member `name` of an object; see reader.h. */
void read_failures(struct reader *r, const json_t *object, const char *name,
		   struct failures *ret);
/* @param ioctl  of all of them; it must outlive ret */
void read_errnos(struct reader *r, const json_t *object, const char *name,
		 const char *ioctl, struct failures *ret);

/* @return an object, the caller's. */
json_t *failures_value(const struct failures *failures);
/* Of one ioctl. */
json_t *errnos_value(const struct failures *failures);
