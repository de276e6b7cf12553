/* One adapter: keys of [adapter]. */
#include <string.h>

#include "tests/dxgsim/parser.h"
#include "tests/dxgsim/value.h"
#include "util/array.h"

static struct sim_adapter *adapter_of(struct parser *parser)
{
	return &parser->scenario->adapters[parser->scenario->adapter_count - 1];
}

static void begin_adapter(struct parser *parser)
{
	struct scenario *s = parser->scenario;
	arena_push(parser->arena, s->adapters, s->adapter_count)->state =
		_D3DKMT_DEVICEEXECUTION_ACTIVE;
}

static struct error *parse_luid(struct parser *parser)
{
	struct winluid *luid = &adapter_of(parser)->luid;
	if (!value_pair(parser->value, 8, &luid->b, &luid->a) || (!luid->a && !luid->b))
		return parser_wrong_value(parser,
					  "high:low, eight hexadecimal digits each");
	return NULL;
}

static struct error *parse_pci(struct parser *parser)
{
	struct d3dkmt_query_device_ids *ids = &adapter_of(parser)->ids;
	if (!value_pair(parser->value, 4, &ids->vendor_id, &ids->device_id))
		return parser_wrong_value(parser, "vvvv:dddd");
	return NULL;
}

static struct error *parse_subsystem(struct parser *parser)
{
	struct d3dkmt_query_device_ids *ids = &adapter_of(parser)->ids;
	if (!value_pair(parser->value, 4, &ids->sub_vendor_id, &ids->sub_system_id))
		return parser_wrong_value(parser, "vvvv:dddd");
	return NULL;
}

static struct error *parse_revision(struct parser *parser)
{
	uint64_t number;
	if (!value_number(parser->value, 16, 0xff, &number))
		return parser_wrong_value(parser, "two hexadecimal digits");
	adapter_of(parser)->ids.revision_id = (uint32_t)number;
	return NULL;
}

