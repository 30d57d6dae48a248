/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/lab.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/lab/life_rows.h"
#include "core/lab/past.h"
#include "core/lab/trust.h"
#include "core/net/net.h"

/* Plans that nobody uses are kept, up to this many: a screen goes back and
 * forth between checkpoints. */
enum { IDLE_PLANS = 8 };

struct plan_entry {
	char sha256[65];
	char *network;         /* owned */
	struct net_plan *plan; /* owned */
	int users;
	unsigned used_at; /* for dropping the one idle longest */
	struct plan_entry *next;
};

static void free_entry(struct plan_entry *p)
{
	net_plan_free(p->plan);
	free(p->network);
	free(p);
}

struct lab {
	char *path;          /* owned */
	struct store *store; /* owned; of the opening thread */
	struct store *after; /* owned; of the file beside; NULL: not yet */
	struct agent_source source;
	struct trust trust;
	/* Under lock: any thread may ask for a network. */
	pthread_mutex_t lock;
	struct store *loader;       /* owned; opened at the first load */
	struct store *after_loader; /* owned; the same of the file beside */
	struct plan_entry *plans;
	unsigned clock;
};

static enum err_code open_store(const char *path, enum store_flags flags,
				struct store **out, struct err *e)
{
	char message[STORE_MESSAGE_SIZE];
	enum store_status st = store_open(path, flags, out, message);

	if (st == STORE_OK)
		return ERR_OK;
	return err_set(e,
		       st == STORE_NEWER      ? ERR_VERSION
		       : st == STORE_NOTFOUND ? ERR_NOTFOUND
		       : st == STORE_BUSY     ? ERR_BUSY
		       : st == STORE_IO       ? ERR_IO
					      : ERR_FORMAT,
		       "%s", message);
}

enum err_code lab_make_folder(const char *path, struct err *e)
{
	char *copy = mem_strdup(path);
	enum err_code rc = ERR_OK;

	for (char *p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST) {
			rc = err_set(e, ERR_IO,
				     "cannot make the folder %s for the lab "
				     "file: %s",
				     copy, strerror(errno));
			break;
		}
		*p = '/';
	}
	free(copy);
	return rc;
}

static enum err_code load_plan(void *self, const char *run, const char *step,
			       const struct game *g,
			       const struct net_plan **plan, int64_t *loaded,
			       struct err *e);
static void release_plan(void *self, const struct net_plan *plan);
static enum err_code past(void *self, const char *run, const char *which,
			  const struct game *g,
			  void (*take)(void *ctx, const struct agent_past *p),
			  void *ctx, struct err *e);

static enum err_code allow(void *self, const char *spec, struct err *e)
{
	struct lab *lab = self;

	return trust_check(&lab->trust, spec, e);
}

enum err_code lab_open(struct lab **out, const char *path, enum lab_flags flags,
		       struct err *e)
{
	char identity[STORE_IDENTITY_SIZE];
	enum store_flags how = 0;
	struct lab *lab;
	struct store *s;
	enum err_code rc;

	*out = NULL;
	if (flags & LAB_CREATE) {
		how |= STORE_CREATE;
		rc = lab_make_folder(path, e);
		if (rc)
			return rc;
	}
	if (flags & LAB_ONLY_READ)
		how |= STORE_ONLY_READ;
	else
		store_sweep(path);
	rc = open_store(path, how, &s, e);
	if (rc)
		return rc;
	lab = mem_zalloc(1, sizeof(*lab));
	lab->path = mem_strdup(path);
	lab->store = s;
	pthread_mutex_init(&lab->lock, NULL);
	lab->source.load = load_plan;
	lab->source.release = release_plan;
	lab->source.allow = allow;
	lab->source.past = past;
	lab->source.self = lab;
	store_identity(s, identity);
	trust_init(&lab->trust, identity, path);
	*out = lab;
	return ERR_OK;
}

