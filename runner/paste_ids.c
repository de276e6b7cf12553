#include "runner/paste_gpu.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "diagnosis/gpu.h"
#include "util/array.h"

struct reader {
	struct claims *claims;
	struct paste_line line, last;
	char vendor[5]; /* of the last "vendor id" line; "" where none is near */
	int64_t vendor_line;
};

static bool is_vendor(const char *id)
{
	/* Intel, AMD, NVIDIA, Qualcomm */
	static const char *const vendors[] = { "8086", "1002", "10de", "5143", "17cb" };
	for_each_row(vendor, vendors)
		if (!strncasecmp(*vendor, id, 4))
			return true;
	return false;
}

/* @return whether exactly four hexadecimal digits stand at text[at]. */
static bool take_hex(const struct paste_line *line, size_t at, char ret[5])
{
	if (at + 4 > line->size)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)line->text[at + i]))
			return false;
		ret[i] = (char)tolower((unsigned char)line->text[at + i]);
	}
	ret[4] = '\0';
	return at + 4 == line->size || !isalnum((unsigned char)line->text[at + 4]);
}

static bool is_npu_line(const struct paste_line *line)
{
	char text[256];
	snprintf(text, sizeof(text), "%.*s", (int)(line->size < 255 ? line->size : 255),
		 line->text);
	return gpu_name_is_npu(text);
}

static void add_id(struct reader *r, const char *vendor, const char *device, size_t start,
		   size_t end)
{
	if (!is_vendor(vendor) || !strcmp(device, "0000") || !strcmp(device, "ffff"))
		return;
	char pci[10];
	snprintf(pci, sizeof(pci), "%.4s:%.4s", vendor, device);
	claims_add(r->claims, CLAIM_PCI, NULL, pci, CLAIM_SENTENCE, r->line.number,
		   r->line.text + start, end - start);
	if (is_npu_line(&r->line) || is_npu_line(&r->last))
		claims_add(r->claims, CLAIM_CLASS, NULL, "npu", CLAIM_WEAK,
			   r->line.number, r->line.text + start, end - start);
}

/* PCI\VEN_8086&DEV_7DD5, VEN_8086:DEV_7DD5 */
static void read_ven_dev(struct reader *r)
{
	const struct paste_line *line = &r->line;
	size_t at = 0;
	for (const char *ven; (ven = paste_line_find(line, at, "VEN_"));) {
		char vendor[5], device[5];
		size_t start = (size_t)(ven - line->text);
		at = start + 4;
		if (!take_hex(line, start + 4, vendor) || start + 9 > line->size)
			continue;
		const char *dev = paste_line_find(line, start + 8, "DEV_");
		if (!dev || dev > line->text + start + 12 ||
		    !take_hex(line, (size_t)(dev - line->text) + 4, device))
			continue;
		at = (size_t)(dev - line->text) + 8;
		add_id(r, vendor, device, start, at);
	}
}

/* 8086:7dd5, on its own or in lspci's brackets; v00008086d00007DD5 of a modalias */
static void read_pair(struct reader *r)
{
	const struct paste_line *line = &r->line;
	for (size_t at = 0; at + 9 <= line->size; at++) {
		char vendor[5], device[5];
		if (at && (isalnum((unsigned char)line->text[at - 1]) ||
			   line->text[at - 1] == ':'))
			continue;
		if (line->text[at + 4] == ':' && take_hex(line, at, vendor) &&
		    take_hex(line, at + 5, device) &&
		    (at + 9 == line->size || line->text[at + 9] != ':'))
			add_id(r, vendor, device, at, at + 9);
	}
	const char *alias = paste_line_find(line, 0, "pci:v0000");
	size_t at = alias ? (size_t)(alias - line->text) : 0;
	if (alias && at + 22 <= line->size && !strncasecmp(alias + 13, "d0000", 5)) {
		char vendor[5], device[5];
		snprintf(vendor, sizeof(vendor), "%.4s", alias + 9);
		snprintf(device, sizeof(device), "%.4s", alias + 18);
		for (size_t i = 0; i < 4; i++) {
			vendor[i] = (char)tolower((unsigned char)vendor[i]);
			device[i] = (char)tolower((unsigned char)device[i]);
		}
		if (strspn(device, "0123456789abcdef") == 4)
			add_id(r, vendor, device, at, at + 22);
	}
}

