#!/bin/sh
# Installs what the tests need, builds, and runs every test under ctest.
#
#   ./test.sh                all tests, in minutes
#   ./test.sh --fuzz [SEC]   also each fuzz target for SEC seconds (600)
set -eu
cd "$(dirname "$0")"
. setup/needs.sh

fuzz_seconds=
case ${1-} in
'') ;;
--fuzz) fuzz_seconds=${2:-600} ;;
*)
  echo "usage: ./test.sh [--fuzz [SECONDS]]" >&2
  exit 2
  ;;
esac

printf '%s%s%s' "$needs_build" "$needs_run" "$needs_test" | install_missing
[ -z "$fuzz_seconds" ] || needs_fuzz | install_missing

# Test-only tools of npm, pinned; asked for only when they are not there yet.
pages=tests/web/pages
have=$pages/node_modules/.package-lock.json
if [ ! -e $have ] || [ -n "$(find $pages/package-lock.json -newer $have)" ]; then
  (cd $pages && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1)
  touch $have
fi

[ -f build/dev/build.ninja ] || cmake --preset dev >/dev/null
ninja -C build/dev --quiet

# What must be there once installed. On Debian as root a skip of one of these is a failure.
musts='pocl|lavapipe|simulator|kmsg|browser'
status=0
out=build/dev/ctest.out
{ ctest --preset dev --output-on-failure || echo $? >build/dev/ctest.status; } 2>&1 | tee $out
if [ -e build/dev/ctest.status ]; then
  status=1
  rm build/dev/ctest.status
fi

# Names and reasons of skipped tests: the reason is the last line such a test prints.
sed -n 's/^ *[0-9]*\/[0-9]* Test *#[0-9]*: \([^ ]*\) .*\*\*\*Skipped.*/\1/p' $out |
  while read -r name; do
    awk -v name="$name" '
      / Testing: / { inside = $3 == name }
      /^<end of output>/ { inside = 0 }
      inside && NF { reason = $0 }
      END { sub(/^skip: /, "", reason); print name "\t" reason }
    ' build/dev/Testing/Temporary/LastTest.log
  done >build/dev/skipped
must_run=$(cd build/dev && ctest -N -L "^($musts)\$" | sed -n 's/^ *Test *#[0-9]*: //p')

if [ -s build/dev/skipped ]; then
  echo "skipped:"
  sed 's/^/  /' build/dev/skipped
  . /etc/os-release
  if [ "${ID-}" = debian ] && [ "$(id -u)" = 0 ]; then
    for name in $must_run; do
      if cut -f1 build/dev/skipped | grep -qx "$name"; then
        echo "$name was skipped, but what it needs must be there on Debian as root" >&2
        status=1
      fi
    done
  fi
fi

if [ -n "$fuzz_seconds" ]; then
  [ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
  ninja -C build/fuzz --quiet
  for target in build/fuzz/tests/fuzz/fuzz_*; do
    if [ ! -x "$target" ] || [ ! -f "$target" ]; then continue; fi
    name=$(basename "$target")
    mkdir -p "build/fuzz/corpus/$name"
    echo "$name: $fuzz_seconds seconds"
    "$target" -max_total_time="$fuzz_seconds" -print_final_stats=1 -verbosity=0 \
      "build/fuzz/corpus/$name" "tests/fuzz/corpus/${name#fuzz_}" || status=1
  done
fi

skipped=$(wc -l <build/dev/skipped)
total=$(cd build/dev && ctest -N | sed -n 's/^Total Tests: //p')
failed=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of.*/\1/p' $out)
failed=${failed:-0}
[ "$status" = 0 ] || [ "$failed" != 0 ] || failed=1
echo "$((total - failed - skipped)) passed, $failed failed, $skipped skipped"
exit $status
