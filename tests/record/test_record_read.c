#include "tests/record/documents.h"

#include "record/hash.h"
#include "util/strbuf.h"
#include "util/utf8.h"

/* One clear sentence: it begins with the pointer, it is text a terminal can show. */
static void check_sentence(const struct error *err, const char *document)
{
	size_t left = strlen(err->message);
	if (left > 700)
		fail_msg("%.200s: a sentence of %zu bytes", document, left);
	for (const char *at = err->message; left;) {
		uint32_t c;
		size_t n = utf8_decode(at, left, &c);
		if (c > 0x10ffff || utf8_is_control(c))
			fail_msg("%.200s: '%s' is no text", document, err->message);
		at += n;
		left -= n;
	}
}

static void check_refused(const char *bytes, size_t size, const char *expected)
{
	struct record record;
	cleanup_error struct error *err = record_read(bytes, size, TODAY, &record);
	if (!err) {
		record_deinit(&record);
		fail_msg("%.300s: accepted", bytes);
		return;
	}
	check_sentence(err, bytes);
	if (strncmp(err->message, expected, strlen(expected)))
		fail_msg("%.300s: '%s', expected '%s…'", bytes, err->message, expected);
}

struct refusal {
	const char *document; /* with ' for " */
	const char *expected; /* start of the sentence: pointer, ": " and more */
};

static void check_refusals(const struct refusal *refusals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *json = json_text(refusals[i].document);
		check_refused(json, strlen(json), refusals[i].expected);
	}
}

static void check_accepted(const char *document)
{
	struct record record;
	struct error *err = read_text(document, &record);
	if (err)
		fail_msg("%.300s: %s", document, err->message);
	record_deinit(&record);
}

static void test_what_is_no_json(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ "", "(document): " },
		{ " \n\t ", "(document): " },
		{ "\xef\xbb\xbf{" SMALLEST "}", "(document): " }, /* a byte order mark */
		{ "[]", "(document): is an array, expected an object" },
		{ "[{" SMALLEST "}]", "(document): is an array" },
		{ "7", "(document): " },
		{ "null", "(document): " },
		{ "'text'", "(document): " },
		{ "{", "(document): " },
		{ "{" SMALLEST, "" },
		{ "{" SMALLEST "} x", "(document): " },
		{ "{" SMALLEST "}{}", "(document): " },
		{ DOCUMENT("'x':1") ",", "(document): " },
		{ "{" SMALLEST ",}", "(document): " },
		{ DOCUMENT("'x':[1,]"), "/x/1: " },
		{ DOCUMENT("'x':[1 2]"), "/x/0: " },
		{ DOCUMENT("'x':{'y' 1}"), "/x/y: " },
		{ DOCUMENT("'x':{y:1}"), "/x: " },
		{ DOCUMENT("'x':01"), "/x: " },
		{ DOCUMENT("'x':-"), "/x: " },
		{ DOCUMENT("'x':+1"), "/x: " },
		{ DOCUMENT("'x':.5"), "/x: " },
		{ DOCUMENT("'x':0x10"), "/x: " },
		{ DOCUMENT("'x':NaN"), "/x: " },
		{ DOCUMENT("'x':Infinity"), "/x: " },
		{ DOCUMENT("'x':True"), "/x: " },
		{ DOCUMENT("'x':'\n'"), "/x: " },
		{ DOCUMENT("'x':'\\x'"), "/x: " },
		{ DOCUMENT("'x':'\\u12'"), "/x: " },
		{ DOCUMENT("'x':'open"), "/x: " },
		{ DOCUMENT("/* a comment */ 'x':1"), "(document): " },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
}

static void test_text_that_is_no_text(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'x':{'y':'a\xff'}"), "/x/y: " },
		{ DOCUMENT("'x':['a','\xc0\xaf']"), "/x/1: " },
		{ DOCUMENT("'x':'\xed\xa0\x80'"), "/x: " },
		{ DOCUMENT("'x':'\xf4\x90\x80\x80'"), "/x: " },
		{ DOCUMENT("'x':'\xe5\x86'"), "/x: " },
		{ DOCUMENT("'\xff':1"), "/" },
		{ DOCUMENT("'x':'\\ud800'"), "/x: " }, /* a surrogate alone */
		{ DOCUMENT("'x':'\\udc00'"), "/x: " },
		{ DOCUMENT("'x':'\\ud800\\u0041'"), "/x: " },
		{ DOCUMENT("'x':'\\udc00\\ud800'"), "/x: " },
		{ DOCUMENT("'x':'a\\u0000b'"), "/x: a NUL character" },
		{ DOCUMENT("'x\\u0000':1"), "/x\\u0000: a NUL character" },
		{ DOCUMENT("'x':{'y':[{'z':'\\u0000'}]}"), "/x/y/0/z: " },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	static const char *const raw[] = {
		"{\"x\0\":1}", "{\"x\":\"\0\"}", "{\"x\":1}\0", "\0", "{\0\"x\":1}",
	};
	static const size_t sizes[] = { 8, 9, 8, 1, 8 };
	for (size_t i = 0; i < ARRAY_SIZE(raw); i++)
		check_refused(raw[i], sizes[i], "");
	check_accepted(DOCUMENT("'x':'\\ud83d\\ude00 \\u0001 \\uffff \x7f'"));
}