void lab_close(struct lab *lab)
{
	if (!lab)
		return;
	while (lab->plans) {
		struct plan_entry *p = lab->plans;

		lab->plans = p->next;
		free_entry(p);
	}
	store_close(lab->after_loader);
	store_close(lab->loader);
	store_close(lab->after);
	store_close(lab->store);
	trust_release(&lab->trust);
	pthread_mutex_destroy(&lab->lock);
	free(lab->path);
	free(lab);
}

struct store *lab_store(struct lab *lab)
{
	return lab->store;
}

const char *lab_path(const struct lab *lab)
{
	return lab->path;
}

/* *s is opened, unless it is, there is no such file or it was to be made. */
static enum err_code open_after(const char *lab, enum store_flags flags,
				struct store **s, struct err *e)
{
	char *path;
	enum err_code rc = ERR_OK;

	if (*s)
		return ERR_OK;
	path = mem_printf("%s-after", lab);
	if (flags & STORE_CREATE || !access(path, F_OK))
		rc = open_store(path, flags, s, e);
	free(path);
	return rc;
}

enum err_code lab_after(struct lab *lab, bool make, struct store **out,
			struct err *e)
{
	enum store_flags flags = store_readonly(lab->store) ? STORE_ONLY_READ
				 : make                     ? STORE_CREATE
							    : 0;
	enum err_code rc = open_after(lab->path, flags, &lab->after, e);

	*out = lab->after;
	return rc;
}

const struct agent_source *lab_agents(struct lab *lab)
{
	return &lab->source;
}

struct trust *lab_trust(struct lab *lab)
{
	return &lab->trust;
}

static bool is_number(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isdigit((unsigned char)*text))
			return false;
	return true;
}

enum err_code lab_find_checkpoint(struct store *s, struct store_bag *bag,
				  const char *run, const char *step,
				  struct store_run *out_run,
				  struct store_checkpoint *out, struct err *e)
{
	enum store_status st = store_run_find(s, bag, run, out_run);

	if (st)
		return lab_error(s, st, e);
	if (!strcmp(step, "latest"))
		st = store_checkpoint_latest(s, bag, out_run->id, out);
	else if (is_number(step))
		st = store_checkpoint_at(s, bag, out_run->id,
					 strtoll(step, NULL, 10), out);
	else
		return err_set(e, ERR_USAGE,
			       "%s/%s: a step is a number or 'latest'", run,
			       step);
	/* The store knows it by its id, and the step as far as it fits. */
	if (st == STORE_NOTFOUND)
		return err_set(e, ERR_NOTFOUND,
			       "%s: run '%s' has no checkpoint %s: plyscope "
			       "list checkpoints shows what there is",
			       store_path(s), run, step);
	return lab_error(s, st, e);
}

enum err_code lab_load_weights(struct store *s,
			       const struct store_checkpoint *c, float **out,
			       struct err *e)
{
	enum store_status st;

	*out = mem_floats((size_t)c->floats);
	st = store_weights_load(s, c->sha256, *out, (size_t)c->floats);
	if (st == STORE_OK)
		return ERR_OK;
	free(*out);
	*out = NULL;
	return lab_error(s, st, e);
}

static enum err_code check_game(const struct store_run *run,
				const struct game *g, struct err *e)
{
	struct game own;
	enum err_code rc = err_of_stored(e, game_init(&own, run->game, e));

	if (!rc && !game_same_network(&own, g))
		rc = err_set(e, ERR_USAGE, "run %s plays %s, not %s", run->name,
			     game_short_name(&own), game_short_name(g));
	return rc;
}

static enum err_code check_size(const struct net_config *c,
				const struct store_run *run,
				const struct store_checkpoint *at,
				struct err *e)
{
	if ((int64_t)net_param_count(c) != at->floats)
		return err_set(e, ERR_FORMAT,
			       "%s/%lld holds %lld weights where its network "
			       "'%s' has %zu: run 'plyscope check'",
			       run->name, (long long)at->step,
			       (long long)at->floats, at->network,
			       net_param_count(c));
	return ERR_OK;
}

