/* page_gpus.c: the list of all GPUs. */
#include "web/pages.h"

#include "web/gpu_table.h"
#include "web/layout.h"

void page_gpus(struct html *h, const struct view_gpus *gpus)
{
	static const struct page frame = {
		.title = "GPUs",
		.description = "Every GPU and NPU that was measured or reported in WSL2.",
		.root = "../",
		.section = SECTION_GPUS,
	};
	bool measured = false, reported = false;
	for (size_t i = 0; i < gpus->n; i++) {
		measured |= gpus->gpu[i].scope.machines > 0;
		reported |=
			gpus->gpu[i].scope.reports > 0 || !gpus->gpu[i].scope.machines;
	}

	layout_begin(h, &frame);
	html_leaf(h, "h1", "GPUs", NULL);
	if (!gpus->n)
		html_leaf(h, "p", "None has been measured or reported yet.", "class",
			  "lead", NULL);
	if (measured) {
		html_open(h, "section", NULL);
		html_leaf(h, "h2", "Measured", NULL);
		gpu_table_write_measured(h, gpus->gpu, gpus->n, gpus->n, "../");
		html_close(h, "section");
	}
	if (reported) {
		html_open(h, "section", NULL);
		html_leaf(h, "h2", "Reported", NULL);
		gpu_table_write_reports(h, gpus->gpu, gpus->n, gpus->n, "../");
		html_leaf(
			h, "p",
			"People report failures more than successes. These are not odds.",
			"class", "note", NULL);
		html_close(h, "section");
	}
	layout_end(h, &frame);
}
