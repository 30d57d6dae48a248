/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/life_rows.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"

const char *life_part_name(enum life_part part)
{
	return part == LIFE_BEFORE ? "before" : "after";
}

bool life_part_apart(uint64_t seed, enum life_part part)
{
	return part == LIFE_AFTER && seed < LIVES_SHOWN;
}

enum err_code life_rows_set(struct store *s, const char *set, int64_t *id,
			    struct store_run *run, struct store_bag *bag,
			    struct err *e)
{
	enum store_status st = store_run_find(s, bag, set, run);

	*id = 0;
	if (st == STORE_NOTFOUND)
		return ERR_OK;
	if (st != STORE_OK)
		return lab_error(s, st, e);
	if (strcmp(run->kind, "history") != 0)
		return err_set(e, ERR_USAGE,
			       "run %s is of kind '%s' and holds no lives: "
			       "choose another name",
			       set, run->kind);
	*id = run->id;
	return ERR_OK;
}

static enum err_code not_there(const struct life_files *f, const char *set,
			       uint64_t seed, enum life_part part,
			       struct err *e)
{
	bool apart = life_part_apart(seed, part);

	return err_set(e, ERR_NOTFOUND,
		       "%s%s has no life %s/%llu %s its cut: plyscope history "
		       "makes lives",
		       store_path(f->lab), apart ? "-after" : "", set,
		       (unsigned long long)seed, life_part_name(part));
}

enum err_code life_rows_get(const struct life_files *f, const char *set,
			    uint64_t seed, enum life_part part,
			    struct store_bag *bag, struct store_life *row,
			    const void **data, struct err *e)
{
	struct store *s = life_part_apart(seed, part) ? f->after : f->lab;
	enum err_code rc = ERR_OK;
	enum store_status st;
	struct store_run run;
	int64_t id = 0;

	memset(row, 0, sizeof(*row));
	if (s)
		rc = life_rows_set(s, set, &id, &run, bag, e);
	if (rc)
		return rc;
	if (!id)
		return not_there(f, set, seed, part, e);
	st = store_life_get(s, bag, id, seed, life_part_name(part), row, data);
	return st == STORE_NOTFOUND ? not_there(f, set, seed, part, e)
				    : lab_error(s, st, e);
}

/* --- stages as agents ---------------------------------------------------- */

bool life_stage_parse(const char *text, uint64_t *seed, int *stage)
{
	const char *dot = strchr(text, '.');
	unsigned long long first;
	long second;
	char *end;

	if (!dot || !isdigit((unsigned char)text[0]) ||
	    !isdigit((unsigned char)dot[1]))
		return false;
	errno = 0;
	first = strtoull(text, &end, 10);
	if (end != dot || errno)
		return false;
	second = strtol(dot + 1, &end, 10);
	if (*end || errno || second >= LIFE_MAX_STAGES)
		return false;
	*seed = first;
	*stage = (int)second;
	return true;
}

static enum err_code take_stage(const struct life *l, const char *set,
				uint64_t seed, int stage,
				struct net_config *net, float **weights,
				struct err *e)
{
	size_t n = net_param_count(life_net(l));

	if (stage >= life_stages(l))
		return err_set(e, ERR_NOTFOUND,
			       "life %s/%llu has stages 0 to %d, and none of "
			       "number %d",
			       set, (unsigned long long)seed,
			       life_stages(l) - 1, stage);
	*net = *life_net(l);
	*weights = mem_floats(n);
	memcpy(*weights, life_stage(l, stage).weights, n * sizeof(float));
	return ERR_OK;
}

static enum err_code check_game(const struct life_head *head, const char *set,
				const struct game *g, struct game *own,
				struct err *e)
{
	enum err_code rc = err_of_stored(e, game_init(own, head->game, e));

	if (!rc && !game_same_network(own, g))
		rc = err_set(e, ERR_USAGE, "lives of %s play %s, not %s", set,
			     game_short_name(own), game_short_name(g));
	return rc;
}

enum err_code life_rows_net(const struct life_files *f, const char *set,
			    uint64_t seed, int stage, const struct game *g,
			    struct net_config *net, float **weights,
			    struct err *e)
{
	const void *before, *after = NULL;
	struct store_life row, past = {0};
	struct store_bag bag = {0};
	struct life_head head = {0};
	struct life *l = NULL;
	struct game own;
	enum err_code rc = life_rows_get(f, set, seed, LIFE_BEFORE, &bag, &row,
					 &before, e);

	if (!rc)
		rc = life_head_read(before, (size_t)row.bytes, &head, e);
	if (!rc)
		rc = check_game(&head, set, g, &own, e);
	if (!rc && stage >= head.grid.before)
		rc = life_rows_get(f, set, seed, LIFE_AFTER, &bag, &past,
				   &after, e);
	if (!rc)
		rc = life_read(&own, before, (size_t)row.bytes, after,
			       (size_t)past.bytes, &l, e);
	if (!rc)
		rc = take_stage(l, set, seed, stage, net, weights, e);
	life_free(l);
	life_head_release(&head);
	store_bag_release(&bag);
	return rc;
}
