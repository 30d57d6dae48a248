#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A program that speaks just enough GTP and UCI, and then does something wrong:
#
#	fake_engine.sh KIND
#
# It writes its process id to the file that FAKE_PIDS names.
kind=$1
[ -z "${FAKE_PIDS:-}" ] || echo $$ >>"$FAKE_PIDS"

hang() {
	while :; do
		sleep 1
	done
}

flood() {
	while :; do
		echo "nothing of use, again and again and again and again"
	done
}

# What takes the place of a move; $1: how a move is said.
misbehave() {
	case $kind in
	good | deaf) printf '%s\n' "$1 $2" ;;
	hang) hang ;;
	die) exit 3 ;;
	illegal) printf '%s\n' "$1 z99" ;;
	nonsense) printf '%s\n' "$1 no	such move in all of the world at all" ;;
	nothing) printf '%s\n' "$1" ;;
	flood) flood ;;
	endless) yes | tr -d '\n' ;;
	partial) printf '%s d' "$1" && hang ;;
	late) sleep 0.6 && printf '%s\n' "$1 resign" ;;
	resign) printf '%s\n' "$1 resign" ;;
	nopass) printf '%s\n' "$1 $FAKE_MOVE" ;;
	esac
}

case $kind in
mute) hang ;;
gone) exit 0 ;;
deaf) trap '' TERM HUP INT ;;
esac
while read -r command rest; do
	# Its rules pass by themselves.
	case $kind-$command-$rest in
	nopass-play-*pass)
		printf '? illegal move\n\n'
		continue
		;;
	esac
	case $command in
	protocol_version) printf '= 2\n\n' ;;
	genmove) misbehave = pass; echo ;;
	uci) printf 'id name fake\noption name Skill Level type spin default 20 min %d max 20\nuciok\n' "${FAKE_LEAST:-0}" ;;
	isready) echo readyok ;;
	go) misbehave bestmove e2e4 ;;
	position | setoption | ucinewgame) ;;
	quit) [ "$kind" = deaf ] || exit 0 ;;
	*) printf '=\n\n' ;;
	esac
done
[ "$kind" != deaf ] || hang
