/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/keep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/json_scan.h"
#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/lab/root_moves.h"
#include "core/rate/tally.h"
#include "core/search/trace.h"

void keep_facts(const struct game *g, const void *state, struct store_game *row,
		struct buf *text)
{
	struct game_fact facts[GAME_MAX_FACTS];
	struct json j;
	int n;

	row->score = g->rules->points ? (double)g->rules->points(g, state)
				      : (double)NAN;
	row->facts = NULL;
	if (!g->rules->facts)
		return;
	n = g->rules->facts(g, state, facts);
	json_init(&j, text);
	json_open(&j, '{');
	for (int i = 0; i < n; i++) {
		json_key(&j, facts[i].name);
		json_int(&j, facts[i].value);
	}
	json_close(&j, '}');
	row->facts = text->data;
}

void keep_line_facts(const struct game *g, struct store_game *row,
		     struct buf *text)
{
	game_move *moves;
	void *state;
	int count;

	row->score = (double)NAN;
	row->facts = NULL;
	if (!g->rules->facts && !g->rules->points)
		return;
	moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	state = game_state_new(g, row->seed);
	if (!game_play_text(g, state, row->moves, moves, &count, NULL))
		keep_facts(g, state, row, text);
	free(state);
	free(moves);
}

/* What has no column is an object in `settings`: {"lead":3.5}. */
static void put_settings(const struct thought *th, struct buf *out)
{
	struct json j;

	if (!isfinite(th->lead))
		return;
	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "lead");
	json_double(&j, (double)th->lead);
	json_close(&j, '}');
}

double keep_lead(const struct store_search *search)
{
	double lead = (double)NAN;
	struct json_scan s;
	char key[16];

	if (!search->settings || *search->settings != '{')
		return lead;
	json_scan_init(&s, search->settings);
	json_scan_open(&s, '{');
	while (json_scan_key(&s, key, sizeof(key))) {
		if (!strcmp(key, "lead"))
			lead = json_scan_number(&s);
		else
			json_scan_skip(&s);
	}
	return json_scan_failed(&s) || !isfinite(lead) ? (double)NAN : lead;
}

enum store_status keep_thought(struct store *s, const struct game *g,
			       const void *state, int64_t game_id, int ply,
			       const char *agent, uint64_t seed,
			       const struct thought *th)
{
	const double unknown = (double)NAN;
	char best[GAME_TEXT_SIZE];
	struct buf moves, trace, settings;
	enum store_status st;
	int64_t id;
	struct store_search x = {
		.game_id = game_id,
		.ply = ply,
		.agent = agent,
		.seed = seed,
		.simulations = th->simulations,
		.best = best,
		.win = th->has_value ? (double)th->wdl[0] : unknown,
		.draw = th->has_value ? (double)th->wdl[1] : unknown,
		.loss = th->has_value ? (double)th->wdl[2] : unknown,
		.raw_value = unknown,
	};

	g->rules->move_text(g, state, th->move, best);
	buf_init(&moves);
	buf_init(&trace);
	buf_init(&settings);
	put_settings(th, &settings);
	if (settings.len)
		x.settings = settings.data;
	root_moves_json(th, g, state, &moves);
	x.moves = moves.data;
	if (th->trace) {
		trace_encode(th->trace, &trace);
		x.trace = trace.data;
		x.trace_len = trace.len;
		if (th->trace->node_count > 0)
			x.raw_value = (double)th->trace->nodes[0].value;
	}
	st = store_search_add(s, &x, &id);
	buf_release(&moves);
	buf_release(&trace);
	buf_release(&settings);
	return st;
}

enum store_status keep_match_game(struct store *s, const struct game *g,
				  int64_t match_id, const char *const names[2],
				  uint64_t seed,
				  const struct match_game *played)
{
	void *state = game_state_new(g, 0);
	enum store_status st;
	struct buf moves, facts;
	int64_t id;
	struct store_game row = {
		.match_id = match_id,
		.game = g->name,
		.first = names[played->first],
		.second = names[!played->first],
		.opening = played->opening,
		.plies = played->count,
		.result = (double)played->first_result,
		.ended = played->ended,
		.purpose = "match",
		.seed = seed,
		.step = -1,
	};

	buf_init(&moves);
	buf_init(&facts);
	game_line_text(g, state, played->moves, played->count, &moves);
	row.moves = moves.data;
	keep_line_facts(g, &row, &facts);
	st = store_game_add(s, &row, &id);
	for (int ply = 0; !st && played->thoughts && ply < played->count;
	     ply++) {
		int who = g->rules->to_act(g, state);

		if (played->thoughts[ply].moves)
			st = keep_thought(s, g, state, id, ply,
					  names[who ^ played->first], seed,
					  &played->thoughts[ply]);
		g->rules->apply(g, state, played->moves[ply]);
	}
	buf_release(&moves);
	buf_release(&facts);
	free(state);
	return st;
}

void keep_match_figures(struct store_match *row, const struct match_result *r)
{
	struct stat_mean points = stat_mean_of(&r->points);
	struct stat_elo elo = {NAN, NAN, NAN, NAN};

	if (row->second)
		elo = tally_elo(&r->tally);
	row->games = r->games;
	row->wins = r->wins;
	row->draws = r->draws;
	row->losses = r->losses;
	row->elo = elo.elo;
	row->elo_low = elo.low;
	row->elo_high = elo.high;
	row->pairs = row->second ? r->tally.pairs : 0;
	for (int i = 0; i < TALLY_OUTCOMES; i++)
		row->distinct[i] = row->second ? r->tally.outcome[i] : 0;
	row->points = points.mean;
	row->points_low = points.low;
	row->points_high = points.high;
}
