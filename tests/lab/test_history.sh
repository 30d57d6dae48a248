#!/bin/sh
# SPDX-License-Identifier: MIT
# Lives through the program: the same however they are made, and found again.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

as=
# lives LAB [ARGUMENT...]: three of those that are shown whole, in turns of two
# rates.
lives() {
	to=$1
	shift
	$as "$program" history tictactoe --name h --teachers 3 --games 120 \
		--cut 40 --stages 3+2 --games-per-stage 5 --lab "$to" \
		filters=4 blocks=1 'rate=0.002|0.004' "$@"
}
rows() { sqlite3 "$1" 'select seed, part, sha256 from life order by 1, 2'; }
one_row() { # LAB SQL WANT
	[ "$(sqlite3 "$1" "$2")" = "$3" ] && return
	sqlite3 "$1" "$2"
	return 1
}

whole() {
	lives "$lab" --threads 1 --json >"$scratch/out" &&
		grep -q '"lives":3,"parts_made":6,"parts_there":0' \
			"$scratch/out" &&
		[ "$(rows "$lab" | wc -l)" = 6 ] && sound "$lab" &&
		one_row "$lab" "select group_concat(kind || status) from run" \
			historydone
}
ok "a set of lives is made" whole
by_turns() {
	one_row "$lab" "select group_concat(substr(settings,
		instr(settings, 'rate = '), 12), '; ')
		from (select * from life where part = 'before' order by seed)" \
		"rate = 0.002; rate = 0.004; rate = 0.002"
}
ok "a setting that varies does so in turns" by_turns
threads() {
	lives "$scratch/three.db" --threads 3 >/dev/null &&
		[ "$(rows "$lab")" = "$(rows "$scratch/three.db")" ]
}
ok "to the same bytes on three threads" threads
hash_of_all() {
	want=$(rows "$lab" | tr '|' ' ' | sort -k1,1n -k2,2r | sha256sum)
	grep -q "\"sha256\":\"${want%% *}\"" "$scratch/out"
}
ok "its hash is that of its parts, in their order" hash_of_all

# Killed at any moment, with all that it has made kept.
killed() {
	for delay in 0.05 0.2 0.4 0.8; do
		# The program itself, and not a shell that waits for it.
		(as=exec && lives "$scratch/cut.db" --threads 2) \
			>/dev/null 2>&1 &
		sleep "$delay"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
	done
	lives "$scratch/cut.db" --threads 2 >/dev/null &&
		[ "$(rows "$lab")" = "$(rows "$scratch/cut.db")" ] &&
		sound "$scratch/cut.db"
}
ok "one that was killed goes on to the same bytes" killed
again() {
	lives "$lab" --json | grep -q '"parts_made":0,"parts_there":6'
}
ok "what is there is not made again" again
refused() { # WORDS ARGUMENT...
	words=$1
	shift
	lives "$lab" "$@" 2>"$scratch/err" >/dev/null && return 1
	[ "$(wc -l <"$scratch/err")" = 1 ] && grep -q "$words" "$scratch/err" &&
		return
	cat "$scratch/err"
	return 1
}
ok "other settings are refused" \
	refused 'life h/2001 was made with other settings' --games-per-stage 6
ok "so is another recipe" refused 'a run keeps its recipe' filters=5
ok "and a cut that is none" refused 'a cut at 120 of 120 games' --cut 120

# Those that judge: past the cut they lie in a file of their own.
apart() {
	lives "$lab" --first-seed 1001 >/dev/null &&
		one_row "$lab" "select count(*) from life where part = 'after'
			and seed < 2001" 0 &&
		one_row "$lab-after" "select count(*) from life" 3 &&
		sound "$lab-after"
}
ok "past their cut, lives that judge lie apart" apart
listed() {
	"$program" list lives --run h --lab "$lab" >"$scratch/out" &&
		[ "$(wc -l <"$scratch/out")" = 13 ] &&
		sed -n 3p "$scratch/out" | grep -q '^h *1001  *after ' &&
		"$program" list lives --json --lab "$lab" |
		grep -q '"run":"h","seed":1001,"part":"before",'
}
ok "they are listed from both files" listed
agents() {
	"$program" match policy:h/1001.4 policy:h/2001.0 --games 4 --seed 3 \
		--lab "$lab" >/dev/null &&
		one_row "$lab" "select first || ' ' || second from matches" \
			"policy:h/1001.4 policy:h/2001.0"
}
ok "a stage is an agent" agents
no_agent() { # WORDS AGENT
	"$program" match "$2" random --games 2 --lab "$lab" 2>"$scratch/err" &&
		return 1
	grep -q "$1" "$scratch/err" && return
	cat "$scratch/err"
	return 1
}
ok "a stage that is not there is none" \
	no_agent 'has stages 0 to 4, and none of number 5' policy:h/2001.5
ok "nor is a life" \
	no_agent 'has no life h/3001 before its cut' policy:h/3001.0
without_file() {
	mkdir "$scratch/alone" && cp "$lab" "$scratch/alone/lab.db" &&
		lab=$scratch/alone/lab.db &&
		no_agent 'lab.db-after has no life h/1001 after its cut' \
			policy:h/1001.4 &&
		"$program" match policy:h/1001.2 random --games 2 \
			--lab "$lab" >/dev/null
}
ok "without the file there is nothing past the cut" without_file
lab=$scratch/lab.db

# A study makes the lives that it does not find, and finds them the next time.
study() { # NAME
	"$program" study run tabula --as "$1" --size smoke --seeds 1 \
		--lab "$scratch/study.db" lives=few life_games=100 games=30 \
		pairs=8 fresh=2 opening_plies=2 >"$scratch/out" || return 1
	grep -q '^not evidence: ' "$scratch/out"
}
lent() {
	study first && rows "$scratch/study.db" >"$scratch/first" &&
		[ "$(wc -l <"$scratch/first")" = 2 ] &&
		grep -q '^2001|after|' "$scratch/first" && study second &&
		rows "$scratch/study.db" | diff "$scratch/first" - &&
		one_row "$scratch/study.db" \
			"select count(distinct value) from figures
			 where figure = 'elo' and arm = 'selfplay'" 1 &&
		sound "$scratch/study.db"
}
ok "a study is lent the lives of the lab, and adds to them" lent

# The file belongs to its lab.
copies() {
	"$program" backup "$scratch/copy.db" --lab "$lab" &&
		[ "$(rows "$lab-after")" = "$(rows "$scratch/copy.db-after")" ] &&
		"$program" restore "$scratch/copy.db" --lab "$scratch/new.db" &&
		[ "$(rows "$lab-after")" = "$(rows "$scratch/new.db-after")" ]
}
ok "a backup has the file, and restoring brings it back" copies
damaged() {
	sqlite3 "$scratch/new.db-after" "drop trigger life_stays;
		update life set data = x'00' where seed = 1002;
		create trigger life_stays before update on life begin
		select raise(abort, 'a life never changes');end"
	"$program" check --lab "$scratch/new.db" >"$scratch/out" 2>&1 && return 1
	grep -q 'new.db-after is damaged: the life of seed 1002 after' \
		"$scratch/out" && return
	cat "$scratch/out"
	return 1
}
ok "the check of a lab looks at the file, too" damaged
tap_done
