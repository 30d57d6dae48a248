/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/plan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"

/* Development tunes on as many seeds as it likes; the plan names these. */
enum { MOST_SEEDS = 1000 };

/* So that a run of it and an arm, at most 23, has a name of 64. */
enum { MOST_NAME = 40 };

static enum err_code find_size(const struct study_request *want,
			       const struct study_size **size, struct err *e)
{
	struct buf names;
	enum err_code rc;

	*size = study_size_find(want->study, want->size);
	if (*size)
		return ERR_OK;
	buf_init(&names);
	for (const struct study_size *z = want->study->sizes; z->name; z++)
		buf_printf(&names, "%s%s", names.len ? ", " : "", z->name);
	rc = err_set(e, ERR_USAGE, "size '%s' of study %s: must be one of %s",
		     want->size, want->study->name, names.data);
	buf_release(&names);
	return rc;
}

enum err_code study_name_check(const char *name, struct err *e)
{
	size_t n = strlen(name);
	bool good = n >= 1 && n <= MOST_NAME;

	for (const char *p = name; *p; p++)
		good = good &&
		       (isalnum((unsigned char)*p) || strchr("-_./", *p));
	if (good)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "study name '%s': must be 1 to %d letters, digits, "
		       "'-', '_', '.' or '/'",
		       name, MOST_NAME);
}

/* The lines of a stored plan from `from` on to `to`, or to its end. */
static char *part_of(const char *text, const char *from, const char *to)
{
	const char *first = strstr(text, from), *last;

	if (!first)
		return mem_strdup("");
	first += strlen(from);
	last = strstr(first, to);
	return last ? mem_printf("%.*s", (int)(last - first), first)
		    : mem_strdup(first);
}

static enum err_code read_stored(struct study_plan *p, const char *text,
				 struct err *e)
{
	char *settings = part_of(text, "\nsettings:\n", "\ndata:\n");
	enum err_code rc =
		conf_read(p->study->conf, p->conf, settings, p->name, e);

	free(settings);
	return err_of_stored(e, rc);
}

static void take_data(const char *text, struct buf *out)
{
	char *data = part_of(text, "\ndata:\n", "\nend of data");

	buf_puts(out, data);
	free(data);
}

static int stored_seeds(const char *text)
{
	char *list = part_of(text, " seeds:", "\n");
	int n = 0;

	for (const char *c = list; *c; c++)
		n += *c == ' ';
	free(list);
	return n;
}

static enum err_code read_settings(struct study_plan *p,
				   const struct study_size *size,
				   const struct study_request *want,
				   struct err *e)
{
	const char *settings = want->settings;
	const struct study *s = p->study;
	enum err_code rc;

	if (!s->conf)
		return settings && *settings
			       ? err_set(e, ERR_USAGE,
					 "study %s has no settings", s->name)
			       : ERR_OK;
	p->conf = mem_zalloc(1, s->conf_size);
	conf_defaults(s->conf, p->conf);
	rc = conf_read_list(s->conf, p->conf, size->settings, size->name, e);
	if (!rc && want->stored)
		rc = read_stored(p, want->stored, e);
	if (!rc && settings)
		rc = conf_read_list(s->conf, p->conf, settings, "settings", e);
	return rc;
}

static void number_seeds(struct study_plan *p, int count)
{
	uint64_t first = p->development ? STUDY_DEVELOPMENT : 1;

	p->seed_count = count;
	p->seeds = mem_zalloc((size_t)count, sizeof(*p->seeds));
	for (int i = 0; i < count; i++)
		p->seeds[i] = first + (uint64_t)i;
}

static void write_line(struct buf *out, const char *key, const char *text)
{
	buf_printf(out, "%s: %s\n", key, text ? text : "-");
}

