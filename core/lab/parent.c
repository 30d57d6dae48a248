/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/parent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/net/net.h"
#include "store/run.h"
#include "store/store.h"

/* RUN of RUN/STEP, which the caller frees, and where STEP begins. */
static enum err_code split(const char *text, char **run, const char **step,
			   struct err *e)
{
	const char *slash = strrchr(text, '/');

	if (!slash || slash == text || !slash[1])
		return err_set(e, ERR_USAGE,
			       "'%s' names no checkpoint to begin from: give "
			       "RUN/STEP, such as c4/120 or c4/latest",
			       text);
	*run = mem_printf("%.*s", (int)(slash - text), text);
	*step = slash + 1;
	return ERR_OK;
}

/* Both as text, which names all that decides the shape. */
static enum err_code check_network(const struct store_checkpoint *at,
				   const struct net_config *theirs,
				   const struct net_config *ours, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct buf a, b;

	buf_init(&a);
	buf_init(&b);
	net_config_format(theirs, &a);
	net_config_format(ours, &b);
	if (strcmp(a.data, b.data) != 0)
		rc = err_set(e, ERR_USAGE,
			     "%s/%lld is a network %s, but this recipe makes "
			     "%s: use the network settings of run %s",
			     at->run, (long long)at->step, a.data, b.data,
			     at->run);
	buf_release(&a);
	buf_release(&b);
	return rc;
}

enum err_code parent_find(struct store *s, const char *text,
			  const struct game *game, const struct recipe *recipe,
			  int64_t *id, struct err *e)
{
	struct store_bag bag = {0};
	struct net_config theirs, ours;
	struct store_checkpoint at;
	struct store_run run;
	enum err_code rc;
	const char *step = NULL;
	char *name = NULL;

	rc = split(text, &name, &step, e);
	if (rc)
		return rc;
	rc = s ? lab_find_checkpoint(s, &bag, name, step, &run, &at, e)
	       : err_set(e, ERR_NOTFOUND,
			 "there is no run %s to begin from: there is no lab "
			 "yet",
			 name);
	if (!rc)
		rc = lab_checkpoint_net(&run, &at, game, &theirs, e);
	if (!rc) {
		recipe_net(recipe, game, &ours);
		rc = check_network(&at, &theirs, &ours, e);
	}
	if (!rc)
		*id = at.id;
	store_bag_release(&bag);
	free(name);
	return rc;
}

enum err_code parent_check(struct store *s, const char *text,
			   const struct store_run *run, struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint at = {0};
	char step_text[24] = "";
	enum err_code rc;
	const char *step = NULL;
	char *name = NULL;
	bool same;

	rc = split(text, &name, &step, e);
	if (rc)
		return rc;
	if (run->parent_checkpoint)
		rc = lab_error(s,
			       store_checkpoint_get(
				       s, &bag, run->parent_checkpoint, &at),
			       e);
	snprintf(step_text, sizeof(step_text), "%lld", (long long)at.step);
	same = at.run && !strcmp(at.run, name) &&
	       (!strcmp(step, "latest") || !strcmp(step, step_text));
	if (!rc && !same)
		rc = err_set(e, ERR_USAGE,
			     "run %s began from %s%s%s, not from %s: choose "
			     "another name",
			     run->name,
			     at.run ? at.run
				    : "random weights or a checkpoint that is "
				      "gone",
			     at.run ? "/" : "", at.run ? step_text : "", text);
	store_bag_release(&bag);
	free(name);
	return rc;
}

enum err_code parent_weights(struct store *s, int64_t id, float **out,
			     struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint at;
	enum err_code rc =
		lab_error(s, store_checkpoint_get(s, &bag, id, &at), e);

	*out = NULL;
	if (!rc)
		rc = lab_load_weights(s, &at, out, e);
	store_bag_release(&bag);
	return rc;
}
