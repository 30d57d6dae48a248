#!/bin/sh
# SPDX-License-Identifier: MIT
# What the world does wrong gets one clear sentence that names what and where, an
# exit status of 1 or 2, and costs nothing that was there.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

ok "a lab to spoil" train "$lab" r
sqlite3 "$lab" 'pragma wal_checkpoint(truncate)' >/dev/null

# refused FILE STATUS WORD... -- COMMAND...: complains, and FILE is as before.
refused() {
	file=$1
	shift
	before=$(cksum <"$file")
	complains "$@" || return 1
	[ "$(cksum <"$file")" = "$before" ] || { echo "$file was modified"; false; }
}

# unharmed STATUS WORD... -- COMMAND...: complains, and all that was learned and
# played is still in the lab, and nothing besides; a failed job may leave a row.
holdings() {
	sqlite3 "$lab" '.dump run checkpoint weights resume metric game search match' |
		cksum
}
unharmed() {
	before=$(holdings)
	complains "$@" || return 1
	[ "$(holdings)" = "$before" ] || { echo "the lab has changed"; false; }
}

# --- files that are not labs -------------------------------------------------

head -c 20000 "$lab" >"$scratch/truncated.db"
: >"$scratch/empty.db"
echo 'Dear diary, this is no database.' >"$scratch/letter.db"
sqlite3 "$scratch/foreign.db" 'create table song(title); insert into song values(1)'
cp "$lab" "$scratch/newer.db"
sqlite3 "$scratch/newer.db" 'pragma user_version = 999'
sqlite3 "$scratch/newer.db" 'pragma wal_checkpoint(truncate)' >/dev/null
mkdir "$scratch/folder.db"

for kind in truncated empty letter foreign newer; do
	file=$scratch/$kind.db
	ok "a lab file that is $kind: list" refused "$file" 1 "$file" -- \
		"$program" list runs --lab "$file"
	ok "a lab file that is $kind: train" refused "$file" 1 "$file" -- \
		"$program" train tictactoe --run x --games 5 --lab "$file"
done
ok "a lab file that is a folder" complains 1 folder.db -- \
	"$program" list runs --lab "$scratch/folder.db"
ok "a lab file that is not there" complains 1 nowhere.db -- \
	"$program" list runs --lab "$scratch/nowhere.db"
ok "a lab file in a folder that cannot be" complains 1 letter.db -- \
	"$program" train tictactoe --run x --games 5 --lab "$scratch/letter.db/lab.db"

# A page in the middle overwritten: it need not be noticed at once, but `check`
# must.  Without free pages, which nobody reads.
cp "$lab" "$scratch/damaged.db"
sqlite3 "$scratch/damaged.db" 'vacuum; pragma wal_checkpoint(truncate)' >/dev/null
size=$(wc -c <"$scratch/damaged.db")
head -c 4096 /dev/zero | tr '\0' '\245' |
	dd of="$scratch/damaged.db" bs=4096 seek=$((size / 4096 / 2)) \
	conv=notrunc 2>/dev/null
damage_is_found() {
	! "$program" check --lab "$scratch/damaged.db" >"$scratch/out" 2>&1 &&
	cat "$scratch/out" && grep -q damaged.db "$scratch/out"
}
ok "a damaged lab file is found by check" damage_is_found

# --- read-only ---------------------------------------------------------------

mkdir "$scratch/locked"
cp "$lab" "$scratch/locked/lab.db"
chmod 444 "$scratch/locked/lab.db"
chmod 555 "$scratch/locked"
as_someone() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
	# Permissions do not bind root: be someone else.
	as_someone() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	chmod 755 "$scratch"
fi
if as_someone "$program" help >/dev/null 2>&1; then
	ok "a lab file that is read-only can be read" as_someone \
		"$program" list runs --lab "$scratch/locked/lab.db"
	ok "but not written" refused "$scratch/locked/lab.db" 1 locked/lab.db -- \
		as_someone "$program" train --resume r --games 400 \
		--lab "$scratch/locked/lab.db"
else
	skip "a lab file that is read-only can be read" "cannot be another user here"
	skip "but not written" "cannot be another user here"
fi

# --- weights that are not what they were -------------------------------------

cp "$lab" "$scratch/weights.db"
sqlite3 "$scratch/weights.db" "
	update weights set data = (select data from weights w
		where w.sha256 <> weights.sha256 limit 1);
	pragma wal_checkpoint(truncate)" >/dev/null
step=$(outcome "$lab" r | tail -n 1 | cut -d'|' -f1)
ok "weights with a wrong hash" refused "$scratch/weights.db" 1 weights.db -- \
	"$program" analyze tictactoe --moves '' --agent "policy:r/$step" \
	--lab "$scratch/weights.db"
wrong_hash_is_found() {
	! "$program" check --lab "$scratch/weights.db" >"$scratch/out" 2>&1 && cat "$scratch/out"
}
ok "and check finds them" wrong_hash_is_found

# --- what a person typed ------------------------------------------------------

