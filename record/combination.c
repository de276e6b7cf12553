#include "record/combination.h"

#include <ctype.h>
#include <string.h>

#include "record/hash.h"
#include "record/version.h"
#include "util/alloc.h"
#include "util/strbuf.h"

const char *const component_titles[COMPONENT_COUNT] = {
#define X(constant, member, pointer, title) title,
	COMPONENTS(X)
#undef X
};

const char *combination_version(const struct combination *combination,
				enum component component)
{
	switch (component) {
#define X(constant, member, pointer, title)                                              \
	case COMPONENT_##constant:                                                       \
		return combination->member;
		COMPONENTS(X)
#undef X
	case COMPONENT_COUNT:
		break;
	}
	return NULL;
}

char *combination_key(const struct combination *combination)
{
	const struct adapter *adapter = &combination->adapter;
	cleanup_free char *named = adapter->present && !adapter->pci
					   ? combination_gpu_address(adapter)
					   : NULL;
	const char *gpu = adapter->present && adapter->pci ? adapter->pci : named;
	const char *kernel = combination->kernel;
	size_t base = kernel ? version_kernel_base(kernel) : 0;
	return xasprintf("%s\n%s\n%s\n%.*s\n%s\n", gpu ? gpu : "-",
			 combination->driver ? combination->driver : "-",
			 combination->wsl ? combination->wsl : "-",
			 kernel ? (int)base : 1, kernel ? kernel : "-",
			 combination->windows ? combination->windows : "-");
}

bool combination_is_full(const struct combination *combination)
{
	return combination->adapter.present && combination->adapter.pci &&
	       combination->driver && combination->wsl && combination->kernel &&
	       combination->windows;
}

void combination_address(const struct combination *combination,
			 char ret[COMBINATION_ADDRESS_SIZE])
{
	cleanup_free char *key = combination_key(combination);
	char hex[HASH_HEX_SIZE];
	hash_hex(key, strlen(key), hex);
	memcpy(ret, hex, COMBINATION_ADDRESS_SIZE - 1);
	ret[COMBINATION_ADDRESS_SIZE - 1] = '\0';
}

static void add_slug(struct strbuf *buf, const char *text)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text))
			strbuf_add_char(buf, (char)tolower((unsigned char)*text));
		else if (buf->length && buf->string[buf->length - 1] != '-')
			strbuf_add_char(buf, '-');
	}
	while (buf->length && buf->string[buf->length - 1] == '-')
		strbuf_truncate(buf, buf->length - 1);
}

/* What its letters do not tell apart, or no folder may be called, its hash does. */
static void add_name(struct strbuf *buf, const char *name)
{
	size_t start = buf->length;
	add_slug(buf, name);
	bool told = buf->length > start;
	if (told && buf->length - start <= NAME_ADDRESS_MAX)
		return;
	char hex[HASH_HEX_SIZE];
	hash_hex(name, strlen(name), hex);
	if (told)
		strbuf_truncate(buf, start + NAME_ADDRESS_MAX);
	strbuf_printf(buf, "-%.8s", hex);
}

char *combination_gpu_address(const struct adapter *adapter)
{
	if (!adapter->present || (!adapter->pci && !adapter->name))
		return NULL;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	if (adapter->pci) {
		add_slug(&buf, adapter->pci);
	} else {
		add_slug(&buf, adapter->vendor ? adapter->vendor : "unknown");
		strbuf_add_char(&buf, '-');
		add_name(&buf, adapter->name);
	}
	return strbuf_take(&buf);
}
