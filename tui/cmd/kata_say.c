/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/kata_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "tui/cmd/serve.h"

/* Answers, in the order of the alphabet within an object as KataGo has them. */

void kata_say_fault(const char *id, const char *kind,
		    const struct kata_fault *f, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, kind);
	json_string(&j, f->what);
	if (f->field) {
		json_key(&j, "field");
		json_string(&j, f->field);
	}
	if (id) {
		json_key(&j, "id");
		json_raw(&j, id);
	}
	json_close(&j, '}');
	buf_putc(out, '\n');
}

void kata_say_echo(const char *line, const char *more, struct buf *out)
{
	const char *end = strrchr(line, '}');

	buf_printf(out, "%.*s%s}\n", (int)(end - line), line, more);
}

static void begin_answer(const struct kata_job *job, bool during,
			 struct json *j)
{
	json_open(j, '{');
	json_key(j, "id");
	json_raw(j, job->id);
	json_key(j, "isDuringSearch");
	json_bool(j, during);
}

static void end_answer(const struct kata_job *job, struct json *j,
		       struct buf *out)
{
	json_key(j, "turnNumber");
	json_int(j, job->turn);
	json_close(j, '}');
	buf_putc(out, '\n');
}

void kata_say_nothing(const struct kata_job *job, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	begin_answer(job, false, &j);
	json_key(&j, "noResults");
	json_bool(&j, true);
	end_answer(job, &j, out);
}

/* --- figures ------------------------------------------------------------- */

/* Figures of the player to act are turned round for the other's view. */
static bool is_turned(const struct kata_job *job)
{
	return (job->wants.view == KATA_BLACK && job->player == 1) ||
	       (job->wants.view == KATA_WHITE && job->player == 0);
}

/* Those of Black, as leads and owners are. */
static double of_black(const struct kata_job *job, double v)
{
	bool white = job->wants.view == KATA_WHITE ||
		     (job->wants.view == KATA_TO_MOVE && job->player == 1);

	return white ? 0 - v : v;
}

static void put(struct json *j, const char *key, double v)
{
	json_key(j, key);
	json_double(j, v);
}

/* `share` of the player to act, in [0, 1]. */
static void put_share(struct json *j, const struct kata_job *job,
		      const char *win, const char *utility, double share)
{
	if (is_turned(job))
		share = 1 - share;
	put(j, win, share);
	put(j, utility, 2 * share - 1);
}

static void put_lead(struct json *j, const struct kata_job *job, float lead,
		     bool mean)
{
	if (isnan(lead))
		return;
	put(j, "scoreLead", of_black(job, (double)lead));
	if (mean)
		put(j, "scoreMean", of_black(job, (double)lead));
}

static void put_owners(struct json *j, const struct kata_job *job,
		       const float *owners)
{
	json_key(j, "ownership");
	json_open(j, '[');
	for (int i = 0; i < job->game.rows * job->game.cols; i++)
		json_double(j, of_black(job, (double)owners[i]));
	json_close(j, ']');
}

/* --- moves --------------------------------------------------------------- */

static const struct agent_move *find_move(const struct thought *t, game_move m)
{
	for (int i = 0; i < t->count; i++)
		if (t->moves[i].move == m)
			return &t->moves[i];
	return NULL;
}

static double root_share(const struct thought *t)
{
	return t->has_value ? ((double)(t->wdl[0] - t->wdl[2]) + 1) / 2 : 0.5;
}

/* A bound of the share from `n` visits, on the side of the player to act. */
static double bound_of(double share, double n)
{
	return n > 0 ? share - 1.96 * sqrt((share * (1 - share) + 1 / n) / n)
		     : share;
}

