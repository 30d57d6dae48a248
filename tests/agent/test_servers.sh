#!/bin/sh
# SPDX-License-Identifier: MIT
# The servers, spoken to as front ends do, and full games with programs that
# others wrote.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
golden=$top_srcdir/tests/agent/golden
PATH=$PATH:/usr/games
XDG_DATA_HOME=$scratch/data
HOME=$scratch
export PATH XDG_DATA_HOME HOME
unset PLYSCOPE_LAB

# The lab that commands use is the sample, also where the program was built away
# from it.
mkdir -p "$scratch/data/plyscope"
cp "$top_srcdir/assets/sample.db" "$scratch/data/plyscope/lab.db"
chmod u+w "$scratch/data/plyscope/lab.db"

# same NAME FILE: what the session gave is what it shall give.
same() {
	if [ -n "${UPDATE_GOLDEN:-}" ]; then
		cp "$2" "$golden/$1.txt"
	fi
	diff -u "$golden/$1.txt" "$2"
}

# until_true COMMAND...: wait for a condition, a minute at most.
until_true() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ] || return 1
		sleep 0.02
	done
}

# --- transcripts -------------------------------------------------------------

# The version is the only line that changes from release to release.
gtp_session() {
	"$program" gtp --agent mcts:uniform,sims=30 --game go:size=9 \
		--as 'plyscope 0' <"$golden/gtp.in" >"$scratch/gtp" || return 1
	same gtp "$scratch/gtp"
}
ok "a session of GTP" gtp_session

# Clocks differ from run to run, and snapshots come when they come: the last
# lines before a move are kept.
uci_session() {
	# Each "go" waits for its answer, so that no search is cut short.
	mkfifo "$scratch/to" || return 1
	"$program" uci --agent mcts:uniform,sims=30 <"$scratch/to" \
		>"$scratch/raw" &
	pid=$!
	exec 3>"$scratch/to"
	moves=0
	while IFS= read -r line; do
		printf '%s\n' "$line" >&3
		case $line in
		go*)
			moves=$((moves + 1))
			until_true answered $moves || return 1
			;;
		esac
	done <"$golden/uci.in"
	echo quit >&3
	exec 3>&-
	wait $pid || return 1
	awk '/multipv 1 /{n = 0} /multipv/{keep[n++] = $0; next}
		/^bestmove/{for (i = 0; i < n; i++) print keep[i]; n = 0}
		{print}' "$scratch/raw" |
		sed -e 's/ nps [0-9]* time [0-9]*//' \
			-e 's/^\(id name plyscope\) [^ ]*/\1 VERSION/' \
			>"$scratch/uci"
	same uci "$scratch/uci"
}
answered() {
	[ "$(grep -c '^bestmove' "$scratch/raw")" -ge "$1" ]
}
ok "a session of UCI" uci_session

# --- analysis ----------------------------------------------------------------

vertex='([A-HJ-T][1-9][0-9]?|pass)'
real='-?[0-9]+\.[0-9]+'
lz="info move $vertex visits [0-9]+ winrate [0-9]+ prior [0-9]+ lcb [0-9]+ order [0-9]+ pv( $vertex)+"
kata="info move $vertex visits [0-9]+ utility $real winrate $real( scoreMean $real scoreLead $real)? prior $real lcb $real utilityLcb $real order [0-9]+ pv( $vertex)+"

