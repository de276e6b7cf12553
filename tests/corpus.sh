#!/bin/sh
# Scores `dxgmatrix explain` on a folder of labelled cases.
#
#   tests/corpus.sh [--fields PERCENT] [--failures PERCENT] [--verbose] DIR
#
# A case is DIR/NNN.txt, the text, and DIR/NNN.json, what a person read in it: the members
# driver_version, wsl_version, kernel_release, windows_build, distro, gpu (name, vendor_id,
# device_id); visible_in_txt, which of them the text shows; dxg_failures, {handler: {errno:
# count}} counted from the text. Scored are the visible fields, and whether all counts are
# equal. A value that stands under the record's contradictions counts as read: the text
# names two. No line of a class "harmless" may become a diagnosis.
#
# Prints each miss and one line of sums. Ends with 1 if the program fails on a text, blames
# a harmless line, or a share stays below the limit that was asked for.
set -eu

fields_limit=0
failures_limit=0
verbose=
while [ $# -gt 0 ]; do
  case $1 in
  --fields) fields_limit=$2 && shift 2 ;;
  --failures) failures_limit=$2 && shift 2 ;;
  --verbose) verbose=1 && shift ;;
  *) break ;;
  esac
done
[ $# = 1 ] || { echo "usage: tests/corpus.sh [--fields PERCENT] [--failures PERCENT] [--verbose] DIR" >&2; exit 2; }
dir=$1
here=$(cd "$(dirname "$0")/.." && pwd)

command -v jq >/dev/null || { echo "corpus.sh: needs jq" >&2; exit 1; }
program=${DXGMATRIX-}
for build in release dev; do
  [ -n "$program" ] || [ ! -x "$here/build/$build/dxgmatrix" ] ||
    program=$here/build/$build/dxgmatrix
done
[ -n "$program" ] || { echo "corpus.sh: build dxgmatrix first" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One line per field or count of a case: hit or miss, case, field, expected, read.
cat >"$work/score.jq" <<'JQ'
def base: split("-")[0];
def fold: ascii_downcase | gsub("\\((r|tm|c)\\)"; "") | gsub("[^a-z0-9]+"; " ")
  | gsub(" (graphics|gpu)( |$)"; " ") | gsub("^ +| +$"; "");
def said($pointer): [(.contradictions // [])[] | select(.pointer | startswith($pointer)) | .values[]];
def windows: if startswith("10.0.") then . elif test("^[0-9]{5}") then "10.0." + . else . end;
def wsl: if (split(".") | length) == 3 then . + ".0" else . end;
def distro: ascii_downcase | gsub(" (gnu/)?linux| lts|\\(.*"; "") | capture("(?<i>[a-z]+)[ -]*(?<v>[0-9]+([.][0-9]+)?)?") | .i + (if .v then "-" + .v else "" end);
def verdict($field; $want; $got; $hit): [(if $hit then "hit" else "MISS" end), $case, $field, ($want | tostring), ($got | tostring)] | @tsv;

$truth as $l | . as $r | .combination as $c
| ($l.visible_in_txt[] as $f
  | if $f == "driver_version" then
      ([$c.driver.version, $c.driver.public] | map(select(.)) + ($r | said("/combination/driver"))) as $got
      | verdict($f; $l.driver_version; $got; $got | index($l.driver_version) != null)
    elif $f == "wsl_version" then
      ([$c.wsl] + ($r | said("/combination/wsl"))) as $got
      | verdict($f; $l.wsl_version; $got; $got | index($l.wsl_version | wsl) != null)
    elif $f == "kernel_release" then
      ([$c.kernel] + ($r | said("/combination/kernel")) | map(select(.) | base)) as $got
      | verdict($f; $l.kernel_release; $got; $got | index($l.kernel_release | base) != null)
    elif $f == "windows_build" then
      ([$c.windows] + ($r | said("/combination/windows"))) as $got
      | verdict($f; $l.windows_build; $got; $got | index($l.windows_build | windows) != null)
    elif $f == "distro" then
      ([$c.guest.distro] + ($r | said("/combination/guest/distro"))) as $got
      | verdict($f; $l.distro; $got; $got | index($l.distro | distro) != null)
    else
      ($l.gpu[] as $g
      | (if $g.device_id then ($g.vendor_id + ":" + $g.device_id | ascii_downcase) else null end) as $pci
      | ([$c.adapter.pci] + ($r | said("/combination/adapter/pci"))) as $ids
      | ([$c.adapter.name] + ($r | said("/combination/adapter/name")) | map(select(.) | fold)) as $gots
      | ($g.name // "" | gsub(" \\(.*\\)$"; "") | fold) as $name
      | if $pci and ($ids | index($pci)) then verdict("gpu id"; $pci; $ids; true)
        else verdict("gpu name"; $name; $gots; any($gots[]; . == $name)) end)
    end),
  (($r.kernel_log.failed // {}) as $got
   | verdict("failures"; $l.dxg_failures; $got; $got == $l.dxg_failures))
JQ

broken=0
blamed=0
: >"$work/all"
for text in "$dir"/*.txt; do
  case=$(basename "$text" .txt)
  [ -e "$dir/$case.json" ] || continue
  if ! "$program" explain --json "$text" >"$work/record" 2>"$work/err" ||
    ! "$program" explain "$text" >"$work/screen" 2>>"$work/err" || [ -s "$work/err" ]; then
    echo "BROKEN $case: $(head -1 "$work/err")"
    broken=$((broken + 1))
    continue
  fi
  jq -r --arg case "$case" --argjson truth "$(cat "$dir/$case.json")" -f "$work/score.jq" \
    "$work/record" >>"$work/all"
  # A diagnosis may name a harmless call only where another one stands beside it.
  if jq -e 'any((.diagnosis // [])[]; (.says | test("query_adapter_info|is_feature_enabled")))' \
    "$work/record" >/dev/null; then
    echo "BLAMED $case: a harmless line became a cause"
    blamed=$((blamed + 1))
  fi
done

if [ -n "$verbose" ]; then cat "$work/all"; else grep '^MISS' "$work/all" || :; fi
awk -F '\t' -v broken=$broken -v blamed=$blamed -v fl="$fields_limit" -v cl="$failures_limit" '
  { hit = $1 == "hit" }
  $3 == "failures" { counts++; counted += hit }
  $3 != "failures" { fields++; read += hit; n[$3]++; h[$3] += hit }
  END {
    share = fields ? 100 * read / fields : 100
    equal = counts ? 100 * counted / counts : 100
    printf "corpus: %d cases; fields read %d of %d (%.1f %%)", counts, read, fields, share
    for (f in n) printf ", %s %d/%d", f, h[f], n[f]
    printf "; failures equal in %d of %d; broken %d; harmless lines blamed %d\n", counted, counts, broken, blamed
    exit broken || blamed || share < fl || equal < cl
  }' "$work/all"