/* The vendor that the words of a line before a place name. */
static const char *vendor_before(const struct paste_line *line, size_t at)
{
	char text[128];
	size_t from = at > 100 ? at - 100 : 0;
	snprintf(text, sizeof(text), "%.*s", (int)(at - from), line->text + from);
	return gpu_vendor_of_name(text);
}

/* "Intel(R) Graphics [0x7dd5]", "Chip type: AMD … (0x7480)" */
static void read_bracket(struct reader *r)
{
	const struct paste_line *line = &r->line;
	size_t at = 0;
	for (const char *hex; (hex = paste_line_find(line, at, "0x"));) {
		size_t start = (size_t)(hex - line->text);
		char device[5];
		at = start + 2;
		char open = start ? line->text[start - 1] : ' ';
		char close = start + 6 < line->size ? line->text[start + 6] : ' ';
		bool chip = open == '(' && close == ')' &&
			    paste_line_find(line, 0, "chip type");
		if (!(open == '[' && close == ']') && !chip)
			continue;
		const char *vendor = vendor_before(line, start);
		if (vendor && take_hex(line, start + 2, device))
			add_id(r, vendor, device, start - 1, start + 7);
	}
}

/* The hexadecimal number behind a label in the plain line: "vendor id", "deviceid". */
static bool labelled_hex(const struct paste_line *line, const char *const *labels,
			 char ret[5])
{
	for (; *labels; labels++) {
		const char *at =
			memmem(line->plain, line->size, *labels, strlen(*labels));
		if (!at)
			continue;
		size_t i = (size_t)(at - line->plain) + strlen(*labels);
		while (i < line->size && line->plain[i] == ' ')
			i++;
		if (i + 2 < line->size && line->text[i] == '0' &&
		    tolower((unsigned char)line->text[i + 1]) == 'x')
			i += 2;
		/* "PCI ID 8086:7dd5" is a pair, not a device */
		if (take_hex(line, i, ret) &&
		    (i + 4 >= line->size || line->text[i + 4] != ':'))
			return true;
	}
	return false;
}

/* Up to this many lines lie between a device's vendor and its id. */
#define PAIR_NEAR 6

static void read_labels(struct reader *r)
{
	static const char *const vendor_labels[] = { "vendorid", "vendor id", "vendor 0x",
						     NULL };
	static const char *const device_labels[] = { "deviceid",      "device id",
						     "pci device id", "pci id",
						     "device 0x",     NULL };
	char vendor[5], device[5];
	const struct paste_line *line = &r->line;
	if (labelled_hex(line, vendor_labels, vendor)) {
		memcpy(r->vendor, vendor, sizeof(vendor));
		r->vendor_line = line->number;
		if (is_vendor(vendor))
			claims_add(r->claims, CLAIM_VENDOR, NULL, vendor, CLAIM_SENTENCE,
				   line->number, line->text, line->size);
	}
	if (!labelled_hex(line, device_labels, device))
		return;
	const char *named = vendor_before(line, line->size);
	if (*r->vendor && line->number - r->vendor_line <= PAIR_NEAR)
		add_id(r, r->vendor, device, 0, line->size);
	else if (named)
		add_id(r, named, device, 0, line->size);
}

void paste_read_ids(const struct paste_text *text, struct claims *claims)
{
	struct reader r = { .claims = claims };
	while (paste_line_next(text, &r.line)) {
		read_ven_dev(&r);
		read_pair(&r);
		read_bracket(&r);
		read_labels(&r);
		r.last = r.line;
	}
}
