#!/bin/sh
# SPDX-License-Identifier: MIT
# plyscope --script: the real program without a terminal.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
lab=$scratch/lab.db
PLYSCOPE_DATADIR=/nonexistent
export PLYSCOPE_DATADIR
unset PLYSCOPE_TEST

play() { # OPTION...: the script comes on standard input
	"$program" --lab "$lab" --script - "$@" >"$scratch/out" 2>"$scratch/err"
}
says() { # STATUS SENTENCE
	status=$1
	shift
	play; [ $? -eq "$status" ] && grep -qF -- "$1" "$scratch/err"
}

printf '%s\n' '# every screen that needs no argument' 'expect Menu' \
	'save-screen -' 'key ?' 'expect Keys of this screen' 'key q' \
	'command runs' 'wait idle' 'key q' 'command games' 'wait idle' \
	'key q' 'command jobs' 'wait idle' 'key q' 'command train' 'key Esc' \
	'size 6 20' 'expect plyscope' 'size 60 200' 'expect At work' \
	>"$scratch/tour"
ok "a tour of the lab" play <"$scratch/tour"
ok "a screen is printed" grep -q 'No runs yet' "$scratch/out"
ok "in ASCII" play --ascii <"$scratch/tour"
ascii_only() { ! LC_ALL=C grep -q '[^ -~]' "$scratch/out"; }
ok "nothing but ASCII is printed" ascii_only
ok "at another size" sh -c 'printf "expect keys, here and everywhere\n" |
	"$0" --lab "$1" --script - --size 60x200' "$program" "$lab"
ok "another screen first" sh -c 'printf "refuse Menu\nkey q\nexpect Menu\n" |
	"$0" --lab "$1" --script - --screen runs' "$program" "$lab"

leads() { # KEY WORDS: the title after the key
	printf 'key %s\nexpect › %s\nkey Esc\nexpect Menu\n' "$1" "$2" >"$scratch/menu"
	play <"$scratch/menu" || { cat "$scratch/err"; false; }
}
for entry in 'p New game' 'w Watch' 'v Games' 'r Runs' 't Train' 'i Imitate' \
	'm Match' 's Matches' 'a Position' 'o Jobs' '? Help'; do
	ok "the menu's ${entry%% *} opens ${entry#* }" leads "${entry%% *}" "${entry#* }"
done

# Screens and charts leave the program.
printf '%s\n' "command save-screen $scratch/home.svg" 'expect written to' \
	'key Esc' 'command save-screen' 'expect screen to (.txt .ans .svg):' \
	'key Esc' 'key Ctrl-P' 'expect home' 'key Esc' \
	"save-screen $scratch/home.ans" "save-screen $scratch/home.txt" \
	"command save-screen $scratch/home.csv" 'expect save-chart writes' \
	"command save-chart $scratch/home.csv" 'expect shows no chart' \
	'key Ctrl-E' 'expect shows no chart now.' \
	"command save-screen /nonexistent/x.txt" 'expect cannot write' \
	>"$scratch/saved"
ok "a screen is saved by key and by name" play <"$scratch/saved"
is_svg() { head -c 4 "$1" | grep -q '<svg' && grep -q '</svg>' "$1" &&
	grep -q '>At work</text>' "$1" && ! grep -q 'written to' "$1"; }
ok "as a picture, without the messages" is_svg "$scratch/home.svg"
colours() { grep -q "$(printf '\033')\\[0;1;38;5;" "$1"; }
ok "with colours" colours "$scratch/home.ans"
plain() { grep -q 'At work' "$1" && ! colours "$1"; }
ok "and without" plain "$scratch/home.txt"
is_kept() { [ ! -e "$scratch/home.csv" ]; }
ok "what cannot be written is not begun" is_kept
saves() { # OPTION...
	"$program" --lab "$lab" save-screen "$@" >"$scratch/out" 2>"$scratch/err"
}
same() {
	echo 'save-screen -' | play --readonly && mv "$scratch/out" "$scratch/home" &&
		saves home && cmp -s "$scratch/out" "$scratch/home"
}
ok "the command writes what the program does" same
json() { saves home --size 30x100 --json &&
	grep -q '^{"screen":"home","rows":30,"columns":100,"lines":\["' "$scratch/out"; }
ok "as JSON" json
pressed() { saves home --keys '?' && grep -q 'Keys of this screen' "$scratch/out"; }
ok "after keys" pressed
bad_screen() { saves nowhere; [ $? -eq 1 ] && grep -q nowhere "$scratch/err"; }
ok "a screen that is not there" bad_screen
bad_size() { saves home --size 80; [ $? -eq 2 ] && grep -q 'such as 24x80' "$scratch/err"; }
ok "a size that is none" bad_size

printf 'expect Menu\nexpect nowhere\n' >"$scratch/wrong"
ok "what is not there is told with its line" \
	says 1 "-:2: the screen does not show 'nowhere'" <"$scratch/wrong"
printf 'key Nope\n' >"$scratch/wrong"
ok "so is an unknown key" says 1 "-:1: no key is named Nope" <"$scratch/wrong"
missing() {
	"$program" --lab "$lab" --script "$scratch/none" 2>"$scratch/err"
	[ $? -eq 1 ] && grep -qF "cannot read $scratch/none" "$scratch/err"
}
ok "a script that is not there" missing

sample() { # the first lab of someone who runs what was built, in no folder of ours
	printf 'command runs\nwait idle\nexpect c4-copy\n' |
		(cd / && env -u PLYSCOPE_DATADIR -u PLYSCOPE_LAB \
			XDG_DATA_HOME="$scratch/data" "$program" --script -)
}
if [ -e "$top_builddir/assets/make-sample" ] || [ -e "$top_builddir/../assets/make-sample" ]; then
	ok "a build finds the assets of its checkout" sample
else
	skip "a build finds the assets of its checkout" "it is not built in one"
fi

"$program" --list-keys >"$scratch/keys"
four() { [ "$(awk -F'\t' 'NF != 4 || $3 == "" || $4 == ""' "$scratch/keys" | wc -l)" -eq 0 ]; }
ok "--list-keys has four fields a line" four
global() { grep -q "^\*	q, Esc	back	" "$scratch/keys"; }
ok "and the keys of all screens" global
tap_done
