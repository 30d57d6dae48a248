#!/bin/sh
# SPDX-License-Identifier: MIT
# What the program does for a shell: the words that may come next, what a report of
# a fault should say, an end at the first signal, and an installation that stands
# anywhere.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db
program=$top_builddir/plyscope

ok "a lab with a run" train "$lab" c4

# offers WORD... -- LINE...: each word is offered for the line, whose last word is
# in hand.
offers() {
	wanted=
	while [ "$1" != -- ]; do
		wanted="$wanted $1"
		shift
	done
	shift
	PLYSCOPE_LAB=$lab "$program" complete -- "$@" >"$scratch/offered" || return 1
	for word in $wanted; do
		grep -qxF -- "$word" "$scratch/offered" || {
			echo "no $word among: $(cat "$scratch/offered")"
			return 1
		}
	done
}
offers_no() { ! offers "$@" >/dev/null; }

ok "commands" offers train match doctor -- ''
ok "commands by their beginning" offers show -- sh
ok "and no others" offers_no train -- sh
ok "options of a command" offers --games --openings --lab --help -- match --
ok "runs" offers c4 -- list runs --run ''
ok "runs of another lab" offers c4 -- --lab "$lab" show run c
ok "checkpoints" offers c4/latest -- show checkpoint c4/
ok "agents" offers random mcts: human -- match ''
ok "agents of runs" offers mcts:c4/ mcts:uniform -- analyze connect4 --agent mcts:
ok "agents of checkpoints" offers mcts:c4/latest -- match mcts:c4/
ok "games" offers connect4 go:size=13 -- analyze ''
ok "words that a command knows" offers checkpoints games -- list ''
ok "ways to use a command" offers game run match -- export ''
ok "studies" offers bandit -- study run ''
ok "files" offers :file -- import x

