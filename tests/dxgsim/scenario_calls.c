/* What befalls single calls: [refuse] and [event]. */
#include <string.h>

#include "tests/dxgsim/parser.h"
#include "tests/dxgsim/value.h"
#include "util/array.h"

bool parser_verdict(const char *text, struct verdict *ret)
{
	*ret = (struct verdict){ 0 };
	ret->by_host = value_status(text, &ret->status);
	return ret->by_host || value_errno(text, &ret->number);
}

struct error *parser_device_state(const struct parser *parser, const char *text,
				  uint32_t *ret)
{
	/* d3dkmt_deviceexecution_state (d3dkmthk.h) */
	static const char *const states[] = {
		[1] = "active",         [2] = "reset",         [3] = "hung",
		[4] = "stopped",        [5] = "out_of_memory", [6] = "dma_fault",
		[7] = "dma_page_fault",
	};
	int state = value_word(text, states, ARRAY_SIZE(states));
	if (state < 0)
		return error_create("%s: there is no state '%s'", parser->words[0], text);
	*ret = (uint32_t)state;
	return NULL;
}

/* One of "type TYPE", "adapter INDEX", "call N", "from N". @return whether it is. */
static bool narrow(struct selector *selector, const char *word, uint32_t number)
{
	if (!strcmp(word, "type") && selector->nr == _IOC_NR(LX_DXQUERYADAPTERINFO)) {
		selector->of_type = true;
		selector->type = number;
	} else if (!strcmp(word, "adapter")) {
		selector->of_adapter = true;
		selector->adapter = number;
	} else if (!strcmp(word, "call") && number) {
		selector->first = selector->last = number;
	} else if (!strcmp(word, "from") && number) {
		selector->first = number;
	} else {
		return false;
	}
	return true;
}

static struct error *parse_selector(const struct parser *parser, struct selector *ret)
{
	*ret = (struct selector){ .first = 1, .last = UINT32_MAX };
	if (strcmp(parser->words[0], "any") && !value_call(parser->words[0], &ret->nr))
		return error_create("there is no call '%s'", parser->words[0]);
	for (size_t i = 1; i < parser->word_count; i += 2) {
		uint64_t number;
		if (i + 1 == parser->word_count ||
		    !value_number(parser->words[i + 1], 10, UINT32_MAX, &number))
			return error_create("'%s' wants a number", parser->words[i]);
		if (!narrow(ret, parser->words[i], (uint32_t)number))
			return error_create("%s: '%s %s' says nothing here",
					    parser->words[0], parser->words[i],
					    parser->words[i + 1]);
	}
	return NULL;
}

static struct error *parse_refusal(struct parser *parser)
{
	struct refusal refusal;
	struct error *err = parse_selector(parser, &refusal.selector);
	if (err)
		return err;
	if (!parser_verdict(parser->value, &refusal.verdict))
		return parser_wrong_value(parser, "the name of an errno or status");
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->refusals, s->refusal_count) = refusal;
	return NULL;
}

static struct error *parse_happening(const struct parser *parser, struct event *event)
{
	static const char *const words[] = {
		[EVENT_SILENT] = "silent",
		[EVENT_DIES] = "dies",
		[EVENT_REMOVED] = "removed",
	};
	int kind = value_word(parser->value, words, ARRAY_SIZE(words));
	if (kind >= 0) {
		event->kind = (enum event_kind)kind;
		return NULL;
	}
	uint64_t number;
	if (!strncmp(parser->value, "delay ", 6) &&
	    value_number(parser->value + 6, 10, 600000, &number)) {
		event->kind = EVENT_DELAY;
		event->value = (uint32_t)number;
		return NULL;
	}
	if (!strncmp(parser->value, "state ", 6)) {
		event->kind = EVENT_STATE;
		return parser_device_state(parser, parser->value + 6, &event->value);
	}
	return parser_wrong_value(parser,
				  "silent, dies, removed, 'delay MS' or 'state STATE'");
}

static struct error *parse_event(struct parser *parser)
{
	struct event event = { 0 };
	struct error *err = parse_selector(parser, &event.selector);
	if (!err)
		err = parse_happening(parser, &event);
	if (err)
		return err;
	struct scenario *s = parser->scenario;
	*arena_push(parser->arena, s->events, s->event_count) = event;
	return NULL;
}

#define SELECTOR "[type TYPE] [adapter INDEX] [call N | from N]"

static const struct key refuse_keys[] = {
	{ NULL, true, SELECTOR, 0, 6, parse_refusal },
};
static const struct key event_keys[] = {
	{ NULL, true, SELECTOR, 0, 6, parse_event },
};

const struct section section_refuse = { "[refuse]", refuse_keys, ARRAY_SIZE(refuse_keys),
					NULL };
const struct section section_event = { "[event]", event_keys, ARRAY_SIZE(event_keys),
				       NULL };
