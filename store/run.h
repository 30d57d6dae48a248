/* SPDX-License-Identifier: MIT */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* A learner's life: what it was told to do, and where it stands. */
struct store_run {
	int64_t id;
	const char *name;   /* unique */
	const char *kind;   /* "train", "imitate", "play", ... */
	const char *game;   /* with its parameters */
	const char *config; /* "key = value" lines, complete */
	uint64_t seed;
	int64_t parent_checkpoint; /* it started from; 0: from nothing */
	const char *source; /* what an imitation learner imitates, or NULL */
	const char *build;  /* version, compiler and flags */
	const char *host;
	const char *
		status; /* "new" "running" "paused" "stopped" "done" "failed" */
	int64_t created_ms;
	/* Only when read: */
	int64_t checkpoints; /* how many */
	int64_t games;       /* it has learned from, or has stored if more */
	int64_t games_stored;
	int64_t last_step;             /* of its newest checkpoint; -1: none */
	double elo, elo_low, elo_high; /* of the newest rated checkpoint */
};

/* STORE_EXISTS if the name is taken. */
STORE_NODISCARD enum store_status
store_run_add(struct store *s, const struct store_run *r, int64_t *id);
STORE_NODISCARD enum store_status
store_run_set_status(struct store *s, int64_t run_id, const char *status);
STORE_NODISCARD enum store_status store_run_get(struct store *s,
						struct store_bag *bag,
						int64_t run_id,
						struct store_run *out);
/* STORE_NOTFOUND names the nearest run there is. */
STORE_NODISCARD enum store_status store_run_find(struct store *s,
						 struct store_bag *bag,
						 const char *name,
						 struct store_run *out);
/* All, newest first. */
STORE_NODISCARD enum store_status store_run_list(struct store *s,
						 struct store_bag *bag,
						 struct store_run **rows,
						 size_t *count);

struct store_checkpoint {
	int64_t id, run_id;
	int64_t step;           /* unique in its run */
	const char *network;    /* its architecture, as one line of text */
	const char *sha256;     /* of the weights, 64 hex digits; set by _add */
	int64_t floats;         /* how many weights; set by _add */
	int64_t games, samples; /* seen until then */
	int64_t created_ms;
	double elo, elo_low, elo_high; /* NAN: not rated */
	const char *run;               /* its name; only when read */
};

/* `weights` are stored once for all checkpoints that share them. */
STORE_NODISCARD enum store_status
store_checkpoint_add(struct store *s, const struct store_checkpoint *c,
		     const float *weights, size_t count, int64_t *id);
STORE_NODISCARD enum store_status
store_checkpoint_rate(struct store *s, int64_t checkpoint_id, double elo,
		      double elo_low, double elo_high);
STORE_NODISCARD enum store_status
store_checkpoint_get(struct store *s, struct store_bag *bag,
		     int64_t checkpoint_id, struct store_checkpoint *out);
STORE_NODISCARD enum store_status
store_checkpoint_at(struct store *s, struct store_bag *bag, int64_t run_id,
		    int64_t step, struct store_checkpoint *out);
STORE_NODISCARD enum store_status
store_checkpoint_latest(struct store *s, struct store_bag *bag, int64_t run_id,
			struct store_checkpoint *out);
/* By step; run_id 0: those of all runs. */
STORE_NODISCARD enum store_status
store_checkpoint_list(struct store *s, struct store_bag *bag, int64_t run_id,
		      struct store_checkpoint **rows, size_t *count);

/* Fill out[count]; `count` must be the checkpoint's `floats`.  The hash is
 * computed anew: STORE_DAMAGED if the stored bytes are not what was saved. */
STORE_NODISCARD enum store_status store_weights_load(struct store *s,
						     const char *sha256,
						     float *out, size_t count);
/* SHA-256 over the little-endian float32 bytes, as hex. */
void store_weights_sha256(const float *weights, size_t count, char hex[65]);

/* What a run needs to go on, one per run; the bytes are the caller's. */
STORE_NODISCARD enum store_status
store_resume_save(struct store *s, int64_t run_id, int64_t step,
		  const void *data, size_t len);
STORE_NODISCARD enum store_status
store_resume_load(struct store *s, struct store_bag *bag, int64_t run_id,
		  int64_t *step, const void **data, size_t *len);
STORE_NODISCARD enum store_status store_resume_drop(struct store *s,
						    int64_t run_id);
/* Whether a run can be continued: it has not begun, or what it needs is there.
 * In a lab made for browsing, that may have been left out. */
STORE_NODISCARD enum store_status
store_resume_possible(struct store *s, int64_t run_id, bool *possible);

struct store_metric {
	int64_t step;
	int64_t games;   /* played until then */
	int64_t time_ms; /* the run has worked until then */
	double value;
};

/* A value at a step that has one already replaces it.  A value that is not a
 * number is left out. */
STORE_NODISCARD enum store_status
store_metric_add(struct store *s, int64_t run_id, const char *name,
		 const struct store_metric *m);
/* A new value at a step that has one; where there is none, nothing. */
STORE_NODISCARD enum store_status
store_metric_change(struct store *s, int64_t run_id, const char *name,
		    int64_t step, double value);
/* By step, from `from_step` on. */
STORE_NODISCARD enum store_status
store_metric_list(struct store *s, struct store_bag *bag, int64_t run_id,
		  const char *name, int64_t from_step,
		  struct store_metric **rows, size_t *count);
/* Names that a run has values for, in alphabetical order. */
STORE_NODISCARD enum store_status
store_metric_names(struct store *s, struct store_bag *bag, int64_t run_id,
		   const char ***names, size_t *count);

#endif