# The scripts of the shells: bash is here wherever the tests run.
in_bash() {
	bash -c '. "$1/assets/completion/plyscope.bash"
		shift
		COMP_LINE=$1 COMP_POINT=${#1}
		COMP_WORDBREAKS=$(printf " \t\n\"'"'"'><=;|&(:")
		_plyscope
		printf "%s\n" "${COMPREPLY[@]}"' bash "$top_srcdir" "$1" >"$scratch/reply"
	grep -qxF -- "$2" "$scratch/reply" || { cat "$scratch/reply"; false; }
}
if command -v bash >/dev/null; then
	PLYSCOPE_LAB=$lab
	export PLYSCOPE_LAB
	ok "bash: a command" in_bash "$program ma" match
	ok "bash: behind a colon" in_bash "$program match mcts:c4/l" c4/latest
	ok "bash: a game's parameter" in_bash "$program perft go:size=1" 13
	unset PLYSCOPE_LAB
fi

# What fish would offer, and what zsh makes of a line when Tab is pressed in it.
completion=$top_srcdir/assets/completion
in_fish() {
	(cd "$completion" && PATH=$top_builddir:$PATH fish --no-config -c \
		"source ./plyscope.fish; complete -C'$1'") >"$scratch/reply"
	grep -qxF -- "$2" "$scratch/reply" || { cat "$scratch/reply"; false; }
}
cat >"$scratch/tab.zsh" <<'END'
zmodload zsh/zpty || exit
zpty z zsh -f -i
zpty -w z "cd $1"
zpty -w z "fpath=($1 \$fpath) PATH=$2:\$PATH"
zpty -w z "autoload -Uz compinit; compinit -u -D; unsetopt beep; echo rea''dy"
zpty -r -m z seen '*ready*'
zpty -w -n z "$3"$'\t'
zpty -r -m z seen "*${(b)4}*"
zpty -d z
END
in_zsh() { timeout 30 zsh -f "$scratch/tab.zsh" "$completion" "$top_builddir" "$@"; }
for shell in fish zsh; do
	command -v $shell >/dev/null || {
		skip "$shell completes" "$shell is not installed"
		continue
	}
	PLYSCOPE_LAB=$lab
	export PLYSCOPE_LAB
	ok "$shell: a command" in_$shell 'plyscope matc' match
	ok "$shell: behind a colon" in_$shell 'plyscope match mcts:c4/l' mcts:c4/latest
	ok "$shell: a game's parameter" in_$shell 'plyscope perft go:size=1' go:size=13
	ok "$shell: an option" in_$shell 'plyscope match --openi' --openings
	# There, since a terminal breaks a line that is longer than itself.
	ok "$shell: a file" in_$shell 'plyscope import plyscope.b' plyscope.bash
	unset PLYSCOPE_LAB
done

# --- doctor ------------------------------------------------------------------

doctor() {
	"$program" doctor --lab "$lab" >"$scratch/said" || return 1
	for line in program system libraries networks terminal colours size locale \
		data lab health; do
		grep -q "^$line  *[^ ]" "$scratch/said" || {
			echo "no line $line:"
			cat "$scratch/said"
			return 1
		}
	done
	grep -q '^health  *sound$' "$scratch/said"
}
ok "the doctor tells what a report needs" doctor
damaged() {
	head -c 20000 "$lab" >"$scratch/bad.db"
	"$program" doctor --lab "$scratch/bad.db" >"$scratch/said" 2>&1
	[ $? -eq 1 ] && grep -q '^health' "$scratch/said" || { cat "$scratch/said"; false; }
}
ok "and that a lab is damaged" damaged

# --- progress ----------------------------------------------------------------

# on_terminal COMMAND PATTERN...: what a terminal sees of the command has each.
on_terminal() {
	TERM=xterm script -qec "$1" "$scratch/seen" </dev/null >/dev/null
	shift
	tr '\r' '\n' <"$scratch/seen" >"$scratch/lines"
	for pattern; do
		grep -Eq -- "$pattern" "$scratch/lines" && continue
		echo "no $pattern in:"
		cat -v "$scratch/lines"
		return 1
	done
}
late="engine:sh $top_srcdir/tests/agent/fake_engine.sh late"
games=$top_builddir/tests/format/make_pgn
if command -v script >/dev/null; then
	ok "the time that is left" on_terminal \
		"'$program' match '$late' random --game go:size=5 --games 8 --threads 1 --no-save" \
		'^.\[K[2-6] of 8 games.*, [1-5] s left$'
	ok "and how long a silent command has been at work" on_terminal \
		"sleep 2.5 | '$program' import - --lab '$scratch/silent.db'" \
		'^.\[Kimport: at work for [23] s'
	ok "and one whose work has no known end" on_terminal \
		"{ $games 300 1; sleep 2.5; $games 300 2; } |
			'$program' import - --lab '$scratch/endless.db'" \
		'512 games read, [2-9] s so far$'
else
	skip "a line of progress" "script is not installed"
fi
quiet() {
	"$program" match "$late" random --game go:size=5 --games 4 --threads 1 --no-save \
		>"$scratch/seen" 2>&1
	! grep -q left "$scratch/seen"
}
ok "no such line in a pipe" quiet

# --- signals -----------------------------------------------------------------

# Waits for a pipe that says nothing, and gets one signal.  (A shell has what runs
# in its background ignore SIGINT.)
ends_at_once() { # COMMAND...
	mkfifo "$scratch/pipe"
	"$@" <"$scratch/pipe" >/dev/null 2>&1 &
	child=$!
	exec 9>"$scratch/pipe"
	tries=0
	until grep -q pipe "/proc/$child/wchan" 2>/dev/null || [ $tries -ge 20 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	kill -TERM $child
	wait $child
	status=$?
	exec 9>&-
	rm "$scratch/pipe"
	[ $status -ne 0 ]
}
ok "import - ends at the first signal" ends_at_once "$program" import - --lab "$lab"
ok "solve ends at the first signal" ends_at_once "$program" solve tictactoe
ok "grade - ends at the first signal" ends_at_once "$program" grade tictactoe \
	--agent random --lab "$lab" -
ok "and the lab is sound" "$program" check --lab "$lab"

# --- installed ---------------------------------------------------------------

installed() {
	mkdir -p "$scratch/root/bin" "$scratch/root/share/plyscope"
	cp "$program" "$scratch/root/bin/plyscope" &&
	cp "$top_srcdir/assets/sample.db" "$scratch/root/share/plyscope/" &&
	env -u PLYSCOPE_DATADIR "$scratch/root/bin/plyscope" doctor --lab "$lab" >"$scratch/said" &&
	grep -q "^data  *$scratch/root/share/plyscope/sample.db\$" "$scratch/said" || {
		cat "$scratch/said"
		false
	}
}
ok "a program finds its files where it is installed" installed

tap_done
