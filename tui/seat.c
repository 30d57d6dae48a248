/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/seat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lab/lab.h"
#include "core/search/mcts.h"

static void wake(void *ctx)
{
	app_wake(ctx);
}

enum err_code seat_take(struct seat *s, struct app *app, const struct game *g,
			const char *spec, struct err *e)
{
	const struct agent_source *source =
		app->lab ? lab_agents(app->lab) : NULL;
	struct thinker *thinker = NULL;
	struct agent *agent;
	enum err_code rc;

	rc = agent_open(&agent, spec, g, source, e);
	if (rc)
		return rc;
	if (agent_is_human(agent)) {
		agent_close(agent);
	} else {
		rc = thinker_open(&thinker, agent, g, wake, app, e);
		if (rc)
			return rc;
	}
	seat_release(s);
	s->thinker = thinker;
	snprintf(s->spec, sizeof(s->spec), "%s", spec);
	thinking_init(&s->pane, seat_name(s));
	s->asked_ply = -1;
	return ERR_OK;
}

void seat_release(struct seat *s)
{
	thinker_close(s->thinker);
	memset(s, 0, sizeof(*s));
	s->asked_ply = -1;
	s->pane.player = -1;
}

void seat_swap(struct seat *a, struct seat *b)
{
	struct seat t = *a;

	*a = *b;
	*b = t;
}

bool seat_is_human(const struct seat *s)
{
	return !s->thinker;
}

const char *seat_name(const struct seat *s)
{
	return s->thinker ? thinker_name(s->thinker) : "human";
}

bool seat_is_thinking(const struct seat *s)
{
	return s->thinker && s->asked_ply >= 0;
}

void seat_ask(struct seat *s, const struct round *r, uint64_t game_number)
{
	if (!s->thinker || s->asked_ply == r->plies)
		return;
	s->asked_ply = r->plies;
	thinker_ask(s->thinker, round_now(r), r->seed, game_number, r->plies,
		    r->moves);
}

void seat_cancel(struct seat *s)
{
	if (s->thinker)
		thinker_cancel(s->thinker);
	s->asked_ply = -1;
	s->pane.running = false;
}

enum seat_news seat_collect(struct seat *s, const struct round *r, bool ascii,
			    struct thought *answer)
{
	enum seat_news news = SEAT_NOTHING;
	struct thought live;

	if (!seat_is_thinking(s))
		return news;
	if (thinker_peek(s->thinker, &live)) {
		thinking_set(&s->pane, &r->game, round_state(r, s->asked_ply),
			     &live, s->asked_ply, true, ascii);
		thought_release(&live);
		news = SEAT_SNAPSHOT;
	}
	if (thinker_take(s->thinker, answer)) {
		thinking_set(&s->pane, &r->game, round_state(r, s->asked_ply),
			     answer, s->asked_ply, false, ascii);
		s->asked_ply = -1;
		news = SEAT_ANSWER;
	}
	return news;
}

/* The part "RUN/STEP" of a spec, and the settings behind it. */
static bool split_spec(const char *spec, const char *kind, const char **network,
		       int *network_len, const char **rest)
{
	size_t n = strlen(kind);

	if (strncmp(spec, kind, n))
		return false;
	*network = spec + n;
	*network_len = (int)strcspn(*network, ",");
	*rest = *network + *network_len;
	return true;
}

int seat_simulations(const char *spec)
{
	static const struct mcts_config usual = MCTS_CONFIG_DEFAULT;
	const char *network, *rest, *at;
	int len;

	if (split_spec(spec, "policy:", &network, &len, &rest))
		return 0;
	if (!split_spec(spec, "mcts:", &network, &len, &rest))
		return -1;
	at = strstr(rest, ",sims=");
	return at ? atoi(at + 6) : usual.simulations;
}

/* Settings without `sims`, each with its comma. */
static void other_settings(const char *rest, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	while (*rest == ',') {
		size_t n = strcspn(rest + 1, ",") + 1;

		if (strncmp(rest, ",sims=", 6) && used + n < size) {
			memcpy(out + used, rest, n);
			used += n;
			out[used] = '\0';
		}
		rest += n;
	}
}

bool seat_spec_simulations(const char *spec, int simulations,
			   char out[SEAT_SPEC_SIZE])
{
	char settings[SEAT_SPEC_SIZE], made[2 * SEAT_SPEC_SIZE + 32];
	const char *network, *rest;
	int len;

	if (split_spec(spec, "mcts:", &network, &len, &rest)) {
		/* Without a network there is no policy to play by. */
		if (simulations == 0 && (!strncmp(network, "uniform", 7) ||
					 !strncmp(network, "rollout", 7)))
			return false;
		other_settings(rest, settings, sizeof(settings));
		if (simulations == 0)
			snprintf(made, sizeof(made), "policy:%.*s", len,
				 network);
		else
			snprintf(made, sizeof(made), "mcts:%.*s,sims=%d%s", len,
				 network, simulations, settings);
	} else if (split_spec(spec, "policy:", &network, &len, &rest)) {
		if (simulations == 0)
			snprintf(made, sizeof(made), "%s", spec);
		else
			snprintf(made, sizeof(made), "mcts:%.*s,sims=%d", len,
				 network, simulations);
	} else {
		return false;
	}
	if (strlen(made) >= SEAT_SPEC_SIZE)
		return false;
	memcpy(out, made, strlen(made) + 1);
	return true;
}
