#!/bin/sh
# SPDX-License-Identifier: MIT
# A study is planned once, killed at any moment it ends in the same figures, and
# what it says is held to its plan.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"

study() { # LAB ARGUMENT...
	lab=$1
	shift
	"$program" --lab "$lab" study "$@"
}
figures() { sqlite3 -readonly "$1" "select * from figures where study = '$2'
	order by arm, figure, seed, x"; }
says() { # FILE WORDS
	grep -qF -e "$2" "$1" || { cat "$1"; false; }
}

a=$scratch/a.db
ok "the studies are listed without a lab" study "$scratch/none.db" list
# Who runs all of them asks the list which there are.
named_as_built() {
	study "$scratch/l.db" list --json >"$scratch/list" &&
	says "$scratch/list" '"study":"bandit","built":true,"system":null' &&
	grep -o '"study":"[a-z0-9-]*","built":[a-z]*' "$scratch/list" |
		tr -d '"' | tr ':,' '  ' |
		while read -r _ name _ built; do
			planned=false
			! study "$scratch/l.db" plan "$name" --size smoke \
				>/dev/null 2>&1 || planned=true
			[ "$planned" = "$built" ] || exit 1
		done
}
no_lab() { [ ! -e "$scratch/none.db" ]; }
ok "and none is made" no_lab
ok "those that are said to be built can be planned, and no other" named_as_built

planned_twice() {
	study "$a" plan bandit --size smoke --json >"$scratch/one" &&
	study "$a" plan bandit --size smoke --json >"$scratch/two" &&
	says "$scratch/one" '"new":true' && says "$scratch/two" '"new":false' &&
	[ "$(sed 's/"new":[a-z]*//' "$scratch/one")" = \
		"$(sed 's/"new":[a-z]*//' "$scratch/two")" ]
}
ok "a study that is planned twice has one plan" planned_twice
changed_plan() {
	sqlite3 "$a" .dump >"$scratch/before"
	study "$a" plan bandit --size smoke tries=6 2>"$scratch/said"
	[ $? = 2 ] && says "$scratch/said" "a plan never changes" &&
	says "$scratch/said" "'tries = 5', and now 'tries = 6'" &&
	[ "$(wc -l <"$scratch/said")" = 1 ] &&
	sqlite3 "$a" .dump >"$scratch/after" &&
	cmp "$scratch/before" "$scratch/after"
}
ok "a changed plan is refused in one sentence, and nothing is written" changed_plan
from_outside() {
	! sqlite3 "$a" "update study set plan = 'easier'" 2>"$scratch/said" &&
	says "$scratch/said" "the plan of a study never changes"
}
ok "also from outside" from_outside

smoke() {
	study "$a" run bandit --size smoke --threads 1 >"$scratch/said" &&
	says "$scratch/said" "not evidence: " &&
	says "$scratch/said" "passed  exact" &&
	says "$scratch/said" "4 of 4 trials done"
}
ok "a study of smoke size runs, and is not evidence" smoke
of_program() {
	sha=$(sha256sum "$program" | cut -d " " -f 1) &&
	study "$a" show bandit/smoke >"$scratch/shown" &&
	says "$scratch/shown" "sha256 $sha, 4 trials" &&
	says "$scratch/shown" "done by 1 program, judged by the same"
}
ok "it tells which program did it" of_program
again() {
	study "$a" judge bandit/smoke >"$scratch/again" &&
	cmp "$scratch/said" "$scratch/again"
}
ok "judged again, it says the same" again
idle() {
	study "$a" run bandit/smoke --threads 2 >"$scratch/again" &&
	cmp "$scratch/said" "$scratch/again" &&
	study "$a" export bandit/smoke --output "$scratch/idle" >/dev/null &&
	says "$scratch/idle/report.md" "run by" &&
	grep -A2 "run by" "$scratch/idle/report.md" >"$scratch/by" &&
	says "$scratch/by" "--threads 1"
}
ok "who runs it again with nothing to do is not who ran it" idle
no_settings() {
	for verb in show judge export import; do
		! study "$a" $verb bandit/smoke tries=6 --output "$scratch/no" \
			>/dev/null 2>"$scratch/by" &&
		says "$scratch/by" "'tries=6': $verb takes no settings" ||
			return 1
	done
}
ok "settings are refused where none are read" no_settings
done_stays() {
	! sqlite3 "$a" "update measure set value = 0" 2>"$scratch/said" &&
	says "$scratch/said" "never changes"
}
ok "its figures never change" done_stays
not_done() {
	study "$a" plan bandit >/dev/null &&
	! study "$a" judge bandit 2>"$scratch/said" &&
	says "$scratch/said" "has 0 of 6 trials"
}
ok "what is not done is not judged" not_done


# A further try: seeds that judged or tuned judge nothing again.
judged_before() {
	! study "$a" plan bandit --as more tries=7 2>"$scratch/said" &&
	says "$scratch/said" "study bandit/desk uses 1, 2, 3 under another plan" &&
	says "$scratch/said" "--first-seed 4 is fresh" &&
	! study "$a" plan bandit --as more tries=7 --first-seed 3 2>"$scratch/said" &&
	says "$scratch/said" "uses 3 under" &&
	! "$program" --lab "$a" list studies --json | grep -q '"more"'
}
ok "seeds of another plan of the study are refused by name" judged_before
fresh() {
	study "$a" plan bandit --as more tries=7 --first-seed 4 >"$scratch/said" &&
	says "$scratch/said" "test seeds: 4 5 6" &&
	study "$a" plan more >"$scratch/said" &&
	says "$scratch/said" "more was planned"
}
ok "fresh ones are planned, and stay" fresh
same_plan() {
	study "$a" plan bandit/desk --as again >"$scratch/said" &&
	says "$scratch/said" "again is planned" &&
	study "$a" plan bandit/desk | sed 1d >"$scratch/one" &&
	sed 1d "$scratch/said" | cmp - "$scratch/one"
}
ok "the same plan may be run again under another name" same_plan
plain_names() {
	for name in .. a/b/c -x; do
		! study "$a" plan bandit "--as=$name" --size smoke \
			2>"$scratch/said" &&
		says "$scratch/said" "must be a word" || return 1
	done
	! study "$a" plan bandit/desk --as .. 2>"$scratch/said" &&
	says "$scratch/said" "must be a word"
}
ok "a name is a plain word" plain_names
said_twice() {
	for verb in plan run judge show; do
		! study "$a" $verb more --size smoke >/dev/null 2>"$scratch/said" &&
		says "$scratch/said" "more is of size desk" || return 1
	done
	study "$a" show more --size desk >/dev/null
}
ok "a row has a size, and another is refused" said_twice

unknown() { # NAME WORDS
	! study "$a" show "$1" 2>"$scratch/said" &&
	says "$scratch/said" "has no study named $2" &&
	! grep -q "plans and runs it" "$scratch/said"
}
no_size() { unknown nope/smoke nope/smoke && ! grep -q smoke/ "$scratch/said"; }
no_study() { unknown nope nope/desk; }
ok "an unknown study is called what it was typed as" no_size
ok "and nobody is told to run what there is not" no_study
list_of_one() {
	! study "$a" list bandit >/dev/null 2>"$scratch/said" &&
	says "$scratch/said" "study show bandit tells of one"
}
ok "the list takes no name" list_of_one

exported() {
	study "$a" export bandit/smoke --output "$scratch/out" &&
	says "$scratch/out/report.md" "# bandit/smoke: not evidence" &&
	says "$scratch/out/report.md" "tries = 5" &&
	[ "$(wc -l <"$scratch/out/figures.csv")" = 7 ] &&
	says "$scratch/out/report.md" "4 of 4 done by \`plyscope " &&
	says "$scratch/out/report.md" "sha256 $sha" &&
	says "$scratch/out/regret.svg" "</svg>"
}
ok "a study is exported as a report, figures, plots and a file" exported
not_twice() {
	! study "$a" export bandit/smoke --output "$scratch/out" 2>"$scratch/said" &&
	says "$scratch/said" "is there already" &&
	[ ! -e "$scratch/out".new-* ]
}
ok "never over another" not_twice
exported_json() {
	study "$a" export bandit/smoke --output "$scratch/json" --json \
		>"$scratch/said" &&
	says "$scratch/said" '{"study":"bandit/smoke","folder":"'
}
ok "as JSON it says where" exported_json
imported() {
	study "$scratch/i.db" import "$scratch/out/study.plyscope" >"$scratch/said" &&
	study "$scratch/i.db" judge bandit/smoke >"$scratch/again" &&
	cmp "$scratch/said" "$scratch/again" &&
	figures "$a" bandit/smoke >"$scratch/f1" &&
	figures "$scratch/i.db" bandit/smoke | diff "$scratch/f1" - &&
	study "$scratch/i.db" show bandit/smoke | diff "$scratch/shown" -
}
ok "the file brings it into another lab, and it is judged the same" imported
refused() { # WORDS, of the file on standard input
	cat >"$scratch/bad"
	sqlite3 "$scratch/i.db" .dump >"$scratch/before"
	! study "$scratch/i.db" import "$scratch/bad" --as x 2>"$scratch/said" &&
	says "$scratch/said" "$1" && [ "$(wc -l <"$scratch/said")" = 1 ] &&
	sqlite3 "$scratch/i.db" .dump | cmp - "$scratch/before"
}
short() { head -c 500 "$scratch/out/study.plyscope" | refused "is cut short"; }
ok "a file that was cut short is refused" short
altered() {
	{
		head -n 1 "$scratch/out/study.plyscope"
		tail -n +2 "$scratch/out/study.plyscope" | LC_ALL=C tr '\001' '\002'
	} | refused "was altered"
}
ok "one that was altered too" altered
other() { refused "is not an exported study" <"$scratch/out/report.md"; }
ok "and one that is none" other

# Long enough to be killed in each of its trials.
long="tasks=60000 pulls=300"
plain() { study "$scratch/plain.db" run bandit --as k --size smoke $long \
	--threads 1 >/dev/null; }
began=$(date +%s%N)
ok "a longer one runs" plain
took_ms=$((($(date +%s%N) - began) / 1000000))
figures "$scratch/plain.db" k >"$scratch/whole"
killed_often() {
	killed=0
	while [ "$killed" -lt 8 ]; do
		delay=$(awk -v seed="$(date +%N)" -v most="$took_ms" 'BEGIN {
			srand(seed); printf "%.3f", rand() * most / 2000 }')
		# The program itself: a function would be a shell around it.
		"$program" --lab "$scratch/k.db" study run bandit --as k \
			--size smoke $long --threads 2 >/dev/null 2>&1 &
		pid=$!
		sleep "$delay"
		kill -9 "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		killed=$((killed + 1))
	done
	# On a busy machine all may have died before the plan was written.
	study "$scratch/k.db" run bandit --as k --size smoke $long \
		--threads 2 >"$scratch/said" 2>&1 || {
		cat "$scratch/said"
		return 1
	}
	figures "$scratch/k.db" k | diff "$scratch/whole" -
}
ok "killed at any moment and with two threads, it has the same figures" \
	killed_often
sound() { "$program" --lab "$scratch/k.db" check; }
ok "in a lab that is sound" sound

# What is shipped comes into any lab, and today's judge says the same of it.
shipped() {
	for file in "$top_srcdir"/assets/studies/*/study.plyscope; do
		report=$(dirname "$file")/report.md
		name=$(sed -n '1s/^# \(.*\): .*/\1/p' "$report")
		study "$scratch/s.db" import "${file%/*}" >/dev/null &&
		study "$scratch/s.db" judge "$name" >"$scratch/said" &&
		verdict=$(sed -n '1s/.*: //p' "$report") &&
		says "$scratch/said" "$verdict: " || return 1
	done
	"$program" --lab "$scratch/s.db" list studies >"$scratch/said" &&
	says "$scratch/said" "passed on rung p3" &&
	"$program" --lab "$scratch/s.db" check
}
ok "the studies that are shipped are judged as their reports say" shipped
left_out() {
	study "$scratch/s.db" show ladder/desk >"$scratch/said" &&
	grep -q "^p2-full  *arm  *done  *1/1 " "$scratch/said" &&
	says "$scratch/said" "p2-full: 2 further trials at other seeds, which" &&
	says "$scratch/said" "p4-cut        hidden code: lives cut at half their strength"
}
ok "trials that do nothing are told apart, and arms are told whole" left_out

pacman() {
	study "$scratch/p.db" run pacman --size smoke --seeds 1 --development \
		ticks=40 filters=4 shown=4 epochs=1 iterations=1 groups=1 slots=2 \
		plies=8 games=2 held=1 --threads 1 >"$scratch/said" &&
	"$program" --lab "$scratch/p.db" list games --json >"$scratch/games" &&
	says "$scratch/games" '"first":"points after 0"' &&
	[ "$(sqlite3 -readonly "$scratch/p.db" "select count(*) from game
		where score is not null and facts like '%\"ghosts\":%'")" = \
		"$(sqlite3 -readonly "$scratch/p.db" "select count(*) from game")" ]
}
ok "games that a study keeps have their score and what was counted" pacman
tap_done
