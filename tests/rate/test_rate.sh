#!/bin/sh
# SPDX-License-Identifier: MIT
# Matches that a test ends, and the ratings of all agents, through the program.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
lab=$scratch/lab.db

match() { "$program" match "$@" --lab "$lab"; }
sql() { sqlite3 "$lab" "$1"; }

match tactical random --game tictactoe --games 400 --sprt 0,150 --threads 1 \
	--json >"$scratch/one" || exit 1
match tactical random --game tictactoe --games 400 --sprt 0,150 --threads 3 \
	--json --no-save >"$scratch/three" || exit 1
match tactical mcts:rollout,sims=9 --game tictactoe --games 40 >/dev/null
match random random --game tictactoe --games 4 >/dev/null
match random tactical --game connect4 --games 10 >/dev/null

is_told() { grep -q '"verdict":"H1"' "$scratch/one"; }
ok "who is far stronger is told to be" is_told
ends_early() { [ "$(sql 'select games from match where id = 1')" -lt 400 ]; }
ok "the match ends there" ends_early
same_match() {
	sed 's/"match":.*//' "$scratch/one" >"$scratch/one.cut"
	sed 's/"match":.*//' "$scratch/three" | diff "$scratch/one.cut" -
}
ok "after the same game with three threads" same_match
is_kept() {
	[ "$(sql "select json_extract(sprt, '$.verdict') from match
		where id = 1")" = H1 ] &&
		[ "$(sql 'select count(*) from match where sprt is not null')" = 1 ]
}
ok "the test is kept with its match" is_kept

sql 'select agent, elo, games from leaderboard' >"$scratch/played"
"$program" rate --lab "$lab" --json >"$scratch/json" || exit 1
up_to_date() {
	[ "$(wc -l <"$scratch/played")" = 5 ] &&
		sql 'select agent, elo, games from leaderboard' |
			diff "$scratch/played" -
}
ok "a match leaves the ratings as they are to be" up_to_date
has_games() {
	[ -s "$scratch/stopped.db" ] && sqlite3 "$scratch/stopped.db" \
		'select 1 from match where games > 0' | grep -q 1
}
# In the background, once some of its games are in the lab.
fast_match() {
	rm -f "$scratch/stopped.db"
	"$program" match tactical random --game tictactoe --games 1000000 \
		--lab "$scratch/stopped.db" &
	while kill -0 $! && ! has_games; do
		sleep 0.05
	done
}
stopped() {
	fast_match
	kill -TERM $!
	wait $!
	sqlite3 "$scratch/stopped.db" "select m.games > 0 and m.games < 1000000
		and m.games = l.games from match m, leaderboard l
		where l.agent = 'tactical'" >"$scratch/counted"
	[ "$(cat "$scratch/counted")" = 1 ]
}
ok "a match that is stopped counts with what was played" stopped
# As by timeout(1): to the process, and again to its group.
stopped_twice() {
	fast_match
	for i in 1 2 3; do kill -TERM $!; done
	wait $!
	[ "$(sqlite3 "$scratch/stopped.db" 'select state from job')" = stopped ]
}
ok "a signal that comes more than once asks once" stopped_twice
# A fast match does not keep the lock of the lab: the order gets in.
ordered() {
	fast_match
	sqlite3 -cmd '.timeout 9000' "$scratch/stopped.db" \
		"update job set wanted = 'stop'" || kill -TERM $!
	wait $!
	sqlite3 "$scratch/stopped.db" "select count(*) from match m, job j
		where wanted = 'stop' and j.state = 'stopped' and m.games > 0
		and m.games = (select count(*) from game)" >"$scratch/count"
	[ "$(cat "$scratch/count")" = 1 ]
}
ok "a fast match hears the order to stop, with all it played" ordered
"$program" rate --lab "$lab" >"$scratch/text" || exit 1
json() { sql "select json_extract(readfile('$scratch/json'), '$1')"; }
names_all() {
	[ "$(json '$[0].game')" = drop:rows=6,cols=7,line=4 ] &&
		[ "$(json '$[1].ratings[2].rank')" = 3 ] &&
		[ "$(json '$[1].ratings[3]')" = "" ] &&
		[ "$(json '$[2]')" = "" ]
}
ok "every game has its table, every agent its row" names_all
is_zero() {
	[ "$(sql "select t.elo || ' ' || t.elo_low || ' ' || t.linked from rating t
		join agent a on a.id = t.agent_id where a.spec = 'random'
		and t.game like 'mnk%'")" = "0.0 0.0 1" ]
}
ok "random has Elo 0" is_zero
agrees() {
	sql "select round(t.elo, 6), t.games from rating t where t.game like 'mnk%'
		order by t.elo desc" >"$scratch/kept"
	sql "select round(json_extract(value, '$.elo'), 6),
		json_extract(value, '$.games')
		from json_each(readfile('$scratch/json'), '\$[1].ratings')" |
		diff "$scratch/kept" -
}
ok "what is printed is what is kept" agrees
in_view() {
	[ "$(sql "select count(*) from leaderboard")" = 5 ] &&
		[ "$(sql "select agent from leaderboard
			where game like 'drop%' limit 1")" = tactical ]
}
ok "the view leaderboard has it" in_view
counts() { # games against oneself say nothing
	sql "select t.games from rating t join agent a on a.id = t.agent_id
		where a.spec = 'random' and t.game like 'mnk%'" >"$scratch/games"
	[ "$(cat "$scratch/games")" = "$(sql 'select games from match where id = 1')" ]
}
ok "games against oneself are left out" counts
# Each beats the next: equal ratings, and residuals that say so.
circle() {
	"$program" match random random --game tictactoe --games 2 \
		--lab "$scratch/round.db" >"$scratch/none" || return 1
	sqlite3 "$scratch/round.db" "insert into agent (spec) values ('rock'),
		('paper'), ('scissors'); insert into match (game, first_agent,
		second_agent, games, wins, draws, losses, seed, created_ms)
		select game, a.id, b.id, 100, 80, 0, 20, 1, 1 from match,
		agent a, agent b where (a.spec, b.spec) in (values
		('rock', 'scissors'), ('scissors', 'paper'),
		('paper', 'rock'))" &&
		"$program" rate --lab "$scratch/round.db" >"$scratch/text2" &&
		grep -q 'one number does not say it all' "$scratch/text2" &&
		grep -q '80%, not 50% of 100 games' "$scratch/text2" &&
		"$program" rate --lab "$scratch/round.db" --json \
			>"$scratch/round"
	[ "$(sql "select count(*) from json_each(readfile('$scratch/round'),
		'\$[0].residuals') where abs(json_extract(value,
		'$.deviations')) > 5")" = 3 ]
}
ok "who beats whom in a circle is told" circle
other_zero() {
	"$program" rate --lab "$lab" --anchor tactical --json \
		>"$scratch/anchor" || return 1
	[ "$(sql "select json_extract(readfile('$scratch/anchor'),
		'\$[0].anchor')")" = tactical ] &&
		[ "$(sql "select json_extract(value, '$.elo') from
		json_each(readfile('$scratch/anchor'), '\$[1].ratings') where
		json_extract(value, '$.agent') = 'tactical'")" = 0 ] &&
		"$program" rate --lab "$lab" | diff "$scratch/text" - &&
		! "$program" rate --lab "$lab" --game tictactoe \
			--anchor nobody 2>"$scratch/err" &&
		grep -q 'nobody has met nobody' "$scratch/err"
}
ok "anybody can be at 0, for who asks" other_zero
again() {
	"$program" rate --lab "$lab" | diff "$scratch/text" - &&
		"$program" rate --lab "$lab" --game tictactoe | grep -q '^3 ' &&
		! "$program" rate --lab "$lab" --game tictactoe | grep -q connect4
}
ok "rating again changes nothing; one game can be asked for" again
none_yet() {
	"$program" rate --lab "$lab" --game othello | grep -q 'no games' &&
		[ "$("$program" rate --lab "$lab" --game othello --json)" = '[]' ]
}
ok "a game without matches says so" none_yet
only_read() {
	cp "$lab" "$scratch/other.db" && chmod 444 "$scratch/other.db" &&
		"$program" rate --lab "$scratch/other.db" | diff "$scratch/text" -
}
ok "a lab without write permission is rated too" only_read
# --- the checkpoints of a run, each against the one before -------------------
own=$scratch/chain.db
chain() { "$program" rate --run r --threads 1 --json --lab "$own" "$@"; }
of_chain() { # EXPRESSION over the links
	sqlite3 :memory: "select $1 from json_each(json_extract(
		readfile('$scratch/chain'), '\$[0].chain'))"
}
matches() { sqlite3 "$own" "select count(*), sum(games) from match"; }

