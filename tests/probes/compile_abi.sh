#!/bin/sh
# compile_abi.sh COMPILER [ARGUMENT…]: each header of the kernel interface by itself, from a
# folder that is not ours and with no word on where to look, with every assertion in it.
# COMPILER may be one for C or for C++. 77 where there is no such compiler.
command -v "$1" >/dev/null || {
	echo "skip: no $1"
	exit 77
}
case $1 in
*++) language=c++ standards="c++11 c++17" ;;
*) language=c standards="c11 gnu17" ;;
esac
cd / || exit 1
status=0
for header in "$DXGMATRIX_SOURCE_DIR"/probes/dxg_abi*.h; do
	for standard in $standards; do
		"$@" -std="$standard" -Wall -Wextra -pedantic -Werror -fsyntax-only \
			-include "$header" -x "$language" /dev/null || status=1
	done
done
exit $status
