/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/study/plan_text.h"

/* Development tunes on as many seeds as it likes; the plan names these. */
enum { MOST_SEEDS = 1000 };

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

static enum err_code read_stored(struct study_plan *p, const char *text,
				 struct err *e)
{
	char *settings = study_text_part(text, "\nsettings:\n", "\ndata:\n");
	struct err why = ERR_INIT;
	enum err_code rc =
		conf_read(p->study->conf, p->conf, settings, "line", &why);

	free(settings);
	if (rc)
		rc = err_set(e, rc,
			     "the plan of study %s has settings that this "
			     "program does not read (%.90s): run and judge it "
			     "by the program that wrote it, or plan anew",
			     p->name, why.msg);
	return err_of_stored(e, rc);
}

static void take_data(const char *text, struct buf *out)
{
	char *data = study_text_part(text, "\ndata:\n", "\nend of data");

	buf_puts(out, data);
	free(data);
}

/* A plan keeps the edition that it was made under. */
static enum err_code choose_edition(struct study_plan *p,
				    const struct study_request *want,
				    struct err *e)
{
	char *line;

	p->edition = p->study->edition;
	if (!want->stored)
		return ERR_OK;
	line = study_text_line(want->stored, "edition");
	p->edition = line ? atoi(line) : 0;
	free(line);
	if (p->edition >= 0 && p->edition <= p->study->edition)
		return ERR_OK;
	return err_set(e, ERR_VERSION,
		       "the plan of study %s is of edition %d of study %s, and "
		       "this program knows %d: use the newer program",
		       p->name, p->edition, p->study->name, p->study->edition);
}

/* Has the study an arm of this rung? */
static bool has_rung(const struct study *s, const char *rung)
{
	for (const struct study_arm *a = s->arms; a->name; a++)
		if (study_of_rungs(rung, a->name))
			return true;
	return false;
}

static void list_rungs(const struct study *s, struct buf *out)
{
	const char *last = "";

	for (const struct study_arm *a = s->arms; a->name; a++) {
		size_t n = study_name_family(a->name);

		if (strncmp(last, a->name, n) || study_name_family(last) != n)
			buf_printf(out, "%s%.*s", out->len ? ", " : "", (int)n,
				   a->name);
		last = a->name;
	}
}

static enum err_code check_rungs(const struct study_plan *p, struct err *e)
{
	const struct study *s = p->study;
	enum err_code rc = ERR_OK;
	struct buf all;
	size_t len;

	if (!p->rungs)
		return ERR_OK;
	if (!s->rungs)
		return err_set(
			e, ERR_USAGE,
			"study %s has no rungs: its arms belong together",
			s->name);
	buf_init(&all);
	list_rungs(s, &all);
	for (const char *at = p->rungs; !rc && (*at || at == p->rungs);
	     at += len + (at[len] == ',')) {
		char *rung;

		len = strcspn(at, ",");
		rung = mem_printf("%.*s", (int)len, at);
		if (!has_rung(s, rung))
			rc = err_set(e, ERR_USAGE,
				     "study %s has no rung '%s': its rungs are "
				     "%s",
				     s->name, rung, all.data);
		free(rung);
	}
	buf_release(&all);
	return rc;
}

static enum err_code choose_rungs(struct study_plan *p,
				  const struct study_request *want,
				  struct err *e)
{
	if (want->rungs)
		p->rungs = mem_strdup(want->rungs);
	else if (want->stored)
		p->rungs = study_text_line(want->stored, "rungs");
	/* What the program gives as a name stands for the whole study. */
	if (p->rungs && !want->name)
		return err_set(e, ERR_USAGE,
			       "a plan of rung %s alone needs a name of its "
			       "own: --as NAME",
			       p->rungs);
	return check_rungs(p, e);
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

static enum err_code number_seeds(struct study_plan *p, uint64_t first,
				  int count, struct err *e)
{
	uint64_t last = first + (uint64_t)count - 1;

	if (p->development && first < STUDY_DEVELOPMENT)
		return err_set(e, ERR_USAGE,
			       "first seed %llu: seeds that tune are those "
			       "from %d on, the others judge",
			       (unsigned long long)first, STUDY_DEVELOPMENT);
	if (!p->development && last >= STUDY_DEVELOPMENT)
		return err_set(e, ERR_USAGE,
			       "seeds %llu to %llu: those from %d on tune, and "
			       "never judge",
			       (unsigned long long)first,
			       (unsigned long long)last, STUDY_DEVELOPMENT);
	p->seed_count = count;
	p->seeds = mem_zalloc((size_t)count, sizeof(*p->seeds));
	for (int i = 0; i < count; i++)
		p->seeds[i] = first + (uint64_t)i;
	return ERR_OK;
}

static enum err_code choose_seeds(struct study_plan *p,
				  const struct study_size *size,
				  const struct study_request *want,
				  struct err *e)
{
	uint64_t first = p->development ? STUDY_DEVELOPMENT : 1;
	int count = size->seeds;

