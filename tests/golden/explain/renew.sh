#!/bin/sh
# Writes every NAME.out anew, to be looked at with `git diff` before it is believed.
#   tests/golden/explain/renew.sh build/dev/dxgmatrix
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")"
for text in *.txt; do
  "$program" explain "$text" >"${text%.txt}.out"
done
