#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual is well formed and names all that the program offers.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
page=$top_srcdir/man/plyscope.1

# What stands in the manual between `.\" table NAME` and `.\" end`.
region() {
	awk -v name="$1" '
		/^\.\\" end/ { on = 0 }
		on
		$1 == ".\\\"" && $2 == "table" && $3 == name { on = 1 }
	' "$2"
}
# UPDATE_GOLDEN=1 puts the program's table there.
same_table() {
	"$top_builddir/tests/check/manual_tables" "$1" >"$scratch/$1" || return 1
	if [ "${UPDATE_GOLDEN:-}" = 1 ]; then
		awk -v name="$1" -v from="$scratch/$1" '
			/^\.\\" end/ { on = 0 }
			!on
			$1 == ".\\\"" && $2 == "table" && $3 == name {
				on = 1
				while ((getline line < from) > 0) print line
			}
		' "$2" >"$scratch/page" && cat "$scratch/page" >"$2"
	fi
	region "$1" "$2" | diff - "$scratch/$1" || {
		echo "UPDATE_GOLDEN=1 make check TESTS=tests/check/test_manual.sh brings it up to date"
		false
	}
}
for table in keys methods recipe serial; do
	ok "the manual's table of $table is the program's" same_table $table "$page"
done
sed 's/^\.It Cm blocks .*/.It Cm blocks No = none/' "$page" >"$scratch/old.1"
old_is_caught() { ! (UPDATE_GOLDEN=; same_table recipe "$scratch/old.1"); }
ok "a key of recipes that the manual has wrong is caught" old_is_caught

# The commands as `plyscope help` lists them.
commands() {
	"$program" help | sed -n '/^commands:/,/^$/s/^  *\([a-z][a-z-]*\)  .*/\1/p'
}
# The options of a command as `plyscope help NAME` lists them, with the dashes,
# without those that all commands have.
options() {
	"$program" help "$1" | sed -n 's/^  *\(--[a-z][a-z-]*\).*/\1/p' |
		grep -vx -e --lab -e --help
}
# The part of the manual about one command: from its tag to the next command's.
part() {
	awk -v name="$1" '
		/^\.It Cm [a-z]/ && in_commands { on = $3 == name }
		/^\.Sh / { in_commands = $2 == "COMMANDS"; on = 0 }
		on
	' "$2"
}

names_command() { [ -n "$(part "$1" "$2")" ]; }
names_options() {
	missing=
	for option in $(options "$1"); do
		part "$1" "$2" | grep -Eq -e "Fl -${option#--}( |$)" ||
			missing="$missing $option"
	done
	[ -z "$missing" ] || { echo "the manual's $1 lacks$missing"; false; }
}

names=$(commands)
some() { [ -n "$names" ]; }
ok "help lists commands" some
for name in $names; do
	ok "the manual has the command $name" names_command "$name" "$page"
	ok "the manual has the options of $name" names_options "$name" "$page"
done
grep -v '^\.It Cm help' "$page" >"$scratch/lacking.1"
lacking_is_caught() { ! names_command help "$scratch/lacking.1"; }
ok "a command that the manual lacks is caught" lacking_is_caught

# The part of the manual about one kind of agent, settings among them.
agent_part() {
	awk -v name="$1" '
		/^\.Sh / { in_agents = $2 == "AGENTS"; depth = on = 0 }
		/^\.Bl / { depth++ }
		/^\.El/ { depth-- }
		/^\.It Cm / && depth == 1 { on = in_agents && $3 == name }
		on
	' "$2"
}
names_agents() {
	missing=
	"$top_builddir/tests/check/manual_tables" agents >"$scratch/agents"
	while read -r kind setting; do
		agent_part "$kind" "$1" |
			grep -Eq "^\.It Cm ${setting:-$kind}( |\$)|,$setting=" ||
			missing="$missing $kind${setting:+:$setting}"
	done <"$scratch/agents"
	[ -z "$missing" ] || { echo "the manual lacks agents:$missing"; false; }
}
some_agents() { names_agents "$page" && [ -s "$scratch/agents" ]; }
ok "the manual has every kind of agent and its settings" some_agents
sed '/^\.It Cm greedy/d; /^\.It Cm lcb/d' "$page" >"$scratch/lacking.1"
lacking_agents_are_caught() {
	! names_agents "$scratch/lacking.1" >"$scratch/said" &&
		grep -q ' mcts:lcb greedy$' "$scratch/said"
}
ok "kinds and settings that the manual lacks are caught" lacking_agents_are_caught

