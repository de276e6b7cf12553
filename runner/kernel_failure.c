#include "runner/kernel_failure.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "probes/dxg_abi.h"
#include "util/array.h"

/* More than "failed:" is in any language, with what stands around it. */
#define GAP_MAX 48
/* Marks and a border between a name and what is said of it. */
#define BORDER_MAX 64

/* Of enumerating by ENUMADAPTERS3 a second function speaks before the handler does. */
static const char *const handlers[] = {
#define X(nr, constant, size, name) "dxgkio_" #name,
	DXG_IOCTLS(X)
#undef X
		"dxgkp_enum_adapters",
};

bool kernel_failure_is_handler(const char *name)
{
	for_each_row(handler, handlers)
		if (!strcmp(*handler, name))
			return true;
	return false;
}

static bool take_any(struct span *span, const char *const *what, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_cut_start(span, what[i]))
			return true;
	return false;
}

static bool take_minus(struct span *span)
{
	/* '-', and what text programs make of it: U+2212, dashes, full width */
	static const char *const signs[] = { "-",
					     "\\-",
					     "\xe2\x88\x92",
					     "\xe2\x80\x90",
					     "\xe2\x80\x91",
					     "\xe2\x80\x92",
					     "\xe2\x80\x93",
					     "\xe2\x80\x94",
					     "\xef\xb9\xa3",
					     "\xef\xbc\x8d" };
	return take_any(span, signs, ARRAY_SIZE(signs));
}

