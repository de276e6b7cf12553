#include "runner/adapters.h"

#include <string.h>

#include "runner/interfaces.h"
#include "util/file.h"

static bool is_hardware(const struct climb_adapter *adapter)
{
	const char *class = findings_string(&adapter->findings, FIND_ADAPTER_CLASS);
	return !class || strcmp(class, "software") != 0;
}

struct error *adapters_ask(const char *root, struct arena *arena, struct adapters *ret)
{
	struct adapters adapters = { 0 };
	static const struct climb_watch nobody = { .stop = -1 };
	const struct child_limits limits = child_limits_default();
	cleanup_free char *program = NULL;
	struct climb climbed;
	*ret = adapters;
	if (!root_exists(root, "/dev/dxg"))
		return NULL;
	struct error *err = interfaces_program(&program);
	if (err)
		return err;
	const struct climb_order order = {
		.program = program,
		.interface = "dxg",
		.adapter = -1,
		.rungs = rung_bit(RUNG_LOAD) | rung_bit(RUNG_ENUMERATE),
		.root = root,
	};
	err = climb(&order, &limits, &nobody, arena, &climbed);
	if (err)
		return err;
	for (size_t i = 0; i < climbed.n_adapters; i++)
		if (is_hardware(&climbed.adapters[i]))
			*arena_push(arena, adapters.row, adapters.n) =
				climbed.adapters[i];
	*ret = adapters;
	return NULL;
}