# The metrics that runs write.
metrics() {
	sed -n 's/.*figure([a-z]*, "\([a-z._]*\)".*/\1/p' \
		"$top_srcdir"/core/lab/*.c "$top_srcdir"/core/learn/*.c |
		sort -u
}
names_metrics() {
	missing=
	for metric in $(metrics); do
		grep -Eq "(^|[ ,])$metric( |\$)" "$1" ||
			missing="$missing $metric"
	done
	[ -z "$missing" ] || { echo "the manual lacks metrics:$missing"; false; }
}
lab_page=$top_srcdir/man/plyscope-lab.5
some_metrics() { [ -n "$(metrics)" ]; }
ok "runs write metrics" some_metrics
ok "the manual of labs has every metric" names_metrics "$lab_page"
sed 's/ idle$//' "$lab_page" >"$scratch/lacking.5"
lacking_metric_is_caught() { ! names_metrics "$scratch/lacking.5"; }
ok "a metric that the manual lacks is caught" lacking_metric_is_caught

# The runs that the README's first steps begin, in a lab that is the sample: one
# of a name that is taken there could not go on.
cp "$top_srcdir/assets/sample.db" "$scratch/lab.db"
"$program" list runs --lab "$scratch/lab.db" >"$scratch/runs"
begun() {
	sed -n '/^Five minutes/,/^How strong/{
		s/.*plyscope train .*--run \([^ ]*\).*/\1/p
		s/.*plyscope imitate .*--run \([^ ]*\).*/\1/p
	}' "$1"
}
begins_new_runs() {
	[ -n "$(begun "$1")" ] && [ -s "$scratch/runs" ] || return 1
	taken=
	for run in $(begun "$1"); do
		! grep -q "^$run " "$scratch/runs" || taken="$taken $run"
	done
	[ -z "$taken" ] || { echo "the sample has runs named$taken"; false; }
}
ok "the README begins runs that the sample does not have" \
	begins_new_runs "$top_srcdir/README"
sed 's/--run mychess/--run chess/' "$top_srcdir/README" >"$scratch/taken"
taken_is_caught() { ! begins_new_runs "$scratch/taken"; }
ok "a run of the README that the sample has is caught" taken_is_caught

# The page of studies: a section for each system of the debate, with the question
# of its study, and the verdicts of the studies that are shipped.
studies_page=$top_srcdir/man/plyscope-studies.7
"$program" study list --lab "$scratch/none.db" >"$scratch/studies"
# Its text, a section a line, beginning with its name.
sections() {
	awk '/^\.Ss / { printf "%s%s", (n++ ? "\n" : ""), substr($0, 5); next }
		/^\.Sh/ { next }
		/^\.It/ { $1 = "" }
		n && !/^\.[A-Z]/ { gsub(/\\&/, ""); printf " %s", $0 }
		END { print "" }' "$1"
}
section() { sections "$1" | grep -F "$2 " | head -n 1; }
tells_of_studies() {
	sections "$1" | grep -c '^S[0-9]*, ' | grep -qx 19 || return 1
	sed -n 's/^\(S[0-9]*\) \([a-z-]*\): /\1, \2|/p' "$scratch/studies" |
	while IFS='|' read -r head question; do
		text=$(section "$1" "$head")
		[ -n "$text" ] || { echo "no section $head"; exit 1; }
		[ "$question" = "not built yet" ] && continue
		case $text in
		*"not built yet"*) echo "$head is built"; exit 1 ;;
		*"$question"*) ;;
		*) echo "$head does not ask: $question"; exit 1 ;;
		esac
	done || return 1
	for report in "$top_srcdir"/assets/studies/*/report.md; do
		said=$(sed -n '1s/^# //p' "$report")
		sections "$1" | grep -qF "$said" ||
			{ echo "not found: $said"; return 1; }
	done
}
ok "the page of studies is true" tells_of_studies "$studies_page"
sed 's/tabula.desk: supported/tabula\/desk: refuted/' "$studies_page" \
	>"$scratch/other.7"
other_is_caught() { ! tells_of_studies "$scratch/other.7"; }
ok "a verdict that is another's is caught" other_is_caught
sed 's/^\.Ss S8, .*/.Ss S8, kin/' "$studies_page" >"$scratch/gone.7"
gone_is_caught() { ! tells_of_studies "$scratch/gone.7"; }
ok "a study that the page does not have is caught" gone_is_caught

# Warnings about the page's date or about the system's other pages are not ours.
lint() { mandoc -T lint -W warning "$@"; }

if command -v mandoc >/dev/null 2>&1; then
	for man in "$top_srcdir"/man/*.[1-9]; do
		ok "${man##*/} is well formed" lint "$man"
	done
	printf '.Dd $Mdocdate$\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n.Nd b\n.Bl -tag\n' \
		>"$scratch/bad.1"
	bad_is_caught() { ! lint "$scratch/bad.1"; }
	ok "a page that is not well formed is caught" bad_is_caught
else
	skip "the manual is well formed" "mandoc is not here"
fi

tap_done
