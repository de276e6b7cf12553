/* The tables written by hand against objects of Microsoft's own classes. */
#include "probes/dxcore_abi.h"

#include "tests/probes/dxcore_genuine.h"
#include "tests/testing.h"

#define RESULT ((int32_t)0x80004123)

static const struct dxcore_guid id = { 0x1234abcd, 1, 2, { 3 } };
static void *object;

#define assert_called(call, result, text)                                                \
	do {                                                                             \
		assert_true((call) == (result));                                         \
		assert_string_equal(genuine_called(), text);                             \
	} while (0)

/* What took a pointer gave the object back through it. */
#define assert_gives(call, itself, text)                                                 \
	do {                                                                             \
		object = NULL;                                                           \
		assert_called(call, RESULT, text);                                       \
		assert_ptr_equal(object, itself);                                        \
	} while (0)

static void test_dxcore_factory_has_microsofts_order(void **state)
{
	(void)state;
	struct dxcore_factory *f = genuine_factory();
	const struct dxcore_factory_table *t = f->table;
	const struct winluid luid = { .a = 7, .b = 9 };
	assert_gives(t->query_interface(f, &id, &object), f, "QueryInterface 1234abcd");
	assert_called(t->add_ref(f), 0xfffffff1, "AddRef");
	assert_called(t->release(f), 0xfffffff2, "Release");
	assert_gives(t->create_adapter_list(f, 3, &id, &id, &object), f,
		     "CreateAdapterList 3 1234abcd 1234abcd");
	assert_gives(t->get_adapter_by_luid(f, &luid, &id, &object), f,
		     "GetAdapterByLuid 9:7 1234abcd");
	assert_called(t->is_notification_type_supported(f, 2), true,
		      "IsNotificationTypeSupported 2");
	assert_called(t->unregister_event_notification(f, 5), RESULT,
		      "UnregisterEventNotification 5");
}

static void take_notice(uint32_t type, void *about, void *context)
{
	assert_ptr_equal(about, genuine_list());
	*(uint32_t *)context = type;
}

static void test_dxcore_notices_come_back_to_c(void **state)
{
	(void)state;
	struct dxcore_factory *f = genuine_factory();
	uint32_t type = 0, cookie = 0;
	assert_called(f->table->register_event_notification(f, genuine_list(), 3,
							    take_notice, &type, &cookie),
		      RESULT, "RegisterEventNotification 1 3");
	assert_int_equal(type, 3);
	assert_int_equal(cookie, 0xfffffff4);
}

static void test_dxcore_list_has_microsofts_order(void **state)
{
	(void)state;
	struct dxcore_list *l = genuine_list();
	const struct dxcore_list_table *t = l->table;
	const uint32_t preference = 2;
	assert_gives(t->query_interface(l, &id, &object), l, "QueryInterface 1234abcd");
	assert_called(t->add_ref(l), 0xfffffff1, "AddRef");
	assert_called(t->release(l), 0xfffffff2, "Release");
	assert_gives(t->get_adapter(l, 6, &id, &object), l, "GetAdapter 6 1234abcd");
	assert_called(t->get_adapter_count(l), 0xfffffff3, "GetAdapterCount");
	assert_called(t->is_stale(l), true, "IsStale");
	assert_gives(t->get_factory(l, &id, &object), l, "list GetFactory 1234abcd");
	assert_called(t->sort(l, 1, &preference), RESULT, "Sort 1 2");
	assert_called(t->is_adapter_preference_supported(l, 1), true,
		      "IsAdapterPreferenceSupported 1");
}

