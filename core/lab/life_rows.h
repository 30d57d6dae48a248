/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_LIFE_ROWS_H
#define CORE_LAB_LIFE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/net/net.h"
#include "store/life.h"
#include "store/run.h"
#include "store/store.h"

/*
 * Lives as rows, by the handles of the files that they lie in: for the lab's
 * own loader of networks, and for lives.h, which knows a lab.
 */
struct life_files {
	struct store *lab;
	struct store *after; /* of the file beside it; NULL: there is none */
};

/* What is past the cut of lives with seeds below this lies beside the lab. */
enum { LIVES_SHOWN = 2001 };

const char *life_part_name(enum life_part part); /* "before", "after" */
/* Whether it lies beside the lab. */
bool life_part_apart(uint64_t seed, enum life_part part);

/* The run of a set; *id is 0 where there is none of that name.  ERR_USAGE: it
 * is one of another kind. */
ATTR_NODISCARD enum err_code life_rows_set(struct store *s, const char *set,
					   int64_t *id, struct store_run *run,
					   struct store_bag *bag,
					   struct err *e);

/* ERR_NOTFOUND; `data` NULL: its row alone. */
ATTR_NODISCARD enum err_code
life_rows_get(const struct life_files *f, const char *set, uint64_t seed,
	      enum life_part part, struct store_bag *bag,
	      struct store_life *row, const void **data, struct err *e);

/* "SEED.STAGE", as a spec's step names a stage. */
bool life_stage_parse(const char *text, uint64_t *seed, int *stage);

/* The network of a stage, to be used for `g`: its weights are the caller's to
 * free.  ERR_USAGE: it was made for another game. */
ATTR_NODISCARD enum err_code life_rows_net(const struct life_files *f,
					   const char *set, uint64_t seed,
					   int stage, const struct game *g,
					   struct net_config *net,
					   float **weights, struct err *e);

#endif
