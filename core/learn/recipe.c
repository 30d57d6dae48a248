/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/recipe.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/learn/method.h"
#include "core/net/body.h"
#include "core/net/head.h"

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct recipe, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct recipe, CONF_FLOAT, key, lo, hi, dflt, text)

/* Sources of the defaults: Danihelka et al. 2022 for the Gumbel settings; Wu
 * 2019 for reuse, window and averaging; the rest measured on Connect Four. */
const struct conf_spec recipe_spec[] = {
	INT(filters, 1, 512, "32", "channels of the tower"),
	INT(blocks, 0, 40, "4", "residual blocks"),
	INT(pool_blocks, 0, 40, "0", "of them with global pooling"),
	INT(groups, 1, 256, "4",
	    "groups of game slots; a thread takes a group"),
	INT(slots, 1, 1024, "64", "games at once in a group: the batch"),
	INT(plies, 1, 1024, "8", "moves played by each slot in an iteration"),
	INT(cache, 0, 65536, "64",
	    "MB for the network's answers in an iteration; 0 = none"),
	INT(simulations, 2, 100000, "32", "simulations a move"),
	INT(gumbel_moves, 1, 512, "16", "root moves considered at first"),
	FLOAT(gumbel_visit, 0, 1000, "50", "c_visit of sigma(q)"),
	FLOAT(gumbel_scale, 0, 100, "1", "c_scale of sigma(q)"),
	INT(explore_plies, 0, 10000, "30",
	    "moves are drawn with noise up to this ply"),
	FLOAT(opening_share, 0, 1, "0.25",
	      "share of games with random openings"),
	INT(opening_plies, 0, 1000, "8", "random moves in those, at most"),
	FLOAT(cap_lead, 0, 1, "0",
	      "what the lead is worth where the cap of plies ends a game"),
	FLOAT(search_share, 0, 1, "0.5",
	      "share of the search's value in the value target"),
	INT(window_min, 1, 100000000, "20000",
	    "smallest replay window, in positions"),
	INT(window_max, 1, 100000000, "400000",
	    "largest replay window, in positions"),
	FLOAT(window_share, 0, 1, "0.5", "window as a share of all positions"),
	INT(start_positions, 0, 100000000, "2000",
	    "positions before training begins"),
	FLOAT(reuse, 0, 1000, "4", "times that a position is trained on"),
	{"optimiser", CONF_CHOICE, offsetof(struct recipe, optimiser), 0, 0,
	 "adamw", "sgd|adamw", "optimiser"},
	INT(batch, 1, 65536, "256", "samples a step"),
	INT(shard, 1, 65536, "128", "samples of a batch normalised together"),
	FLOAT(rate, 0, 100, "0.002", "initial learning rate"),
	FLOAT(rate_end, 0, 100, "0.0002", "final learning rate"),
	INT(rate_games, 1, 1000000000, "40000",
	    "games over which the rate falls"),
	INT(warmup, 0, 1000000, "50", "steps of rising rate at the start"),
	FLOAT(momentum, 0, 0.9999, "0.9", "momentum (sgd)"),
	FLOAT(beta2, 0, 0.999999, "0.999",
	      "share of the past in the mean square of gradients (adamw)"),
	FLOAT(weight_decay, 0, 10, "0.02", "weight decay"),
	FLOAT(clip, 0, 1000000, "4", "largest norm of a gradient; 0 = any"),
	FLOAT(value_weight, 0, 100, "1", "weight of the value loss"),
	{"mask_illegal", CONF_BOOL, offsetof(struct recipe, mask_illegal), 0, 0,
	 "yes", NULL, "leave illegal moves out of the policy loss"},
	INT(mask_after, 0, 100000000, "0",
	    "steps of self-play before they are left out"),
	FLOAT(ownership_weight, 0, 100, "1",
	      "weight of the ownership loss, in games with owners; 0 = no "
	      "head"),
	FLOAT(lead_weight, 0, 100, "0.25",
	      "weight of the lead loss, in games with points; 0 = no head"),
	FLOAT(average, 0.00001, 1, "0.01",
	      "share of each step in the averaged weights"),
	INT(checkpoint_first, 1, 1000000000, "64",
	    "games at the first checkpoint"),
	FLOAT(checkpoint_growth, 1.01, 100, "1.5",
	      "each next checkpoint at this many times the games"),
	INT(checkpoint_bits, 4, 23, "23",
	    "bits of fraction that checkpoints keep of weights; 10: half "
	    "precision"),
	INT(rate_match_games, 0, 100000, "20",
	    "rating games per opponent at a checkpoint"),
	INT(rate_simulations, 0, 100000, "0",
	    "simulations in rating games; 0 = raw policy"),
	INT(grade_positions, 0, 100000, "400",
	    "solved positions that grade a checkpoint, in games that can be "
	    "solved; 0 = no grade"),
	INT(teacher_games, 1, 100000000, "600",
	    "games that a teacher plays to be imitated"),
	INT(teacher_positions, 0, 100000000, "0",
	    "positions after which it stops, if that is sooner; 0 = any"),
	INT(teacher_lanes, 1, 1024, "1",
	    "games that it plays at once on each thread, if it can"),
	{"target", CONF_CHOICE, offsetof(struct recipe, target), 0, 0, "policy",
	 "policy|move|visits|values",
	 "what is learned of it: its policy, its move, the visits of its "
	 "search, or a softmax of what its moves are worth"},
	FLOAT(target_temperature, 0.001, 100, "0.1", "of that softmax"),
	INT(dagger_rounds, 0, 1000, "0",
	    "times that the student plays and the teacher labels it"),
	FLOAT(dagger_share, 0.0001, 1000, "0.25",
	      "games of each such round, as a share of the teacher's"),
	FLOAT(dagger_epochs, 0.01, 10000, "2",
	      "epochs of training before each such round"),
	FLOAT(epochs, 0.01, 10000, "12",
	      "times that imitation trains on each position, at most"),
	INT(least_steps, 0, 100000000, "0",
	    "steps at the end, even where that is more epochs"),
	FLOAT(patience, 0, 10000, "0",
	      "epochs without a better loss on held-out games that end it; the "
	      "best weights are kept; 0 = never"),
	FLOAT(held_out, 0.001, 0.9, "0.1",
	      "share of games kept for measuring imitation"),
	{"method", CONF_REST, offsetof(struct recipe, method), 0, RECIPE_METHOD,
	 "search", NULL,
	 "how it learns from its own play, and settings: "
	 "actor-critic:clip=0.2; "
	 "in a list the last"},
	{"network", CONF_REST, offsetof(struct recipe, network), 0,
	 RECIPE_NETWORK, "", NULL,
	 "body and heads as text, instead of that tower; in a list the last"},
	{NULL, CONF_INT, 0, 0, 0, NULL, NULL, NULL},
};