static void write_plan(struct study_plan *p, const char *data)
{
	const struct study *s = p->study;
	struct buf *out = &p->text;

	write_line(out, "study", s->name);
	write_line(out, "size", p->size);
	write_line(out, "question", s->question);
	write_line(out, "metric", s->metric);
	write_line(out, "thresholds", s->thresholds);
	write_line(out, "frozen", s->frozen);
	if (s->by_arm)
		write_line(out, "order", "all seeds of an arm, then the next");
	for (const struct study_arm *a = s->arms; a->name; a++)
		buf_printf(out, "%s %s%s: %s\n", a->role, a->name,
			   study_arm_once(s, a) ? " (once)" : "", a->what);
	for (const struct study_gate *g = s->gates; g->name; g++)
		buf_printf(out, "gate %s: %s\n", g->name, g->rule);
	buf_printf(out, "%s seeds:", p->development ? "development" : "test");
	for (int i = 0; i < p->seed_count; i++)
		buf_printf(out, " %llu", (unsigned long long)p->seeds[i]);
	buf_puts(out, p->development
			      ? "\njudged: never, these seeds tune\n"
			      : "\njudged: once, by these seeds alone\n");
	if (s->conf) {
		buf_puts(out, "settings:\n");
		conf_format(s->conf, p->conf, out);
	}
	if (*data)
		buf_printf(out, "data:\n%s", data);
}

static enum err_code make(struct study_plan *p,
			  const struct study_request *want, struct err *e)
{
	const struct study_size *size = NULL;
	struct buf data;
	int seeds = want->seeds;
	enum err_code rc = find_size(want, &size, e);

	if (rc)
		return rc;
	p->size = size->name;
	p->name = want->name ? mem_strdup(want->name)
			     : mem_printf("%s/%s%s", p->study->name, p->size,
					  p->development ? "/tune" : "");
	rc = study_name_check(p->name, e);
	if (!rc)
		rc = read_settings(p, size, want, e);
	if (!rc && (want->seeds < 0 || want->seeds > MOST_SEEDS))
		rc = err_set(e, ERR_USAGE, "%d seeds: must be 1 to %d",
			     want->seeds, MOST_SEEDS);
	if (rc)
		return rc;
	if (want->stored && !seeds)
		seeds = stored_seeds(want->stored);
	number_seeds(p, seeds ? seeds : size->seeds);
	buf_init(&data);
	if (want->stored && want->only_judged)
		take_data(want->stored, &data);
	else if (p->study->data)
		rc = p->study->data(want->agents, p->conf, &data, e);
	if (!rc)
		write_plan(p, data.data);
	buf_release(&data);
	digest_hex(p->text.data, p->text.len, p->hash);
	return rc;
}

enum err_code study_plan_make(struct study_plan *p,
			      const struct study_request *want, struct err *e)
{
	memset(p, 0, sizeof(*p));
	p->study = want->study;
	p->development =
		want->development ||
		(want->stored && strstr(want->stored, "\ndevelopment seeds:"));
	buf_init(&p->text);
	return make(p, want, e);
}

void study_plan_release(struct study_plan *p)
{
	free(p->name);
	free(p->conf);
	free(p->seeds);
	buf_release(&p->text);
	memset(p, 0, sizeof(*p));
	buf_init(&p->text);
}

enum err_code study_plan_fits(const struct study_plan *p, double available,
			      struct err *e)
{
	double need = p->study->memory ? p->study->memory(p->conf) : 0;

	if (available <= 0 || need <= available)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "study %s needs about %.2f GB of memory at size %s and "
		       "%.2f GB are available: free some, or choose a smaller "
		       "size",
		       p->study->name, need / 1e9, p->size, available / 1e9);
}

static int count_arms(const struct study *s)
{
	int n = 0;

	while (s->arms[n].name)
		n++;
	return n;
}

void study_plan_run(const char *name, const char *arm, struct buf *out)
{
	for (const char *c = name; *c; c++)
		buf_putc(out, *c == '/' ? '.' : *c);
	buf_printf(out, ".%s", arm);
}

/* How many trials an arm has. */
static int trials_of(const struct study_plan *p, const struct study_arm *a)
{
	return study_arm_once(p->study, a) ? 1 : p->seed_count;
}

int study_plan_trials(const struct study_plan *p)
{
	int n = 0;

	for (const struct study_arm *a = p->study->arms; a->name; a++)
		n += trials_of(p, a);
	return n;
}

static const struct study_arm *trial_by_arm(const struct study_plan *p, int i,
					    uint64_t *seed)
{
	const struct study_arm *a = p->study->arms;

	for (; i >= trials_of(p, a); a++)
		i -= trials_of(p, a);
	*seed = study_arm_once(p->study, a) ? 0 : p->seeds[i];
	return a;
}

const struct study_arm *study_plan_trial(const struct study_plan *p, int i,
					 uint64_t *seed)
{
	int arms = count_arms(p->study);

	if (p->study->by_arm)
		return trial_by_arm(p, i, seed);
	*seed = p->seeds[i / arms];
	return &p->study->arms[i % arms];
}
