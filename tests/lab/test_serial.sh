#!/bin/sh
# SPDX-License-Identifier: MIT
# A run of serialised iteration through the program: the same however it is
# made, an agent like any, and its pages.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

as=
# serial LAB [ARGUMENT...]
serial() {
	to=$1
	shift
	$as "$program" serial drop:rows=4,cols=5 --run s --lab "$to" lanes=4 \
		drills=3 warmup=2 width=3 backups=160 checkpoint_first=40 \
		checkpoint_growth=2 grade_positions=8 \
		network=tokens:width=8,layers=1,heads=2,context=512 "$@"
}
# Of its last weights: a run that is done says it again.
sha() {
	serial "$1" | sed -n 's/^sha256 //p'
}

whole() {
	serial "$lab" --threads 1 >/dev/null && sound "$lab" &&
		[ "$(sqlite3 "$lab" "select group_concat(step, ' ')
			from checkpoint")" = "0 40 80 160" ]
}
ok "a run has checkpoints" whole
threads() {
	serial "$scratch/three.db" --threads 3 >/dev/null &&
		[ -n "$(sha "$lab")" ] &&
		[ "$(sha "$lab")" = "$(sha "$scratch/three.db")" ]
}
ok "the same weights on three threads" threads

# Killed at any moment, and stopped on the way, and gone on with.
killed() {
	for delay in 0.05 0.1 0.2 0.3; do
		(as=exec && serial "$scratch/cut.db" --threads 2) \
			>/dev/null 2>&1 &
		sleep "$delay"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
	done
	serial "$scratch/cut.db" --take-over --boards 48 >/dev/null &&
		serial "$scratch/cut.db" >/dev/null && sound "$scratch/cut.db" &&
		[ "$(sha "$lab")" = "$(sha "$scratch/cut.db")" ]
}
ok "and of one that was killed and stopped" killed
figures() {
	sqlite3 "$1" "select name, step, value from metric
		where name not like 'grade.%' and step in (40, 80, 160)
		order by 1, 2"
}
same_figures() {
	[ -n "$(figures "$lab")" ] &&
		[ "$(figures "$lab")" = "$(figures "$scratch/three.db")" ]
}
ok "with the same figures" same_figures
other_settings() {
	! serial "$lab" rate=0.5 >"$scratch/out" 2>&1 &&
		grep -q 'a run keeps its settings' "$scratch/out"
}
ok "not with other settings" other_settings

plays() {
	"$program" match serial:s/latest,width=3 serial:s/0 --games 4 \
		--lab "$lab" >"$scratch/out" &&
		grep -q 'serial:s/160,width=3 against serial:s/0' "$scratch/out"
}
ok "its checkpoints play" plays
refuses() {
	! "$program" match policy:s/latest random --games 2 --lab "$lab" \
		>"$scratch/out" 2>&1 &&
		grep -q 'write serial:s/160' "$scratch/out"
}
ok "by no other kind of agent" refuses

pages() {
	"$program" serial --pages s --lab "$lab" >"$scratch/out" &&
		[ "$(grep -c '^after 160 boards, board [12] of 2' \
			"$scratch/out")" = 2 ] &&
		grep -q '^BOARD .* AGAIN ' "$scratch/out" &&
		grep -q '^MOVE *FIRST *BETTER *LEARNED' "$scratch/out" &&
		"$program" serial --pages s --json --lab "$lab" |
		grep -q '"step":40,"words":"BOARD '
}
ok "it shows what it wrote" pages
tap_done