# analyzes COMMAND PATTERN: a line of the analysis, until an empty line ends it;
# then the server goes on with the next command.
analyzes() {
	# Without what the game before left: it would be read as this one's end,
	# since the output is opened only after the pipe.
	rm -f "$scratch/in" "$scratch/out" && mkfifo "$scratch/in" || return 1
	: >"$scratch/out"
	"$program" gtp --agent mcts:rollout --game go:size=9 <"$scratch/in" \
		>"$scratch/out" &
	pid=$!
	exec 3>"$scratch/in"
	printf 'play b e5\n7 %s\n' "$1" >&3
	until_true grep -q '^info' "$scratch/out" || return 1
	printf '\n8 name\n9 showboard\nquit\n' >&3
	exec 3>&-
	wait $pid || return 1
	grep '^info' "$scratch/out" | grep -Evx "$2( $2)*" && return 1
	# The response of the analysis ends with an empty line.
	grep -v '^info' "$scratch/out" | head -n 6 >"$scratch/frame"
	printf '=\n\n=7\n\n=8 plyscope\n\n' | diff - "$scratch/frame" &&
		grep -q "${3:-white} to play" "$scratch/out"
}
ok "lz-analyze as Lizzie asks" analyzes 'lz-analyze 10' "$lz"
ok "analyze as Sabaki asks" analyzes 'analyze W 10' "$lz"
ok "kata-analyze" analyzes \
	'kata-analyze interval 10 maxmoves 3 ownership true' "$kata"
ok "the other player's moves" analyzes 'lz-analyze b 10' "$lz"

few_moves() {
	analyzes "$1" "$lz" || return 1
	! grep '^info' "$scratch/out" | grep -Eo 'info move [^ ]*' |
		grep -Ev "info move ($2)\$"
}
ok "only the moves allowed" few_moves \
	'lz-analyze 10 allow w D4,E4,pass 1' 'D4|E4|pass'

generates() {
	printf 'kata-genmove_analyze b 10 maxmoves 2\nquit\n' |
		"$program" gtp --agent mcts:rollout,sims=50 --game go:size=9 \
			>"$scratch/out" &&
		grep -Eqx "play $vertex" "$scratch/out" &&
		grep -Eqx "$kata( $kata)*" "$scratch/out"
}
ok "a move with its analysis" generates

# White's pass lets Black end a game that is won: nobody looks at another move,
# and of those there is no figure.
unsearched() {
	# The analysis ends with the next line, which waits for its figures.
	rm -f "$scratch/in" "$scratch/out" && mkfifo "$scratch/in" || return 1
	: >"$scratch/out"
	"$program" gtp --agent mcts:uniform,sims=50 --game go:size=5,komi=0.5 \
		<"$scratch/in" >"$scratch/out" &
	pid=$!
	exec 3>"$scratch/in"
	printf 'play b c3\nplay w pass\n%s b 10 minmoves 5\n' "$1" >&3
	until_true grep -q '^info' "$scratch/out" || return 1
	echo quit >&3
	exec 3>&-
	wait $pid || return 1
	grep '^info' "$scratch/out" | grep -Eo 'move [^ ]* visits 0 .*' |
		grep -v '^move pass visits 0 .* order 0 pv pass$' && return 1
	[ "$(grep '^info' "$scratch/out" | grep -Eo 'info move' |
		wc -l)" -eq 1 ]
}
ok "no figure of moves that nobody searched" unsearched lz-analyze
ok "nor in kata-analyze" unsearched kata-analyze

# The network of the sample gives White's stone in the corner of Black's board to
# Black; without a word of it, all stones are alive.
dead() {
	printf 'komi 9\n%s\nfinal_status_list dead\nfinal_score\n' \
		'set_position b c3 b c4 b c5 b d6 b e5 b e4 b e3 b d2 b b6 b f6 b f2 b b2 w d4' |
		"$program" gtp --agent mcts:go7/latest,sims=5 --dead "$1" \
			>"$scratch/out" || return 1
	printf '=\n\n=\n\n%s\n\n%s\n\n' "$2" "$3" | diff - "$scratch/out"
}
ok "dead stones by the network" dead network '= D4' '= B+40'
ok "no dead stones" dead none '? the game is not over' \
	'? cannot score: the game is not over'

# The next line ends a search that can be cancelled.
cancels() {
	printf 'kata-search%s\n2 name\n' "$1" |
		"$program" gtp --agent mcts:rollout,sims=1000000 \
			--game go:size=9 >"$scratch/out" || return 1
	grep -v '^info' "$scratch/out" >"$scratch/rest"
	printf "$2"'=2 plyscope\n\n' | diff - "$scratch/rest"
}
ok "a search is cancelled" cancels _cancellable '= cancelled\n\n'
ok "one with its analysis too" cancels '_analyze_cancellable b 10' \
	'=\nplay cancelled\n\n'

