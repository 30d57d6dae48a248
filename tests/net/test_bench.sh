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

figures_of() { # PATTERN FILE: how many figures
	tr '{' '\n' <"$2" | grep -c -- "$1"
}

"$program" bench --seconds 0.01 >"$scratch/text"
ok "bench runs" [ $? -eq 0 ]
ok "it tells inference" lines_of 7 '^infer-.* batch [0-9]* .* [0-9.]*$' "$scratch/text"
ok "it tells training" lines_of 4 '^train-.* batch [0-9]* .* [0-9.]*$' "$scratch/text"
ok "it tells sequences" lines_of 2 '^seq-.*, [0-9]* \(sequences\|lanes\) .* [0-9.]*$' "$scratch/text"
ok "and their work" lines_of 2 '^seq-[a-z]*   *[0-9.]*  *[0-9.]*$' "$scratch/text"
ok "it tells the rest" lines_of 11 '^\(sgemm  \|perft-\|playouts-\|search-\)' "$scratch/text"
ok "it tells loops" lines_of 4 '^loop-.* simulations  *[0-9.]*$' "$scratch/text"
ok "and where their time goes" lines_of 4 '^loop-.*[0-9]%  *[0-9]*%$' "$scratch/text"
ok "with the kernels" lines_of 1 '^BLAS kernel [A-Z].*, own kernels [A-Za-z]' "$scratch/text"
ok "no rate is nothing" lines_of 0 '  \(0\|0.0\|inf\|nan\) ' "$scratch/text"

"$program" bench --json --seconds 0.01 --only inference >"$scratch/json"
ok "as JSON, on one thread" [ "$(figures_of '"threads":1,"rate":[1-9]' "$scratch/json")" -eq 7 ]
ok "and on two" [ "$(figures_of '"threads":2,"rate":[1-9].*"times_one_thread":[0-9]' \
	"$scratch/json")" -eq 7 ]
ok "each with its shape" [ "$(figures_of '"filters":[1-9].*"blocks":[1-9].*"rows":[1-9].*"cols":[1-9].*"planes":[1-9].*"batch":[1-9]' \
	"$scratch/json")" -eq 14 ]
ok "and the kernels and its share" [ "$(figures_of '"sgemm_share":[0-9.]*,"blas_kernel":"..*","vector_kernel":"..*"' \
	"$scratch/json")" -eq 14 ]
ok "the shapes that others are measured on" \
	grep -q '64x6 on 8x8x112, batch 32.*96x6 on 9x9x22, batch 16' "$scratch/json"

"$program" bench --json --seconds 0.01 --only train-c4 --threads 1 >"$scratch/json"
ok "one figure alone" [ "$(figures_of '"figure"' "$scratch/json")" -eq 1 ]
ok "and it is that one" grep -q '"64x5 on 6x7x2, batch 256"' "$scratch/json"
"$program" bench --json --seconds 0.01 --only loop-go9 >"$scratch/json"
ok "the parts of a loop" [ "$(figures_of '"network_us":[1-9].*"tree_us":.*"rules_us":.*"training_us":[1-9].*"games":.*"network_share":0' \
	"$scratch/json")" -eq 1 ]
ok "--only of nothing names the nearest" bad --only train-c5
ok "which is" grep -q "'train-c4'" "$scratch/err"
ok "--threads 3 is refused" bad --threads 3
ok "--seconds 0 is refused" bad --seconds 0
ok "--seconds nan is refused" bad --seconds nan
ok "--seconds 1x is refused" bad --seconds 1x
tap_done