static void test_members_that_stand_twice(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'time':'2026-11','time':'2026-11'"), "/time: " },
		{ DOCUMENT("'x':{'y':1,'z':2,'y':1}"), "/x/y: " },
		{ DOCUMENT("'x':[0,[{'a':1},{'b':1,'b':2}]]"), "/x/1/1/b: " },
		{ DOCUMENT("'x':{'a':1,'\\u0061':1}"), "/x/a: " },
		{ DOCUMENT("'x':{'a/b~':1,'a/b~':1}"), "/x/a~1b~0: " },
		{ DOCUMENT("'x':{'':1,'':1}"), "/x/: " },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	check_accepted(DOCUMENT("'x':[{'y':1},{'y':1}]"));
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'x':1.5"), "/x: a floating-point number" },
		{ DOCUMENT("'x':1.0"), "/x: a floating-point number" },
		{ DOCUMENT("'x':1e2"), "/x: a floating-point number" },
		{ DOCUMENT("'x':-0.0"), "/x: a floating-point number" },
		{ DOCUMENT("'x':{'y':[1,2,0.5]}"), "/x/y/2: a floating-point number" },
		{ DOCUMENT("'x':1E999"), "/x: " },
		{ DOCUMENT("'x':-1E999"), "/x: " },
		{ DOCUMENT("'x':9007199254740992"), "/x: an integer beyond 2^53 - 1" },
		{ DOCUMENT("'x':[-9007199254740992]"), "/x/0: an integer beyond" },
		{ DOCUMENT("'x':9223372036854775808"), "/x: " },
		{ DOCUMENT("'x':123456789012345678901234567890"), "/x: " },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	check_accepted(DOCUMENT("'x':[9007199254740991,-9007199254740991,0,-0]"));
}

/* @return a document with n containers in each other in all, the innermost holding 1. */
static char *nested(int n, bool objects)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	cleanup_free char *head = json_text("{" SMALLEST ",'combination':{},'x':");
	strbuf_add_string(&buf, head);
	for (int i = 1; i < n; i++)
		strbuf_add_string(&buf, objects ? "{\"x\":" : "[");
	strbuf_add_char(&buf, '1');
	for (int i = 1; i < n; i++)
		strbuf_add_char(&buf, objects ? '}' : ']');
	strbuf_add_char(&buf, '}');
	return strbuf_take(&buf);
}

static void test_depth(void **state)
{
	(void)state;
	for (int objects = 0; objects < 2; objects++) {
		struct record record;
		cleanup_free char *deep = nested(32, objects);
		assert_ok(record_read(deep, strlen(deep), TODAY, &record));
		record_deinit(&record);
		static const int depths[] = { 33, 34, 1000, 3000, 100000 };
		for_each_row(depth, depths) {
			cleanup_free char *deeper = nested(*depth, objects);
			check_refused(deeper, strlen(deeper),
				      objects ? "/x/x/x/" : "/x/0/0/");
		}
	}
}

/* @return before, n times c, after. */
static char *padded(const char *before, char c, size_t n, const char *after, size_t *size)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	cleanup_free char *head = json_text(before), *tail = json_text(after);
	strbuf_add_string(&buf, head);
	strbuf_add_repeated(&buf, c, n);
	strbuf_add_string(&buf, tail);
	*size = buf.length;
	return strbuf_take(&buf);
}

static void test_lengths(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *refused;
	} rows[] = {
		{ "{" SMALLEST ",'combination':{},'x':'", "'}",
		  "/x: a string of 65537 bytes, more than 65536" },
		{ "{" SMALLEST ",'combination':{},'x':{'y':['", "']}}",
		  "/x/y/0: a string" },
		{ "{" SMALLEST ",'combination':{},'", "':1}",
		  "(document): a name of 65537" },
		{ "{" SMALLEST ",'combination':{},'x':{'", "':1}}",
		  "/x: a name of 65537" },
	};
	for_each_row(row, rows) {
		size_t size;
		cleanup_free char *fits =
			padded(row->before, 'a', RECORD_STRING_MAX, row->after, &size);
		struct record record;
		assert_ok(record_read(fits, size, TODAY, &record));
		record_deinit(&record);
		cleanup_free char *longer = padded(
			row->before, 'a', RECORD_STRING_MAX + 1, row->after, &size);
		check_refused(longer, size, row->refused);
	}
	/* bytes count, not characters */
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	cleanup_free char *head = json_text("{" SMALLEST ",'combination':{},'x':'");
	strbuf_add_string(&buf, head);
	for (int i = 0; i < RECORD_STRING_MAX / 3 + 1; i++)
		strbuf_add_string(&buf, "核");
	strbuf_add_string(&buf, "\"}");
	check_refused(buf.string, buf.length, "/x: a string of 65538 bytes");
}

