/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RUN_BEGIN_H
#define CORE_LAB_RUN_BEGIN_H

#include "core/base/conf.h"
#include "core/lab/job.h"
#include "core/learn/recipe.h"

/*
 * What training and imitation share: finding or making the run, its recipe, and
 * how it ends.  Names are 1 to 64 letters, digits, '-', '_' and '.', since they
 * are part of agent specs.
 */
/* Of kinds whose settings are not a recipe's. */
struct run_form {
	const struct conf_spec *spec;
	size_t size; /* of the struct that it describes */
	enum err_code (*check)(const void *conf, const struct game *g,
			       struct err *e);
};

struct run_request {
	const char *name, *kind; /* kind: "train", "imitate", ... */
	/* Settings of its own, into conf; NULL: the recipe's. */
	const struct run_form *form;
	void *conf;
	const char *game; /* NULL: the existing run's */
	const char *recipe, *recipe_origin;
	/* Settings of a new run of this kind, which lie under all others; or
	 * NULL. */
	const char *ground;
	/* The text that a new run takes where `recipe` is NULL, and its name;
	 * or NULL: the defaults.  A run that exists is not held to it. */
	const char *usual, *usual_origin;
	const char *const *settings;
	int setting_count;
	int64_t games; /* a new run's rate_games if no setting says so */
	bool has_seed;
	uint64_t seed;
	const char *source; /* of an imitation learner */
	const char *from;   /* RUN/STEP of the weights it begins with; NULL */
	bool must_exist;
	bool take_over; /* also from another process that may be at work */
	int threads;
};

struct run_begun {
	int64_t id;
	struct game game;
	struct recipe recipe;
	uint64_t seed;
	int64_t parent; /* checkpoint that it began from; 0: from nothing */
	bool existed;
};

/* All that is wrong with a request, before anything is begun or written: name,
 * game, recipe, settings, what the run says already, memory.  `s` NULL: there
 * is no lab yet, so the run is a new one.  *out (may be NULL) is what it would
 * be, without an id if it is new. */
ATTR_NODISCARD enum err_code run_request_check(struct store *s,
					       const struct run_request *want,
					       struct run_begun *out,
					       struct err *e);

/* Finds or makes the run and links the job to it, in one transaction, so that
 * two processes cannot both work on it.  ERR_BUSY names the one that does. */
ATTR_NODISCARD enum err_code run_begin(struct lab *lab, struct job *job,
				       const struct run_request *want,
				       struct run_begun *out, struct err *e);

/* The run's status after its work returned `rc`, with why in `e`: failed,
 * stopped or done.  Returns rc, or why the status cannot be written: the job is
 * then left to be buried with its run, and job_end() does nothing. */
ATTR_NODISCARD enum err_code run_end(struct job *job, int64_t run_id,
				     enum err_code rc, struct err *e);

/* Add a checkpoint of `params` unless the run has one at this step. */
ATTR_NODISCARD enum err_code run_checkpoint(struct store *s, int64_t run_id,
					    const struct net_config *net,
					    int64_t step, int64_t games,
					    int64_t samples,
					    const float *params, struct err *e);

#endif
