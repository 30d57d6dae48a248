#!/bin/sh
# SPDX-License-Identifier: MIT
# What a new imitation is made of: its size, its targets, and that runs which were
# begun before a setting existed go on without it.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

config() { # RUN KEY
	sqlite3 "$lab" "select config from run where name = '$1'" |
		sed -n "s/^$2 = //p"
}
imitate() { # RUN SOURCE [ARGUMENT...]
	name=$1 source=$2
	shift 2
	"$program" imitate "$source" --run "$name" --match 0 --seed 7 --lab "$lab" \
		--games 60 least_steps=60 batch=32 shard=16 "$@"
}
last() { outcome "$lab" "$1" | tail -n 1; }

ok "a teacher learns" train "$lab" r
is() { # RUN KEY VALUE...
	name=$1
	shift
	while [ $# -gt 0 ]; do
		echo "$1 = $(config "$name" "$1")"
		[ "$(config "$name" "$1")" = "$2" ] || return 1
		shift 2
	done
}
ok "a student of it" imitate same r/latest
ok "is as large, and learns by the defaults" is same filters 4 blocks 1 \
	opening_share 1 opening_plies 5 dagger_rounds 2 teacher_lanes 32 patience 3
ok "one of twice the width" imitate wide r/latest --student 2
ok "has it" is wide filters 8 blocks 1
ok "one by stored games" imitate stored games:run=r
ok "is as large, too, and nobody plays" is stored filters 4 blocks 1 dagger_rounds 0
masked() {
	imitate late games:run=r mask_after=1000 && is late mask_after 1000 &&
		[ "$(last late)" = "$(last stored)" ]
}
ok "what helps a search to begin with is not for imitation" masked
ok "what is typed wins over all of it" imitate typed r/latest filters=6 opening_share=0.5
ok "and is kept" is typed filters 6 opening_share 0.5
ok "a width that the run has not is refused" complains 2 wide filters 8 -- \
	"$program" imitate --run wide --student 1 --match 0 --lab "$lab"

# The same games, taught in four ways.
four() {
	for target in policy move visits values; do
		imitate "$target" mcts:r/latest,sims=16 target=$target dagger_rounds=0 \
			>/dev/null || return 1
	done
	for target in move visits values; do
		[ "$(last policy)" != "$(last $target)" ] || return 1
	done
	for name in move visits values; do
		sqlite3 "$lab" "select g.number, g.moves from game g
			join run r on r.id = g.run_id where r.name = '$name' order by 1" \
			>"$scratch/$name"
	done
	cmp "$scratch/move" "$scratch/visits" && cmp "$scratch/move" "$scratch/values"
}
ok "four targets make four networks of the same games" four

# A network that is asked about many positions at once answers each alike.
threads() {
	for n in 1 3; do
		imitate "threads$n" r/latest --threads $n || return 1
	done
	[ "$(last threads1)" = "$(last threads3)" ]
}
ok "any number of threads gives the same weights" threads

# As a run was that was begun before any of this: its configuration names none of it.
old="teacher_lanes=1 teacher_positions=0 opening_share=0.25 opening_plies=8
	dagger_rounds=0 patience=0 epochs=40"
before() {
	# shellcheck disable=SC2086 # a list of settings is meant to split
	imitate whole r/latest $old least_steps=0 >/dev/null &&
		timeout -s INT 0.25 "$program" imitate r/latest --run part --match 0 \
			--seed 7 --lab "$lab" --games 60 batch=32 shard=16 $old \
			least_steps=0 >/dev/null
	keys='teacher_lanes|teacher_positions|target|target_temperature|dagger_[a-z]*|least_steps|patience'
	config_now=$(sqlite3 "$lab" "select config from run where name = 'part'" |
		grep -vE "^($keys) = ")
	sqlite3 "$lab" "update run set config = '$config_now
' where name = 'part'" && ! sqlite3 "$lab" "select config from run
		where name = 'part'" | grep -q dagger &&
		"$program" imitate --run part --match 0 --lab "$lab" >/dev/null &&
		[ "$(last whole)" = "$(last part)" ]
}
ok "a run that says nothing of it goes on without" before
tap_done
