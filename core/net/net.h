/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_NET_H
#define CORE_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/head.h"

/*
 * Networks over boards and sequences.  A network is a list of layers over one
 * flat block of floats, so that an optimiser, an average, a hash, a checkpoint
 * and a diff are each one loop: those of a body (body.h), then those of its
 * heads (head.h).
 */
enum {
	NET_MAX_PLACED = 2048, /* moves of a policy on planes */
	NET_CONF_BYTES = 64,   /* settings of a body or a head, at most */
	NET_MAX_IDS = 16,      /* whole numbers of a row */
};

/* The ids that net_config_game() gives a game's rows, for bodies that read
 * some: what was played before (the number of moves: nothing), who is to act,
 * how the game before ended for that player, and how much its player had
 * learned since. */
enum net_game_id {
	NET_ID_MOVE,
	NET_ID_SIDE,
	NET_ID_RESULT, /* enum net_result */
	NET_ID_GAP,    /* net_id_gap() */
	NET_GAME_IDS
};
enum net_result { NET_NO_RESULT, NET_WON, NET_DRAWN, NET_LOST, NET_RESULTS };
enum { NET_GAPS = 24 };

union net_conf {
	int64_t align;
	unsigned char bytes[NET_CONF_BYTES];
};

struct net_config {
	/* from the game: net_config_game() */
	int planes, rows, cols, moves; /* 0 planes: rows are ids alone */
	/* Whole numbers of a row: id f is in 0 .. id_size[f] - 1. */
	int id_count, id_size[NET_MAX_IDS];
	/* The places of moves; 0 planes: the game names none.  Element
	 * cell * place_planes + plane of the planes, or, from rows * cols *
	 * place_planes on, a number among those that have no cell. */
	int place_planes, place_pooled;
	uint16_t place[NET_MAX_PLACED];
	/* from a text: net_config_parse() */
	const struct net_body *body;
	bool has[NET_HEADS];
	union net_conf body_conf, head_conf[NET_HEADS]; /* their own structs */
};

/* Whether the network has that head. */
bool net_config_has(const struct net_config *c, enum net_head_id head);

/* The part that comes from the game; the rest is left alone. */
void net_config_game(struct net_config *c, const struct game *g);
/* The id of a number of steps between two games: 0, then 1 + its log2. */
int net_id_gap(int64_t steps);

/* What comes before a position of a game, from which its ids follow. */
struct net_game_row {
	int move;     /* the one before; -1: none */
	int player;   /* who is to act */
	bool before;  /* a game came before this one: */
	float result; /* of player 0 in it */
	int64_t gap;  /* steps that its player had learned since */
};
/* ids[NET_GAME_IDS] of a game of so many moves. */
void net_game_ids(int moves, const struct net_game_row *r, float *ids);

/* How many ids, and floats in all, a row of the network has: the planes of a
 * board, then, where its body reads them, the ids. */
int net_config_ids(const struct net_config *c);
size_t net_config_row(const struct net_config *c);

/* Body and heads as text, "tower:filters=32,blocks=4,pool=0": kept with every
 * checkpoint so that it can be built again.  Settings that came later are
 * written only where they are not as in networks without them. */
void net_config_format(const struct net_config *c, struct buf *out);
/* ERR_USAGE: an unknown body (the nearest is named) or setting. */
ATTR_NODISCARD enum err_code net_config_parse(struct net_config *c,
					      const char *text, struct err *e);
/* The same for a body that may stand in no table; `list` is "k=v,k=v". */
ATTR_NODISCARD enum err_code net_config_read(struct net_config *c,
					     const struct net_body *body,
					     const char *list, struct err *e);

/* A setting that is a whole number or a choice, by its key (asserted). */
int net_config_int(const struct net_config *c, const char *key);
/* The most rows of a sequence that it reads, its setting `context`; 0: all. */
int net_config_context(const struct net_config *c);
/* The body's size in a few characters. */
void net_config_brief(const struct net_config *c, struct buf *out);

/* ERR_FORMAT: heads that the game's part cannot have. */
ATTR_NODISCARD enum err_code net_config_check(const struct net_config *c,
					      struct err *e);

size_t net_param_count(const struct net_config *c);
/* Fresh parameters into params[net_param_count]: the same seed, the same bits.
 */
void net_init(const struct net_config *c, uint64_t seed, float *params);
/* decay[i] is 1 where weight decay applies (products), 0 for biases, norms
 * and running statistics; learn[i] is 0 for running statistics. */
void net_masks(const struct net_config *c, float *decay, float *learn);

/* The parameters by parts of the network, which the list below names: parts in
 * their order, each in one piece.  Returns how many, at most NET_MAX_BLOCKS. */
