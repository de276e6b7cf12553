#!/bin/sh
# Every manual page renders without a warning.
command -v groff >/dev/null || { echo "skip: groff is not installed"; exit 77; }
cd "$1" || exit 1
pages=0 status=0
for page in */*.[15]; do
  complaints=$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)
  [ -z "$complaints" ] || { echo "$complaints"; status=1; }
  pages=$((pages + 1))
done
echo "$pages pages"
[ "$pages" -gt 0 ] && exit $status
exit 1