printf '# two\nfiltres = 3\n' >"$scratch/wrong.conf"
printf 'filters = 4000\n' >"$scratch/far.conf"
printf 'filters = 4\nblocks = 3\n' >"$scratch/other.conf"

# untouched STATUS WORD... -- COMMAND...: complains, and the lab is as it was, to
# the last row of its jobs.
untouched() {
	before=$(sqlite3 "$lab" .dump | cksum)
	complains "$@" || return 1
	[ "$(sqlite3 "$lab" .dump | cksum)" = "$before" ] ||
		{ echo "the lab has changed"; false; }
}

# Words may hold blanks.
try() { # NAME WORD... -- ARGUMENT...: wrong use, status 2
	name=$1
	shift
	ok "$name" with_lab untouched 2 "$@"
}
with_lab() { # CHECK STATUS WORD... -- ARGUMENT...
	check=$1 status=$2
	shift 2
	n=$#
	while [ "$1" != -- ]; do
		set -- "$@" "$1"
		shift
		n=$((n - 1))
	done
	shift
	n=$((n - 1))
	set -- "$@" -- "$program"
	while [ $n -gt 0 ]; do
		set -- "$@" "$1"
		shift
		n=$((n - 1))
	done
	"$check" "$status" "$@" --lab "$lab"
}
try "an unknown command" trian -- trian

# Marks that turn the direction of text, and the escape of eight bits.
turn=$(printf '\342\200\256')
escape=$(printf '\302\233')
quiet() { # ARGUMENT...: refused, and neither mark gets through
	complains 2 plyscope -- "$program" "$@" || return 1
	! grep -qF -e "$turn" -e "$escape" "$scratch/complaint"
}
ok "an unknown command that steers" quiet "tr${turn}a$escape" x
ok "a size that steers" quiet --size "$turn$escape"
ok "an option that steers" quiet "--s${turn}x$escape" x
try "an unknown option" --gmaes -- train tictactoe --run x --gmaes 5
try "an unknown game: train" conect4 connect4 -- train conect4 --run x --games 5
try "an unknown game: analyze" conect4 -- analyze conect4 --moves 4 --agent random
try "an unknown game: perft" conect4 -- perft conect4 3
try "an impossible game" drop -- perft drop:rows=0,cols=7,line=4 3
try "an unknown key" filtres filters -- train tictactoe --run x filtres=3
try "a value out of range" filters -- train tictactoe --run x filters=-3
try "a key of a recipe file" "$scratch/wrong.conf:2" filtres filters -- \
	train tictactoe --run x --recipe "$scratch/wrong.conf"
try "a value of a recipe file" "$scratch/far.conf:1" 'from 1 to 512' -- \
	train tictactoe --run x --recipe "$scratch/far.conf"
try "settings that do not go together" shard batch -- \
	train tictactoe --run x batch=64 shard=48
try "a value out of range, with the range" 'from 1 to 512' -- \
	train tictactoe --run x filters=513
try "a key to imitate with" filtres filters -- imitate tactical --game tictactoe --run x filtres=3
try "a value to imitate with" filters 'from 1 to 512' -- \
	imitate tactical --game tictactoe --run x filters=0
try "a network too large" 'GB of memory' 'GB are available' shard filters -- \
	train go:size=19 --run x filters=512 blocks=40 batch=65536 shard=65536
try "trees too large" 'search trees' simulations -- \
	train go:size=19 --run x groups=256 slots=1024 simulations=100000
try "visits of who does not search" visits mcts: -- imitate tactical --game tictactoe \
	--run x target=visits
try "a student of stored games" dagger_rounds teacher -- imitate games:run=r --run x \
	dagger_rounds=1
try "a target of stored games" target teacher -- imitate games:run=r --run x target=move
try "a network too large: imitate" 'GB of memory' filters -- \
	imitate tactical --game go:size=19 --run x filters=512 blocks=40 \
	batch=65536 shard=65536
try "an existing run with another recipe file" r 'blocks = 1' 'not 3' 'another name' -- \
	train --resume r --recipe "$scratch/other.conf"
try "an existing run with another setting" r filters -- \
	train tictactoe --run r filters=5 --games 400
try "an existing run of another game" r -- train connect4 --run r --games 400
try "a run without a name" --run -- train tictactoe --games 5
try "an unknown agent: match" magic -- match magic random --game tictactoe --games 2
try "an unknown agent: analyze" magic -- analyze tictactoe --moves '' --agent magic
try "an unknown setting of an agent" sism -- \
	match mcts:r/latest,sism=3 random --games 2
try "a number that is none" many -- match random random --game tictactoe --games many
try "hypotheses the wrong way round" 10,0 smaller -- \
	match random tactical --game tictactoe --games 2 --sprt 10,0
try "one hypothesis alone" 10 -- \
	match random tactical --game tictactoe --games 2 --sprt 10
try "a chance that is none" alpha -- \
	match random tactical --game tictactoe --games 2 --sprt 0,10 --alpha 0.9
try "a chance without a test" --sprt -- \
	match random tactical --game tictactoe --games 2 --beta 0.1