static void test_size(void **state)
{
	(void)state;
	size_t size, whole = strlen(DOCUMENT("'x':1"));
	cleanup_free char *fits =
		padded(DOCUMENT("'x':1"), ' ', RECORD_SIZE_MAX - whole, "", &size);
	assert_int_equal(size, RECORD_SIZE_MAX);
	struct record record;
	assert_ok(record_read(fits, size, TODAY, &record));
	record_deinit(&record);
	static const size_t sizes[] = { RECORD_SIZE_MAX + 1, 10 * 1000 * 1000 };
	for_each_row(too_large, sizes) {
		cleanup_free char *larger =
			padded(DOCUMENT("'x':1"), ' ', *too_large - whole, "", &size);
		cleanup_free char *says =
			xasprintf("(document): %zu bytes, more than 1048576", *too_large);
		check_refused(larger, size, says);
	}
}

static void test_dates(void **state)
{
	(void)state;
#define MEASURED(time)                                                                   \
	"{'schema':'dxgmatrix-record/1','source':{'kind':'measured','tool':'t 1'}," time \
	"'combination':{}}"
	static const struct refusal rows[] = {
		{ MEASURED(""), "/time: is missing" },
		{ MEASURED("'time':null,"), "/time: is missing" },
		{ MEASURED("'time':'2026-11',"), "/time: '2026-11' is not a date" },
		{ MEASURED("'time':'2026-02-30',"), "/time: '2026-02-30' is not a date" },
		{ MEASURED("'time':'2026-11-22',"),
		  "/time: '2026-11-22' lies in the future" },
		{ MEASURED("'time':'2027-01-01',"),
		  "/time: '2027-01-01' lies in the future" },
		{ MEASURED("'time':'20-11-2026',"), "/time: '20-11-2026' is not a date" },
		{ MEASURED("'time':20261120,"),
		  "/time: is an integer, expected a string" },
		{ DOCUMENT("'time':'2026-02-30'"), "/time: '2026-02-30' is not a date" },
		{ DOCUMENT("'time':'2026-12'"), "/time: '2026-12' lies in the future" },
		{ DOCUMENT("'time':'9999-12-31'"), "/time: '9999-12-31' lies in" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	static const char *const accepted[] = {
		MEASURED("'time':'2026-11-20',"),
		MEASURED("'time':'2026-11-21',"), /* clocks and time zones differ */
		MEASURED("'time':'2024-02-29',"),
		DOCUMENT("'time':'2026-11'"),
		DOCUMENT("'time':'2026-11-20'"),
		DOCUMENT("'time':null"),
	};
	for_each_row(row, accepted)
		check_accepted(*row);
}

#define HASH(digit)                                                                      \
	"sha256:000000000000000000000000000000000000000000000000000000000000000" digit

static void test_members_of_the_document(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ "{}", "/schema: is missing" },
		{ "{'schema':null}", "/schema: is missing" },
		{ "{'schema':'dxgmatrix-record/2'}",
		  "/schema: is 'dxgmatrix-record/2', expected 'dxgmatrix-record/1'" },
		{ "{'schema':'dxgmatrix-record/1'}", "/source: is missing" },
		{ "{'schema':'dxgmatrix-record/1','source':[]}", "/source: is an array" },
		{ "{'schema':'dxgmatrix-record/1','source':{}}",
		  "/source/kind: is missing" },
		{ "{'schema':'dxgmatrix-record/1','source':{'kind':'harvested'}}",
		  "/source/tool: is missing" },
		{ "{'schema':'dxgmatrix-record/"
		  "1','source':{'kind':'guessed','tool':'t'}}",
		  "/source/kind: there is no word 'guessed' here" },
		{ "{'schema':'dxgmatrix-record/"
		  "1','source':{'kind':'harvested','tool':''}}",
		  "/source/tool: '' is not text" },
		{ "{'schema':'dxgmatrix-record/1','source':{'kind':'harvested','tool':'t',"
		  "'skimmed':{'from':3}}}",
		  "/source/skimmed/to: is missing" },
		{ "{'schema':'dxgmatrix-record/1','source':{'kind':'harvested','tool':'t',"
		  "'skimmed':{'from':3,'to':2}}}",
		  "/source/skimmed/to: is 2" },
		{ "{" SMALLEST "}", "/combination: is missing" },
		{ "{" SMALLEST ",'combination':null}", "/combination: is missing" },
		{ DOCUMENT("'run':{'n':0}"), "/run/n: is 0, less than 1" },
		{ DOCUMENT("'run':{'boot':-1}"), "/run/boot: is -1, less than 1" },
		{ DOCUMENT("'run':{'n':'1'}"),
		  "/run/n: is a string, expected an integer" },
		{ DOCUMENT("'run':{'n':true}"), "/run/n: is true or false, expected an" },
		{ DOCUMENT("'environment':{'kind':'wsl3'}"),
		  "/environment/kind: there is no word 'wsl3' here" },
		{ DOCUMENT("'environment':{'power':'solar'}"),
		  "/environment/power: there" },
		{ DOCUMENT("'environment':{'seen':['a','']}"),
		  "/environment/seen/1: ''" },
		{ DOCUMENT("'environment':{'seen':['a',null]}"),
		  "/environment/seen/1: is null" },
		{ DOCUMENT("'environment':{'seen':'a'}"),
		  "/environment/seen: is a string" },
		{ DOCUMENT("'evidence':{'combination':{'line':1}}"),
		  "/evidence/combination: the name 'combination' is not a JSON pointer" },
		{ DOCUMENT("'evidence':{'/combination/wsl':{'line':0}}"),
		  "/evidence/~1combination~1wsl/line: is 0, less than 1" },
		{ DOCUMENT("'evidence':{'/a':'b'}"), "/evidence/~1a: is a string" },
		{ DOCUMENT("'id':'" HASH("0") "'"), "/id: is not the document's own, " },
		{ DOCUMENT("'id':'x'"), "/id: 'x' is not sha256:" },
		{ DOCUMENT("'sig':'00'"), "/sig: '00' is not 128" },
		{ DOCUMENT("'key':'mine'"), "/key: 'mine' is not ed25519:" },
		{ DOCUMENT("'key':7"), "/key: is an integer, expected a string" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
}

static void test_members_of_the_combination(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ COMBINATION("'adapter':[]"), "/combination/adapter: is an array" },
		{ COMBINATION("'adapter':{'pci':'8086:7D51'}"),
		  "/combination/adapter/pci: '8086:7D51' is not vvvv:dddd" },
		{ COMBINATION("'adapter':{'vendor':'intel'}"),
		  "/combination/adapter/vendor: 'intel' is not four" },
		{ COMBINATION("'adapter':{'pci':'8086:7d51','vendor':'10de'}"),
		  "/combination/adapter/vendor: '10de' is not the vendor of 8086:7d51" },
		{ COMBINATION("'adapter':{'revision':'3'}"),
		  "/combination/adapter/revision" },
		{ COMBINATION("'adapter':{'name':''}"), "/combination/adapter/name: ''" },
		{ COMBINATION("'adapter':{'class':'tpu'}"),
		  "/combination/adapter/class" },
		{ COMBINATION("'adapter':{'index':-1}"),
		  "/combination/adapter/index: is -1" },
		{ COMBINATION("'adapter':{'index':2147483648}"),
		  "/combination/adapter/index: is 2147483648, more than 2147483647" },
		{ COMBINATION("'driver':{'version':'560.94'}"),
		  "/combination/driver/version: '560.94' is not four numbers" },
		{ COMBINATION("'driver':{'version':'32.0.101.06554'}"),
		  "/combination/driver/version: " },
		{ COMBINATION("'driver':{'date':'2025-02-29'}"),
		  "/combination/driver/date: " },
		{ COMBINATION("'driver':{'date':'2025-02'}"),
		  "/combination/driver/date: " },
		{ COMBINATION("'driver':{'inf':''}"), "/combination/driver/inf: " },
		{ COMBINATION("'driver':{'public':''}"), "/combination/driver/public: " },
		{ COMBINATION("'wsl':'2.6.3'"), "/combination/wsl: '2.6.3' is not four" },
		{ COMBINATION("'wsl_installed':''"), "/combination/wsl_installed: " },
		{ COMBINATION("'kernel':''"), "/combination/kernel: ''" },
		{ COMBINATION("'kernel':6"), "/combination/kernel: is an integer" },
		{ COMBINATION("'windows':'26100.8246'"),
		  "/combination/windows: '26100.8246'" },
		{ COMBINATION("'guest':{'distro':''}"), "/combination/guest/distro: ''" },
		{ COMBINATION("'guest':{'packages':{'a':''}}"),
		  "/combination/guest/packages/a: ''" },
		{ COMBINATION("'guest':{'packages':{'':'1'}}"),
		  "/combination/guest/packages/: the name ''" },
		{ COMBINATION("'guest':{'packages':['a']}"),
		  "/combination/guest/packages: is an array" },
		{ COMBINATION("'components':{'wslg':''}"),
		  "/combination/components/wslg: " },
		{ COMBINATION("'components':{'dxcore':1}"),
		  "/combination/components/dxcore" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
}

#define NAME129                                                                          \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aa"                                                                             \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void test_kernel_logs(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'kernel_log':{}"), "/kernel_log/failed: is missing" },
		{ DOCUMENT("'kernel_log':{'lost':1}"), "/kernel_log/failed: is missing" },
		{ DOCUMENT("'kernel_log':{'failed':null}"),
		  "/kernel_log/failed: is missing" },
		{ DOCUMENT("'kernel_log':{'unread':''}"), "/kernel_log/unread: ''" },
		{ DOCUMENT("'kernel_log':{'failed':[]}"),
		  "/kernel_log/failed: is an array" },
		{ DOCUMENT("'kernel_log':{'failed':{'a b':{}}}"),
		  "/kernel_log/failed/a b: the name 'a b' is not letters" },
		{ DOCUMENT("'kernel_log':{'failed':{'" NAME129 "':{}}}"),
		  "/kernel_log/failed/" NAME129 ": the name" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':{'x':1}}}"),
		  "/kernel_log/failed/a/x: the name 'x' is not an errno" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':{'-022':1}}}"),
		  "/kernel_log/failed/a/-022: the name" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':{'-99999999999':1}}}"),
		  "/kernel_log/failed/a/-99999999999: the name" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':{'-22':0}}}"),
		  "/kernel_log/failed/a/-22: a count is at least 1" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':{'-22':'3'}}}"),
		  "/kernel_log/failed/a/-22: is a string" },
		{ DOCUMENT("'kernel_log':{'failed':{'a':3}}"),
		  "/kernel_log/failed/a: is an integer, expected an object" },
		{ DOCUMENT("'kernel_log':{'failed':{},'boot':{'a':{'-22':-1}}}"),
		  "/kernel_log/boot/a/-22: " },
		{ DOCUMENT("'kernel_log':{'failed':{},'other':['']}"),
		  "/kernel_log/other/0" },
		{ DOCUMENT("'kernel_log':{'failed':{},'lost':-1}"),
		  "/kernel_log/lost: is -1" },
		{ DOCUMENT("'kernel_log':{'failed':{},'left_out':0}"),
		  "/kernel_log/left_out: is 0" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
}

static void test_results(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'results':{}"), "/results: is an object, expected an array" },
		{ DOCUMENT("'results':[null]"), "/results/0: is null" },
		{ DOCUMENT("'results':[{}]"), "/results/0/interface: is missing" },
		{ DOCUMENT("'results':[{'interface':'open cl'}]"),
		  "/results/0/interface: " },
		{ DOCUMENT("'results':[{'interface':'a'},{'interface':'b','role':'judge'}"
			   "]"),
		  "/results/1/role: there is no word 'judge' here" },
		{ DOCUMENT("'results':[{'interface':'a','reported':true}]"),
		  "/results/0/outcome: is missing" },
		{ DOCUMENT("'results':[{'interface':'a','reported':'yes'}]"),
		  "/results/0/reported: is a string, expected true or false" },
		{ DOCUMENT("'results':[{'interface':'a','outcome':'fine'}]"),
		  "/results/0/outcome: there is no outcome 'fine'" },
		{ DOCUMENT("'results':[{'interface':'a','device':{'x':[]}}]"),
		  "/results/0/device/x: is neither" },
		{ DOCUMENT("'results':[{'interface':'a','rungs':[{'outcome':'pass'}]}]"),
		  "/results/0/rungs/0/rung: is missing" },
		{ DOCUMENT("'results':[{'interface':'a','rungs':[{'rung':'load'}]}]"),
		  "/results/0/rungs/0/outcome: is missing" },
		{ DOCUMENT("'results':[{'interface':'a','rungs':[{'rung':'leap'}]}]"),
		  "/results/0/rungs/0/rung: there is no rung 'leap'" },
		{ DOCUMENT("'results':[{'interface':'a','rungs':[{'rung':'load',"
			   "'outcome':'noisy'}]}]"),
		  "/results/0/rungs/0/outcome: there is no outcome 'noisy'" },
		{ DOCUMENT("'results':[{'interface':'a','rungs':[{'rung':'load',"
			   "'outcome':'pass'},{'rung':'load','outcome':'pass'}]}]"),
		  "/results/0/rungs/1: a second rung 'load'" },
		{ RUNG("'reason':'whim'"),
		  "/results/0/rungs/0/reason: there is no reason 'whim'" },
		{ RUNG("'reason':''"), "/results/0/rungs/0/reason: ''" },
		{ RUNG("'by':'leap'"), "/results/0/rungs/0/by: there is no rung 'leap'" },
		{ RUNG("'ms':-1"), "/results/0/rungs/0/ms: is -1, less than 0" },
		{ RUNG("'tries':['pass','pass','pass','pass']"),
		  "/results/0/rungs/0/tries/3: more than 3 tries" },
		{ RUNG("'tries':['perhaps']"),
		  "/results/0/rungs/0/tries/0: there is no" },
		{ RUNG("'risk':'none'"),
		  "/results/0/rungs/0/risk: there is no word 'none'" },
		{ RUNG("'findings':{'a b':1}"),
		  "/results/0/rungs/0/findings/a b: the name" },
		{ RUNG("'findings':{'a':''}"), "/results/0/rungs/0/findings/a: ''" },
		{ RUNG("'findings':{'a':{}}"),
		  "/results/0/rungs/0/findings/a: is neither" },
		{ RUNG("'trace':{}"), "/results/0/rungs/0/trace/how: is missing" },
		{ RUNG("'trace':{'how':'x','calls':{'a':{}}}"),
		  "/results/0/rungs/0/trace/calls/a/calls: is missing" },
		{ RUNG("'trace':{'how':'x','calls':{'a':{'calls':0}}}"),
		  "/results/0/rungs/0/trace/calls/a/calls: is 0" },
		{ RUNG("'trace':{'how':'x','calls':{'a':{'calls':1,'max_us':-1}}}"),
		  "/results/0/rungs/0/trace/calls/a/max_us: is -1" },
		{ RUNG("'trace':{'how':'x','calls':{'a':{'calls':1,'failed':{'b':1}}}}"),
		  "/results/0/rungs/0/trace/calls/a/failed/b: the name" },
		{ RUNG("'trace':{'how':'x','calls':{'a':{'calls':1,'expected':{'-2':0}}}"
		       "}"),
		  "/results/0/rungs/0/trace/calls/a/expected/-2: a count" },
		{ RUNG("'kernel_log':{'a':{'-22':0}}"),
		  "/results/0/rungs/0/kernel_log/a/-22: a count" },
		{ DOCUMENT("'diagnosis':[{}]"), "/diagnosis/0/rule: is missing" },
		{ DOCUMENT("'diagnosis':[{'rule':'r','says':'s'}]"),
		  "/diagnosis/0/certainty: is missing" },
		{ DOCUMENT("'diagnosis':[{'rule':'r','certainty':'likely'}]"),
		  "/diagnosis/0/says: is missing" },
		{ DOCUMENT("'diagnosis':[{'rule':'r','certainty':'sure','says':'s'}]"),
		  "/diagnosis/0/certainty: there is no word 'sure'" },
		{ DOCUMENT("'diagnosis':[{'layer':5}]"),
		  "/diagnosis/0/layer: is 5, more than 4" },
		{ DOCUMENT("'diagnosis':[{'rule':'r','certainty':'likely','says':'s',"
			   "'do':['']}]"),
		  "/diagnosis/0/do/0: ''" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
}

#define CONTRADICTION(pointer)                                                           \
	"'contradictions':[{'pointer':'" pointer "','values':['a','b']}]"

static void test_what_is_contradicted_must_be_absent(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'contradictions':[{}]"),
		  "/contradictions/0/pointer: is missing" },
		{ DOCUMENT("'contradictions':[{'pointer':'/a'}]"),
		  "/contradictions/0/values: is missing" },
		{ DOCUMENT("'contradictions':[{'pointer':'/a','values':['a']}]"),
		  "/contradictions/0: a contradiction has at least two values" },
		{ DOCUMENT("'contradictions':[{'pointer':'a','values':['a','b']}]"),
		  "/contradictions/0/pointer: 'a' is not a JSON pointer" },
		{ "{" SMALLEST ",'combination':{'wsl':'2.6.3.0'}," CONTRADICTION(
			  "/combination/wsl") "}",
		  "/contradictions/0: /combination/wsl is contradicted" },
		{ DOCUMENT("'time':'2026-11'," CONTRADICTION("/time")),
		  "/contradictions/0: /time is contradicted" },
		{ DOCUMENT("'a/b':{'m~n':1}," CONTRADICTION("/a~1b/m~0n")),
		  "/contradictions/0: /a~1b/m~0n is contradicted" },
		{ DOCUMENT("'x':[0,{'y':1}]," CONTRADICTION("/x/1/y")),
		  "/contradictions/0: /x/1/y is contradicted" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	static const char *const accepted[] = {
		DOCUMENT(CONTRADICTION("/combination/wsl")),
		"{" SMALLEST
		",'combination':{'wsl':null}," CONTRADICTION("/combination/wsl") "}",
		DOCUMENT("'x':[0]," CONTRADICTION("/x/1")),
		DOCUMENT("'contradictions':null"),
	};
	for_each_row(row, accepted)
		check_accepted(*row);
}

static void test_quotes_are_cut_between_characters(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		cleanup_strbuf struct strbuf buf;
		strbuf_init(&buf);
		strbuf_add_string(&buf, "{'schema':'");
		strbuf_add_repeated(&buf, 'a', shift);
		for (int i = 0; i < 100; i++)
			strbuf_add_string(&buf, "\xf0\x9f\x98\x80");
		strbuf_add_string(&buf, "'}");
		cleanup_free char *json = json_text(buf.string);
		struct record record;
		cleanup_error struct error *err =
			record_read(json, strlen(json), TODAY, &record);
		assert_non_null(err);
		check_sentence(err, json);
		assert_null(strchr(err->message, '?'));
	}
}

static void test_hostile_names_make_readable_sentences(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ DOCUMENT("'\\u001b[2J':{'\\u202e':1.5}"), "/?[2J/?: a floating-point" },
		{ DOCUMENT("'x':{'a\\nb':0.5}"), "/x/a?b: a floating-point" },
		{ COMBINATION("'wsl':'\\u001b]0;owned\\u0007'"),
		  "/combination/wsl: '?]0;owned?' is not" },
	};
	check_refusals(rows, ARRAY_SIZE(rows));
	size_t size;
	cleanup_free char *name = padded("{" SMALLEST ",'combination':{},'", 'n', 60000,
					 "':{'y':0.5}}", &size);
	check_refused(name, size, "/nnnnnn");
}

