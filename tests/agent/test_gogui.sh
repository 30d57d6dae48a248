#!/bin/sh
# SPDX-License-Identifier: MIT
# Matches as gogui-twogtp plays them: its dialogue, line by line, as TwoGtp.java,
# Program.java and GtpSynchronizer.java of GoGui 1.5 write it, with two players and
# a referee that are servers of ours.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
XDG_DATA_HOME=$scratch/data
HOME=$scratch
export XDG_DATA_HOME HOME
unset PLYSCOPE_LAB
mkdir -p "$scratch/data/plyscope"
cp "$top_srcdir/assets/sample.db" "$scratch/data/plyscope/lab.db"
chmod u+w "$scratch/data/plyscope/lab.db"

# The players are b and w, the referee is r: each has its pipes.
start() { # AGENT_B AGENT_W SIZE
	rm -f "$scratch"/?.to "$scratch"/?.from "$scratch/faults"
	: >"$scratch/faults"
	cpu_b=0 cpu_w=0
	for who in b w r; do
		mkfifo "$scratch/$who.to" "$scratch/$who.from"
		case $who in
		b) agent=$1 ;;
		w) agent=$2 ;;
		r) agent=random ;;
		esac
		"$program" gtp --agent "$agent" --game "go:size=$3" \
			<"$scratch/$who.to" >"$scratch/$who.from" &
		eval "pid_$who=$!"
	done
	exec 3>"$scratch/b.to" 4<"$scratch/b.from"
	exec 5>"$scratch/w.to" 6<"$scratch/w.from"
	exec 7>"$scratch/r.to" 8<"$scratch/r.from"
}

# ask WHO COMMAND: $answer is what GtpClient takes from the response, up to an empty
# line; a refusal is noted.
ask() {
	case $1 in
	b) printf '%s\n' "$2" >&3 ;;
	w) printf '%s\n' "$2" >&5 ;;
	r) printf '%s\n' "$2" >&7 ;;
	esac
	answer=
	first=1
	while :; do
		case $1 in
		b) IFS= read -r reply <&4 ;;
		w) IFS= read -r reply <&6 ;;
		r) IFS= read -r reply <&8 ;;
		esac || {
			echo "$1 is gone after $2" >>"$scratch/faults"
			return 1
		}
		[ -n "$reply" ] || break
		if [ $first = 1 ]; then
			case $reply in
			=*) reply=${reply#=} reply=${reply# } ;;
			*) echo "$1: $2: $reply" >>"$scratch/faults" ;;
			esac
			first=0
			answer=$reply
		else
			answer="$answer
$reply"
		fi
	done
}

# expect TEXT: the answer is this one.
expect() {
	[ "$answer" = "$1" ] || echo "not '$1': '$answer'" >>"$scratch/faults"
}

greet() {
	for who in b w r; do
		ask $who protocol_version
		expect 2
		ask $who name
		expect plyscope
		ask $who version
		ask $who list_commands
		for needed in boardsize clear_board komi play genmove undo \
			set_free_handicap time_settings cputime final_score quit; do
			printf '%s\n' "$answer" | grep -qx $needed ||
				echo "$who: no $needed" >>"$scratch/faults"
		done
	done
}

# Each game begins so, and once before the first one; komi is told where it is
# another than before.
begin() { # SIZE KOMI HANDICAP
	for who in b w r; do
		ask $who "boardsize $1"
		expect ''
		ask $who clear_board
		expect ''
		[ "$2" = - ] || ask $who "komi $2"
		[ "$3" = - ] || ask $who "set_free_handicap $3"
	done
}

# A number of seconds that does not go back.
cputime() { # WHO
	ask "$1" cputime
	eval "before=\$cpu_$1"
	printf '%s %s\n' "$answer" "$before" |
		awk '{exit !($1 ~ /^[0-9]+(\.[0-9]+)?$/ && $1 + 0 >= $2 + 0)}' ||
		echo "$1: cputime $answer after $before" >>"$scratch/faults"
	eval "cpu_$1=\$answer"
}

# To two passes: the player of each colour, the one that begins first.
play() { # BLACK WHITE FIRST
	color=$3
	passes=0
	plies=0
	while [ $passes -lt 2 ] && [ $plies -lt 300 ]; do
		case $color in
		b) player=$1 other=$2 next=w ;;
		w) player=$2 other=$1 next=b ;;
		esac
		ask $player "genmove $color" || return 1
		point=$(printf %s "$answer" | tr a-z A-Z)
		case $point in
		RESIGN) return 0 ;;
		PASS) passes=$((passes + 1)) ;;
		[A-HJ-T][1-9]*) passes=0 ;;
		*) echo "$player played '$answer'" >>"$scratch/faults" && return 1 ;;
		esac
		for who in $other r; do
			ask $who "play $(printf %s $color | tr a-z A-Z) $point" ||
				return 1
		done
		color=$next
		plies=$((plies + 1))
	done
	# What gogui-twogtp writes in its table.
	score=
	for who in $1 $2 r; do
		ask $who final_score
		printf '%s\n' "$answer" | grep -Eqx '[BW]\+[0-9]+(\.5)?|0' ||
			echo "$who: score '$answer'" >>"$scratch/faults"
		[ "${score:=$answer}" = "$answer" ] ||
			echo "$who scores $answer, not $score" >>"$scratch/faults"
	done
	cputime "$1"
	cputime "$2"
	[ $passes -eq 2 ] || echo "no end in $plies plies" >>"$scratch/faults"
}

finish() {
	for who in b w r; do
		ask $who quit
	done
	exec 3>&- 4<&- 5>&- 6<&- 7>&- 8<&-
	wait $pid_b && wait $pid_w && wait $pid_r ||
		echo "a server failed" >>"$scratch/faults"
	cat "$scratch/faults"
	[ ! -s "$scratch/faults" ]
}

# gogui-twogtp -size 5 -komi 2.5 -time 10 -games 2 -alternate -auto -referee ...
alternating() {
	start mcts:uniform,sims=8 random 5
	greet
	begin 5 2.5 -
	for game in 0 1; do
		cputime b
		cputime w
		begin 5 - -
		for who in b w r; do
			ask $who 'time_settings 600 0 0'
		done
		if [ $game = 0 ]; then
			play b w b
		else
			play w b b
		fi
	done
	finish
}
ok "two games with colours in turn" alternating

# ... -komi 0 -handicap 2: White begins.
handicap() {
	start random mcts:uniform,sims=8 7
	greet
	begin 7 0 'C3 E5'
	begin 7 - 'C3 E5'
	play b w w
	finish
}
ok "a game with a handicap" handicap

# ... -openings: both are told the moves of the file; then, as a person takes moves
# back in GoGui, the synchroniser undoes them.
opening() {
	start random random 7
	greet
	begin 7 7 -
	for who in b w r; do
		for move in 'B D4' 'W C5' 'B E5'; do
			ask $who "play $move"
		done
		ask $who undo
		ask $who undo
		ask $who 'play W PASS'
	done
	play b w b
	finish
}
ok "a game from an opening" opening

# What cannot be is refused, and the server goes on.
refusals() {
	start random random 5
	ask b 'boardsize 26'
	ask b 'play B Z9'
	ask b 'set_free_handicap C3 C3'
	[ "$(wc -l <"$scratch/faults")" -eq 3 ] || return 1
	: >"$scratch/faults"
	begin 5 - -
	play b w b
	finish
}
ok "refusals end nothing" refusals
tap_done
