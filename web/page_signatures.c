/* page_signatures.c: kernel log lines that are known, all of them. */
#include "web/pages.h"

#include "web/layout.h"
#include "web/signature_table.h"

void page_signatures(struct html *h, const struct signature *rows, size_t n)
{
	static const struct page frame = {
		.title = "Kernel log lines of dxg",
		.description =
			"dxgkio_query_adapter_info: Ioctl failed: -22 and the other "
			"lines of dxgkrnl in WSL2: which are harmless by themselves, "
			"which are worth a test.",
		.root = "../",
		.section = SECTION_SIGNATURES,
	};
	layout_begin(h, &frame);
	html_leaf(h, "h1", "Are these kernel lines my problem?", NULL);
	html_leaf(
		h, "p",
		"Machines that work print them too. A line says that one question was "
		"refused, not that the GPU is broken, and a log can show neither that a "
		"GPU works nor why a program failed.",
		"class", "lead", NULL);
	html_leaf(
		h, "p",
		"The number at the end is the kernel\xE2\x80\x99s word for the refusal: "
		"-2 not there, -12 no memory, -22 not a question for this host, -75 too "
		"large or not allowed.",
		"class", "soft", NULL);
	html_open(h, "section", NULL);
	signature_table_write(
		h, rows, n,
		"Known lines, what each says by itself, and where that was seen");
	html_close(h, "section");
	layout_end(h, &frame);
}
