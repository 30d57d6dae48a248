#!/bin/sh
# SPDX-License-Identifier: MIT
# KataGo's protocol of queries: what KaTrain asks and reads, many queries at
# once, their order, and what is refused.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=$top_builddir/plyscope
XDG_DATA_HOME=$scratch/data
HOME=$scratch
export XDG_DATA_HOME HOME
unset PLYSCOPE_LAB

# ask FILE: the answers to the queries of a file, into $scratch/out.
ask() {
	"$program" kata-analysis --agent "${2:-mcts:rollout,sims=20}" \
		<"$1" >"$scratch/out"
}

has() { # PATTERN...: each is in the answers
	for pattern; do
		grep -Eq -- "$pattern" "$scratch/out" && continue
		echo "missing: $pattern"
		cat "$scratch/out"
		return 1
	done
}

real='-?[0-9.]+(e-?[0-9]+)?'

# As KaTrain writes a query, blanks and all, with its rules by default.
cat >"$scratch/katrain" <<'END'
{"rules": "japanese", "priority": 1, "analyzeTurns": [2], "maxVisits": 30, "komi": 6.5, "boardXSize": 9, "boardYSize": 9, "includeOwnership": true, "includeMovesOwnership": true, "includePolicy": true, "initialStones": [["B", "C3"], ["B", "G7"]], "initialPlayer": "W", "moves": [["W", "E5"], ["B", "D4"]], "overrideSettings": {"reportAnalysisWinratesAs": "BLACK", "maxTime": 8.0, "wideRootNoise": 0.04}, "id": "QUERY:1"}
{"rules": "chinese", "priority": 0, "analyzeTurns": [1], "maxVisits": 30, "komi": 6.5, "boardXSize": 9, "boardYSize": 9, "includeOwnership": false, "includeMovesOwnership": false, "includePolicy": false, "initialStones": [], "initialPlayer": "B", "moves": [["B", "E5"]], "overrideSettings": {"reportAnalysisWinratesAs": "BLACK"}, "avoidMoves": [{"moves": ["A1", "B1"], "player": "W", "untilDepth": 1}], "reportDuringSearchEvery": 1, "id": "QUERY:2"}
{"action": "terminate", "terminateId": "QUERY:7", "id": "QUERY:3"}
END
katrain() {
	ask "$scratch/katrain" || return 1
	has '^\{"warning":".*","field":"rules","id":"QUERY:1"\}$' \
		'^\{"warning":"wideRootNoise is not used here","field":"overrideSettings","id":"QUERY:1"\}$' \
		'^\{"id":"QUERY:1","isDuringSearch":false,"moveInfos":\[\{"lcb":' \
		'"turnNumber":2\}$' \
		'^\{"id":"QUERY:2",.*"turnNumber":1\}$' \
		"\"rootInfo\":\{\"currentPlayer\":\"W\",\"thisHash\":\"[0-9A-F]{16}\",\"visits\":30,\"winrate\":$real,\"utility\":$real\}" \
		'^\{"action": "terminate", "terminateId": "QUERY:7", "id": "QUERY:3"\}$' || return 1
	# All 81 points and the pass, the five stones and what is taken out.
	[ "$(grep QUERY:1 "$scratch/out" | grep policy |
		sed 's/.*"policy":\[\([^]]*\)\].*/\1/' | tr ',' '\n' |
		grep -c '')" -eq 82 ] || return 1
	[ "$(grep QUERY:1 "$scratch/out" | grep policy |
		sed 's/.*"policy":\[\([^]]*\)\].*/\1/' | tr ',' '\n' |
		grep -c '^-1$')" -eq 4 ] || return 1
	! grep QUERY:2 "$scratch/out" | grep -E '"move":"[AB]1"'
}
ok "what KaTrain asks" katrain

# Whose view it is: Black, who is to move, is far ahead.
views() {
	for view in BLACK WHITE SIDETOMOVE; do
		printf '{"id":"%s","rules":"chinese","komi":0,"boardXSize":5,"boardYSize":5,"initialStones":[["B","B3"],["B","C3"],["B","D3"]],"moves":[],"overrideSettings":{"reportAnalysisWinratesAs":"%s"}}\n' \
			$view $view
	done >"$scratch/in"
	ask "$scratch/in" || return 1
	for view in BLACK:1 WHITE:0 SIDETOMOVE:1; do
		share=$(grep "\"id\":\"${view%:*}\"" "$scratch/out" |
			sed 's/.*rootInfo.*"winrate":\([0-9.e-]*\).*/\1/')
		[ "$(echo "$share" | awk '{print ($1 > 0.5)}')" = \
			"${view#*:}" ] || return 1
	done
}
ok "figures from the view that is asked for" views

