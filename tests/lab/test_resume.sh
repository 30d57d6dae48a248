#!/bin/sh
# SPDX-License-Identifier: MIT
# A run that is killed at any moment and resumed ends as one that never stopped;
# threads change the speed alone; two processes may write.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
plain=$scratch/plain.db

same_as_plain() { # LAB RUN
	outcome "$1" "$2" >"$scratch/b" && diff "$scratch/a" "$scratch/b" &&
	games "$1" "$2" >"$scratch/b" && diff "$scratch/ag" "$scratch/b"
}

began=$(date +%s%N)
ok "a run ends" train "$plain" r --threads 1
took_ms=$((($(date +%s%N) - began) / 1000000))
outcome "$plain" r >"$scratch/a"
games "$plain" r >"$scratch/ag"
has_checkpoints() {
	cat "$scratch/a"
	[ "$(wc -l <"$scratch/a")" -ge 4 ] &&
	[ "$(wc -l <"$scratch/ag")" -ge 300 ] &&
	[ "$(cut -d'|' -f2 "$scratch/a" | sort -u | wc -l)" -ge 3 ]
}
ok "with checkpoints, games and weights that change" has_checkpoints

ok "a run with two threads ends" train "$scratch/two.db" r --threads 2
ok "in the same weights and games" same_as_plain "$scratch/two.db" r
other_seed() {
	train "$scratch/seed.db" r --threads 2 --seed 8 && ! same_as_plain "$scratch/seed.db" r
}
ok "another seed ends in others" other_seed

# Kill at random moments, again and again, then let it end.  The moments are told,
# so that a failure can be looked into.
killed_often() { # LAB TIMES
	killed=0
	while [ "$killed" -lt "$2" ]; do
		delay=$(awk -v seed="$(date +%N)" -v most="$took_ms" 'BEGIN {
			srand(seed); printf "%.3f", 0.01 + rand() * most / 1500 }')
		echo "kill after $delay s"
		timeout -s KILL "$delay" "$program" train tictactoe --run r \
			--recipe "$scratch/tiny.conf" --games 300 --seed 7 \
			--threads 2 --lab "$1" >"$scratch/out" 2>&1
		case $? in
		137) killed=$((killed + 1)) ;;
		0)
			[ "$killed" -eq 0 ] || break
			# Faster than thought: again, and kill earlier.
			rm -f "$1" "$1"-*
			took_ms=$((took_ms / 2 + 1))
			;;
		*) cat "$scratch/out"; return 1 ;;
		esac
		[ ! -e "$1" ] || sound "$1" || return 1
	done
	[ "$killed" -gt 0 ] && train "$1" r && sound "$1"
}
for i in 1 2 3; do
	ok "killed often, it ends (lab $i)" killed_often "$scratch/kill$i.db" 6
	ok "in the same weights and games (lab $i)" same_as_plain "$scratch/kill$i.db" r
done

interrupted() {
	timeout -s INT 0.3 "$program" train tictactoe --run r --seed 7 \
		--recipe "$scratch/tiny.conf" --games 300 --lab "$1"
	sound "$1" && "$program" train --resume r --games 300 --lab "$1"
}
ok "interrupted with Ctrl-C and resumed by name, it ends" interrupted "$scratch/int.db"
same_end() {
	tail -n 1 "$scratch/a" >"$scratch/b"
	outcome "$1" r | tail -n 1 | diff "$scratch/b" -
}
ok "in the same last weights" same_end "$scratch/int.db"

two_writers() {
	train "$scratch/both.db" r --threads 1 >"$scratch/out1" 2>&1 &
	first=$!
	train "$scratch/both.db" s --threads 1 >"$scratch/out2" 2>&1 &
	second=$!
	wait $first && wait $second || { cat "$scratch/out1" "$scratch/out2"; return 1; }
	sound "$scratch/both.db"
}
ok "two runs write to one lab at once" two_writers
ok "and both end as one alone does: the first" same_as_plain "$scratch/both.db" r
ok "and both end as one alone does: the second" same_as_plain "$scratch/both.db" s

