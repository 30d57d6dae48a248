#!/bin/sh
# SPDX-License-Identifier: MIT
# plyscope bench names every figure, and says what it does not understand.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope

lines_of() { # COUNT PATTERN FILE
	found=$(grep -c -- "$2" "$3")
	[ "$found" -eq "$1" ] || {
		echo "expected $1 of '$2', found $found in:"
		cat "$3"
		false
	}
}

bad() { # OPTION...: status 2, one sentence
	"$program" bench "$@" >"$scratch/out" 2>"$scratch/err"
	[ $? -eq 2 ] && [ ! -s "$scratch/out" ] && lines_of 1 '^plyscope bench: ' "$scratch/err"
}

ok "bench runs" "$program" bench --seconds 0.01
"$program" bench --seconds 0.01 >"$scratch/text"
ok "it tells inference" lines_of 6 '^inference .* positions/s ' "$scratch/text"
ok "it tells training" lines_of 4 '^training .* positions/s ' "$scratch/text"
ok "it tells the rest" lines_of 11 '^\(sgemm  \|perft\|playouts\|search\) ' "$scratch/text"
ok "no rate is nothing" lines_of 0 '  \(0\|0.0\|inf\|nan\) [a-zG]' "$scratch/text"
"$program" bench --json --seconds 0.01 | tr '{' '\n' >"$scratch/json"
ok "as JSON too" lines_of 24 '^"figure":.*"rate":[1-9].*"unit":' "$scratch/json"
ok "with the kernels" lines_of 1 '^"blas_kernel":"..*","vector_kernel":"..*"' "$scratch/json"
ok "--seconds 0 is refused" bad --seconds 0
ok "--seconds nan is refused" bad --seconds nan
ok "--seconds 1x is refused" bad --seconds 1x
tap_done