/* Ten thousands of distinct errnos, in the order that is worst for a sorted table. */
static void test_large_failures_are_read_in_no_time(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	cleanup_free char *head = json_text("{" SMALLEST ",'combination':{},"
					    "'kernel_log':{'failed':{'a':{");
	strbuf_add_string(&buf, head);
	enum { ROWS = 60000 };
	for (int i = ROWS; i > 0; i--)
		strbuf_printf(&buf, "\"%d\":1%s", i, i > 1 ? "," : "}}}}");
	struct record record;
	assert_ok(record_read(buf.string, buf.length, TODAY, &record));
	assert_int_equal(record.kernel_log.failed.n, ROWS);
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(record.kernel_log.failed.failure[i].error, i + 1);
	record_deinit(&record);
}

static void test_null_is_absent(void **state)
{
	(void)state;
	static const char *const rows[] = {
		DOCUMENT("'id':null,'time':null,'run':null,'environment':null,"
			 "'kernel_log':null,'results':null,'diagnosis':null,"
			 "'evidence':null,'contradictions':null,'key':null,'sig':null"),
		"{'schema':'dxgmatrix-record/1','source':{'kind':'harvested','tool':'t',"
		"'trigger':null,'url':null,'text':null,'author':null},'combination':"
		"{'adapter':null,'driver':null,'wsl':null,'wsl_installed':null,"
		"'kernel':null,'windows':null,'guest':null,'components':null}}",
		COMBINATION("'adapter':{'vendor':null,'pci':null,'revision':null,"
			    "'index':null,'name':null,'class':null},'driver':"
			    "{'version':null,'date':null,'inf':null,'public':null},"
			    "'guest':{'distro':null,'packages':{'a':null}},'components':"
			    "{'wslg':null,'msrdc':null,'direct3d':null,'dxcore':null}"),
		RUNG("'reason':null,'by':null,'ms':null,'tries':null,'risk':null,"
		     "'findings':null,'trace':null,'kernel_log':null"),
		RUNG("'findings':{'a':null},'kernel_log':{'a':null,'b':{'-22':null}},"
		     "'trace':{'how':'x','calls':{'a':null,'b':{'calls':1,'max_us':null,"
		     "'failed':null,'expected':{'-2':null}}}}"),
		DOCUMENT("'results':[{'interface':'a','role':null,'reported':null,"
			 "'outcome':null,'device':null,'rungs':null}]"),
		DOCUMENT("'evidence':{'/a':null,'/b':{'line':null,'text':null}},"
			 "'run':{'n':null,'boot':null},"
			 "'environment':{'kind':null,'seen':null,'power':null}"),
	};
	for_each_row(row, rows)
		check_accepted(*row);
	struct record record;
	assert_ok(read_text(rows[4], &record));
	const struct rung_result *rung = &record.results[0].rungs[0];
	assert_int_equal(rung->findings.n, 0);
	assert_int_equal(rung->kernel_log.n, 0);
	assert_true(rung->has_kernel_log); /* it was read, and said nothing */
	assert_int_equal(rung->trace.n, 1);
	assert_int_equal(rung->trace.call[0].expected.n, 0);
	assert_int_equal(rung->trace.call[0].max_us, -1);
	record_deinit(&record);
	assert_ok(read_text(rows[6], &record));
	assert_int_equal(record.n_evidence, 1);
	assert_int_equal(record.run_n, -1);
	assert_int_equal(record.environment.kind, ENVIRONMENT_UNKNOWN);
	record_deinit(&record);
}