# A run of before there was a choice learns on as it began.
before_masks() {
	"$program" train tictactoe --run r --recipe "$scratch/tiny.conf" --games 100 \
		--seed 7 --lab "$1" rate_games=300 mask_illegal=no &&
	sqlite3 "$1" "update run set config =
		replace(config, 'mask_illegal = no' || char(10), '')" &&
	! sqlite3 "$1" 'select config from run' | grep -q mask_illegal &&
	"$program" train --resume r --games 300 --lab "$1" &&
	outcome "$1" r | tail -n 1 >"$scratch/b"
	train "$scratch/unmasked.db" u mask_illegal=no &&
	outcome "$scratch/unmasked.db" u | tail -n 1 | diff - "$scratch/b"
}
ok "a run that says nothing of masks goes on without" before_masks "$scratch/old.db"

# A lab that is taken away under a run ends it with a sentence.
taken_away() {
	"$program" train tictactoe --run r --recipe "$scratch/tiny.conf" \
		--games 100000 --seed 7 --lab "$scratch/away.db" >/dev/null \
		2>"$scratch/complaint" &
	job=$!
	while kill -0 $job && { [ ! -s "$scratch/away.db" ] ||
		[ "$(sqlite3 "$scratch/away.db" 'select count(*) from game')" = 0 ]
	}; do
		sleep 0.05
	done
	mv "$scratch/away.db" "$scratch/elsewhere.db"
	wait $job
	[ $? -eq 1 ] && grep -q 'removed or replaced' "$scratch/complaint"
}
ok "a lab that is taken away ends its run with a sentence" taken_away

# A job on a host that cannot be seen from here: refused while it may live, let
# go after five minutes of silence, or taken from it.
far=$scratch/far.db
far_job() { # SILENT_MS
	sqlite3 "$far" "update job set state = 'running', host = 'elsewhere',
		boot = 'another', heartbeat_ms = unixepoch() * 1000 - $1
		where id = (select max(id) from job)"
}
ok "a run of another host" interrupted "$far"
ok "which was heard of lately" far_job 60000
ok "is refused, and how to take it is said" complains 1 elsewhere --take-over -- \
	"$program" train --resume r --games 400 --lab "$far"
ok "and taken over when told to" \
	"$program" train --resume r --games 400 --take-over --lab "$far"
ok "one silent for six minutes" far_job 360000
ok "is gone on with" "$program" train --resume r --games 450 --lab "$far"
# --- the match of an imitation is evidence once -------------------------------

mlab=$scratch/match.db
ok "a lab for imitations" train "$mlab" r
meet() { # GAME RUN: and the counts of all its matches
	"$program" imitate random --game "$1" --run "$2" --games 20 --match 6 \
		--recipe "$scratch/tiny.conf" --json --lab "$mlab" >"$scratch/$2.json" &&
		sqlite3 "$mlab" "select m.games, m.wins, m.draws, m.losses, m.points
			from match m join run r on r.id = m.run_id where r.name = '$2'" \
			>"$scratch/$2.rows"
}
told() { sed -n 's/.*\("match":.*\)/\1/p' "$1"; }
once() { # GAME RUN MATCHES
	meet "$1" "$2" && told "$scratch/$2.json" >"$scratch/first" &&
		cp "$scratch/$2.rows" "$scratch/before" && meet "$1" "$2" && meet "$1" "$2" &&
		[ "$(wc -l <"$scratch/before")" -eq "$3" ] && [ -s "$scratch/first" ] &&
		cmp "$scratch/before" "$scratch/$2.rows" &&
		told "$scratch/$2.json" | cmp - "$scratch/first"
}
ok "imitate run three times tells one match" once tictactoe again 1
ok "and one of each, where they play alone" once pacman:maze=tiny alone 2
between() { # as a kill between the two leaves it
	sqlite3 "$mlab" "delete from match where id = (select max(id) from match)" &&
		meet pacman:maze=tiny alone && cmp "$scratch/before" "$scratch/alone.rows"
}
ok "what a kill between them left out is played" between

# --- a student that plays, killed at any moment --------------------------------

