/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_METHOD_H
#define CORE_LEARN_METHOD_H

#include <stdbool.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/net.h"

/*
 * How a network learns from its own play, as the recipe's `method` says it,
 * "actor-critic:entropy=0.01,lambda=0.9":
 *
 *	search        from the searches of its moves (Gumbel AlphaZero)
 *	actor-critic  from moves that its policy drew: advantages by lambda
 *	              returns (Schulman et al. 2016, arXiv:1506.02438), the
 *	              clipped loss of PPO (2017, arXiv:1707.06347), entropy, and
 *	              a pull to the weights that it began with
 *	td            from values one ply ahead (Tesauro 1995), by lambda
 *returns
 */
enum method_kind { METHOD_SEARCH, METHOD_ACTOR, METHOD_TD };

enum { METHOD_FROZEN = 80 };

struct method {
	enum method_kind kind;
	float lambda;      /* of the returns, [0, 1] */
	float discount;    /* of points, for each move; 1: none */
	float points;      /* that are worth as much as a won game */
	float bonus;       /* points for each one more of `fact` */
	float temperature; /* td: of the softmax over what moves are worth */
	float clip;        /* of the ratio of chances; 0: plain advantages */
	float entropy;     /* weight of it */
	float anchor;      /* weight of KL(policy || that at the beginning) */
	float replay;      /* share of a batch that are demonstrations */
	bool steady;       /* norms hold still */
	int keep;          /* every so many'th game is handed on */
	char fact[24];     /* of the game's, "ghosts"; "": none */
	char frozen[METHOD_FROZEN]; /* parts that do not learn: "stem+block 1"
				     */
};

/* All methods, in order of the enum, with their settings (NULL: none); ends
 * with a NULL name. */
struct method_entry {
	const char *name, *help;
	const struct conf_spec *conf;
};
extern const struct method_entry method_table[];

/* An empty text is the first.  ERR_USAGE: an unknown method (the nearest is
 * named) or setting. */
ATTR_NODISCARD enum err_code method_read(const char *text, struct method *out,
					 struct err *e);
/* ERR_USAGE: a game or a network that it cannot learn. */
ATTR_NODISCARD enum err_code method_check(const struct method *m,
					  const struct game *g,
					  const struct net_config *net,
					  struct err *e);

/* Whether `part` of a network is one of those in `frozen`. */
bool method_freezes(const struct method *m, const char *part);

#endif
