#include "runner/kernel_form.h"

#include <string.h>

#include "runner/kernel_scan.h"

static uint64_t load(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return word;
}

static void make(struct kernel_form *form, struct span text, const char *own)
{
	size_t size = span_size(text);
	form->size = size;
	form->compared = (size + SCAN_WIDTH - 1) / SCAN_WIDTH * SCAN_WIDTH;
	memcpy(form->least, text.start, size);
	memset(form->range, 0, size);
	for (size_t i = 0; text.start + i < own; i++)
		if (form->least[i] >= '0' && form->least[i] <= '9') {
			form->least[i] = '0';
			form->range[i] = 9;
		}
	/* Behind the text anything may stand. */
	memset(form->least + size, 0, form->compared - size);
	memset(form->range + size, UINT8_MAX, form->compared - size);
}

int kernel_forms_add(struct kernel_forms *forms, struct span text, const char *own)
{
	size_t size = span_size(text);
	if (size > KERNEL_FORM_MAX || text.end - own < (ptrdiff_t)sizeof(uint64_t))
		return -1;
	size_t end_at = size - sizeof(uint64_t);
	size_t middle_at = ((size_t)(own - text.start) + end_at) / 2;
	size_t place = forms->n < KERNEL_FORMS ? forms->n++ : forms->mark[0].place;
	memmove(forms->mark, forms->mark + 1,
		sizeof(forms->mark) - sizeof(forms->mark[0]));
	forms->mark[KERNEL_FORMS - 1] = (struct kernel_form_mark){
		.middle = load(text.start + middle_at),
		.end = load(text.start + end_at),
		.middle_at = (uint16_t)middle_at,
		.end_at = (uint16_t)end_at,
		.place = (uint16_t)place,
	};
	make(&forms->form[place], text, own);
	return (int)place;
}

static bool fits(const struct kernel_form *form, const char *at)
{
	scan_bytes fit = (scan_bytes){ 0 } - 1;
	for (size_t i = 0; i < form->compared; i += SCAN_WIDTH) {
		scan_bytes above = scan_load(at + i) - scan_load(form->least + i);
		fit &= (scan_bytes)(above <= scan_load(form->range + i));
	}
	return !scan_any(~fit);
}

int kernel_forms_find(const struct kernel_forms *forms, const char *at, const char *end)
{
	if (end - at < KERNEL_FORM_MAX)
		return -1;
	/* Without a branch for each: which of them it will be can't be foreseen. */
	const struct kernel_form_mark *last = forms->mark + KERNEL_FORMS - 1;
	unsigned int likely = 0;
	for (const struct kernel_form_mark *mark = last + 1 - forms->n; mark <= last;
	     mark++)
		likely = likely << 1 | !((load(at + mark->middle_at) ^ mark->middle) |
					 (load(at + mark->end_at) ^ mark->end));
	/* The newest first: of stamps that were narrower once, nothing comes any more. */
	for (; likely; likely &= likely - 1) {
		size_t place = last[-__builtin_ctz(likely)].place;
		if (fits(&forms->form[place], at))
			return (int)place;
	}
	return -1;
}