try "a test of a one-player game" one -- match random --game pacman --games 2 --sprt 0,10
try "an unknown game: rate" conect4 -- rate --game conect4

try1() { # as try, status 1: well said, but it is not there
	name=$1
	shift
	ok "$name" with_lab unharmed 1 "$@"
}
try1 "a move that is not legal" 9 -- analyze connect4 --moves 49 --agent random
try1 "a run that is not there" nobody -- analyze tictactoe --moves '' --agent policy:nobody/latest
try1 "a step that is not there" 999999 -- analyze tictactoe --moves '' --agent policy:r/999999
try1 "a run that is not there: resume" nobody -- train --resume nobody
cp "$lab" "$scratch/looked.db"
sqlite3 "$scratch/looked.db" 'delete from resume'
ok "a run of which only the checkpoints are there" refused "$scratch/looked.db" \
	1 "run r cannot go on" 'show run r' -- \
	"$program" train --resume r --games 900 --lab "$scratch/looked.db"
try1 "a recipe that is not there" nothing.conf -- train tictactoe --run x --recipe nothing.conf
try1 "openings that are not there" nothing.txt -- \
	match random random --game tictactoe --games 2 --openings nothing.txt
try1 "a source without games: run" nobody -- imitate games:run=nobody --run x
try1 "a source without games: agent" human -- imitate games:agent=human --run x
try1 "a game that is not there" 999999 -- show game 999999

no_lab_is_made() {
	complains 2 'GB of memory' -- "$program" train go:size=19 --run x \
		filters=512 blocks=40 batch=65536 shard=65536 \
		--lab "$scratch/fresh/lab.db" || return 1
	[ ! -e "$scratch/fresh" ]
}
ok "for a run that cannot be no lab is made" no_lab_is_made

# --- what is odd, but allowed --------------------------------------------------

run_text() { # RUN: its recipe
	sqlite3 "$scratch/odd.db" "select config from run where name = '$1'"
}
odd() { # RUN ARGUMENT...: a run of a game or two
	run=$1
	shift
	"$program" train tictactoe --run "$run" --games 2 --lab "$scratch/odd.db" "$@" \
		filters=4,blocks=1,simulations=2,rate_match_games=0,grade_positions=0
}
: >"$scratch/nothing.conf"
ok "an empty recipe" odd empty --recipe "$scratch/nothing.conf"
printf '# not rate_games = 5000\nplies = 3\n' >"$scratch/remark.conf"
length_of() { # RUN GAMES: over how many its rate falls
	run_text "$1" | grep -qx "rate_games = $2"
}
unsaid() { odd remark --recipe "$scratch/remark.conf" && length_of remark 2; }
ok "the rate falls over --games, whatever a comment says" unsaid
said() { odd list plies=3,rate_games=77 && length_of list 77; }
ok "or as a setting says, anywhere in a list" said
ok "and that run goes on" odd list plies=3,rate_games=77

# --- output that cannot be written --------------------------------------------

mkfifo "$scratch/pipe"
piped() {
	cat "$scratch/pipe" >"$scratch/piped" &
	"$program" export run r --lab "$lab" --output "$scratch/pipe" || return 1
	wait $!
	[ -p "$scratch/pipe" ] && [ -s "$scratch/piped" ]
}
if "$program" export run r --lab "$lab" >/dev/null; then
	ok "a pipe is written to, and stays one" piped
	ln -s linked.txt "$scratch/link"
	echo old >"$scratch/linked.txt"
	linked() {
		"$program" export run r --lab "$lab" --output "$scratch/link" &&
			[ -L "$scratch/link" ] && ! grep -qx old "$scratch/linked.txt"
	}
	ok "so does a link" linked
fi

if [ -w /dev/full ]; then
	full_stdout() {
		! "$program" perft tictactoe 2 >/dev/full 2>"$scratch/complaint" &&
		cat "$scratch/complaint" &&
		[ "$(wc -l <"$scratch/complaint")" -eq 1 ]
	}
	ok "a full disk behind stdout" full_stdout
fi

ok "the lab is as sound as before" sound "$lab"
# --- the first command of all -------------------------------------------------

first_command() {
	"$program" list runs >"$scratch/out" 2>"$scratch/err" &&
	grep -q '^c4 ' "$scratch/out" && grep -q 'copy of the sample' "$scratch/err" &&
	"$program" list runs 2>&1 >/dev/null | { ! grep -q .; }
}
ok "the first command finds the sample, and says so once" first_command
own_lab() {
	complains 1 'no lab file' -- \
		env PLYSCOPE_LAB="$scratch/own.db" "$program" list runs
}
ok "a lab that somebody names is theirs" own_lab
swept() {
	: >"$scratch/swept.db.new-999999999"
	: >"$scratch/swept.db.new-$$"
	train "$scratch/swept.db" r >/dev/null && [ -e "$scratch/swept.db.new-$$" ] &&
	[ ! -e "$scratch/swept.db.new-999999999" ]
}
ok "what a killed process left beside a lab is removed" swept
tap_done