# What has no move waits for "stop" all the same.
holds() {
	printf '%s\n' 'position fen 7k/5Q2/6K1/8/8/8/8/8 b - - 0 1' \
		"go $1" isready stop quit |
		"$program" uci --agent random >"$scratch/out" &&
		printf '%s\n' readyok 'info depth 0 score cp 0' \
			'bestmove 0000' | diff - "$scratch/out"
}
ok "go infinite waits for stop" holds infinite
ok "go ponder waits for stop" holds 'ponder wtime 1000 btime 1000'

# Who has thought to the end says so while it waits: front ends show it.
waiting() {
	rm -f "$scratch/in" "$scratch/out" && mkfifo "$scratch/in" || return 1
	: >"$scratch/out"
	"$program" uci --agent policy:chess/latest <"$scratch/in" \
		>"$scratch/out" &
	pid=$!
	exec 3>"$scratch/in"
	echo 'go infinite' >&3
	until_true grep -q '^info depth 1 .* pv ' "$scratch/out" || return 1
	grep -q '^bestmove' "$scratch/out" && return 1
	echo quit >&3
	exec 3>&-
	wait $pid
}
ok "an answer that waits is shown" waiting

# Each line of MultiPV says its own chances.
own_wdl() {
	printf '%s\n' 'setoption name UCI_ShowWDL value true' \
		'setoption name MultiPV value 3' \
		'position fen 7k/8/8/8/8/8/R7/K7 w - - 0 1' \
		'go nodes 200' |
		"$program" uci --agent mcts:rollout >"$scratch/out" || return 1
	[ "$(grep -c ' multipv [123] score .* wdl ' "$scratch/out")" -ge 3 ]
}
ok "wdl on every line of MultiPV" own_wdl

# As cutechess begins a game of Chess960: the answer castles by the rook.
chess960() {
	printf '%s\n' uci 'setoption name UCI_Chess960 value true' isready \
		ucinewgame \
		'position fen 5k2/8/8/8/8/8/5PPP/5KR1 w G - 0 1' \
		'go nodes 5 searchmoves f1g1' 'go perft 1' |
		"$program" uci --agent mcts:uniform >"$scratch/out" || return 1
	grep -qx 'option name UCI_Chess960 type check default false' \
		"$scratch/out" && grep -qx readyok "$scratch/out" &&
		grep -Eq '^bestmove f1g1( |$)' "$scratch/out" &&
		grep -qx 'f1g1: 1' "$scratch/out" &&
		grep -qx 'Nodes searched: 10' "$scratch/out"
}
ok "Chess960 as cutechess plays it" chess960

# A game as cutechess-cli runs it: each engine is set up once, told of the
# opponent, pinged after each position, and asked with the clocks of both; it
# gets all moves from the start each time.  ask SIDE LINE..., then the answers
# are in $scratch/SIDE.
ask() {
	side=$1
	shift
	case $side in
	white) printf '%s\n' "$@" >&4 ;;
	black) printf '%s\n' "$@" >&5 ;;
	esac
}
has() { [ "$(grep -c "^$2" "$scratch/$1")" -ge "$3" ]; }
game_of_two() {
	for side in white black; do
		rm -f "$scratch/$side.in" && mkfifo "$scratch/$side.in" || return 1
		: >"$scratch/$side"
	done
	"$program" uci --agent mcts:uniform,sims=20 <"$scratch/white.in" \
		>"$scratch/white" &
	white=$!
	"$program" uci --agent mcts:rollout,sims=20 <"$scratch/black.in" \
		>"$scratch/black" &
	black=$!
	exec 4>"$scratch/white.in" 5>"$scratch/black.in"
	for side in white black; do
		ask $side uci
		until_true has $side uciok 1 || return 1
		ask $side 'setoption name Threads value 1' \
			'setoption name Ponder value false' isready
		until_true has $side readyok 1 || return 1
		ask $side ucinewgame \
			'setoption name UCI_Opponent value none none computer x' \
			'position startpos' isready
		until_true has $side readyok 2 || return 1
	done
	moves= turns=0 side=white
	while [ $turns -lt 8 ]; do
		turns=$((turns + 1))
		ask $side "position startpos${moves:+ moves$moves}" \
			"go wtime 10000 btime 10000 winc 100 binc 100 movestogo 40"
		until_true has $side bestmove $(((turns + 1) / 2)) || return 1
		best=$(sed -n 's/^bestmove \([^ ]*\).*/\1/p' "$scratch/$side" |
			tail -n 1)
		moves="$moves $best"
		[ $side = white ] && side=black || side=white
	done
	for side in white black; do
		ask $side stop isready
		until_true has $side readyok 3 || return 1
		ask $side quit
	done
	exec 4>&- 5>&-
	wait $white && wait $black || return 1
	# Eight moves, one a question, and all of them legal.
	[ "$(grep -c '^bestmove' "$scratch/white")" = 4 ] &&
		[ "$(grep -c '^bestmove' "$scratch/black")" = 4 ] &&
		printf '%s\n' "position startpos moves$moves" isready quit |
		"$program" uci --agent random >"$scratch/out" &&
		! grep -q '^info string' "$scratch/out"
}
ok "a game as cutechess-cli runs it" game_of_two