static void test_the_smallest_record_knows_nothing(void **state)
{
	(void)state;
	struct record record;
	assert_ok(read_text("{" SMALLEST ",'combination':{}}", &record));
	assert_int_equal(record.source.kind, SOURCE_HARVESTED);
	assert_string_equal(record.source.tool, "t 1");
	assert_null(record.time);
	assert_int_equal(record.run_n, -1);
	assert_false(record.combination.adapter.present);
	assert_int_equal(record.combination.adapter.index, -1);
	assert_null(record.combination.driver);
	assert_false(record.kernel_log.present);
	assert_int_equal(record.kernel_log.lost, -1);
	assert_int_equal(record.n_results, 0);
	assert_null(record.key);
	assert_true(hash_is_address(record.id));
	record_deinit(&record);
}

static void test_vendor_follows_from_pci(void **state)
{
	(void)state;
	struct record record;
	assert_ok(read_text(COMBINATION("'adapter':{'pci':'8086:7d51'}"), &record));
	assert_true(record.combination.adapter.present);
	assert_string_equal(record.combination.adapter.vendor, "8086");
	record_deinit(&record);
}

static void test_risk_follows_from_the_rung(void **state)
{
	(void)state;
	struct record record;
	assert_ok(read_text(DOCUMENT("'results':[{'interface':'dxg','rungs':[{'rung':"
				     "'address','outcome':'pass'},{'rung':'fence',"
				     "'outcome':'pass','risk':'high'}]}]"),
			    &record));
	assert_int_equal(record.results[0].rungs[0].risk, RISK_MEDIUM);
	assert_int_equal(record.results[0].rungs[1].risk, RISK_HIGH);
	assert_int_equal(record.results[0].role, ROLE_ADAPTER);
	record_deinit(&record);
}