enum err_code lab_checkpoint_net(const struct store_run *run,
				 const struct store_checkpoint *at,
				 const struct game *g, struct net_config *out,
				 struct err *e)
{
	enum err_code rc = check_game(run, g, e);

	if (rc)
		return rc;
	memset(out, 0, sizeof(*out));
	net_config_game(out, g);
	rc = net_config_parse(out, at->network, e);
	if (!rc)
		rc = net_config_check(out, e);
	return rc ? rc : check_size(out, run, at, e);
}

static enum err_code build_plan(struct store *s, const struct game *g,
				const struct store_run *run,
				const struct store_checkpoint *at,
				struct net_plan **out, struct err *e)
{
	struct net_config config;
	enum err_code rc = lab_checkpoint_net(run, at, g, &config, e);
	float *weights;

	if (!rc)
		rc = lab_load_weights(s, at, &weights, e);
	if (rc)
		return rc;
	*out = net_plan_new(&config, weights);
	free(weights);
	return ERR_OK;
}

static void drop_idle_plans(struct lab *lab)
{
	for (;;) {
		struct plan_entry **oldest = NULL, *gone;
		int idle = 0;

		for (struct plan_entry **p = &lab->plans; *p; p = &(*p)->next) {
			if ((*p)->users)
				continue;
			idle++;
			if (!oldest || (*p)->used_at < (*oldest)->used_at)
				oldest = p;
		}
		if (idle <= IDLE_PLANS)
			return;
		gone = *oldest;
		*oldest = gone->next;
		free_entry(gone);
	}
}

static struct plan_entry *find_plan(struct lab *lab, const char *sha256,
				    const char *network)
{
	for (struct plan_entry *p = lab->plans; p; p = p->next)
		if (!strcmp(p->sha256, sha256) && !strcmp(p->network, network))
			return p;
	return NULL;
}

/* Under the lock. */
static enum err_code need_loader(struct lab *lab, struct err *e)
{
	return lab->loader ? ERR_OK
			   : open_store(lab->path, STORE_ONLY_READ,
					&lab->loader, e);
}

/* Ready for use: one that is there, or `made`, which is then owned. */
static const struct net_plan *hold_plan(struct lab *lab, struct plan_entry *p)
{
	p->users++;
	p->used_at = ++lab->clock;
	drop_idle_plans(lab);
	return p->plan;
}

static struct plan_entry *add_plan(struct lab *lab, const char *sha256,
				   const char *network, struct net_plan *made)
{
	struct plan_entry *p = mem_zalloc(1, sizeof(*p));

	p->plan = made;
	snprintf(p->sha256, sizeof(p->sha256), "%s", sha256);
	p->network = mem_strdup(network);
	p->next = lab->plans;
	lab->plans = p;
	return p;
}

/* A stage of a life, RUN/SEED.STAGE. */
static enum err_code load_stage(struct lab *lab, const char *set, uint64_t seed,
				int stage, const struct game *g,
				const struct net_plan **plan, struct err *e)
{
	struct life_files files = {lab->loader, NULL};
	struct plan_entry *p;
	struct net_config net;
	char sha256[DIGEST_SIZE];
	struct buf text;
	float *weights;
	enum err_code rc =
		open_after(lab->path, STORE_ONLY_READ, &lab->after_loader, e);

	files.after = lab->after_loader;
	if (!rc)
		rc = life_rows_net(&files, set, seed, stage, g, &net, &weights,
				   e);
	if (rc)
		return rc;
	buf_init(&text);
	net_config_format(&net, &text);
	digest_floats(weights, net_param_count(&net), sha256);
	p = find_plan(lab, sha256, text.data);
	if (!p)
		p = add_plan(lab, sha256, text.data,
			     net_plan_new(&net, weights));
	*plan = hold_plan(lab, p);
	free(weights);
	buf_release(&text);
	return ERR_OK;
}

