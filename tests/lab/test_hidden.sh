#!/bin/sh
# SPDX-License-Identifier: MIT
# A hidden rule through the program: what is kept, written and read again.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

# Two spellings, and the one name that both are kept by.
typed=drop:order=31420,dirs=f+r,cols=5,rows=4
name=drop:rows=4,cols=5,line=4,dirs=d,order=13024

"$program" match random tactical --game "$typed" --games 20 --lab "$lab" \
	--threads 1 >/dev/null || exit 1
moves() { sqlite3 "$1" 'select moves, result from games order by id'; }
kept() {
	[ "$(sqlite3 "$lab" 'select distinct game from games')" = "$name" ] &&
		[ "$("$program" show game 1 --lab "$lab" --json |
			sed 's/.*"game":"\([^"]*\)".*/\1/')" = "$name" ]
}
ok "games are kept by the rule's one name" kept
again() { # FORMAT-ARGUMENT...
	rm -f "$scratch/again.db"
	"$program" export match 1 --lab "$lab" --output "$scratch/games.txt" &&
		"$program" import "$scratch/games.txt" "$@" \
			--lab "$scratch/again.db" &&
		[ "$(sqlite3 "$scratch/again.db" \
			'select distinct game from games')" = "$name" ] &&
		moves "$lab" >"$scratch/moves" &&
		[ -s "$scratch/moves" ] &&
		moves "$scratch/again.db" | diff "$scratch/moves" -
}
ok "their text comes back as the same games" again
strip() {
	again >/dev/null && grep '^[0-9]' "$scratch/games.txt" >"$scratch/bare" &&
		"$program" import "$scratch/bare" --game "$typed" \
			--lab "$scratch/bare.db" &&
		[ "$(sqlite3 "$scratch/bare.db" \
			'select count(*) from games where result <> 0')" = \
		  "$(sqlite3 "$lab" \
			'select count(*) from games where result <> 0')" ]
}
ok "so do their moves alone, where the rule is named" strip
plainly() {
	"$program" import "$scratch/bare" --game drop:4,5 \
		--lab "$scratch/plain.db" &&
		[ "$(sqlite3 "$scratch/plain.db" 'select sum(plies) from games')" \
			-lt "$(sqlite3 "$lab" 'select sum(plies) from games')" ]
}
ok "by the plain rule they are over sooner" plainly

hidden() {
	"$program" train "$typed" --run h --recipe "$scratch/tiny.conf" \
		--games 60 --seed 7 --threads 1 --lab "$lab" "$@"
}
trains() {
	hidden && "$program" match policy:h tactical --games 2 --lab "$lab" &&
		sound "$lab"
}
ok "a run learns under it and plays" trains
ok "its network plays no other rule" complains 2 drop:rows=4,cols=5,dirs=d,order=13024 drop:rows=4,cols=5 \
	-- "$program" match policy:h random --game drop:4,5 --games 2 --lab "$lab"

# Along the lowest row, White's stones above Black's first: by this order columns
# 1 2 3 5 are a line, and 1 2 3 4 are none.
gtp() { # GAME BLACK...
	game=$1
	shift
	for col; do
		printf 'play b %s\nplay w 1\n' "$col"
	done | sed '$d' >"$scratch/in"
	echo final_score >>"$scratch/in"
	"$program" gtp --agent random --game "$game" --lab "$lab" \
		<"$scratch/in" | grep '^? ' | tail -n 1
}
over() { gtp "$@" | grep 'no points'; }
goes_on() { gtp "$@" | grep 'not over'; }
served() {
	over drop:5,5,dirs=h 1 2 3 4 &&
		goes_on drop:5,5,dirs=h 1 2 3 5 &&
		over drop:5,5,dirs=h,order=10243 1 2 3 5 &&
		goes_on drop:5,5,dirs=h,order=10243 1 2 3 4
}
ok "GTP tells when it ends" served
tap_done