static bool take_hex(struct span *span, size_t *ret_digits, uint64_t *ret)
{
	struct span rest = *span;
	uint64_t value = 0;
	size_t digits = 0;
	for (; digits < 17 && span_size(rest) && isxdigit((unsigned char)*rest.start);
	     digits++, rest.start++) {
		int c = tolower((unsigned char)*rest.start);
		value = value << 4 | (uint64_t)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	if (!digits || digits > 16)
		return false;
	*span = rest;
	*ret_digits = digits;
	*ret = value;
	return true;
}

static bool take_decimal(struct span *span, int64_t *ret)
{
	int64_t value = 0;
	size_t digits = 0;
	struct span rest = *span;
	for (; digits < 11 && span_size(rest) && isdigit((unsigned char)*rest.start);
	     digits++, rest.start++)
		value = value * 10 + (*rest.start - '0');
	if (!digits || digits > 10)
		return false;
	*span = rest;
	*ret = value;
	return true;
}

/* "EIO" and "ENOTRECOVERABLE" */
#define ERRNO_NAME_MIN 3
#define ERRNO_NAME_MAX 15

/* "EINVAL", and the one of the kernel's own that the driver prints. */
static bool take_name(struct span *span, int64_t *ret)
{
	size_t n = 0;
	if (!span_begins(*span, "E"))
		return false;
	while (n < span_size(*span) && span_is_word(span->start[n]))
		n++;
	if (n < ERRNO_NAME_MIN || n > ERRNO_NAME_MAX)
		return false;
	for (int error = 1; error <= 512; error++) {
		const char *name = error == 512 ? "ERESTARTSYS" : strerrorname_np(error);
		if (!name || strlen(name) != n || memcmp(name, span->start, n))
			continue;
		span->start += n;
		*ret = error;
		return true;
	}
	return false;
}

/* Behind a minus: "22", "0x16", "EINVAL". */
static bool take_negated(struct span *span, int64_t *ret)
{
	struct span rest = span_trim_start(*span);
	int64_t value;
	uint64_t bits;
	size_t digits;
	if (span_cut_start(&rest, "0x") || span_cut_start(&rest, "0X")) {
		if (!take_hex(&rest, &digits, &bits) || bits > INT_MAX)
			return false;
		value = (int64_t)bits;
	} else if (!take_decimal(&rest, &value) && !take_name(&rest, &value)) {
		return false;
	}
	*span = rest;
	*ret = -value;
	return true;
}

/* Without one: "ffffffea", "0xffffffffffffffea", "4294967274", "EINVAL". */
static bool take_unsigned(struct span *span, int64_t *ret)
{
	struct span rest = *span;
	bool marked = span_cut_start(&rest, "0x") || span_cut_start(&rest, "0X");
	struct span hex = rest;
	size_t digits;
	uint64_t bits;
	if (take_hex(&hex, &digits, &bits) && (digits == 8 || digits == 16) &&
	    (!span_size(hex) || !span_is_word(*hex.start))) {
		*ret = digits == 8 ? (int32_t)bits : (int64_t)bits;
		*span = hex;
		return *ret < 0;
	}
	if (marked)
		return false;
	if (take_decimal(&rest, ret)) {
		*ret -= INT64_C(0x100000000);
		*span = rest;
		return *ret < 0 && *ret >= INT_MIN;
	}
	*ret = 0;
	if (!take_name(&rest, ret))
		return false;
	*ret = -*ret;
	*span = rest;
	return true;
}

bool kernel_failure_take_errno(struct span *span, int *ret)
{
	struct span rest = *span;
	int64_t value;
	if (take_minus(&rest) ? !take_negated(&rest, &value)
			      : !take_unsigned(&rest, &value))
		return false;
	/* "…" stands for what was cut */
	if (value >= 0 || value < INT_MIN ||
	    (span_size(rest) && span_is_word(*rest.start)) ||
	    span_begins(rest, "\xe2\x80\xa6"))
		return false;
	*span = rest;
	*ret = (int)value;
	return true;
}

/* Takes "-2" behind a number and "/", ", ", " and "; "2" behind "/". */
static bool take_further(struct span *span, int *ret)
{
	static const char *const joints[] = { "/", ",", "&", "and ", "or ", "und " };
	if (!span_size(*span) || *span->start == '\r')
		return false;
	struct span rest = span_skip_marks(*span);
	if (span_begins(rest, "(E") && span_find(rest, ")"))
		rest.start = span_find(rest, ")") + 1;
	rest = span_skip_marks(rest);
	bool slash = span_begins(rest, "/");
	if (!take_any(&rest, joints, ARRAY_SIZE(joints)))
		return false;
	rest = span_skip_marks(rest);
	/* "-22/EINVAL" names it again */
	if (!span_size(rest) || isalpha((unsigned char)*rest.start))
		return false;
	if (!kernel_failure_take_errno(&rest, ret)) {
		int64_t value = slash ? span_take_number(&rest) : -1;
		if (value < 1 || value > 4095)
			return false;
		*ret = -(int)value;
	}
	*span = rest;
	return true;
}

/* ":" or a cell's border, and marks around it. @return whether there was one */
static bool take_border(struct span *span)
{
	static const char *const borders[] = { ":", "\xef\xbc\x9a", "|", "\xe2\x94\x82" };
	struct span rest = *span;
	span_cut_start(&rest, "()");
	rest = span_skip_marks(rest);
	bool found = take_any(&rest, borders, ARRAY_SIZE(borders));
	rest = span_skip_marks(rest);
	if (rest.start - span->start > BORDER_MAX)
		return false;
	*span = rest;
	return found;
}

/* "Ioctl", as a camera may read it too. */
static bool take_ioctl(struct span *span)
{
	if (span_size(*span) < 5 || !strchr("IiLl1|", *span->start) ||
	    strncasecmp(span->start + 1, "octl", 4) != 0)
		return false;
	span->start += 5;
	return true;
}

static bool take_failed(struct span *span)
{
	struct span rest = span_skip_marks(*span);
	if (span_size(rest) < 6 || strncasecmp(rest.start, "failed", 6) != 0)
		return false;
	rest.start += 6;
	*span = rest;
	return true;
}

/* The errno behind words that hold no other number and no other message. */
static bool take_behind_words(struct span *span, bool exact, int *ret)
{
	const char *limit = span->start + GAP_MAX;
	for (struct span rest = *span; span_size(rest) && rest.start < limit;
	     rest.start++) {
		struct span value = rest;
		bool begins = rest.start == span->start || !span_is_word(rest.start[-1]);
		if (begins && kernel_failure_take_errno(&value, ret)) {
			*span = value;
			return true;
		}
		if (isdigit((unsigned char)*rest.start) || span_begins(rest, "dxg") ||
		    (exact && span_is_word(*rest.start)))
			return false;
	}
	return false;
}

/* What is said behind a name. */
static bool take_words(struct span *span, bool exact, int *ret)
{
	struct span rest = *span;
	/* as the kernel prints it, which is most of them */
	if (span_cut_start(&rest, ": Ioctl failed: ") &&
	    kernel_failure_take_errno(&rest, ret)) {
		*span = rest;
		return true;
	}
	rest = *span;
	bool border = take_border(&rest);
	if (!take_ioctl(&rest))
		return false;
	bool failed = take_failed(&rest);
	/* Without the colon it might be a sentence, in which only "failed" means that. */
	if ((!failed && (exact || !border)) || !take_behind_words(&rest, exact, ret))
		return false;
	*span = rest;
	return true;
}

/* A name in which Markdown's underscores may have a backslash. @return it without */
static bool take_handler(struct span *span, char ret[KERNEL_NAME_MAX])
{
	size_t n = 0;
	struct span rest = *span;
	while (span_size(rest) && n < KERNEL_NAME_MAX) {
		if (span_begins(rest, "\\_"))
			rest.start++;
		if (!span_is_word(*rest.start))
			break;
		ret[n++] = *rest.start++;
	}
	if (n == KERNEL_NAME_MAX)
		return false;
	/* of _emphasis_ */
	while (n && ret[n - 1] == '_')
		n--;
	ret[n] = '\0';
	*span = rest;
	return true;
}

static bool read_behind(struct span *rest, bool exact, struct kernel_failure *ret)
{
	if (!take_words(rest, exact, &ret->error))
		return false;
	int further;
	for (ret->n_further = 0; take_further(rest, &further);)
		if (ret->n_further < KERNEL_FURTHER_MAX)
			ret->further[ret->n_further++] = further;
	ret->end = rest->start;
	return true;
}

bool kernel_failure_find(struct span text, bool exact, struct kernel_failure *ret)
{
	for (const char *at; (at = span_find(text, "dxgk")) != NULL;) {
		struct span rest = { at, text.end };
		text.start = at + strlen("dxgk");
		if (!take_handler(&rest, ret->handler) || !strchr(ret->handler, '_') ||
		    (exact && !kernel_failure_is_handler(ret->handler)) ||
		    !read_behind(&rest, exact, ret))
			continue;
		ret->start = at;
		return true;
	}
	return false;
}

/* The one handler of which the name ends so; NULL where there are none or more. */
static const char *only_handler(const char *name)
{
	const char *found = NULL;
	const char *prefix = strstr(name, "kio_");
	/* of the prefix, which all have, nothing tells */
	if (prefix && prefix - name < 4)
		name = prefix;
	size_t n = strlen(name);
	for_each_row(handler, handlers) {
		size_t length = strlen(*handler);
		if (length <= n || strcmp(*handler + length - n, name) != 0)
			continue;
		if (found)
			return NULL;
		found = *handler;
	}
	return found;
}

/* The word that ends a span, where nothing but a blank or a mark is before it. */
static struct span last_word(struct span span)
{
	struct span word = { span.end, span.end };
	while (word.start > span.start && span_is_word(word.start[-1]))
		word.start--;
	if (word.start > span.start && !strchr(" \t\"'`*>|(", word.start[-1]) &&
	    !span_ends((struct span){ span.start, word.start }, "\xe2\x80\xa6"))
		word.start = word.end;
	return word;
}

bool kernel_failure_find_cut(struct span text, struct kernel_failure *ret)
{
	for (const char *at; (at = span_find(text, "octl failed")) != NULL;) {
		struct span before = { text.start, at };
		text.start = at + 1;
		if (span_size(before))
			before.end--;
		before = span_trim_end(before);
		if (!span_cut_end(&before, ":"))
			continue;
		struct span rest = { last_word(before).start, text.end };
		ret->start = rest.start;
		if (!take_handler(&rest, ret->handler) || strlen(ret->handler) < 6 ||
		    !strncmp(ret->handler, "dxgk", 4))
			continue;
		const char *handler = only_handler(ret->handler);
		if (!handler || !read_behind(&rest, true, ret))
			continue;
		strcpy(ret->handler, handler);
		return true;
	}
	return false;
}
