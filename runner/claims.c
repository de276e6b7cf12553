#include "runner/claims.h"

#include <stdio.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "record/version.h"
#include "util/array.h"

/* Where a field stands in the document; a package's name follows. */
static const char *const pointers[CLAIM_FIELD_COUNT] = {
#define X(constant, member, pointer, title) [CLAIM_##constant] = "/combination/" pointer,
	COMPONENTS(X)
#undef X
		[CLAIM_DRIVER_PUBLIC] = "/combination/driver/public",
	[CLAIM_DRIVER_DATE] = "/combination/driver/date",
	[CLAIM_DRIVER_NPU] = "/combination/driver/version",
	[CLAIM_DISTRO] = "/combination/guest/distro",
	[CLAIM_PCI] = "/combination/adapter/pci",
	[CLAIM_VENDOR] = "/combination/adapter/vendor",
	[CLAIM_NAME] = "/combination/adapter/name",
	[CLAIM_CLASS] = "/combination/adapter/class",
	[CLAIM_PACKAGE] = "/combination/guest/packages/",
};

/* The part of a version by which two spellings of it are the same. */
static size_t essence(enum claim_field field, const char *value)
{
	if (field == CLAIM_KERNEL || field == CLAIM_PACKAGE)
		return version_kernel_base(value);
	return strlen(value);
}

/* "10.0.26100" and "10.0.26100.4349": a build, and the same with its update. */
static bool is_build_of(const char *build, const char *full)
{
	size_t n = strlen(build);
	return !strncmp(build, full, n) && (!full[n] || full[n] == '.');
}

static bool same_value(enum claim_field field, const char *a, const char *b)
{
	size_t n = essence(field, a);
	if (field == CLAIM_NAME)
		return gpu_names_equal(a, b);
	if (field == CLAIM_WINDOWS)
		return is_build_of(a, b) || is_build_of(b, a);
	return n == essence(field, b) && !memcmp(a, b, n);
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

void claims_add(struct claims *claims, enum claim_field field, const char *name,
		const char *value, enum claim_strength strength, int64_t line,
		const char *text, size_t text_size)
{
	if (!*value)
		return;
	for (size_t i = 0; i < claims->n; i++) {
		struct claim *old = &claims->claim[i];
		if (old->field != field || !same_name(old->name, name) ||
		    !same_value(field, old->value, value))
			continue;
		old->times++;
		/* The better words, and of equally good ones the fuller spelling. */
		if (strength < old->strength ||
		    (strength == old->strength && strlen(value) <= strlen(old->value)))
			return;
		if (strlen(value) >= strlen(old->value))
			old->value = arena_strdup(claims->arena, value);
		old->strength = strength;
		return;
	}
	if (claims->n == CLAIMS_MAX)
		return;
	if (text_size > CLAIM_TEXT_MAX) {
		text_size = CLAIM_TEXT_MAX;
		while (text_size && ((unsigned char)text[text_size] & 0xc0) == 0x80)
			text_size--;
	}
	claims->claim[claims->n++] =
		(struct claim){ .field = field,
				.name = arena_strdup(claims->arena, name),
				.value = arena_strdup(claims->arena, value),
				.strength = strength,
				.line = line,
				.text = arena_strndup(claims->arena, text, text_size),
				.times = 1 };
}

/* What there is to choose from for one field. */
struct choice {
	const struct claim *best; /* NULL: nothing was said */
	bool contradicted;
};

static bool is_of(const struct claim *claim, enum claim_field field, const char *name)
{
	return claim->field == field && same_name(claim->name, name);
}

/* What a tool printed goes before what a sentence says, which may be of another time. */
static struct choice choose(const struct claims *claims, enum claim_field field,
			    const char *name)
{
	struct choice choice = { 0 };
	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *claim = &claims->claim[i];
		if (!is_of(claim, field, name) ||
		    (choice.best && claim->strength < choice.best->strength))
			continue;
		choice.contradicted =
			choice.best && claim->strength == choice.best->strength;
		if (!choice.contradicted)
			choice.best = claim;
	}
	return choice;
}

static char *pointer_of(struct record *record, enum claim_field field, const char *name)
{
	return arena_printf(&record->arena, "%s%s", pointers[field], name ? name : "");
}

static void add_evidence(struct record *record, const struct claim *claim)
{
	*arena_push(&record->arena, record->evidence, record->n_evidence) =
		(struct evidence){ pointer_of(record, claim->field, claim->name),
				   claim->line,
				   arena_strdup(&record->arena, claim->text) };
}

static void add_contradiction(const struct claims *claims, struct record *record,
			      enum claim_field field, const char *name)
{
	struct contradiction *contradiction = arena_push(
		&record->arena, record->contradictions, record->n_contradictions);
	contradiction->pointer = pointer_of(record, field, name);
	for (size_t i = 0; i < claims->n; i++)
		if (is_of(&claims->claim[i], field, name))
			strings_add(&record->arena, &contradiction->values,
				    claims->claim[i].value);
}

/* @return the settled value of a field in the record's arena, or NULL. */
static const char *settle(const struct claims *claims, struct record *record,
			  enum claim_field field, const char *name)
{
	struct choice choice = choose(claims, field, name);
	if (!choice.best)
		return NULL;
	if (choice.contradicted) {
		add_contradiction(claims, record, field, name);
		return NULL;
	}
	add_evidence(record, choice.best);
	return arena_strdup(&record->arena, choice.best->value);
}

