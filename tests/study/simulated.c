/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/study/simulated.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/estimate.h"

/* Elo of a match of so many pairs between two that are `elo` apart. */
static double measured(struct rng *r, double elo, int pairs)
{
	double p = stat_score_from_elo(elo), d = 0.2 * fmin(p, 1 - p);
	int outcome[5] = {0};

	for (int i = 0; i < pairs; i++) {
		int points = 0;

		for (int side = 0; side < 2; side++) {
			double u = rng_double(r);

			points += u < p - d / 2 ? 2 : u < p + d / 2;
		}
		outcome[points]++;
	}
	return stat_elo_of_shares(stat_shares_of(outcome, 5)).elo;
}

struct made {
	double top[SIMULATED_SEEDS];
	double elo[SIMULATED_ARMS][SIMULATED_SEEDS];
	struct claim_arm arms[SIMULATED_ARMS];
};

static void make(const struct simulated *s, uint64_t number, struct made *m)
{
	struct rng r;

	rng_init(&r, number, RNG_TEST, 20, (uint64_t)s->seeds);
	for (int k = 0; k < s->arms + s->controls; k++) {
		bool last = k == s->arms + s->controls - 1;

		m->arms[k] = (struct claim_arm){
			.name = k < s->arms ? "arm" : "control",
			.role = k < s->arms ? CLAIM_ARM
				: last      ? CLAIM_SHUFFLED
					    : CLAIM_CONTROL,
			.elo = m->elo[k],
		};
	}
	for (int i = 0; i < s->seeds; i++) {
		double top =
			fmax(50, s->top + s->top_sd * (double)rng_normal(&r));

		m->top[i] = measured(&r, top, s->pairs);
		for (int k = 0; k < s->arms + s->controls; k++) {
			bool last = k == s->arms + s->controls - 1;
			double gamma = k < s->arms ? s->arm
				       : last      ? s->last_control
						   : s->control;

			m->elo[k][i] = measured(
				&r,
				gamma * top + s->sd * (double)rng_normal(&r),
				s->pairs);
		}
	}
}

static bool covers(struct estimate e, double truth)
{
	return e.low <= truth && truth <= e.high;
}

static void add(const struct simulated *s, const struct claim_figures *f,
		const struct claim *c, struct simulated_sum *out)
{
	out->studies++;
	out->badges[c->badge]++;
	out->covered_t += covers(f->t, s->arm);
	out->covered_bca += covers(f->bca, s->arm);
	out->covered_both += f->low <= s->arm && s->arm <= f->high;
	out->below_little += f->high < CLAIM_LITTLE;
	out->width_t += f->t.high - f->t.low;
	out->width_bca += f->bca.high - f->bca.low;
}

void simulated_run(const struct simulated *s, uint64_t first, int count,
		   struct simulated_sum *out)
{
	static const struct claim_gate gate = {"headroom", true};

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < count; i++) {
		struct made m;
		struct claim_figures f[SIMULATED_ARMS];
		struct claim c;

		make(s, first + (uint64_t)i, &m);
		claim_judge(
			&(struct claim_table){
				.seeds = s->seeds,
				.top = m.top,
				.arms = m.arms,
				.arm_count = s->arms + s->controls,
				.gates = &gate,
				.gate_count = 1,
				.draws = {.level = 0.95,
					  .count = s->draws,
					  .seed = first + (uint64_t)i},
			},
			f, &c);
		add(s, &f[0], &c, out);
	}
	out->width_t /= count;
	out->width_bca /= count;
}
