/*
 * inf.h: what a Windows driver's INF file says of the driver.
 *
 * The [Version] section names the class of device and "DriverVer = mm/dd/yyyy,w.x.y.z";
 * the date may use '-' (learn.microsoft.com, "INF DriverVer Directive" and "INF Version
 * Section"). Files are UTF-16LE or of one byte per character.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/version.h"

enum inf_class {
	INF_CLASS_OTHER,   /* printers, audio, extensions of a base driver, … */
	INF_CLASS_DISPLAY, /* {4d36e968-e325-11ce-bfc1-08002be10318} */
	INF_CLASS_COMPUTE, /* ComputeAccelerator {f01a9d53-3ff6-48d2-9297-c8a7004be10c} */
};

#define INF_DATE_SIZE 11

struct inf {
	enum inf_class class;
	char version[VERSION_MAX]; /* normal form of a driver, or "" */
	char date[INF_DATE_SIZE];  /* YYYY-MM-DD, or "" */
};

/* @return whether there is a [Version] section that says anything of the above */
bool inf_read(const char *bytes, size_t size, struct inf *ret);
