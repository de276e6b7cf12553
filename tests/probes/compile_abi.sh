#!/bin/sh
# compile_abi.sh COMPILER [ARGUMENT…]: each header of the kernel interface alone, with every
# assertion in it. 77 where there is no such compiler.
command -v "$1" >/dev/null || {
	echo "skip: no $1"
	exit 77
}
cd "$DXGMATRIX_SOURCE_DIR" || exit 1
status=0
for header in probes/dxg_abi*.h; do
	echo "#include \"$header\"" |
		"$@" -std=gnu17 -Wall -Wextra -Werror -I . -x c -fsyntax-only - || status=1
done
exit $status