# What lichess-bot sets by default is there, and says nothing.
lichess() {
	printf 'setoption name %s\n' 'Move Overhead value 100' \
		'Threads value 4' 'Hash value 512' \
		'SyzygyPath value ./syzygy/' 'UCI_ShowWDL value true' \
		'Ponder value true' 'UCI_AnalyseMode value false' >"$scratch/settings"
	{
		echo uci
		cat "$scratch/settings"
	} | "$program" uci --agent random >"$scratch/out" || return 1
	[ "$(tail -n 1 "$scratch/out")" = uciok ] || return 1
	sed 's/ value .*//; s/^setoption name //' "$scratch/settings" |
		while read -r name; do
			grep -q "^option name $name type " "$scratch/out" ||
				exit 1
		done
}
ok "the options that lichess-bot sets" lichess

# The sample has ratings: the nearest plays.
limited() {
	printf 'setoption name %s\n' 'UCI_Elo value -4000' \
		'UCI_LimitStrength value true' 'UCI_LimitStrength value false' |
		"$program" uci --agent policy:chess/latest >"$scratch/out" ||
		return 1
	grep -Eq '^info string plays as .*, rated -?[0-9]+$' "$scratch/out" &&
		[ "$(tail -n 1 "$scratch/out")" = \
			'info string plays as policy:chess/latest' ]
}
ok "an Elo by our own ratings" limited

# 1. e4 alone, by the format's key of the start: 0x31c is e2 to e4.
book() {
	printf '\106\073\226\030\026\221\374\234\003\034\000\001\000\000\000\000' \
		>"$scratch/book.bin"
	printf '%s\n' 'go nodes 1' 'position startpos moves e2e4' 'go nodes 1' |
		"$program" uci --agent random --book "$scratch/book.bin" \
			>"$scratch/out" || return 1
	[ "$(head -n 2 "$scratch/out" | tr '\n' ' ')" = \
		'info string from the book bestmove e2e4 ' ] &&
		[ "$(grep -c 'from the book' "$scratch/out")" -eq 1 ] &&
		[ "$(grep -c '^bestmove' "$scratch/out")" -eq 2 ]
}
ok "a move from a book" book

# --- programs of others ------------------------------------------------------

lacks() { # PROGRAM
	! command -v "$1" >/dev/null 2>&1
}

# match GAMES FIRST SECOND ARGUMENT...: all games are played, and none is
# forfeited: the lab file says how they ended.
match() {
	games=$1
	shift
	lab=$scratch/match.db
	rm -f "$lab"*
	"$program" match "$@" --games "$games" --lab "$lab" --threads 1 \
		--json >"$scratch/match.json" || return 1
	grep -q "\"games\":$games" "$scratch/match.json" || return 1
	"$program" list games --lab "$lab" --json >"$scratch/games.json"
	! grep -E 'answer|ended in|legal|resigned|refused|interrupted' \
		"$scratch/games.json"
}

