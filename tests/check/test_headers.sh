#!/bin/sh
# SPDX-License-Identifier: MIT
# Every header compiles alone: whoever includes it needs to know nothing else.
set -u
. "$top_srcdir/tests/check/tap.sh"

alone() { # $@: headers, by their full path
	# shellcheck disable=SC2086 # a compiler and its flags
	$PLY_COMPILE -fsyntax-only -I"$top_builddir" -I"$top_srcdir" \
		-include config.h -x c "$@"
}

for dir in core/base core/game core/net core/format core/search core/agent \
	core/learn core/rate core/study core/lab core/session store tui tui/widget \
	tui/screen tui/cmd tests/base tests/tui tests/lab tests/session
do
	set -- "$top_srcdir/$dir"/*.h
	[ -e "$1" ] || continue
	ok "headers of $dir compile alone" alone "$@"
done

printf 'size_t a_size(void);\n' >"$scratch/leans.h"
leans_is_caught() { ! alone "$scratch/leans.h"; }
ok "a header that leans on another is caught" leans_is_caught
tap_done
