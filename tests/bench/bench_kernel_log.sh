#!/bin/sh
# The kernel log's reader beside `grep -c dxgkio` on the same file: the best of five runs of
# each in CPU time, their ratio, and the reader's peak memory. Build the release preset first:
#
#   ninja -C build/release bench_kernel_log && tests/bench/bench_kernel_log.sh [MIB]
#
# Two logs: one line in 100 is the driver's, as in the journal of a machine; and every
# second one, as where a program spins. Budget: a ratio of at most 1.
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)
bench=$here/build/release/tests/bench/bench_kernel_log
[ -x "$bench" ] || { echo "bench_kernel_log.sh: build it first: ninja -C build/release bench_kernel_log" >&2; exit 1; }
mib=${1:-1024}
folder=/dev/shm
free=$(df -Pm "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${free:-0}" -gt $((mib + 256)) ] || folder=${TMPDIR:-/tmp}
log=$(mktemp "$folder/dxgmatrix-bench.XXXXXX")
trap 'rm -f "$log" "$log.count" "$log.times"' EXIT

# The least of the hundredths of a second of CPU time that five runs of a command take. Its
# output goes to a file: on /dev/null grep ends at the first match.
best() {
  for _ in 1 2 3 4 5; do
    (
      "$@" >"$log.count"
      times >"$log.times"
      awk 'NR == 2 { gsub(/s/, ""); split($1 "m" $2, t, "m")
        print int(100 * (60 * t[1] + t[2] + 60 * t[3] + t[4]) + 0.5) }' "$log.times"
    )
  done | sort -n | head -1
}

for share in 100 2; do
  "$bench" --make "$mib" "$share" >"$log"
  reader=$(best "$bench" "$log")
  grep=$(best env LC_ALL=C grep -c dxgkio "$log")
  memory=$("$bench" "$log" | sed 's/.*, //')
  awk -v r="$reader" -v g="$grep" -v m="$memory" -v s="$share" -v mib="$mib" 'BEGIN {
    printf "%d MiB, one line in %d: reader %.2f s, grep -c %.2f s, ratio %.2f, peak %s\n", mib, s, r / 100, g / 100, r / g, m }'
done
