/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_PG_H
#define CORE_LEARN_PG_H

#include "core/game/game.h"
#include "core/learn/method.h"
#include "core/net/head.h"

/* A move that a policy drew. */
struct pg_move {
	game_move move;
	float log_chance; /* by which it was drawn, nats */
	float advantage;  /* return less value */
};

/*
 * The loss of one position, in place of the policy head's cross-entropy.  With
 * p the softmax of the logits over legal moves, m the move, A its advantage and
 * r = p(m) / chance:
 *
 *	- min(r A, clip(r, 1 - c, 1 + c) A)     clipped; c = 0: - A log p(m)
 *	- entropy H(p) + anchor KL(p || q)
 *
 * (PPO's equation 7; Williams 1992 for the plain one.)  q is `anchor`, over all
 * moves, NULL where there is none.  Figures: the loss; whether the likeliest
 * move is m; H(p); KL(p || q).
 */
void pg_loss(const struct method *m, const struct pg_move *moved,
	     const float *anchor, const struct net_head_row *r);

#endif
