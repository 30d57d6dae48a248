/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_LAB_H
#define CORE_LAB_LAB_H

#include <stdbool.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "store/run.h"
#include "store/store.h"

/*
 * An open lab file and what is made from it: networks ready to play.  The lab
 * itself belongs to one thread; its agent source may be used by any thread.
 */
struct lab;
struct trust; /* core/lab/trust.h */

enum lab_flags {
	LAB_CREATE = 1, /* make the file, and its folder, if there is none */
	LAB_ONLY_READ = 2,
};

ATTR_NODISCARD enum err_code lab_open(struct lab **out, const char *path,
				      enum lab_flags flags, struct err *e);
void lab_close(struct lab *lab); /* NULL is allowed */

/* Make the folders above a lab's path that are missing. */
ATTR_NODISCARD enum err_code lab_make_folder(const char *path, struct err *e);

/* The opening thread's handle. */
struct store *lab_store(struct lab *lab);
const char *lab_path(const struct lab *lab);

/* The file beside it with what is past the cut of lives that judge, LAB-after,
 * which has the form of a lab; *out NULL: there is none, and without `make`
 * none is made.  The opening thread's, valid until lab_close(). */
ATTR_NODISCARD enum err_code lab_after(struct lab *lab, bool make,
				       struct store **out, struct err *e);

/* Networks of this lab by run and step, for agent_open().  Valid until
 * lab_close(). */
const struct agent_source *lab_agents(struct lab *lab);

/* Which commands lab_agents() starts: as any agent, only those that this person
 * allowed for this lab. */
struct trust *lab_trust(struct lab *lab);

/* The sentence of a failed store call as an error; returns its code. */
enum err_code lab_error(const struct store *s, enum store_status st,
			struct err *e);

/* store_begin() for work that took long to do: again and again while another
 * process keeps the file busy, until `tick` says stop, and STORE_BUSY then.
 * With NULL it is as store_begin(). */
STORE_NODISCARD enum store_status lab_begin(struct store *s,
					    bool (*tick)(void *ctx), void *ctx);

/* Ends a transaction whose calls gave `st`: saved, or undone if that is an
 * error. */
enum err_code lab_settle(struct store *s, enum store_status st, struct err *e);

/* The run named in a spec's "RUN/STEP", and its checkpoint; `step` is a number
 * or "latest".  Strings live in `bag`. */
ATTR_NODISCARD enum err_code
lab_find_checkpoint(struct store *s, struct store_bag *bag, const char *run,
		    const char *step, struct store_run *out_run,
		    struct store_checkpoint *out, struct err *e);

/* The game an agent spec implies: that of its run, if it names one.
 * ERR_NOTFOUND when there is no such run; ERR_USAGE when it names none. */
ATTR_NODISCARD enum err_code lab_agent_game(struct lab *lab, const char *spec,
					    struct game *out, struct err *e);

/* What a run was made with, added to `out`: "plyscope 0.1.0, gcc ..., BLAS
 * Haswell", and the host's name. */
void lab_build(struct buf *out);
void lab_host(struct buf *out);

/* The network of a run's checkpoint, to be used for `g`.  ERR_USAGE: it was
 * made for another game.  ERR_FORMAT: what is stored is not what it says. */
ATTR_NODISCARD enum err_code
lab_checkpoint_net(const struct store_run *run,
		   const struct store_checkpoint *at, const struct game *g,
		   struct net_config *out, struct err *e);

/* Weights of a checkpoint as floats; caller frees. */
ATTR_NODISCARD enum err_code lab_load_weights(struct store *s,
					      const struct store_checkpoint *c,
					      float **out, struct err *e);

#endif
