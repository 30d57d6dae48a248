/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/seat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/search/mcts.h"

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

/* As seat_open_agent(); `spec` becomes what was opened. */
static enum err_code open_agent(struct agent **out, char spec[SEAT_SPEC_SIZE],
				const struct game *g,
				const struct agent_source *networks,
				struct err *e)
{
	enum err_code rc = agent_open(out, spec, g, networks, e);
	const char *network, *rest;
	char seq[SEAT_SPEC_SIZE];
	int len;

	if (rc != ERR_USAGE ||
	    (!split_spec(spec, "policy:", &network, &len, &rest) &&
	     !split_spec(spec, "mcts:", &network, &len, &rest)))
		return rc;
	snprintf(seq, sizeof(seq), "seq:%.*s", len, network);
	if (agent_open(out, seq, g, networks, NULL))
		return rc;
	memcpy(spec, seq, sizeof(seq));
	return ERR_OK;
}

enum err_code seat_open_agent(struct agent **out, const char *spec,
			      const struct game *g,
			      const struct agent_source *networks,
			      struct err *e)
{
	char asked[SEAT_SPEC_SIZE];

	if (strlen(spec) >= sizeof(asked))
		return agent_open(out, spec, g, networks, e);
	snprintf(asked, sizeof(asked), "%s", spec);
	return open_agent(out, asked, g, networks, e);
}

enum err_code seat_take(struct seat *s, const struct seat_host *host,
			const struct game *g, const char *spec, struct err *e)
{
	struct thinker *thinker = NULL;
	int guest = s->guest + 1;
	char asked[SEAT_SPEC_SIZE];
	struct agent *agent;
	enum err_code rc;

	snprintf(asked, sizeof(asked), "%s", spec);
	rc = strlen(spec) < sizeof(asked)
		     ? open_agent(&agent, asked, g, host->networks, e)
		     : agent_open(&agent, spec, g, host->networks, e);
	if (rc)
		return rc;
	if (agent_is_human(agent)) {
		agent_close(agent);
	} else {
		rc = thinker_open(&thinker, agent, g, host->wake, host->ctx, e);
		if (rc)
			return rc;
	}
	seat_release(s);
	s->thinker = thinker;
	s->guest = guest;
	memcpy(s->spec, asked, sizeof(s->spec));
	return ERR_OK;
}

void seat_release(struct seat *s)
{
	int guest = s->guest;

	thinker_close(s->thinker);
	*s = (struct seat){.asked_ply = -1, .guest = guest};
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

void seat_tell(struct seat *s, const struct round *r, int player)
{
	float result = (float)round_result(r);
	struct agent_game game = {
		.start = round_state(r, 0),
		.moves = r->moves,
		.count = r->plies,
		.player = player,
		.result = player == 0 ? result : -result,
	};

	if (s->thinker && round_over(r))
		thinker_tell(s->thinker, &game);
}

void seat_cancel(struct seat *s)
{
	if (s->thinker)
		thinker_cancel(s->thinker);
	s->asked_ply = -1;
	s->aloud = false;
}

void seat_hurry(struct seat *s)
{
	if (seat_is_thinking(s))
		thinker_hurry(s->thinker);
}

enum seat_news seat_collect(struct seat *s, struct thought *th, int *ply)
{
	if (!seat_is_thinking(s))
		return SEAT_NOTHING;
	*ply = s->asked_ply;
	/* An answer says all that a snapshot before it does. */
	if (thinker_take(s->thinker, th)) {
		s->asked_ply = -1;
		s->aloud = false;
		return SEAT_ANSWER;
	}
	if (!thinker_peek(s->thinker, th))
		return SEAT_NOTHING;
	s->aloud = true;
	return SEAT_SNAPSHOT;
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

int seat_scale_simulations(int simulations, bool more)
{
	enum { MOST = 1000000 };

	if (!more)
		return simulations > 0 ? simulations / 2 : simulations;
	if (simulations == 0)
		return 1;
	return simulations > MOST / 2 ? MOST : simulations * 2;
}