/* Whether the shipped table knows that a name goes with an id. */
static bool name_fits(const char *name, const char *pci)
{
	const struct gpu *row = pci ? gpu_find(pci) : NULL;
	return row && (gpu_names_equal(row->name, name) || gpu_find_name(name) == row);
}

/* Of two names: a label goes before a sentence; of labels none goes before another, of
 * sentences the one that is said more often. @return >0 where a is better, 0 a tie */
static int compare_names(const struct claim *a, const struct claim *b, const char *pci)
{
	if (a->strength != b->strength)
		return (int)a->strength - (int)b->strength;
	if (a->strength != CLAIM_LABEL && a->times != b->times)
		return a->times > b->times ? 1 : -1;
	return name_fits(a->value, pci) - name_fits(b->value, pci);
}

static const struct claim *choose_name(const struct claims *claims, const char *pci,
				       bool *ret_contradicted)
{
	const struct claim *best = NULL;
	*ret_contradicted = false;
	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *claim = &claims->claim[i];
		if (claim->field != CLAIM_NAME)
			continue;
		int order = best ? compare_names(claim, best, pci) : 1;
		if (order > 0)
			best = claim;
		/* Beside a known id two names are two spellings. */
		if (order != 0)
			*ret_contradicted &= order < 0;
		else
			*ret_contradicted = !pci;
	}
	return best;
}

static void settle_class(const struct claims *claims, struct record *record)
{
	struct adapter *adapter = &record->combination.adapter;
	const struct gpu *row = gpu_find(adapter->pci);
	if (!row)
		row = gpu_find_name(adapter->name);
	if (row)
		adapter->class = row->class == GPU_CLASS_NPU ? "npu" : "gpu";
	else
		adapter->class = settle(claims, record, CLAIM_CLASS, NULL);
	if (!adapter->class && adapter->name && gpu_name_is_npu(adapter->name))
		adapter->class = "npu";
}

static void settle_adapter(const struct claims *claims, struct record *record)
{
	struct adapter *adapter = &record->combination.adapter;
	adapter->pci = settle(claims, record, CLAIM_PCI, NULL);
	bool contradicted;
	const struct claim *name = choose_name(claims, adapter->pci, &contradicted);
	if (contradicted) {
		add_contradiction(claims, record, CLAIM_NAME, NULL);
	} else if (name) {
		adapter->name = arena_strdup(&record->arena, name->value);
		add_evidence(record, name);
	}
	bool open = choose(claims, CLAIM_PCI, NULL).contradicted || contradicted;
	const struct gpu *row = open ? NULL : gpu_find_name(adapter->name);
	if (!adapter->pci && row)
		adapter->pci = row->pci;
	if (adapter->pci)
		adapter->vendor = arena_strndup(&record->arena, adapter->pci, 4);
	else
		adapter->vendor = gpu_vendor_of_name(adapter->name);
	if (!adapter->vendor)
		adapter->vendor = settle(claims, record, CLAIM_VENDOR, NULL);
	adapter->present = adapter->pci || adapter->name || adapter->vendor;
	if (adapter->present)
		settle_class(claims, record);
}

static void settle_driver(const struct claims *claims, struct record *record)
{
	struct combination *c = &record->combination;
	bool npu = c->adapter.class && !strcmp(c->adapter.class, "npu");
	if (npu)
		c->driver = settle(claims, record, CLAIM_DRIVER_NPU, NULL);
	if (!c->driver)
		c->driver = settle(claims, record, CLAIM_DRIVER, NULL);
	/* Another spelling only where it is all there is: none is made into the other. */
	if (!c->driver && !choose(claims, CLAIM_DRIVER, NULL).best)
		c->driver_public = settle(claims, record, CLAIM_DRIVER_PUBLIC, NULL);
	if (c->driver || c->driver_public)
		c->driver_date = settle(claims, record, CLAIM_DRIVER_DATE, NULL);
}

static void settle_packages(const struct claims *claims, struct record *record)
{
	struct combination *c = &record->combination;
	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *claim = &claims->claim[i];
		bool seen = false;
		for (size_t j = 0; j < i; j++)
			seen |= is_of(&claims->claim[j], CLAIM_PACKAGE, claim->name);
		if (claim->field != CLAIM_PACKAGE || seen)
			continue;
		const char *version = settle(claims, record, CLAIM_PACKAGE, claim->name);
		if (version)
			*arena_push(&record->arena, c->packages, c->n_packages) =
				(struct package){
					arena_strdup(&record->arena, claim->name), version
				};
	}
}

void claims_settle(const struct claims *claims, struct record *record)
{
	struct combination *c = &record->combination;
	settle_adapter(claims, record);
	settle_driver(claims, record);
	c->wsl = settle(claims, record, CLAIM_WSL, NULL);
	c->kernel = settle(claims, record, CLAIM_KERNEL, NULL);
	c->windows = settle(claims, record, CLAIM_WINDOWS, NULL);
	c->wslg = settle(claims, record, CLAIM_WSLG, NULL);
	c->msrdc = settle(claims, record, CLAIM_MSRDC, NULL);
	c->direct3d = settle(claims, record, CLAIM_DIRECT3D, NULL);
	c->dxcore = settle(claims, record, CLAIM_DXCORE, NULL);
	c->distro = settle(claims, record, CLAIM_DISTRO, NULL);
	settle_packages(claims, record);
}
