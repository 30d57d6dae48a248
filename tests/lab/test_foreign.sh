#!/bin/sh
# SPDX-License-Identifier: MIT
# A lab from someone else runs nothing: every way on which a command in one of
# its rows could be started, by keys and by the command line.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/mailed.db
pwned=$scratch/pwned
# Its own quotes and a comma, as an attacker would write it.
evil="engine:sh -c 'touch $pwned ; true,'"

imitation() {
	"$program" match random tactical --game tictactoe --games 4 --lab "$lab" &&
	"$program" imitate tactical --game tictactoe --run copy --games 20 --match 2 \
		--recipe "$scratch/tiny.conf" --lab "$lab"
}
ok "a lab to mail" imitation
quoted=$(printf %s "$evil" | sed "s/'/''/g")
source_is() { # SOURCE, with its quotes doubled
	sqlite3 "$lab" "update run set source = '$1'"
}
spoil() { # by hands that we do not know
	source_is "$quoted" &&
		sqlite3 "$lab" "update agent set spec = '$quoted' where spec = 'tactical'"
}
ok "a command in its rows" spoil "$lab"

safe() { # COMMAND...: nothing was started, whatever became of the command
	rm -f "$pwned"
	"$@" || return 1
	sleep 0.3
	[ ! -e "$pwned" ] || { echo "it was run"; return 1; }
}
script() { # LINE...: at 80 columns
	printf '%s\n' "$@" >"$scratch/script"
	"$program" --lab "$lab" --script "$scratch/script"
}
kept() { cat "$XDG_CONFIG_HOME/plyscope/trust" 2>/dev/null; }

# --- no ----------------------------------------------------------------------

ok "imitate --run names all of it" safe complains 1 "$evil" --trust-engines -- \
	"$program" imitate --run copy --lab "$lab"
ok "games that it is said to have played" source_is "games:agent=$quoted,upto=99"
ok "imitate --run does not meet it" safe complains 1 "$evil" -- \
	"$program" imitate --run copy --lab "$lab"
ok "r on its page asks" safe script 'command run copy' 'wait idle' 'key r' \
	'wait idle' 'expect Allow?' "expect engine:sh -c 'touch"
ok "and as it was" source_is "$quoted"
ok "r on its page asks" safe script 'command run copy' 'wait idle' 'key r' \
	'wait idle' 'expect Allow?' "expect engine:sh -c 'touch"
ok "Enter, n and q say no" safe script 'command run copy' 'wait idle' 'key r' \
	'key Enter' 'wait idle' 'refuse Allow?' 'key r' 'key n' 'refuse Allow?' \
	'key r' 'key q' 'wait idle' 'refuse Allow?'
ok "p on the ratings asks" safe script 'command leaderboard tictactoe' \
	'wait idle' 'command first' 'key p' 'wait idle' 'expect Allow?'
ok "a game played with it asks" safe script \
	"command play \"$evil\"" 'wait idle' 'expect Allow?'
ok "nothing was kept" [ -z "$(kept)" ]
small() {
	printf '%s\n' 'command run copy' 'wait idle' 'key r' 'expect Allow?' \
		'key y' 'expect make the window' >"$scratch/script"
	"$program" --lab "$lab" --size 7x60 --script "$scratch/script"
}
ok "y counts only where all of it is seen" safe small
ok "a match with it asks" safe script 'command leaderboard tictactoe' \
	'wait idle' 'command first' 'key m' 'wait idle' 'key Ctrl-S' 'wait idle' 'expect Allow?'

# --- yes ---------------------------------------------------------------------

runs() { # COMMAND...: it was started
	rm -f "$pwned"
	"$@"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -e "$pwned" ] && return 0
		sleep 0.2
	done
	echo "it was not run"
	return 1
}
once() { "$program" imitate --run copy --trust-engines --lab "$lab"; :; }
ok "--trust-engines starts it" runs once
ok "for once" safe complains 1 "$evil" -- "$program" imitate --run copy --lab "$lab"
ok "y starts it" runs script 'command leaderboard tictactoe' 'wait idle' \
	'command first' 'key p' 'expect Allow?' 'key y' \
	'wait idle' 'refuse Allow?'
mode() { [ "$(stat -c %a "$XDG_CONFIG_HOME/plyscope/trust")" = 600 ]; }
ok "what was said is this user's alone" mode
ok "it is said once" runs script 'command leaderboard tictactoe' 'wait idle' \
	'command first' 'key p' 'wait idle' 'refuse Allow?'
ok "the yes travels to the job" runs script 'command run copy' 'wait idle' \
	'key r' 'refuse Allow?' 'wait idle'
copy() { sqlite3 "$lab" "vacuum into '$scratch/copy.db'"; }
ok "a copy" copy
ok "is another lab" safe complains 1 "$evil" -- \
	"$program" imitate --run copy --lab "$scratch/copy.db"

spoilt() {
	printf 'nonsense\n' | cat - "$XDG_CONFIG_HOME/plyscope/trust" >"$scratch/t" &&
		mv "$scratch/t" "$XDG_CONFIG_HOME/plyscope/trust"
}
ok "a line that is not understood" spoilt
ok "is named" safe complains 1 "line 1 of $XDG_CONFIG_HOME/plyscope/trust" -- \
	"$program" imitate --run copy --lab "$scratch/copy.db"
resumed() { "$program" imitate --run copy --lab "$lab"; :; }
ok "and the others count" runs resumed
typed() { "$program" match "$evil" random --game tictactoe --games 2 --lab "$scratch/copy.db"; :; }
ok "what is typed is allowed" runs typed
copied() { "$program" imitate --run copy --lab "$scratch/copy.db"; :; }
ok "for that lab" runs copied
tap_done