static void tower_text(const struct recipe *r, const struct game *g,
		       const struct net_config *c, struct buf *out)
{
	int pool = r->pool_blocks < r->blocks ? r->pool_blocks : r->blocks;
	bool owners = g->rules->ownership && r->ownership_weight > 0;
	bool lead = g->rules->lead && r->lead_weight > 0;

	buf_printf(out,
		   "tower:filters=%d,blocks=%d,pool=%d,policy=%d,value=8,"
		   "hidden=64,head=%s,ownership=%s,lead=%s",
		   r->filters, r->blocks, pool,
		   r->filters < 32 ? r->filters : 32,
		   c->place_planes ? "planes" : "dense", owners ? "yes" : "no",
		   lead ? "yes" : "no");
}

static enum err_code make_net(const struct recipe *r, const struct game *g,
			      struct net_config *out, struct err *e)
{
	enum err_code rc;
	struct buf text;

	memset(out, 0, sizeof(*out));
	net_config_game(out, g);
	buf_init(&text);
	if (*r->network)
		buf_puts(&text, r->network);
	else
		tower_text(r, g, out, &text);
	rc = net_config_parse(out, text.data, e);
	buf_release(&text);
	if (!rc && out->body->rows)
		rc = err_set(e, ERR_USAGE,
			     "network '%s' reads boards as tokens, which it "
			     "learns by 'plyscope serial' alone",
			     r->network);
	return rc ? rc : net_config_check(out, e);
}

