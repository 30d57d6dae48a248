/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/mind.h"
#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/body.h"
#include "core/net/net.h"

/*
 * The agent that writes what the moves of a board are worth, perhaps after a
 * look at the boards after them, on an empty page.
 */

enum { ROWS = 32 };

/* Values this far apart are e times as likely in its policy. */
static const float UNIT = 0.1f;

struct serial_agent_conf {
	int width, depth;
	bool boards, backups;
	float temperature;
};

static const struct conf_spec serial_agent_spec[] = {
	{"width", CONF_INT, offsetof(struct serial_agent_conf, width), 0, 512,
	 "0", NULL, "moves that it looks ahead of; 0: it only estimates"},
	{"depth", CONF_INT, offsetof(struct serial_agent_conf, depth), 1, 2,
	 "1", NULL, "plies that it looks ahead"},
	{"boards", CONF_BOOL, offsetof(struct serial_agent_conf, boards), 0, 1,
	 "no", NULL,
	 "yes: it writes the boards after moves itself, not the rules"},
	{"backups", CONF_BOOL, offsetof(struct serial_agent_conf, backups), 0,
	 1, "no", NULL,
	 "yes: it writes the better values itself, not arithmetic"},
	{"temperature", CONF_FLOAT,
	 offsetof(struct serial_agent_conf, temperature), 0, 100, "0", NULL,
	 "0 plays the best move, more draws by values: e times as likely a "
	 "tenth further up at 1"},
	{0},
};

struct serial_agent {
	const struct net_plan *plan; /* released through the source */
	struct scribe *one, *many;   /* owned; of 1 lane, of ROWS; NULL: not yet
				      */
	float *before, *after;       /* owned; (ROWS, moves + 1) */
	float *logits;               /* owned; [moves] */
};

static enum err_code serial_open(struct agent *a, struct err *e)
{
	const struct serial_agent_conf *c = a->conf;
	struct serial_agent *s = a->self;
	size_t moves = (size_t)a->g->move_count;
	struct scribe_conf how = {.width = c->width, .depth = c->depth};
	enum err_code rc = page_game_check(a->g, e);
	const struct net_config *net;

	if (!rc)
		rc = mind_load(a, &s->plan, e);
	if (rc)
		return rc;
	net = net_plan_config(s->plan);
	if (!net->body->rows)
		return err_set(e, ERR_USAGE,
			       "%s reads positions, not boards as tokens: "
			       "write %s:%s",
			       a->mind, net->body->reads_ids ? "seq" : "policy",
			       a->mind);
	if (scribe_most_words(a->g, &how) > net_config_context(net))
		return err_set(e, ERR_USAGE,
			       "agent serial:%s,width=%d,depth=%d: a page may "
			       "take %d words, and its context is %d",
			       a->mind, c->width, c->depth,
			       scribe_most_words(a->g, &how),
			       net_config_context(net));
	s->before = mem_floats(ROWS * (moves + 1));
	s->after = mem_floats(ROWS * (moves + 1));
	s->logits = mem_floats(moves);
	return ERR_OK;
}

static void serial_close(struct agent *a)
{
	struct serial_agent *s = a->self;

	scribe_free(s->one);
	scribe_free(s->many);
	if (s->plan)
		a->source->release(a->source->self, s->plan);
	free(s->before);
	free(s->after);
	free(s->logits);
}

static void write_pages(struct agent *a, struct scribe *scribe, int n,
			const void *const *states)
{
	const struct serial_agent_conf *c = a->conf;
	const struct scribe_conf how = {
		.width = c->width,
		.depth = c->depth,
		.writes_boards = c->boards,
		.writes_backups = c->backups,
	};
	struct serial_agent *s = a->self;
	size_t moves = (size_t)a->g->move_count, row = moves + 1;
	struct scribe_desk desk[ROWS] = {{0}};
	struct page page[ROWS];
	struct rng rng[ROWS];

	for (int i = 0; i < n; i++) {
		/* The order in which moves are listed is the board's own, so
		 * that an answer is the same in any company. */
		rng_init(&rng[i], 1, RNG_SEARCH,
			 a->g->rules->hash(a->g, states[i]), 0);
		page_init(&page[i], a->g);
		desk[i] = (struct scribe_desk){.page = &page[i],
					       .state = states[i],
					       .plies = -1,
					       .rng = &rng[i]};
		scribe_turn(scribe, i);
	}
	scribe_write(scribe, &how, n, desk);
	for (int i = 0; i < n; i++) {
		const struct page_backup *b = &page[i].backups[0];

		memcpy(s->before + (size_t)i * row, b->before,
		       row * sizeof(float));
		memcpy(s->after + (size_t)i * row,
		       c->width ? b->better : b->before, row * sizeof(float));
		page_release(&page[i]);
	}
}

static void set_priors(struct agent *a, const float *value, struct thought *out)
{
	struct serial_agent *s = a->self;

	for (int m = 0; m < a->g->move_count; m++)
		s->logits[m] = value[m] / UNIT;
	thought_priors(out, s->logits);
}

/* The thought that row i of what was written comes to.  Its priors are the
 * first estimates', and decide between equals. */
static void choose(struct agent *a, int i, struct rng *r, struct thought *out)
{
	const struct serial_agent_conf *c = a->conf;
	struct serial_agent *s = a->self;
	size_t moves = (size_t)a->g->move_count, at = (size_t)i * (moves + 1);
	float best = -1;

	set_priors(a, s->before + at, out);
	for (int k = 0; k < out->count; k++)
		a->weight[k] = out->moves[k].prior;
	set_priors(a, s->after + at, out);
	for (int k = 0; k < out->count; k++) {
		struct agent_move *m = &out->moves[k];

		m->prior = a->weight[k];
		m->q = s->after[at + m->move];
		best = fmaxf(best, m->q);
	}
	game_value_wdl(a->g, c->width ? best : s->after[at + moves], out->wdl);
	out->has_value = true;
	thought_choose(out, a, c->temperature, r);
}

static void serial_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	struct serial_agent *s = a->self;

	(void)cancel;
	if (!s->one)
		s->one = scribe_new(s->plan, a->g, 1);
	write_pages(a, s->one, 1, &state);
	choose(a, 0, r, out);
}

static void ask_rows(struct agent *a, struct agent_turn *turns, int n)
{
	struct serial_agent *s = a->self;
	const void *states[ROWS];

	for (int i = 0; i < n; i++)
		states[i] = turns[i].at.state;
	write_pages(a, s->many, n, states);
}

static bool serial_together(struct agent *a, struct agent_turn *turns,
			    int count, const atomic_bool *cancel)
{
	struct serial_agent *s = a->self;

	if (!s->many)
		s->many = scribe_new(s->plan, a->g, ROWS);
	return agent_rows_together(a, turns, count, ROWS, ask_rows, choose,
				   cancel);
}

const struct agent_kind agent_kind_serial = {
	.name = "serial",
	.form = "serial:RUN/STEP[,width=W][,depth=1|2][,boards=yes]"
		"[,backups=yes][,temperature=T]",
	.help = "a network that writes boards and what they are worth as "
		"tokens",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = serial_agent_spec,
	.conf_size = sizeof(struct serial_agent_conf),
	.self_size = sizeof(struct serial_agent),
	.open = serial_open,
	.close = serial_close,
	.think = serial_think,
	.together = serial_together,
};
