#!/bin/sh
# Sets up what is missing, builds, runs the battery on this machine and writes the site of
# what it found together with the public reports. The last line is the page to open.
set -eu
cd "$(dirname "$0")"
. setup/needs.sh

printf '%s%s' "$needs_build" "$needs_run" | install_missing

[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
ninja -C build/release --quiet dxgmatrix dxgmatrix-probe

dxgmatrix=build/release/dxgmatrix
db=build/matrix.db

# A broken GPU is a result: the run's status says what it found, not whether we go on.
status=0
"$dxgmatrix" run --db "$db" || status=$?
if [ "$status" != 0 ]; then
  echo "(dxgmatrix run ended with status $status; see $dxgmatrix run --help)"
fi
echo
"$dxgmatrix" ingest --db "$db" matrix/observations
"$dxgmatrix" site --db "$db" build/site
echo "$PWD/build/site/index.html"
