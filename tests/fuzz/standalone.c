/* Runs a target over the files of a folder, once each; for builds without libFuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

#define SIZE_MAX_BYTES (16 << 20)

static int run_file(const char *path)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	cleanup_error struct error *err = file_read(path, SIZE_MAX_BYTES, &bytes, &size);
	if (err) {
		fprintf(stderr, "%s\n", err->message);
		return 1;
	}
	/* As libFuzzer does: not a byte behind the input, so that reading it is noticed. */
	cleanup_free uint8_t *input = malloc(size ? size : 1);
	if (!input)
		return 1;
	memcpy(input, bytes, size);
	return LLVMFuzzerTestOneInput(input, size);
}

int main(int argc, char **argv)
{
	cleanup_closedir DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	int files = 0, failed = 0;
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		cleanup_free char *path = xasprintf("%s/%s", argv[1], entry->d_name);
		failed |= run_file(path);
		files++;
	}
	printf("%d files\n", files);
	return failed || files == 0;
}