static char *id_of(const char *document)
{
	struct record record;
	assert_ok(read_text(document, &record));
	char *id = xstrdup(record.id);
	record_deinit(&record);
	return id;
}

static void test_the_id_is_that_of_what_is_said(void **state)
{
	(void)state;
	static const char *const same[] = {
		DOCUMENT("'time':'2026-11','x':{'a':[1,2],'b':'\xc3\xa4/'}"),
		" {\t" SMALLEST
		",\r\n 'combination' : { } ,'x':{ 'b' : '\\u00e4\\/','a':[1 , 2]},"
		"'t\\u0069me':'2026-\\u0031\\u0031'}\n",
		"{'x':{'a':[1,2],'b':'\xc3\xa4/"
		"'},'time':'2026-11','combination':{},'source':"
		"{'tool':'t "
		"1','kind':'harvested'},'schema':'dxgmatrix-record/1','id':null,"
		"'sig':null}",
	};
	cleanup_free char *id = id_of(same[0]);
	for_each_row(row, same) {
		cleanup_free char *other = id_of(*row);
		assert_string_equal(other, id);
	}
	static const char *const different[] = {
		DOCUMENT("'time':'2026-11','x':{'a':[2,1],'b':'\xc3\xa4/"
			 "'}"),
		DOCUMENT("'time':'2026-11','x':{'a':[1,2],'b':'a\xcc\x88/"
			 "'}"), /* not NFC */
		DOCUMENT("'time':'2026-11','x':{'a':[1,2],'b':'\xc3\xa4/"
			 "'},'y':null"),
		DOCUMENT("'time':'2026-10','x':{'a':[1,2],'b':'\xc3\xa4/"
			 "'}"),
	};
	for_each_row(row, different) {
		cleanup_free char *other = id_of(*row);
		assert_string_not_equal(other, id);
	}
}