enum { NET_MAX_BLOCKS = 256 };
struct net_block {
	char part[12];
	size_t from, count; /* floats */
};
int net_blocks(const struct net_config *c,
	       struct net_block out[NET_MAX_BLOCKS]);

/* A readable list of layers with shapes and counts, one a line; of a network
 * with a memory, what that takes and the work of a token, too. */
void net_describe(const struct net_config *c, struct buf *out);

/*
 * Inference.  A plan is the parameters made ready (norms folded, kernels
 * transformed); it is constant, in pages that nobody can write to, and may be
 * shared by threads.  Each thread brings its own workspace.  One BLAS thread
 * each.
 */
struct net_plan;
struct net_work;
struct net_memory;

struct net_plan *net_plan_new(const struct net_config *c, const float *params);
void net_plan_free(struct net_plan *p);
const struct net_config *net_plan_config(const struct net_plan *p);
/* SHA-256 of all that it computes with. */
void net_plan_digest(const struct net_plan *p, char out[DIGEST_SIZE]);
struct net_work *net_work_new(const struct net_plan *p, int max_batch);
void net_work_free(struct net_work *w);

/*
 * What the heads say of in->x, into out[head](rows, size of the head) where
 * that is not NULL; what only the others need is not run.  Rows are at most
 * max_batch; the network has the heads that are asked for.  Seen from the
 * player to act: policy(rows, moves) logits; value and result(rows, 3), the
 * probabilities of win, draw and loss; ownership(rows, rows of the board, cols)
 * in [-1, 1]; lead(rows) as a share of the game's lead_scale().  The bits of a
 * row depend on it and those before it in its sequence alone.
 */
void net_infer(const struct net_plan *p, struct net_work *w,
	       struct net_memory *m, const struct net_batch *in,
	       float *const out[NET_HEADS]);

/* The figures of the heads that the network has and the batch has targets for,
 * as net_train() gives them, of what net_infer() says. */
void net_measure(const struct net_plan *p, struct net_work *w,
		 struct net_memory *m, const struct net_batch *in,
		 struct net_loss *loss);

/*
 * What a network keeps of sequences between calls, in lanes, for bodies that
 * read a position after others (keys and values, a recurrent state).  With a
 * memory, sequence s goes on where the last call left its lane, and a sequence
 * told row by row is answered with the bits of one call; without one (NULL)
 * every sequence begins anew.  Layers that remember are run whatever is asked.
 * A lane begins as zeros; no two sequences of a call share one.  One thread at
 * a time.
 */
struct net_memory *net_memory_new(const struct net_plan *p, int lanes);
void net_memory_free(struct net_memory *m); /* NULL is allowed */
/* The lane begins a new sequence. */
void net_memory_reset(struct net_memory *m, int lane);
/* Between memories of plans of one config. */
void net_memory_copy(struct net_memory *to, int to_lane,
		     const struct net_memory *from, int from_lane);
size_t net_memory_bytes(const struct net_config *c, int lanes);

/*
 * Training, one shard of a batch: forward in training mode (batch statistics
 * of this shard), backward, and the sum of gradients.  Heads are trained that
 * the network has and the batch has targets for; each loss counts as often as
 * `head_weight` says (NULL: as the table of heads does).  Figures are sums over
 * the shard; gradients are ADDED to grad[param_count].  The shard's batch
 * statistics go to stats[net_stat_count]; net_stats_update() folds them into
 * the running ones in a fixed order, so any number of threads gives the same
 * bits.
 */
struct net_trainer; /* activations of one shard; one per worker */

struct net_trainer *net_trainer_new(const struct net_config *c, int max_batch);
void net_trainer_free(struct net_trainer *t);
size_t net_stat_count(const struct net_config *c);
void net_train(struct net_trainer *t, const float *params,
	       const struct net_batch *in, const float *head_weight,
	       float *grad, float *stats, struct net_loss *loss);
void net_stats_update(const struct net_config *c, float *params,
		      const float *stats, float momentum);

/* Bytes that a plan, a workspace and a trainer take, to about a tenth: known
 * before any is made. */
size_t net_plan_bytes(const struct net_config *c);
size_t net_work_bytes(const struct net_config *c, int max_batch);
size_t net_trainer_bytes(const struct net_config *c, int max_batch);

/* Which BLAS kernel runs, e.g. "Haswell", and which of our own, e.g. "AVX-512";
 * for bench and records. */
const char *net_blas_kernel(void);
const char *net_vector_kernel(void);

/* Multiplications and additions for one position by the plain definitions of
 * the layers, whatever tricks are used: a measure of work. */
double net_flops(const struct net_config *c);

#endif