# A hundred queries before the first answer: each is answered once, and those
# of the greatest priority come first.
hundred() {
	awk 'BEGIN {
		for (i = 0; i < 100; i++)
			printf "{\"id\":\"q%d\",\"rules\":\"chinese\",\"komi\":%s," \
				"\"boardXSize\":5,\"boardYSize\":5,\"maxVisits\":8," \
				"\"priority\":%d,\"moves\":[[\"B\",\"%s\"]]," \
				"\"includePVVisits\":true}\n", i, i % 3 + 0.5,
				i % 10, substr("ABCDE", i % 5 + 1, 1) i % 4 + 1
	}' >"$scratch/in"
	ask "$scratch/in" || return 1
	[ "$(grep -c '' "$scratch/out")" -eq 100 ] || return 1
	[ "$(sed 's/.*"id":"\(q[0-9]*\)".*/\1/' "$scratch/out" | sort -u |
		grep -c '')" -eq 100 ] || return 1
	grep -v '"visits":8' "$scratch/out" && return 1
	grep -v '"pvVisits":\[[0-9,]*\]' "$scratch/out" && return 1
	# The last digit of the number is the priority.
	sed 's/.*"id":"q\([0-9]*\)".*/\1/' "$scratch/out" |
		awk '{p = $1 % 10} NR > 1 && p > last {bad = 1} {last = p}
			END {exit bad}'
}
ok "a hundred queries at once" hundred

# Several turns of one game, each with its priority; a move out of turn and the
# position after two passes can be asked about too.
turns() {
	cat >"$scratch/in" <<'END'
{"id":"a","rules":"chinese","boardXSize":5,"boardYSize":5,"maxVisits":5,"moves":[["B","C3"],["B","C4"],["W","pass"],["B","pass"]],"analyzeTurns":[0,2,4],"priorities":[1,2,3]}
END
	ask "$scratch/in" || return 1
	sed 's/.*"currentPlayer":"\(.\)".*"turnNumber":\(.\)}/\2\1/' \
		"$scratch/out" | tr '\n' ' ' | grep -qx '4W 2W 0B '
}
ok "turns by priority" turns

refusals() {
	cat >"$scratch/in" <<'END'
{"id":"broken"
{"rules":"chinese"}
{"id":"m","rules":"chinese","boardXSize":5,"boardYSize":5}
{"id":"r","moves":[],"boardXSize":5,"boardYSize":5}
{"id":"x","rules":"chinese","moves":[],"boardYSize":5}
{"id":"n","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":9}
{"id":"i","rules":"chinese","moves":[["B","C3"],["W","C3"]],"boardXSize":5,"boardYSize":5}
{"id":"v","rules":"chinese","moves":[["B","Z99"]],"boardXSize":5,"boardYSize":5}
{"id":"k","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"komi":0.25}
{"id":"t","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"analyzeTurns":[1]}
{"id":"p","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"analyzeTurns":[0],"priorities":[1,2]}
{"id":"b","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"includePolicy":1}
{"id":"a","action":"dance"}
{"id":"u","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"maxVisits":2,"sing":[{"a":1}]}
END
	ask "$scratch/in" || return 1
	has '^\{"error":"Could not parse input line as json request"\}$' \
		'^\{"error":"Must be given, a string","field":"id"\}$' \
		'"field":"moves","id":"m"\}$' '"field":"rules","id":"r"\}$' \
		'"field":"boardXSize","id":"x"\}$' \
		'"field":"boardYSize","id":"n"\}$' \
		'^\{"error":"Illegal move 1: C3","field":"moves","id":"i"\}$' \
		'^\{"error":"Could not read the location: Z99","field":"moves","id":"v"\}$' \
		'"field":"komi","id":"k"\}$' '"field":"analyzeTurns","id":"t"\}$' \
		'"field":"priorities","id":"p"\}$' \
		'"field":"includePolicy","id":"b"\}$' '"field":"action","id":"a"\}$' \
		'^\{"warning":"Not used here","field":"sing","id":"u"\}$' \
		'^\{"id":"u",.*"turnNumber":0\}$' || return 1
	[ "$(grep -c '"error"' "$scratch/out")" -eq 13 ]
}
ok "what is refused, with its field" refusals

# The first would go on for hours: it ends as it is, and those that wait have no
# result.
ends() {
	cat >"$scratch/in" <<'END'
{"id":"long","rules":"chinese","moves":[],"boardXSize":5,"boardYSize":5,"maxVisits":1000000,"priority":5}
{"id":"waits","rules":"chinese","moves":[["B","C3"]],"boardXSize":5,"boardYSize":5,"analyzeTurns":[0,1]}
END
	rm -f "$scratch/fifo" && mkfifo "$scratch/fifo" || return 1
	"$program" kata-analysis --agent mcts:rollout,sims=20 \
		<"$scratch/fifo" >"$scratch/out" &
	pid=$!
	exec 3>"$scratch/fifo"
	cat "$scratch/in" >&3
	printf '{"id":"v","action":"query_version"}\n' >&3
	printf '{"id":"1","action":"terminate","terminateId":"waits","turnNumbers":[1]}\n' >&3
	printf '{"id":"2","action":"terminate_all"}\n' >&3
	exec 3>&-
	wait $pid || return 1
	has '^\{"id":"v","action":"query_version","git_hash":"<omitted>","version":"[^"]*"\}$' \
		'^\{"id":"waits","isDuringSearch":false,"noResults":true,"turnNumber":0\}$' \
		'^\{"id":"waits","isDuringSearch":false,"noResults":true,"turnNumber":1\}$' \
		'^\{"id":"2","action":"terminate_all"\}$' \
		'^\{"id":"long","isDuringSearch":false,'
}
ok "queries that are terminated" ends
tap_done