static struct error *parse_type(struct parser *parser)
{
	static const char *const bits[] = {
		"render_supported",
		"display_supported",
		"software_device",
		"post_device",
		"hybrid_discrete",
		"hybrid_integrated",
		"indirect_display_device",
		"paravirtualized",
		"acg_supported",
		"support_set_timings_from_vidpn",
		"detachable",
		"compute_only",
		"prototype",
	};
	struct sim_adapter *adapter = adapter_of(parser);
	adapter->has_type = true;
	char *rest;
	for (char *word = strtok_r(parser->value, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		int bit = value_word(word, bits, ARRAY_SIZE(bits));
		if (bit < 0)
			return error_create("type: there is no bit '%s'", word);
		adapter->type.value |= UINT32_C(1) << bit;
	}
	return NULL;
}

static struct error *parse_description(struct parser *parser)
{
	if (strlen(parser->value) >= D3DKMT_DRIVER_DESCRIPTION_LENGTH)
		return parser_wrong_value(parser, "under 4096 bytes");
	adapter_of(parser)->description = arena_strdup(parser->arena, parser->value);
	return NULL;
}

static struct error *parse_version(struct parser *parser, uint64_t *ret)
{
	if (!value_version(parser->value, ret))
		return parser_wrong_value(parser, "a version of four parts");
	return NULL;
}

static struct error *parse_kmd(struct parser *parser)
{
	return parse_version(parser, &adapter_of(parser)->kmd);
}

static struct error *parse_umd(struct parser *parser)
{
	return parse_version(parser, &adapter_of(parser)->umd);
}

static struct error *parse_wddm(struct parser *parser)
{
	uint64_t number;
	if (!value_number(parser->value, 10, 9999, &number) || number < 1000)
		return parser_wrong_value(parser, "a WDDM version such as 3100");
	adapter_of(parser)->wddm = (uint32_t)number;
	return NULL;
}

static struct error *parse_store(struct parser *parser)
{
	if (strlen(parser->value) > 259)
		return parser_wrong_value(parser,
					  "a Windows path of at most 259 characters");
	adapter_of(parser)->driver_store = arena_strdup(parser->arena, parser->value);
	return NULL;
}

/* Keys that are a number of MiB, by their place in the structure. */
static struct error *parse_mib(struct parser *parser)
{
	static const struct {
		const char *key;
		size_t offset;
	} numbers[] = {
#define MIB(member) { #member "_mib", offsetof(struct sim_adapter, member) }
		MIB(dedicated),       MIB(shared),        MIB(local_budget),
		MIB(nonlocal_budget), MIB(address_limit), MIB(resident_limit),
		MIB(pin_limit),
#undef MIB
	};
	uint64_t number;
	if (!value_number(parser->value, 10, UINT64_MAX >> 20, &number))
		return parser_wrong_value(parser, "a number of MiB");
	number <<= 20;
	for_each_row(row, numbers)
		if (!strcmp(row->key, parser->words[0]))
			memcpy((char *)adapter_of(parser) + row->offset, &number,
			       sizeof(number));
	return NULL;
}

static struct error *parse_count(struct parser *parser, uint32_t max, uint32_t *ret)
{
	uint64_t number;
	if (!value_number(parser->value, 10, max, &number))
		return parser_wrong_value(parser, "a number");
	*ret = (uint32_t)number;
	return NULL;
}

static struct error *parse_nodes(struct parser *parser)
{
	return parse_count(parser, 64, &adapter_of(parser)->node_count);
}

static struct error *parse_tdrs(struct parser *parser)
{
	return parse_count(parser, UINT32_MAX, &adapter_of(parser)->tdr_count);
}

static struct error *parse_clock(struct parser *parser)
{
	if (!value_number(parser->value, 10, UINT64_MAX, &adapter_of(parser)->clock_hz))
		return parser_wrong_value(parser, "a number of Hz");
	return NULL;
}

static struct error *parse_state(struct parser *parser)
{
	return parser_device_state(parser, parser->value, &adapter_of(parser)->state);
}

static struct error *parse_page_fault(struct parser *parser)
{
	if (!value_number(parser->value, 16, UINT64_MAX, &adapter_of(parser)->page_fault))
		return parser_wrong_value(parser, "an address, hexadecimal");
	return NULL;
}

static struct error *parse_query(struct parser *parser)
{
	uint64_t type;
	if (!value_number(parser->words[1], 10, UINT32_MAX, &type))
		return error_create("query: '%s' is not a number", parser->words[1]);
	struct answer answer = { .type = (uint32_t)type };
	if (!value_bytes(parser->arena, parser->value, &answer.bytes, &answer.size) &&
	    !parser_verdict(parser->value, &answer.verdict))
		return parser_wrong_value(
			parser, "'hex' and bytes, nor the name of an errno or status");
	struct sim_adapter *adapter = adapter_of(parser);
	*arena_push(parser->arena, adapter->answers, adapter->answer_count) = answer;
	return NULL;
}

static struct error *parse_feature(struct parser *parser)
{
	uint64_t id;
	if (!value_number(parser->words[1], 10, UINT32_MAX, &id))
		return error_create("feature: '%s' is not a number", parser->words[1]);
	bool on;
	struct error *err = parser_either(parser, "on", "off", &on);
	if (err)
		return err;
	struct sim_adapter *adapter = adapter_of(parser);
	*arena_push(parser->arena, adapter->features, adapter->feature_count) =
		(struct feature){ .id = (uint32_t)id,
				  .version = 1,
				  .value = on ? 0xf : 0x2 };
	return NULL;
}

static const struct key keys[] = {
	KEY("luid", parse_luid),
	KEY("pci", parse_pci),
	KEY("subsystem", parse_subsystem),
	KEY("revision", parse_revision),
	KEY("type", parse_type),
	KEY("description", parse_description),
	KEY("kmd", parse_kmd),
	KEY("umd", parse_umd),
	KEY("wddm", parse_wddm),
	KEY("driver_store", parse_store),
	KEY("dedicated_mib", parse_mib),
	KEY("shared_mib", parse_mib),
	KEY("local_budget_mib", parse_mib),
	KEY("nonlocal_budget_mib", parse_mib),
	KEY("address_limit_mib", parse_mib),
	KEY("resident_limit_mib", parse_mib),
	KEY("pin_limit_mib", parse_mib),
	KEY("nodes", parse_nodes),
	KEY("tdrs", parse_tdrs),
	KEY("clock_hz", parse_clock),
	KEY("state", parse_state),
	KEY("page_fault", parse_page_fault),
	{ "query", true, "TYPE", 1, 1, parse_query },
	{ "feature", true, "ID", 1, 1, parse_feature },
};

const struct section section_adapter = { "[adapter]", keys, ARRAY_SIZE(keys),
					 begin_adapter };
