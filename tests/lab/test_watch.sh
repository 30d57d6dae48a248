#!/bin/sh
# SPDX-License-Identifier: MIT
# A network that reads sequences learns from the games of a run in their order: it
# ends in the same weights when it is killed, and on any number of threads, and
# plays.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/first.db
net=transformer:width=16,layers=2,heads=2,ff=2,context=40

# watch LAB RUN [ARGUMENT...]
watch() {
	to=$1 name=$2
	shift 2
	"$program" imitate games:run=r --run "$name" --lab "$to" --match 0 \
		epochs=8 patience=0 batch=160 shard=80 "network=$net" "$@"
}

ok "a run to watch" train "$lab" r --threads 1
cp "$lab" "$scratch/again.db"
began=$(date +%s%N)
ok "a network watches it" watch "$lab" m --threads 1
took_ms=$((($(date +%s%N) - began) / 1000000))
outcome "$lab" m >"$scratch/a"
several() { [ "$(wc -l <"$scratch/a")" -ge 3 ]; }
ok "with checkpoints" several

same() { # LAB RUN
	outcome "$1" "$2" >"$scratch/b" && diff "$scratch/a" "$scratch/b"
}
two() { watch "$lab" m2 --threads 2 && same "$lab" m2; }
ok "two threads end in the same weights" two

killed() {
	delay=$(awk -v most="$took_ms" 'BEGIN { printf "%.3f", most / 2500 }')
	for i in 1 2 3; do
		timeout -s KILL "$delay" "$program" imitate games:run=r --run m \
			--lab "$scratch/again.db" --match 0 epochs=8 patience=0 \
			batch=160 shard=80 "network=$net" --threads 2 \
			>"$scratch/out" 2>&1
	done
	sound "$scratch/again.db" && watch "$scratch/again.db" m &&
	same "$scratch/again.db" m
}
ok "killed and resumed, it ends in the same weights" killed

# agrees RUN: better than the most frequent of nine moves.
agrees() {
	share=$(sqlite3 "$lab" "select m.value from metric m join run r on r.id = m.run_id
		where r.name = '$1' and m.name = 'heldout.agree'
		order by m.step desc limit 1")
	echo "agreement $share"
	awk -v x="$share" 'BEGIN { exit !(x > 0.3) }'
}
ok "it has learned something" agrees m

plays() {
	"$program" match seq:m/latest,context=last:8 random --games 20 --life 10 \
		--lab "$lab" --threads 2 --json >"$scratch/1" &&
	"$program" match seq:m/latest,context=last:8 random --games 20 --life 10 \
		--lab "$lab" --threads 1 --json >"$scratch/2" &&
	sed 's/"seconds":[^,}]*//; s/"id":[0-9]*//; s/"match":[0-9]*//' "$scratch/1" >"$scratch/3" &&
	sed 's/"seconds":[^,}]*//; s/"id":[0-9]*//; s/"match":[0-9]*//' "$scratch/2" | diff "$scratch/3" -
}
ok "it plays, in lives, the same on one thread and two" plays
gru() {
	net=gru:width=16,layers=1
	watch "$lab" g && "$program" match seq:g/latest random --games 10 --lab "$lab"
}
ok "so does a recurrent network" gru

reads() {
	"$program" analyze tictactoe --moves b2a1 --lab "$lab" --json \
		--agent seq:m/latest,context=last:3 >"$scratch/out" &&
	grep -q '"reading":{"games":3,"positions":[0-9]*,"context":40,"slides":0}' \
		"$scratch/out" || { cat "$scratch/out"; return 1; }
}
ok "it says what it has read" reads
shows() {
	printf '%s\n' 'command play seq:m/latest,context=last:3 game=tictactoe side=second' \
		'wait idle' 'expect read 3 games' 'expect /40 plies' |
		"$program" --lab "$lab" --script -
}
ok "on the screen too" shows
offered() {
	printf '%s\n' 'command play mcts:m/latest,sims=100 game=tictactoe' \
		'wait idle' 'expect seq:m/' | "$program" --lab "$lab" --script -
}
ok "a menu's search of it is it" offered

# What it thinks of an empty board behind GTP, after some commands.
thinks() {
	printf '%s\n' "$@" 'clear_board' 'kata-genmove_analyze b 10' 'quit' |
		"$program" gtp --lab "$lab" --game tictactoe --agent seq:m/latest |
		sed -n '/^info /{p;q;}'
}
won='play b b2,play w a1,play b b1,play w a2,play b b3'
remembers() {
	fresh=$(thinks name)
	short=$(IFS=,; thinks ${won%,*})
	whole=$(IFS=,; thinks $won)
	printf '%s\n' "$fresh" "$short" "$whole"
	[ -n "$fresh" ] && [ "$fresh" = "$short" ] && [ "$fresh" != "$whole" ]
}
ok "a front end's finished game is remembered, no other" remembers

refused() { # SENTENCE ARGUMENT...
	says=$1
	shift
	"$program" "$@" --lab "$lab" >"$scratch/out" 2>&1
	[ $? -ne 0 ] && grep -q "$says" "$scratch/out" || { cat "$scratch/out"; return 1; }
}
ok "a teacher's games have no order" refused "a teacher's have none" \
	imitate policy:r/latest --run x "network=$net"
ok "a game longer than the network reads is told" refused \
	"9 positions does not fit in the 8" \
	imitate games:run=r --run y network=transformer:width=8,heads=1,context=8
ok "as is a size that memory cannot hold" refused "GB of memory" \
	imitate games:run=r --run z batch=65536 shard=65536 \
	network=transformer:width=1024,layers=48,ff=16,context=16384
nothing_begun() {
	! sqlite3 "$lab" "select name from run where name in ('x', 'z')" | grep .
}
ok "before anything is begun" nothing_begun
ok "self-play is not for it" refused "self-play" \
	train tictactoe --run w "network=$net"
ok "policy says what to write" refused "write seq:m/" \
	match policy:m/latest random --games 2
ok "seq too" refused "write policy:r/" match seq:r/latest random --games 2
ok "an unknown context is named" refused "context=lost" \
	match seq:m/latest,context=lost random --games 2
tap_done