if lacks gnugo; then
	skip "GNU Go plays full games" "gnugo is not installed"
else
	ok "GNU Go plays full games" match 2 random \
		'engine:gnugo --mode gtp --level 1 --never-resign' \
		--game go:size=7
fi
if lacks stockfish; then
	skip "Stockfish plays full games" "stockfish is not installed"
else
	ok "Stockfish plays full games" match 2 engine:stockfish,nodes=50 \
		random --game chess
	ok "Stockfish plays Stockfish" match 2 \
		engine:stockfish,level=1,nodes=50 engine:stockfish,nodes=50 \
		--game chess
fi

# polyglot_game SEED: both sides through polyglot, to the end that polyglot sees.
polyglot_game() {
	# Without what the game before left: it would be read as this one's end,
	# since the output is opened only after the pipe.
	rm -f "$scratch/in" "$scratch/out" && mkfifo "$scratch/in" || return 1
	: >"$scratch/out"
	polyglot -noini -log true -lf "$scratch/polyglot.log" -ec \
		"$program uci --agent mcts:rollout,sims=4 --seed $1" <"$scratch/in" \
		>"$scratch/out" 2>"$scratch/err" &
	pid=$!
	exec 3>"$scratch/in"
	printf 'xboard\nprotover 2\nnew\nlevel 0 5 0\ntime 30000\n' >&3
	moves=0
	while ! finished && [ $moves -lt 1200 ]; do
		echo go >&3
		moves=$((moves + 1))
		until_true moved $moves || break
	done
	echo quit >&3
	exec 3>&-
	wait $pid
	tail -n 3 "$scratch/out"
	finished && ! grep -i illegal "$scratch/out" "$scratch/polyglot.log"
}
finished() {
	grep -Eq '^(1-0|0-1|1/2-1/2) ' "$scratch/out"
}
moved() {
	finished || [ "$(grep -c '^move ' "$scratch/out")" -ge "$1" ]
}
if lacks polyglot; then
	skip "polyglot drives a full game" "polyglot is not installed"
else
	ok "polyglot drives a full game" polyglot_game 1
	ok "and another" polyglot_game 2
fi

if ! lacks stockfish; then
	ok "Stockfish plays Chess960" match 2 engine:stockfish,nodes=50 \
		random --game chess:frc=123
fi
ok "our UCI server plays Chess960" match 2 \
	"engine:$program uci --agent random,nodes=1" random \
	--game chess:frc=900

# Our own server as an engine: both ends of GTP, and of UCI.
ok "our GTP server as an engine" match 2 \
	"engine:$program gtp --agent random --game go:size=5" random \
	--game go:size=5
ok "our UCI server as an engine" match 2 \
	"engine:$program uci --agent random,nodes=1" random --game chess

# --- killed ------------------------------------------------------------------

# No engine outlives a plyscope that was killed.
killed() {
	FAKE_PIDS=$scratch/pids
	export FAKE_PIDS
	: >"$FAKE_PIDS"
	(cd "$top_srcdir" && exec "$top_builddir/plyscope" match \
		'engine:sh tests/agent/fake_engine.sh deaf' \
		'engine:sh tests/agent/fake_engine.sh hang,time=600' \
		--game go:size=5 --games 1 --no-save --threads 1) &
	pid=$!
	# Two to try the names, two to play.
	until_true enough_pids || return 1
	kill -9 $pid
	wait $pid
	until_true all_gone
}
enough_pids() {
	[ "$(wc -l <"$FAKE_PIDS")" -ge 4 ]
}
all_gone() {
	while read -r engine; do
		! kill -0 "$engine" 2>/dev/null || return 1
	done <"$FAKE_PIDS"
}
if [ "$(uname)" = Linux ]; then
	ok "no engine outlives a killed plyscope" killed
else
	skip "no engine outlives a killed plyscope" "needs Linux"
fi
tap_done