static enum err_code load_checkpoint(struct lab *lab, const char *run_name,
				     const char *step, const struct game *g,
				     const struct net_plan **plan,
				     int64_t *loaded, struct err *e)
{
	struct store_bag bag = {0};
	struct net_plan *made = NULL;
	struct store_checkpoint at;
	struct plan_entry *p = NULL;
	struct store_run run;
	enum err_code rc = lab_find_checkpoint(lab->loader, &bag, run_name,
					       step, &run, &at, e);

	if (!rc)
		rc = check_game(&run, g, e);
	if (!rc) {
		p = find_plan(lab, at.sha256, at.network);
		if (!p)
			rc = build_plan(lab->loader, g, &run, &at, &made, e);
	}
	if (!rc) {
		if (!p)
			p = add_plan(lab, at.sha256, at.network, made);
		*plan = hold_plan(lab, p);
		*loaded = at.step;
	}
	store_bag_release(&bag);
	return rc;
}

static enum err_code load_locked(struct lab *lab, const char *run,
				 const char *step, const struct game *g,
				 const struct net_plan **plan, int64_t *loaded,
				 struct err *e)
{
	enum err_code rc = need_loader(lab, e);
	uint64_t seed;
	int stage;

	if (rc)
		return rc;
	if (!life_stage_parse(step, &seed, &stage))
		return load_checkpoint(lab, run, step, g, plan, loaded, e);
	*loaded = stage;
	return load_stage(lab, run, seed, stage, g, plan, e);
}

static enum err_code load_plan(void *self, const char *run, const char *step,
			       const struct game *g,
			       const struct net_plan **plan, int64_t *loaded,
			       struct err *e)
{
	struct lab *lab = self;
	enum err_code rc;

	pthread_mutex_lock(&lab->lock);
	rc = load_locked(lab, run, step, g, plan, loaded, e);
	pthread_mutex_unlock(&lab->lock);
	return rc;
}

static enum err_code past(void *self, const char *run, const char *which,
			  const struct game *g,
			  void (*take)(void *ctx, const struct agent_past *p),
			  void *ctx, struct err *e)
{
	struct lab *lab = self;
	enum err_code rc;

	pthread_mutex_lock(&lab->lock);
	rc = need_loader(lab, e);
	if (!rc)
		rc = past_games(lab->loader, run, which, g, take, ctx, e);
	pthread_mutex_unlock(&lab->lock);
	return rc;
}

static void release_plan(void *self, const struct net_plan *plan)
{
	struct lab *lab = self;

	pthread_mutex_lock(&lab->lock);
	for (struct plan_entry *p = lab->plans; p; p = p->next)
		if (p->plan == plan)
			p->users--;
	pthread_mutex_unlock(&lab->lock);
}

enum err_code lab_agent_game(struct lab *lab, const char *spec,
			     struct game *out, struct err *e)
{
	const char *colon = strchr(spec, ':');
	struct store_bag bag = {0};
	struct store_run run;
	enum store_status st;
	enum err_code rc;
	char *name;

	if (!colon || !agent_needs_network(spec))
		return err_set(e, ERR_USAGE,
			       "'%s' names no run, so the game must be said",
			       spec);
	name = mem_printf("%.*s", (int)strcspn(colon + 1, "/,"), colon + 1);
	st = store_run_find(lab->store, &bag, name, &run);
	rc = st ? lab_error(lab->store, st, e)
		: err_of_stored(e, game_init(out, run.game, e));
	store_bag_release(&bag);
	free(name);
	return rc;
}

void lab_build(struct buf *out)
{
	buf_printf(out, "%s, %s, BLAS %s", PACKAGE_STRING, BUILD_FLAGS,
		   net_blas_kernel());
}

void lab_host(struct buf *out)
{
	struct utsname u;

	buf_puts(out, uname(&u) ? "unknown" : u.nodename);
}