static void test_dxcore_adapter_has_microsofts_order(void **state)
{
	(void)state;
	struct dxcore_adapter *a = genuine_adapter();
	const struct dxcore_adapter_table *t = a->table;
	size_t size = 0;
	char in[8], out[16], text[128];
	assert_gives(t->query_interface(a, &id, &object), a, "QueryInterface 1234abcd");
	assert_called(t->add_ref(a), 0xfffffff1, "AddRef");
	assert_called(t->release(a), 0xfffffff2, "Release");
	assert_called(t->is_valid(a), true, "IsValid");
	assert_called(t->is_attribute_supported(a, &id), true,
		      "IsAttributeSupported 1234abcd");
	assert_called(t->is_property_supported(a, 14), true, "IsPropertySupported 14");
	snprintf(text, sizeof(text), "GetProperty 3 16 %p", (void *)out);
	assert_called(t->get_property(a, 3, sizeof(out), out), RESULT, text);
	assert_called(t->get_property_size(a, 2, &size), RESULT, "GetPropertySize 2");
	assert_int_equal(size, 0x123456789);
	assert_called(t->is_query_state_supported(a, 1), true, "IsQueryStateSupported 1");
	snprintf(text, sizeof(text), "QueryState 1 8 %p 16 %p", (void *)in, (void *)out);
	assert_called(t->query_state(a, 1, sizeof(in), in, sizeof(out), out), RESULT,
		      text);
	assert_called(t->is_set_state_supported(a, 1), true, "IsSetStateSupported 1");
	snprintf(text, sizeof(text), "SetState 1 8 %p 16 %p", (void *)in, (void *)out);
	assert_called(t->set_state(a, 1, sizeof(in), in, sizeof(out), out), RESULT, text);
	assert_gives(t->get_factory(a, &id, &object), a, "adapter GetFactory 1234abcd");
}

static void assert_guid(const char *name, struct dxcore_guid guid)
{
	const void *genuine = genuine_guid(name);
	if (!genuine || memcmp(genuine, &guid, sizeof(guid)) != 0)
		fail_msg("%s is another one", name);
}

static void test_dxcore_identities_are_microsofts(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct dxcore_guid), 16);
#define X(name, ...) assert_guid(#name, (struct dxcore_guid)__VA_ARGS__);
	DXCORE_INTERFACES(X)
#undef X
#define X(constant, name, ...) assert_guid(#constant, (struct dxcore_guid)__VA_ARGS__);
	DXCORE_ATTRIBUTES(X)
#undef X
}

static void test_dxcore_properties_are_microsofts(void **state)
{
	(void)state;
	static const struct {
		enum dxcore_property property;
		const char *name;
	} rows[] = {
		{ DXCORE_INSTANCE_LUID, "InstanceLuid" },
		{ DXCORE_DRIVER_VERSION, "DriverVersion" },
		{ DXCORE_DRIVER_DESCRIPTION, "DriverDescription" },
		{ DXCORE_HARDWARE_ID, "HardwareID" },
		{ DXCORE_DEDICATED_ADAPTER_MEMORY, "DedicatedAdapterMemory" },
		{ DXCORE_DEDICATED_SYSTEM_MEMORY, "DedicatedSystemMemory" },
		{ DXCORE_SHARED_SYSTEM_MEMORY, "SharedSystemMemory" },
		{ DXCORE_IS_HARDWARE, "IsHardware" },
		{ DXCORE_IS_INTEGRATED, "IsIntegrated" },
		{ DXCORE_HARDWARE_ID_PARTS, "HardwareIDParts" },
	};
	for_each_row(row, rows)
		assert_int_equal(genuine_property(row->name), row->property);
	assert_int_equal(genuine_size("DXCoreHardwareID"),
			 sizeof(struct dxcore_hardware_id));
	assert_int_equal(genuine_size("DXCoreHardwareIDParts"),
			 sizeof(struct dxcore_hardware_id_parts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dxcore_factory_has_microsofts_order),
		cmocka_unit_test(test_dxcore_notices_come_back_to_c),
		cmocka_unit_test(test_dxcore_list_has_microsofts_order),
		cmocka_unit_test(test_dxcore_adapter_has_microsofts_order),
		cmocka_unit_test(test_dxcore_identities_are_microsofts),
		cmocka_unit_test(test_dxcore_properties_are_microsofts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