void recipe_net(const struct recipe *r, const struct game *g,
		struct net_config *out)
{
	if (make_net(r, g, out, NULL))
		assert(!"a recipe that was not checked makes no network");
}

enum err_code recipe_check_game(const struct recipe *r, const struct game *g,
				struct err *e)
{
	struct net_config net;
	struct method m;
	enum err_code rc = make_net(r, g, &net, e);

	if (!rc)
		rc = method_read(r->method, &m, e);
	if (!rc)
		rc = method_check(&m, g, &net, e);
	if (rc && e)
		e->code = ERR_USAGE;
	return rc ? ERR_USAGE : ERR_OK;
}

void recipe_head_weights(const struct recipe *r, float weight[NET_HEADS])
{
	for (int h = 0; h < NET_HEADS; h++)
		weight[h] = net_heads[h]->weight;
	weight[NET_VALUE] = r->value_weight;
	weight[NET_OWNERSHIP] = r->ownership_weight;
	weight[NET_LEAD] = r->lead_weight;
}

void recipe_optim(const struct recipe *r, struct optim_config *out)
{
	*out = (struct optim_config){
		.kind = (enum optim_kind)r->optimiser,
		.momentum = r->momentum,
		.beta1 = 0.9f,
		.beta2 = r->beta2,
		.epsilon = 1e-8f,
		.weight_decay = r->weight_decay,
		.clip = r->clip,
	};
}

void recipe_search(const struct recipe *r, uint64_t seed,
		   struct mcts_config *out)
{
	*out = (struct mcts_config)MCTS_CONFIG_DEFAULT;
	out->simulations = r->simulations;
	out->root = MCTS_ROOT_GUMBEL;
	out->gumbel_moves = r->gumbel_moves;
	out->gumbel_visit = r->gumbel_visit;
	out->gumbel_scale = r->gumbel_scale;
	out->batch = 1;
	out->seed = seed;
}

float recipe_rate(const struct recipe *r, uint64_t step, int64_t games)
{
	double done = fmin((double)games / r->rate_games, 1);
	double low = (double)r->rate_end, high = (double)r->rate;
	double rate = low + (high - low) * 0.5 * (1 + cos(M_PI * done));

	if (step < (uint64_t)r->warmup)
		rate *= (double)(step + 1) / r->warmup;
	return (float)rate;
}

int64_t recipe_window(const struct recipe *r, int64_t total)
{
	int64_t w = (int64_t)((double)total * (double)r->window_share);

	if (w < r->window_min)
		w = r->window_min;
	if (w > r->window_max)
		w = r->window_max;
	return w < total ? w : total;
}

enum err_code recipe_check(const struct recipe *r, struct err *e)
{
	if (r->shard > r->batch || r->batch % r->shard)
		return err_set(e, ERR_USAGE,
			       "batch = %d is not a multiple of shard = %d",
			       r->batch, r->shard);
	if (r->window_min > r->window_max)
		return err_set(e, ERR_USAGE,
			       "window_min = %d is above window_max = %d",
			       r->window_min, r->window_max);
	if (r->pool_blocks > r->blocks)
		return err_set(e, ERR_USAGE,
			       "pool_blocks = %d is above blocks = %d",
			       r->pool_blocks, r->blocks);
	if (*r->network) {
		struct net_config net = {0};
		enum err_code rc = net_config_parse(&net, r->network, e);

		if (rc)
			return rc;
	}
	return method_read(r->method, &(struct method){0}, e);
}
