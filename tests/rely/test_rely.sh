#!/bin/sh
# SPDX-License-Identifier: MIT
# A lab file is attacked: kills at random moments, calls that fail, bytes that
# change.  A few each time; tests/rely/run does it for hours.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
faults=$top_builddir/tests/rely/faults.so

if ldd "$program" | grep -qE 'lib(asan|tsan)'; then
	skip "attacks" "no library goes before a sanitizer's"
	tap_done
	exit
fi
for seed in 1 2 3; do
	ok "attacked, nothing is lost (seed $seed)" \
		"$top_srcdir/tests/rely/run" --rounds 8 --seed $seed "$program" "$faults"
done
tap_done
