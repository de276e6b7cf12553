/* shell.h: a line of the shell, for tests of the program itself. */
#pragma once

#include "runner/exec.h"
#include "tests/testing.h"

/*
 * Runs a line of the shell, which must end in time and print no more than `limit` bytes.
 * @param ret  what it printed, the caller's; may be NULL
 * @return     its exit status
 */
static inline int shell_run(const char *line, int timeout_ms, size_t limit, char **ret)
{
	static const char *const programs[] = { "/bin/sh", NULL };
	const char *const argv[] = { "sh", "-c", line, NULL };
	const struct exec_request request = { .programs = programs,
					      .argv = argv,
					      .timeout_ms = timeout_ms,
					      .limit = limit };
	struct exec_answer answer;
	assert_ok(exec_run(&request, &answer));
	assert_false(answer.late || answer.floods);
	if (ret)
		*ret = answer.output;
	else
		free(answer.output);
	return answer.status;
}
