#include "util/arena.h"

#include <stdalign.h>

#include "tests/testing.h"

static void test_memory_is_zeroed_and_aligned(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	static const char zero[10000];
	for (size_t size = 0; size < 10000; size = size * 3 + 1) {
		char *memory = arena_alloc(&arena, 1, size);
		assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
		assert_memory_equal(memory, zero, size);
		memset(memory, 0xff, size);
	}
}

static void test_pieces_do_not_overlap(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	int *piece[2000];
	for (int i = 0; i < 2000; i++) {
		piece[i] = arena_alloc(&arena, (size_t)(i % 7) + 1, sizeof(int));
		for (int k = 0; k <= i % 7; k++)
			piece[i][k] = i;
	}
	for (int i = 0; i < 2000; i++)
		for (int k = 0; k <= i % 7; k++)
			assert_int_equal(piece[i][k], i);
}

static void test_strings_are_copies(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	char text[] = "abcdef";
	char *all = arena_strdup(&arena, text), *two = arena_strndup(&arena, text, 2),
	     *beyond = arena_strndup(&arena, text, 100),
	     *printed = arena_printf(&arena, "%s-%d", text, 3);
	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(all, "abcdef");
	assert_string_equal(two, "ab");
	assert_string_equal(beyond, "abcdef");
	assert_string_equal(printed, "abcdef-3");
	assert_null(arena_strdup(&arena, NULL));
}

static void test_push_keeps_older_members(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct point {
		long x, y;
	} *points = NULL;
	size_t n = 0;
	for (long i = 0; i < 1000; i++) {
		struct point *point = arena_push(&arena, points, n);
		assert_int_equal(point->x, 0);
		assert_int_equal(point->y, 0);
		*point = (struct point){ i, -i };
	}
	assert_int_equal(n, 1000);
	for (long i = 0; i < 1000; i++) {
		assert_int_equal(points[i].x, i);
		assert_int_equal(points[i].y, -i);
	}
}

static void test_it_is_usable_again_after_deinit(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	arena_deinit(&arena);
	assert_string_equal(arena_strdup(&arena, "a"), "a");
	arena_deinit(&arena);
	assert_null(arena.newest);
	assert_string_equal(arena_strdup(&arena, "b"), "b");
	arena_deinit(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_zeroed_and_aligned),
		cmocka_unit_test(test_pieces_do_not_overlap),
		cmocka_unit_test(test_strings_are_copies),
		cmocka_unit_test(test_push_keeps_older_members),
		cmocka_unit_test(test_it_is_usable_again_after_deinit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
