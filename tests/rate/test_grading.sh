#!/bin/sh
# SPDX-License-Identifier: MIT
# The command that grades, and the grades of a run.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
game=drop:rows=4,cols=4,line=3
sums=$scratch/sums.txt
lab=$scratch/grade.db

# What a small board is drawn on; the solver agent is right about it.
drawn() {
	"$program" grade "$game" --random 30 --plies 4-12 --dump "$sums" &&
		[ "$(wc -l <"$sums")" -gt 10 ]
}
ok "positions of random play are written" drawn
perfect() {
	"$program" grade "$game" --agent solver "$sums" --json |
		grep '^{"positions":[0-9]*,"class_kept":1,"score_kept":1,"by_ply":\[{"ply":[0-9]*,"positions":[0-9]*,"class_kept":1,"score_kept":1}[],]'
}
ok "a perfect player is graded 1" perfect
two_files() {
	"$program" grade "$game" --agent random "$sums" - --json --mistakes \
		--limit 5 <"$sums" |
		grep '^{"positions":10,.*"files":\[{"file":".*sums.txt","positions":5,.*"wrong":\[.*{"file":"-","positions":5,'
}
ok "several files, one of them standard input" two_files
human() {
	"$program" grade "$game" --agent random "$sums" --by-ply --mistakes \
		>"$scratch/table" && grep -q '^ply ' "$scratch/table" &&
		grep -q 'sums.txt:[0-9]*: [1-4]* plays [1-4], worth' "$scratch/table"
}
ok "the table, by ply and with the mistakes" human

# What one command wrote another reads, the start of the game too.
start() { # GAME
	"$program" solve "$1" --moves '' >"$scratch/start" &&
		"$program" solve "$1" <"$scratch/start" | diff "$scratch/start" -
}
ok "the start of a game with its scores is no move" start "$game"
ok "where moves are words" start mnk:2,2,2

# Of the best scores alone the solver judges what was chosen, once.
best=$scratch/best.txt
known=$scratch/known.txt
awk '{ b = -99; for (i = 2; i <= NF; i++) if ($i != "-" && $i > b) b = $i
	print $1, b }' "$sums" >"$best"
judged() { # JSON: the shares alone
	"$program" grade "$game" --agent random "$@" --json >"$scratch/json" &&
		sed 's/,"by_ply.*//' "$scratch/json"
}
judging() {
	judged "$sums" >"$scratch/whole" && cat "$scratch/whole" &&
		judged "$best" --known "$known" | diff "$scratch/whole" - &&
		grep '"asked":[1-9]' "$scratch/json" &&
		judged "$best" --known "$known" | diff "$scratch/whole" - &&
		grep '"asked":0' "$scratch/json" &&
		judged "$best" --memory 1 | diff "$scratch/whole" - &&
		judged "$best" --check | diff "$scratch/whole" - &&
		grep '"asked":0' "$scratch/json" && head -3 "$known"
}
ok "moves are judged alone, and it is known" judging
at_most() {
	"$program" grade "$game" --agent random "$best" --mistakes |
		grep 'best.txt:[0-9]*: [1-4]* plays [1-4], worth -*[0-9]* at most and not'
}
ok "mistakes among them" at_most
echo "12 9" >"$scratch/wrong.txt"
ok "a score that is not the solver's" complains 1 "wrong.txt:1: the score" 9 -- \
	"$program" grade "$game" --agent random "$scratch/wrong.txt" --check
ok "what is known of another game" complains 2 "known.txt:1" connect4 -- \
	"$program" grade connect4 --agent random --random 1 --plies 38-41 \
	--known "$known"

echo "12 9 9" >"$scratch/bad.txt"
ok "a bad line" complains 1 "bad.txt:1: neither" bad -- \
	"$program" grade "$game" --agent random "$scratch/bad.txt"
ok "a file that is not there" complains 1 nothing.txt "cannot read" -- \
	"$program" grade "$game" --agent random nothing.txt
ok "nobody to grade" complains 2 --agent --run -- \
	"$program" grade "$game" "$sums"
ok "no positions" complains 2 FILE --random -- \
	"$program" grade "$game" --agent random
ok "a game that nobody solves" complains 2 solver pacman -- \
	"$program" grade pacman --agent random --random 5

# Of a run: the same weights with and without; the grades are metrics.
learn() { # LAB NAME POSITIONS
	"$program" train "$game" --run "$2" --recipe "$scratch/tiny.conf" \
		rate_games=60 rate_match_games=0 grade_positions="$3" \
		--seed 7 --lab "$1" | grep sha256
}
same() {
	learn "$lab" with 12 >"$scratch/with" &&
		learn "$lab" without 0 >"$scratch/without" &&
		diff "$scratch/with" "$scratch/without"
}
ok "a run that is graded ends in the same weights" same
if command -v sqlite3 >/dev/null; then
	graded() {
		"$program" show run with --lab "$lab"
		sqlite3 "$lab" "select count(*) = (select count(*) from checkpoint
			where run_id = m.run_id), min(value) >= 0, max(value) <= 1
			from metric m join run r on r.id = m.run_id
			where r.name = 'with' and m.name = 'grade.class'" |
			grep '^1|1|1$'
	}
	ok "every checkpoint has its grade" graded
	kept() {
		"$program" grade "$game" --run without "$sums" --sims 0 --keep \
			--json --lab "$lab" |
			grep '^\[{"step":0,"games":0,"time":0,"positions":' &&
			sqlite3 "$lab" "select count(*) from metric m join run r
				on r.id = m.run_id where r.name = 'without' and
				m.name = 'grade.score'" | grep -vx 0
	}
	ok "a run's checkpoints are graded, and it is kept" kept
else
	skip "every checkpoint has its grade" "no sqlite3"
	skip "a run's checkpoints are graded, and it is kept" "no sqlite3"
fi
with() { # SETTINGS
	"$program" grade "$game" --run without "$sums" --sims 8 --with "$1" \
		--every 1000 --json --lab "$lab"
}
settled() {
	with gumbel=yes,moves=2 | grep '"agent":"mcts:without/[0-9]*,sims=8,gumbel=yes,moves=2"'
}
ok "a run's agents have the settings that are asked for" settled
ok "a setting that is not there" complains 2 gumble "did you mean 'gumbel'" -- \
	with gumble=yes
ok "settings of no run" complains 2 --with --run -- \
	"$program" grade "$game" --agent random --with gumbel=yes "$sums"
echo "12275661366112547445542251257613677 0" >"$scratch/c4.txt"
ok "a run of another game" complains 2 without connect4 -- \
	"$program" grade connect4 --run without --lab "$lab" "$scratch/c4.txt"
tap_done