static void put_line(struct json *j, const struct kata_job *job,
		     const struct thought_line *line)
{
	const struct game *g = &job->game;
	void *s = mem_alloc(g->state_size);

	memcpy(s, job->state, g->state_size);
	json_key(j, "pv");
	json_open(j, '[');
	for (int i = 0; i < line->count; i++) {
		char text[GAME_TEXT_SIZE];

		g->rules->move_text(g, s, line->moves[i], text);
		json_string(j, text);
		g->rules->apply(g, s, line->moves[i]);
	}
	json_close(j, ']');
	if (job->wants.pv_visits) {
		json_key(j, "pvVisits");
		json_open(j, '[');
		for (int i = 0; i < line->count; i++)
			json_int(j, line->visits[i]);
		json_close(j, ']');
	}
	free(s);
}

static void put_move(struct json *j, const struct kata_job *job,
		     const struct thought *t, int number, int order)
{
	const struct thought_line *line = &t->lines[number];
	const struct agent_move *m = find_move(t, line->moves[0]);
	size_t cells = (size_t)job->game.rows * (size_t)job->game.cols;
	bool known = !isnan(m->q);
	double share = known ? ((double)m->q + 1) / 2 : root_share(t);
	char text[GAME_TEXT_SIZE];

	json_open(j, '{');
	put_share(j, job, "lcb", "utilityLcb", bound_of(share, m->visits));
	job->game.rules->move_text(&job->game, job->state, m->move, text);
	json_key(j, "move");
	json_string(j, text);
	json_key(j, "order");
	json_int(j, order);
	if (t->line_owners)
		put_owners(j, job, t->line_owners + (size_t)number * cells);
	put(j, "prior", (double)m->prior);
	put_line(j, job, line);
	put_lead(j, job, known ? line->lead : t->lead, true);
	if (known && !isnan(line->lead_spread))
		put(j, "scoreStdev", (double)line->lead_spread);
	json_key(j, "visits");
	json_int(j, m->visits);
	put_share(j, job, "winrate", "utility", share);
	json_close(j, '}');
}

static void put_moves(struct json *j, const struct kata_job *job,
		      const struct thought *t)
{
	int order = 0;

	json_key(j, "moveInfos");
	json_open(j, '[');
	for (int i = 0; i < t->line_count; i++) {
		const struct agent_move *m = find_move(t, t->lines[i].moves[0]);

		/* There is no figure of moves that nobody looked at. */
		if (m && (!isnan(m->q) || m->move == t->move))
			put_move(j, job, t, i, order++);
	}
	json_close(j, ']');
}

/* -1 where a move is not legal; the pass comes last, as it does among moves. */
static void put_policy(struct json *j, const struct kata_job *job,
		       const struct thought *t)
{
	int at = 0;

	json_key(j, "policy");
	json_open(j, '[');
	for (int m = 0; m < job->game.move_count; m++) {
		bool legal = at < t->count && t->moves[at].move == m;

		json_double(j, legal ? (double)t->moves[at].prior : -1);
		at += legal;
	}
	json_close(j, ']');
}

static void put_root(struct json *j, const struct kata_job *job,
		     const struct thought *t)
{
	const struct game *g = &job->game;
	char hash[24];

	snprintf(hash, sizeof(hash), "%016llX",
		 (unsigned long long)g->rules->hash(g, job->state));
	json_key(j, "rootInfo");
	json_open(j, '{');
	json_key(j, "currentPlayer");
	json_string(j, job->player ? "W" : "B");
	put_lead(j, job, (float)serve_root_lead(t), false);
	json_key(j, "thisHash");
	json_string(j, hash);
	json_key(j, "visits");
	json_int(j, t->simulations);
	put_share(j, job, "winrate", "utility", root_share(t));
	json_close(j, '}');
}

void kata_say_thought(const struct kata_job *job, const struct thought *t,
		      bool more_to_come, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	begin_answer(job, more_to_come, &j);
	put_moves(&j, job, t);
	if (job->wants.ownership && t->ownership)
		put_owners(&j, job, t->ownership);
	if (job->wants.policy)
		put_policy(&j, job, t);
	put_root(&j, job, t);
	end_answer(job, &j, out);
}