/* One id, one sequence of bytes: what a store keeps does not depend on who came first. */
static void test_equal_ids_have_equal_bytes(void **state)
{
	(void)state;
	struct record plain, null;
	assert_ok(read_text(DOCUMENT("'x':1"), &plain));
	assert_ok(read_text(DOCUMENT("'x':1,'id':null,'sig':null"), &null));
	assert_string_equal(null.id, plain.id);
	assert_int_equal(null.size, plain.size);
	assert_memory_equal(null.bytes, plain.bytes, plain.size);
	record_deinit(&plain);
	record_deinit(&null);
}

static void test_unknown_members_are_kept(void **state)
{
	(void)state;
	struct record record, again;
	assert_ok(read_text("{" SMALLEST ",'future':{'z':[true,null],'a':'\\u20ac'},"
			    "'combination':{'phase':'moon','adapter':{'mood':7}}}",
			    &record));
	cleanup_free char *part = json_text("'future':{'a':'€','z':[true,null]}");
	assert_non_null(strstr(record.bytes, part));
	cleanup_free char *other =
		json_text("'combination':{'adapter':{'mood':7},'phase':'moon'}");
	assert_non_null(strstr(record.bytes, other));
	/* its bytes are a record with the same id and the same bytes */
	assert_ok(record_read(record.bytes, record.size, TODAY, &again));
	assert_string_equal(again.id, record.id);
	assert_int_equal(again.size, record.size);
	assert_memory_equal(again.bytes, record.bytes, record.size);
	record_deinit(&record);
	record_deinit(&again);
}