# The teacher's games, two rounds of the student's, and an end that patience chose.
copy() { # LAB [ARGUMENT...]
	lab=$1
	shift
	[ -e "$lab" ] || cp "$mlab" "$lab"
	"$program" imitate mcts:uniform,sims=12 --game tictactoe --run c --match 0 \
		--recipe "$scratch/tiny.conf" --seed 7 --lab "$lab" "$@" \
		teacher_games=120 dagger_share=0.25 dagger_epochs=8 epochs=60 patience=20
}
taught() { # LAB: games in order, with what they teach
	sqlite3 "$1" "select g.number, a.spec, g.moves, hex(t.data) from game g
		join run r on r.id = g.run_id join agent a on a.id = g.first_agent
		join target t on t.game_id = g.id where r.name = 'c' order by 1"
}
same_as_copy() { # LAB
	outcome "$1" c | diff "$scratch/ca" - && taught "$1" | diff "$scratch/cg" -
}
began=$(date +%s%N)
ok "an imitation with a student that plays ends" copy "$scratch/copy.db" --threads 1
copy_ms=$((($(date +%s%N) - began) / 1000000))
outcome "$scratch/copy.db" c >"$scratch/ca"
taught "$scratch/copy.db" >"$scratch/cg"
played() {
	cut -d'|' -f2 "$scratch/cg" | sort | uniq -c
	[ "$(wc -l <"$scratch/cg")" -eq 180 ] &&
	[ "$(grep -c '|policy:c/' "$scratch/cg")" -eq 60 ] &&
	[ "$(cut -d'|' -f2 "$scratch/cg" | sort -u | wc -l)" -eq 3 ]
}
ok "a third of its games are the student's, of two rounds" played
ok "with two threads it ends" copy "$scratch/copy2.db" --threads 2
ok "in the same weights and games" same_as_copy "$scratch/copy2.db"
copy_killed() { # LAB
	killed=0
	cp "$mlab" "$1"
	while [ "$killed" -lt 6 ]; do
		delay=$(awk -v seed="$(date +%N)" -v most="$copy_ms" 'BEGIN {
			srand(seed); printf "%.3f", 0.01 + rand() * most / 2500 }')
		echo "kill after $delay s"
		timeout -s KILL "$delay" "$program" imitate \
			mcts:uniform,sims=12 --game tictactoe --run c --match 0 \
			--recipe "$scratch/tiny.conf" --seed 7 --threads 2 \
			--lab "$1" teacher_games=120 dagger_share=0.25 \
			dagger_epochs=8 epochs=60 patience=20 >"$scratch/out" 2>&1
		case $? in
		137) killed=$((killed + 1)) ;;
		0)
			[ "$killed" -eq 0 ] || break
			rm -f "$1" "$1"-*
			cp "$mlab" "$1"
			copy_ms=$((copy_ms / 2 + 1))
			;;
		*) cat "$scratch/out"; return 1 ;;
		esac
	done
	[ "$killed" -gt 0 ] && copy "$1" && sound "$1"
}
for i in 1 2; do
	ok "killed often, it ends (lab $i)" copy_killed "$scratch/ckill$i.db"
	ok "in the same weights and games (lab $i)" same_as_copy "$scratch/ckill$i.db"
done

# --- games that repeat each other ----------------------------------------------

repeats() { # WANTED ARGUMENT...
	want=$1
	shift
	rm -f "$scratch"/rep.db*
	cp "$mlab" "$scratch/rep.db"
	"$program" imitate mcts:uniform,sims=4 --game connect4 --run c --match 0 \
		--lab "$scratch/rep.db" filters=2 blocks=0 epochs=0.1 dagger_epochs=0.1 \
		--games 40 "$@" >"$scratch/said" && cat "$scratch/said" &&
		[ "$(grep -c 'warning: the games repeat' "$scratch/said")" = "$want" ] &&
		"$program" imitate --run c --lab "$scratch/rep.db" --match 0 --json |
		grep -q "\"repeats\":$([ "$want" = 1 ] && echo true || echo false)"
}
ok "a teacher without openings repeats itself, which is told" \
	repeats 1 opening_share=0 explore_plies=0 dagger_rounds=0
ok "from random openings it does not" repeats 0
tap_done