train "$own" r --threads 1 rate_match_games=0 >"$scratch/trained" 2>&1 || exit 1
chain --within 0 >"$scratch/chain" || exit 1
nothing_is_known() {
	[ "$(of_chain "count(*) > 2 and sum(json_extract(value, '\$.games')) = 0")" = 1 ]
}
ok "rate --run --within 0 plays nothing" nothing_is_known
chain --within 90 --panel 2 >"$scratch/chain" || exit 1
is_narrow() {
	[ "$(of_chain "max(json_extract(value, '\$.high') -
		json_extract(value, '\$.low')) <= 180")" = 1 ]
}
ok "neighbours play until the interval is narrow" is_narrow
met_the_panel() {
	[ "$(sqlite3 "$own" "select min(n) from (select count(distinct p.spec) n
		from match m join agent a on a.id = m.first_agent
		join agent p on p.id = m.second_agent
		where p.spec not like 'policy:%' group by a.spec)")" = 5 ]
}
ok "each checkpoint meets the panel" met_the_panel
plays_no_more() {
	before=$(matches)
	chain --within 90 --panel 2 >/dev/null && [ "$(matches)" = "$before" ]
}
ok "what was played counts when it is asked for again" plays_no_more
ok "a run that is not there is named" complains 1 'no run named x' -- \
	"$program" rate --run x --lab "$own"
ok "a step that is not there is named as typed" complains 1 \
	"run 'r' has no checkpoint 99999999999999999999" -- "$program" match \
	policy:r/99999999999999999999 random --games 2 --lab "$own"
tap_done
