/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_said.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/study/said.h"
#include "store/run.h"
#include "store/study.h"
#include "store/trial.h"

static const char NAME[] = "positions";

/* The text, which the caller frees; NULL: this trial kept none. */
static enum store_status text_of(struct store *s, struct store_bag *bag,
				 const struct store_trial *t, char **text)
{
	struct store_kept *kept;
	const void *data;
	size_t n, len;
	enum store_status st = store_kept_list(s, bag, t->id, &kept, &n);

	for (size_t i = 0; st == STORE_OK && i < n && !*text; i++) {
		if (strcmp(kept[i].name, NAME) || !kept[i].here)
			continue;
		st = store_kept_load(s, bag, t->arm_id, t->seed, NAME, &data,
				     &len);
		if (st == STORE_OK)
			*text = mem_printf("%.*s", (int)len,
					   (const char *)data);
	}
	return st;
}

static enum store_status note_arm(struct store *s, struct store_bag *bag,
				  int64_t study_id, const struct store_trial *t,
				  struct study_said *out)
{
	struct store_arm *arms;
	struct store_run run;
	size_t n;
	enum store_status st = store_arm_list(s, bag, study_id, &arms, &n);

	out->seed = t->seed;
	for (size_t i = 0; st == STORE_OK && i < n; i++) {
		if (arms[i].id != t->arm_id)
			continue;
		out->arm = mem_strdup(arms[i].name);
		if (!arms[i].run_id)
			continue;
		st = store_run_get(s, bag, arms[i].run_id, &run);
		if (st == STORE_OK)
			out->run = mem_strdup(run.name);
	}
	return st;
}

struct ranked {
	double apart;
	int at;
};

static int by_apart(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;
	int c = (p->apart < q->apart) - (p->apart > q->apart);

	return c ? c : (p->at > q->at) - (p->at < q->at);
}

static double apart(const struct said_position *p)
{
	double sum = 0;

	for (int m = 0; m < p->legal; m++)
		sum += fabs((double)p->figures[m] -
			    (double)p->figures[p->legal + m]);
	return isnan(sum) ? 0 : sum / 2;
}

static void rank(struct study_said *out)
{
	size_t n = (size_t)out->said.count;
	struct ranked *all = mem_zalloc(n + 1, sizeof(*all));

	out->apart = mem_zalloc(n + 1, sizeof(*out->apart));
	out->ranked = mem_zalloc(n + 1, sizeof(*out->ranked));
	for (int i = 0; i < out->said.count; i++) {
		out->apart[i] = apart(&out->said.positions[i]);
		all[i] = (struct ranked){out->apart[i], i};
	}
	qsort(all, n, sizeof(*all), by_apart);
	for (size_t i = 0; i < n; i++)
		out->ranked[i] = all[i].at;
	free(all);
}

/* Do the lines follow the rules, and is there a figure for each move? */
static enum err_code check(struct study_said *out, struct err *e)
{
	enum err_code rc = game_init(&out->game, out->said.game, e);
	game_move *moves;

	if (!rc && out->said.player_count < 2)
		rc = err_set(e, ERR_FORMAT,
			     "what was kept of positions names one player");
	if (rc)
		return rc;
	moves = mem_alloc(
		((size_t)out->game.max_plies + (size_t)out->game.move_count) *
		sizeof(*moves));
	for (int i = 0; i < out->said.count && !rc; i++) {
		const struct said_position *p = &out->said.positions[i];
		void *state = game_state_new(&out->game, 0);
		int count;

		rc = game_play_text(&out->game, state, p->line, moves, &count,
				    e);
		if (!rc && (out->game.rules->to_act(&out->game, state) < 0 ||
			    out->game.rules->legal(&out->game, state, moves) !=
				    p->legal))
			rc = err_set(e, ERR_FORMAT,
				     "position %d of those that were kept has "
				     "other moves",
				     i + 1);
		free(state);
	}
	free(moves);
	return rc;
}

static enum err_code find(struct study_said *out, struct store *s,
			  struct store_bag *bag, const char *study, char **text,
			  struct err *e)
{
	struct store_study row;
	struct store_trial *trials;
	size_t count;
	enum store_status st = store_study_find(s, bag, study, &row);

	if (st == STORE_OK)
		st = store_trial_list(s, bag, row.id, &trials, &count);
	for (size_t i = 0; st == STORE_OK && i < count && !*text; i++) {
		st = text_of(s, bag, &trials[i], text);
		if (st != STORE_OK || !*text)
			continue;
		st = note_arm(s, bag, row.id, &trials[i], out);
	}
	if (st != STORE_OK)
		return lab_error(s, st, e);
	if (!*text)
		return err_set(e, ERR_NOTFOUND,
			       "study %s has kept no positions in this lab",
			       study);
	return ERR_OK;
}

enum err_code study_said_read(struct study_said *out, struct store *s,
			      const char *study, struct err *e)
{
	struct store_bag bag = {0};
	char *text = NULL;
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	rc = find(out, s, &bag, study, &text, e);
	if (!rc)
		rc = said_read(text, &out->said, e);
	if (!rc)
		rc = check(out, e);
	if (!rc)
		rank(out);
	free(text);
	store_bag_release(&bag);
	return rc;
}

void study_said_release(struct study_said *s)
{
	said_release(&s->said);
	free(s->apart);
	free(s->ranked);
	free(s->arm);
	free(s->run);
	memset(s, 0, sizeof(*s));
}
