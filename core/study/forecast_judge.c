/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/rate/forecast.h"
#include "core/study/forecast_int.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double HOLDS = 0.75, WIDTH = 100, LEARNS = 50;
/* Of the gate in-family. */
static const double LEAST = 0.65, MOST = 0.95;

/* Intervals of an arm, over lives, seeds and horizons: at one, or all (0). */
static struct forecast_coverage cover(const struct study_measures *m,
				      const char *arm, double times)
{
	struct forecast_interval *all = mem_zalloc(m->count + 1, sizeof(*all));
	struct forecast_coverage c;
	int n = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct study_figure *f = &m->figures[i], *came;
		char name[32];

		if (strcmp(f->arm, arm) || strncmp(f->name, "said/", 5) ||
		    (times > 0 && f->x != times))
			continue;
		snprintf(name, sizeof(name), "came/%s", f->name + 5);
		came = study_figure(m, arm, name, f->seed, f->x);
		/* What is missing makes all of it NAN. */
		if (!came) {
			free(all);
			return forecast_cover(NULL, 0);
		}
		all[n++] = (struct forecast_interval){f->low, f->high,
						      came->value};
	}
	c = forecast_cover(all, n);
	free(all);
	return c;
}

static void say(struct study_judgement *out, const char *kind, const char *arm,
		double times, double value, double low, double high, int64_t n,
		const char *what)
{
	char name[96];

	if (times > 0)
		snprintf(name, sizeof(name), "%s/%s at %gx", kind, arm, times);
	else
		snprintf(name, sizeof(name), "%s/%s", kind, arm);
	study_estimate(out, name, value, low, high, n, what);
}

static struct estimate over_seeds(const struct study_measures *m,
				  const char *arm, const char *name, double x)
{
	double *v = mem_zalloc((size_t)m->seed_count, sizeof(*v));
	struct estimate e;

	study_values(m, arm, name, x, v);
	e = estimate_t(v, m->seed_count, 0.95);
	free(v);
	return e;
}

static void say_arm(const struct study_measures *m, struct study_judgement *out,
		    const char *arm)
{
	struct forecast_coverage c = cover(m, arm, 0);
	char what[96];

	if (!c.count)
		return;
	snprintf(what, sizeof(what),
		 "share of what came inside 80 %% intervals; %d below them, %d "
		 "above",
		 c.below, c.above);
	say(out, "holds", arm, 0, c.share, c.share_low, c.share_high, c.count,
	    what);
	say(out, "width", arm, 0, c.width, (double)NAN, (double)NAN, c.count,
	    "Elo, mean width of these intervals");
	for (int h = 0; h < FORECAST_HORIZONS; h++) {
		double x = forecast_horizons[h].times;
		struct estimate e = over_seeds(m, arm, "crps", x);

		c = cover(m, arm, x);
		say(out, "holds", arm, x, c.share, c.share_low, c.share_high,
		    c.count, "share of what came inside 80 % intervals");
		say(out, "crps", arm, x, e.value, e.low, e.high, e.count,
		    "Elo, continuous ranked probability score, mean over "
		    "seeds");
	}
}

static void judge_gates(const struct study_measures *m,
			struct study_judgement *out)
{
	struct forecast_coverage c = cover(m, "same-kin", 0);
	double least = HUGE_VAL;

	for (int k = 0; forecast_kinds[k]; k++) {
		char arm[32];
		struct estimate e;

		snprintf(arm, sizeof(arm), "%s-curve", forecast_kinds[k]);
		e = over_seeds(m, arm, "headroom", 0);
		/* fmin() forgets what is not a number. */
		least = isnan(e.low)   ? (double)NAN
			: isnan(least) ? least
				       : fmin(least, e.low);
	}
	study_gate_say(out, "learns", least >= LEARNS, least, LEARNS,
		       "the least lower end of a kind is %+.0f Elo", least);
	study_gate_say(out, "in-family", c.share >= LEAST && c.share <= MOST,
		       c.share, LEAST,
		       "%d of %d intervals hold what came, %.0f %%", c.inside,
		       c.count, 100 * c.share);
}

void forecast_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct forecast_coverage c = cover(m, "rule-kin", 0);

	judge_gates(m, out);
	for (int k = 0; forecast_kinds[k]; k++)
		for (int w = 0; forecast_ways[w]; w++) {
			char arm[32];

			snprintf(arm, sizeof(arm), "%s-%s", forecast_kinds[k],
				 forecast_ways[w]);
			say_arm(m, out, arm);
		}
	if (c.share >= HOLDS && c.width < WIDTH)
		study_badge_say(out, STUDY_SUPPORTED,
				"at other rules %.0f %% of what came lies in "
				"intervals %.0f Elo wide",
				100 * c.share, c.width);
	else if (c.share_high < HOLDS)
		study_badge_say(out, STUDY_REFUTED,
				"at other rules only %.0f [%.0f, %.0f] %% of "
				"what came lies in intervals %.0f Elo wide",
				100 * c.share, 100 * c.share_low,
				100 * c.share_high, c.width);
	else
		study_badge_say(out, STUDY_PARTIAL,
				"at other rules %.0f [%.0f, %.0f] %% of what "
				"came lies in intervals %.0f Elo wide",
				100 * c.share, 100 * c.share_low,
				100 * c.share_high, c.width);
}