	if (want->seeds < 0 || want->seeds > MOST_SEEDS)
		return err_set(e, ERR_USAGE, "%d seeds: must be 1 to %d",
			       want->seeds, MOST_SEEDS);
	if (want->stored) {
		uint64_t stored;
		int n = study_text_seeds(want->stored, &stored);

		first = n ? stored : first;
		count = n ? n : count;
	}
	if (want->seeds)
		count = want->seeds;
	if (want->first_seed)
		first = want->first_seed;
	return number_seeds(p, first, count, e);
}

static bool is_tried(const struct study_plan *p, const struct study_arm *a,
		     uint64_t seed)
{
	return study_plan_asks(p, a->name) &&
	       (!p->edition || !p->study->tries ||
		p->study->tries(p->conf, a, seed));
}

static int count_arms(const struct study *s)
{
	int n = 0;

	while (s->arms[n].name)
		n++;
	return n;
}

/* By seed, and within a seed by arm; or the other way round. */
static enum err_code list_trials(struct study_plan *p, struct err *e)
{
	const struct study *s = p->study;
	int arms = count_arms(s), seeds = p->seed_count;
	bool *tried = mem_zalloc((size_t)arms, sizeof(*tried));
	const struct study_arm *none = NULL;

	p->trials =
		mem_zalloc((size_t)arms * (size_t)seeds, sizeof(*p->trials));
	for (int n = 0; n < arms * seeds; n++) {
		int i = s->by_arm ? n / seeds : n % arms;
		int k = s->by_arm ? n % seeds : n / arms;
		bool once = study_arm_once(s, &s->arms[i]);

		if ((once && k) || !is_tried(p, &s->arms[i], p->seeds[k]))
			continue;
		tried[i] = true;
		p->trials[p->trial_count++] = (struct study_attempt){
			&s->arms[i], once ? 0 : p->seeds[k]};
	}
	for (int i = 0; i < arms; i++)
		if (!tried[i] && study_plan_asks(p, p->study->arms[i].name))
			none = &p->study->arms[i];
	free(tried);
	if (!none)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "arm %s is tried at none of the seeds %llu to %llu: "
		       "choose its setting, or leave its rung out with --rungs",
		       none->name, (unsigned long long)p->seeds[0],
		       (unsigned long long)p->seeds[p->seed_count - 1]);
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
	if (p->edition)
		buf_printf(out, "edition: %d\n", p->edition);
	if (p->rungs)
		write_line(out, "rungs", p->rungs);
	write_line(out, "question", s->question);
	write_line(out, "metric", s->metric);
	write_line(out, "thresholds", s->thresholds);
	write_line(out, "frozen", s->frozen);
	if (s->by_arm)
		write_line(out, "order", "all seeds of an arm, then the next");
	for (const struct study_arm *a = s->arms; a->name; a++)
		if (study_plan_asks(p, a->name))
			buf_printf(out, "%s %s%s: %s\n", a->role, a->name,
				   study_arm_once(s, a) ? " (once)" : "",
				   a->what);
	for (const struct study_gate *g = s->gates; g->name; g++)
		if (study_plan_asks(p, g->name))
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
	enum err_code rc = find_size(want, &size, e);

	if (rc)
		return rc;
	p->size = size->name;
	p->name = want->name ? mem_strdup(want->name)
			     : mem_printf("%s/%s%s", p->study->name, p->size,
					  p->development ? "/tune" : "");
	/* A row that is there keeps the name that it was given. */
	rc = want->stored ? ERR_OK : study_name_check(p->name, e);
	if (!rc)
		rc = choose_edition(p, want, e);
	if (!rc)
		rc = choose_rungs(p, want, e);
	if (!rc)
		rc = read_settings(p, size, want, e);
	if (!rc)
		rc = choose_seeds(p, size, want, e);
	if (!rc)
		rc = list_trials(p, e);
	if (rc)
		return rc;
	buf_init(&data);
	if (want->stored && want->only_judged) {
		take_data(want->stored, &data);
	} else {
		if (p->study->shown)
			p->study->shown(p, &data);
		if (p->study->data)
			rc = p->study->data(want->agents, p->conf, &data, e);
	}
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
	free(p->rungs);
	free(p->trials);
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

bool study_plan_asks(const struct study_plan *p, const char *name)
{
	return study_of_rungs(p->rungs, name);
}

void study_plan_run(const char *name, const char *arm, struct buf *out)
{
	for (const char *c = name; *c; c++)
		buf_putc(out, *c == '/' ? '.' : *c);
	buf_printf(out, ".%s", arm);
}

int study_plan_trials(const struct study_plan *p)
{
	return p->trial_count;
}

const struct study_arm *study_plan_trial(const struct study_plan *p, int i,
					 uint64_t *seed)
{
	*seed = p->trials[i].seed;
	return p->trials[i].arm;
}
