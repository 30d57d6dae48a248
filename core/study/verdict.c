/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/study/study.h"

static const char CUSTODY[] = "custody";

const char *study_badge_name(enum study_badge b)
{
	static const char *const names[] = {
#define X(name, text) [STUDY_##name] = text,
		STUDY_BADGE_LIST(X)
#undef X
	};

	return names[b];
}

void study_judgement_release(struct study_judgement *j)
{
	for (size_t i = 0; i < j->gate_count; i++)
		free(j->gates[i].text);
	for (size_t i = 0; i < j->estimate_count; i++) {
		free(j->estimates[i].name);
		free(j->estimates[i].what);
	}
	free(j->gates);
	free(j->estimates);
	free(j->verdict);
	buf_release(&j->reason);
	memset(j, 0, sizeof(*j));
	buf_init(&j->reason);
}

static char *format(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(len >= 0);
	text = mem_alloc((size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

static struct study_gate_said *find_gate(struct study_judgement *j,
					 const char *name)
{
	for (size_t i = 0; i < j->gate_count; i++)
		if (!strcmp(j->gates[i].name, name))
			return &j->gates[i];
	return NULL;
}

void study_gate_say(struct study_judgement *j, const char *gate, bool passed,
		    double value, double bound, const char *fmt, ...)
{
	struct study_gate_said *g = find_gate(j, gate);
	va_list ap;

	assert(g && !g->text);
	g->passed = passed;
	g->value = value;
	g->bound = bound;
	va_start(ap, fmt);
	g->text = format(fmt, ap);
	va_end(ap);
}

void study_estimate(struct study_judgement *j, const char *name, double value,
		    double low, double high, int64_t n, const char *what)
{
	j->estimates = mem_realloc(j->estimates, (j->estimate_count + 1) *
							 sizeof(*j->estimates));
	j->estimates[j->estimate_count++] = (struct study_estimated){
		.name = mem_strdup(name),
		.what = mem_strdup(what),
		.value = value,
		.low = low,
		.high = high,
		.n = n,
	};
}

void study_badge_say(struct study_judgement *j, enum study_badge badge,
		     const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	j->badge = badge;
	j->said = true;
	buf_clear(&j->reason);
	buf_puts(&j->reason, text);
	free(text);
}

static void list_gates(struct study_judgement *j, const struct study_plan *p)
{
	const struct study_gate *all = p->study->gates;
	size_t n = 0;

	while (all[n].name)
		n++;
	j->gates = mem_zalloc(n + 1, sizeof(*j->gates));
	n = 0;
	for (size_t i = 0; all[i].name; i++) {
		if (!study_plan_asks(p, all[i].name))
			continue;
		j->gates[n].name = all[i].name;
		j->gates[n++].rule = all[i].rule;
	}
	j->gate_count = n + 1;
	j->gates[n].name = CUSTODY;
	j->gates[n].rule =
		"every trial ran under this plan, and no weights changed while "
		"they were scored";
	for (size_t i = 0; i <= n; i++)
		j->gates[i].value = j->gates[i].bound = (double)NAN;
}

static void judge_custody(struct study_judgement *j,
			  const struct study_conduct *c)
{
	bool whole = !c->other_plan && !c->changed;
	struct buf text;

	buf_init(&text);
	buf_counted(&text, c->trials, "trial");
	buf_printf(&text,
		   ", %d under another plan, %d kind%s of processor, %d "
		   "whose weights changed",
		   c->other_plan, c->processors, c->processors == 1 ? "" : "s",
		   c->changed);
	if (c->programs) {
		buf_puts(&text, "; done by ");
		buf_counted(&text, c->programs, "program");
	}
	if (c->programs == 1)
		buf_printf(&text, ", judged by %s",
			   c->same_program ? "the same" : "another");
	if (c->scored)
		buf_printf(&text,
			   "; %lld of %lld scored positions occur in training",
			   (long long)c->trained_on, (long long)c->scored);
	study_gate_say(j, CUSTODY, whole, (double)NAN, (double)NAN, "%s",
		       text.data);
	buf_release(&text);
}

static const struct study_gate_said *failed_gate(struct study_judgement *j)
{
	for (size_t i = 0; i < j->gate_count; i++) {
		if (!j->gates[i].text)
			j->gates[i].text = mem_strdup("not measured");
		if (!j->gates[i].passed)
			return &j->gates[i];
	}
	return NULL;
}

/* A verdict stands on its gates. */
static void hold_to_gates(struct study_judgement *j)
{
	const struct study_gate_said *g = failed_gate(j);

	if (!j->said)
		study_badge_say(j, STUDY_UNINTERPRETABLE,
				"the study's judge gave no verdict");
	if (!g || j->badge == STUDY_FAILED || j->badge == STUDY_UNINTERPRETABLE)
		return;
	study_badge_say(j,
			j->badge == STUDY_PASSED ? STUDY_FAILED
						 : STUDY_UNINTERPRETABLE,
			"gate %s failed: %s", g->name, g->text);
}

/* A verdict of some rungs says of which. */
static void name_verdict(struct study_judgement *j, const struct study_plan *p)
{
	const char *name = study_badge_name(j->badge);

	free(j->verdict);
	if (p->rungs && j->badge != STUDY_NOT_EVIDENCE)
		j->verdict =
			mem_printf("%s on rung%s %s", name,
				   strchr(p->rungs, ',') ? "s" : "", p->rungs);
	else
		j->verdict = mem_strdup(name);
}

static void hold_to_size(struct study_judgement *j, const struct study_plan *p)
{
	bool smoke = !strcmp(p->size, "smoke");
	char *would;

	if (!smoke && !p->development)
		return;
	would = mem_printf("%s: %s", j->verdict, j->reason.data);
	study_badge_say(j, STUDY_NOT_EVIDENCE,
			"%s say nothing of the question; by the rules it would "
			"read %s",
			smoke ? "figures of smoke size"
			      : "seeds that were used to tune",
			would);
	free(would);
}

void study_judge(const struct study_plan *p, const struct study_figure *figures,
		 size_t count, const struct study_conduct *conduct,
		 struct study_judgement *out)
{
	struct study_measures m = {
		.study = p->study,
		.conf = p->conf,
		.size = p->size,
		.rungs = p->rungs,
		.edition = p->edition,
		.seeds = p->seeds,
		.seed_count = p->seed_count,
		.figures = figures,
		.count = count,
	};

	memset(out, 0, sizeof(*out));
	buf_init(&out->reason);
	list_gates(out, p);
	p->study->judge(&m, out);
	judge_custody(out, conduct);
	hold_to_gates(out);
	name_verdict(out, p);
	hold_to_size(out, p);
	name_verdict(out, p);
}
