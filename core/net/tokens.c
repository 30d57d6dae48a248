/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/tokens.h"

#include "core/net/net.h"

void net_tokens_rows(struct net_config *c)
{
	struct token_form f = {.cells = c->rows * c->cols, .moves = c->moves};

	/* They are already. */
	if (!c->planes)
		return;
	c->planes = 0;
	c->place_planes = c->place_pooled = 0;
	for (int i = 0; i < NET_MAX_PLACED; i++)
		c->place[i] = 0;
	for (int i = 0; i < NET_MAX_IDS; i++)
		c->id_size[i] = 0;
	c->id_count = TOKEN_IDS;
	c->id_size[TOKEN_ID_WORD] = token_words(&f);
	c->id_size[TOKEN_ID_PLACE] = token_places(&f);
	c->id_size[TOKEN_ID_LEVEL] = TOKEN_LEVELS;
	c->id_size[TOKEN_ID_BRANCH] = token_branches(&f);
	c->id_size[TOKEN_ID_NEXT] = token_places(&f);
	c->moves = token_words(&f);
}