static void test_a_failed_read_leaves_nothing_behind(void **state)
{
	(void)state;
	struct record record;
	struct error *err =
		read_text(DOCUMENT("'results':[{'interface':'a'},{}]"), &record);
	assert_error(err, "/results/1/interface");
	assert_null(record.arena.newest);
	assert_null(record.bytes);
	record_deinit(&record); /* allowed all the same */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_json),
		cmocka_unit_test(test_text_that_is_no_text),
		cmocka_unit_test(test_members_that_stand_twice),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_members_of_the_document),
		cmocka_unit_test(test_members_of_the_combination),
		cmocka_unit_test(test_kernel_logs),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_what_is_contradicted_must_be_absent),
		cmocka_unit_test(test_quotes_are_cut_between_characters),
		cmocka_unit_test(test_hostile_names_make_readable_sentences),
		cmocka_unit_test(test_large_failures_are_read_in_no_time),
		cmocka_unit_test(test_null_is_absent),
		cmocka_unit_test(test_the_smallest_record_knows_nothing),
		cmocka_unit_test(test_vendor_follows_from_pci),
		cmocka_unit_test(test_risk_follows_from_the_rung),
		cmocka_unit_test(test_the_id_is_that_of_what_is_said),
		cmocka_unit_test(test_equal_ids_have_equal_bytes),
		cmocka_unit_test(test_unknown_members_are_kept),
		cmocka_unit_test(test_a_failed_read_leaves_nothing_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
