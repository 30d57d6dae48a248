# SPDX-License-Identifier: MIT
#
# For tests of the promises, after tap.sh: the program, and runs so small that
# they take seconds.
program=$top_builddir/plyscope
PLYSCOPE_DATADIR=$top_srcdir/assets
XDG_DATA_HOME=$scratch/data
export PLYSCOPE_DATADIR XDG_DATA_HOME
unset PLYSCOPE_LAB PLYSCOPE_TEST_TIME

# Tic-tac-toe with a network of a few hundred weights.  Six checkpoints with
# rating games between iterations, so that a kill can fall into each of them.
cat >"$scratch/tiny.conf" <<'END'
filters = 4
blocks = 1
groups = 4
slots = 4
plies = 3
simulations = 8
gumbel_moves = 4
window_min = 100
window_max = 1000
start_positions = 100
batch = 32
shard = 16
rate_games = 300
warmup = 5
checkpoint_first = 16
checkpoint_growth = 2
rate_match_games = 2
rate_simulations = 4
END

# train LAB RUN [ARGUMENT...]
train() {
	lab=$1 run=$2
	shift 2
	"$program" train tictactoe --run "$run" --recipe "$scratch/tiny.conf" \
		--games 300 --seed 7 --lab "$lab" "$@"
}

# What a run came to: the steps and hashes of all its checkpoints.
outcome() { # LAB RUN
	sqlite3 "$1" "select c.step, c.weights_sha256 from checkpoint c
		join run r on r.id = c.run_id where r.name = '$2' order by c.step"
}

# What it played, in order.
games() { # LAB RUN
	sqlite3 "$1" "select g.number, g.moves, g.result from game g
		join run r on r.id = g.run_id
		where r.name = '$2' and g.purpose = 'selfplay' order by g.number"
}

has() { # COMMAND
	"$program" help | grep -q "^  $1 "
}

sound() { # LAB
	{ ! has check || "$program" check --lab "$1"; } &&
	[ "$(sqlite3 "$1" 'pragma integrity_check')" = ok ] &&
	[ -z "$(sqlite3 "$1" 'pragma foreign_key_check')" ]
}

# complains STATUS WORD... -- COMMAND...: the command fails with that status,
# says nothing on stdout and one sentence with all the words on stderr.
complains() {
	want=$1
	shift
	: >"$scratch/words"
	while [ "$1" != -- ]; do
		printf '%s\n' "$1" >>"$scratch/words"
		shift
	done
	shift
	"$@" >"$scratch/said" 2>"$scratch/complaint" </dev/null
	got=$?
	cat "$scratch/complaint"
	[ $got -eq "$want" ] || { echo "exit status $got, not $want"; return 1; }
	[ ! -s "$scratch/said" ] || { echo "said on stdout:"; cat "$scratch/said"; return 1; }
	[ "$(wc -l <"$scratch/complaint")" -eq 1 ] ||
		{ echo "not one sentence on a line"; return 1; }
	while read -r word; do
		grep -qF -e "$word" "$scratch/complaint" ||
			{ echo "does not name $word"; return 1; }
	done <"$scratch/words"
}
