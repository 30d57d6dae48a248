/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ladder.h"

#include <stddef.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/study/plan.h"
#include "core/study/source.h"
#include "core/study/study.h"

/* Sizes are those of a prototype.  Rows, tasks and cuts were tuned on one
 * development seed, a few tries each. */
const struct ladder_rung ladder_bandit = {
	.name = "p0",
	.network = "transformer:width=32,layers=2,heads=4,ff=4,context=200",
	.rows = 200,
	.sequences = 64,
	.shard = 16,
	.rate = 3e-3f,
	.warmup = 50,
	.rows_conf = offsetof(struct ladder_conf, bandit),
	.tasks = 20000,
	.lives = 1,
	.episodes = 200,
	.test_tasks = 1024,
	.lanes = 1024,
	.roll = 200,
	.early = 20,
	.late = 50,
	.temperature = {1, 0.5f, -1},
	.counted = LADDER_LOST,
};

const struct ladder_rung ladder_room = {
	.name = "p1",
	.network = "transformer:width=64,layers=2,heads=4,ff=4,context=160",
	.rows = 160,
	.sequences = 24,
	.shard = 6,
	.rate = 2e-3f,
	.warmup = 100,
	.rows_conf = offsetof(struct ladder_conf, room),
	.tasks = 64,
	.lives = 100,
	.episodes = 220,
	.test_tasks = 16,
	.lanes = 160,
	.roll = 60,
	.early = 1,
	.late = 11,
	.temperature = {1, 0.8f, 0.5f, -1},
	.relative = true,
};

const struct ladder_rung ladder_keydoor = {
	.name = "p2",
	.network = "transformer:width=64,layers=4,heads=4,ff=4,context=200,"
		   "ngram=1,ngram_ids=2",
	.rows = 200,
	.sequences = 32,
	.shard = 8,
	.rate = 1e-3f,
	.warmup = 100,
	.rows_conf = offsetof(struct ladder_conf, keydoor),
	.tasks = 6233, /* 95 of 100 */
	.lives = 1,
	.episodes = 220,
	.test_tasks = 128,
	.lanes = 128,
	.roll = 40,
	.early = 1,
	.late = 10,
	.temperature = {1, 0.5f, -1},
};

const struct ladder_rung ladder_rules = {
	.name = "p3",
	.network = "transformer:width=64,layers=2,heads=4,ff=4,context=128",
	.rows = 128,
	.sequences = 24,
	.shard = 6,
	.rate = 2e-3f,
	.warmup = 50,
	.rows_conf = offsetof(struct ladder_conf, rules),
	.tasks = 100,
	.lives = 80,
	.episodes = 80,
	.test_tasks = 26,
	.lanes = 1040,
	.roll = 28,
	.early = 2,
	.late = 8,
	.temperature = {1, 0.5f, -1},
	.counted = LADDER_GAINED,
};

/* The expert's noise falls to a half: what beats it has taken noise away. */
const struct ladder_rung ladder_noisy = {
	.name = "p4a",
	.network = "transformer:width=64,layers=2,heads=4,ff=4,context=160",
	.rows = 160,
	.sequences = 24,
	.shard = 6,
	.rate = 2e-3f,
	.warmup = 100,
	.rows_conf = offsetof(struct ladder_conf, noisy),
	.tasks = 64,
	.lives = 100,
	.episodes = 220,
	.test_tasks = 16,
	.lanes = 160,
	.roll = 60,
	.early = 1,
	.late = 11,
	.temperature = {1, 0.5f, 0, -1},
	.relative = true,
};

const struct ladder_rung ladder_code = {
	.name = "p4",
	.network = "transformer:width=64,layers=2,heads=4,ff=4,context=128",
	.rows = 128,
	.sequences = 24,
	.shard = 6,
	.rate = 2e-3f,
	.warmup = 50,
	.rows_conf = offsetof(struct ladder_conf, code),
	.tasks = 30000,
	.lives = 1,
	.episodes = 220,
	.cut_strength = 0.5f,
	.test_tasks = 256,
	.lanes = 256,
	.roll = 60,
	.prime = 16,
	.early = 5,
	.late = 11,
	.temperature = {1, 0.8f, 0.6f, 0.4f},
};

const struct ladder_rung ladder_early = {
	.name = "p4b",
	.network = "transformer:width=64,layers=2,heads=4,ff=4,context=48",
	.rows = 48,
	.sequences = 64,
	.shard = 16,
	.rate = 2e-3f,
	.warmup = 50,
	.rows_conf = offsetof(struct ladder_conf, early),
	.tasks = 100,
	.lives = 80,
	.episodes = 80,
	.cut_episodes = 10,
	.test_tasks = 26,
	.lanes = 1040,
	.roll = 30,
	.prime = 10,
	.early = 4,
	.late = 10,
	.temperature = {1, 0.5f, -1},
	.counted = LADDER_GAINED,
};

const struct ladder_rung ladder_regression = {
	.name = "p4c",
	.network = "transformer:width=64,layers=4,heads=4,ff=4,context=64,"
		   "position=rotary",
	.rows = 16,
	.sequences = 192,
	.shard = 48,
	.rate = 1e-3f,
	.warmup = 100,
	.rows_conf = offsetof(struct ladder_conf, regression),
	.tasks = 20000,
	.lives = 1,
	.episodes = 64,
	.cut_episodes = 16,
	.test_tasks = 512,
	.lanes = 512,
	.roll = 48,
	.prime = 16,
	.early = 8,
	.late = 16,
	.beside = &source_ridge,
	.temperature = {1, 0, -1},
};

const struct ladder_arm ladder_arms[] = {
	{.name = "p0-shuffled",
	 .rung = &ladder_bandit,
	 .source = &source_thompson,
	 .window = {.mixed = true}},
	{.name = "p0-expert",
	 .rung = &ladder_bandit,
	 .source = &source_best_arm},
	{.name = "p0-last",
	 .rung = &ladder_bandit,
	 .source = &source_thompson,
	 .window = {.last = 100}},
	{.name = "p0-full",
	 .rung = &ladder_bandit,
	 .source = &source_thompson,
	 .against = {"p0-shuffled", "p0-expert", "p0-last"}},

	{.name = "p1-shuffled",
	 .rung = &ladder_room,
	 .source = &source_room_q,
	 .window = {.shuffled = true, .from_middle = true}},
	{.name = "p1-mixed",
	 .rung = &ladder_room,
	 .source = &source_room_q,
	 .window = {.mixed = true}},
	{.name = "p1-expert",
	 .rung = &ladder_room,
	 .source = &source_room_expert},
	{.name = "p1-full",
	 .rung = &ladder_room,
	 .source = &source_room_q,
	 .window = {.strides = {8, 16, 31}, .from_middle = true},
	 .against = {"p1-shuffled", "p1-mixed", "p1-expert"}},

	{.name = "p3-shuffled",
	 .rung = &ladder_rules,
	 .source = &source_credit,
	 .window = {.mixed = true}},
	{.name = "p3-last",
	 .rung = &ladder_rules,
	 .source = &source_credit,
	 .window = {.last = 30}},
	{.name = "p3-full",
	 .rung = &ladder_rules,
	 .source = &source_credit,
	 .window = {.strides = {1, 2}, .from_middle = true},
	 .against = {"p3-shuffled", "p3-last"}},

	{.name = "p4-frozen",
	 .rung = &ladder_code,
	 .source = &source_latch,
	 .shown = LADDER_FROZEN},
	{.name = "p4-shuffled",
	 .rung = &ladder_code,
	 .source = &source_latch,
	 .shown = LADDER_CUT,
	 .window = {.mixed = true}},
	{.name = "p4-last",
	 .rung = &ladder_code,
	 .source = &source_latch,
	 .shown = LADDER_CUT,
	 .window = {.last = 16}},
	{.name = "p4-whole",
	 .rung = &ladder_code,
	 .source = &source_latch,
	 .window = {.from_middle = true}},
	{.name = "p4-cut",
	 .rung = &ladder_code,
	 .source = &source_latch,
	 .shown = LADDER_CUT,
	 .window = {.from_middle = true},
	 .against = {"p4-frozen", "p4-shuffled", "p4-last"}},

	{.name = "p4a-last",
	 .rung = &ladder_noisy,
	 .source = &source_room_noisy,
	 .window = {.last = 20, .from_middle = true}},
	{.name = "p4a-noise",
	 .rung = &ladder_noisy,
	 .source = &source_room_noisy,
	 .window = {.strides = {8, 16, 31}, .from_middle = true},
	 .against = {"p4a-last"}},

	{.name = "p4b-shuffled",
	 .rung = &ladder_early,
	 .source = &source_credit,
	 .shown = LADDER_CUT,
	 .window = {.mixed = true}},
	{.name = "p4b-cut",
	 .rung = &ladder_early,
	 .source = &source_credit,
	 .shown = LADDER_CUT,
	 .window = {.strides = {1}},
	 .against = {"p4b-shuffled"}},

	{.name = "p4c-shuffled",
	 .rung = &ladder_regression,
	 .source = &source_sgd,
	 .shown = LADDER_CUT,
	 .window = {.mixed = true}},
	{.name = "p4c-cut",
	 .rung = &ladder_regression,
	 .source = &source_sgd,
	 .shown = LADDER_CUT,
	 .against = {"p4c-shuffled"}},

	{.name = "p2-full",
	 .rung = &ladder_keydoor,
	 .source = &source_keydoor_q,
	 .window = {.strides = {8, 16, 31}, .from_middle = true}},
	{.name = NULL},
};

const struct ladder_arm *ladder_arm_find(const char *name)
{
	const struct ladder_arm *a = ladder_arms;

	while (a->name && strcmp(a->name, name))
		a++;
	return a->name ? a : NULL;
}

static void format_rung(const struct ladder_rung *g, struct buf *out)
{
	buf_printf(out,
		   "rung %s: %s; batches of %d sequences of %d rows, rate %g "
		   "after %d steps; %d tasks of %d lives of %d episodes, ",
		   g->name, g->network, g->sequences, g->rows, (double)g->rate,
		   g->warmup, g->tasks, g->lives, g->episodes);
	if (g->cut_episodes)
		buf_printf(out, "cut after %d; ", g->cut_episodes);
	else if (g->cut_strength > 0)
		buf_printf(out, "cut at a strength of %g over %d episodes; ",
			   (double)g->cut_strength, LADDER_CUT_OVER);
	buf_printf(out,
		   "%d lanes of %d unseen tasks, %d episodes after %d read, "
		   "the first %d against the last %d; temperatures",
		   g->lanes, g->test_tasks, g->roll, g->prime, g->early,
		   g->late);
	for (int i = 0; i < LADDER_TEMPERATURES && g->temperature[i] >= 0; i++)
		buf_printf(out, " %g", (double)g->temperature[i]);
	buf_puts(out, "\n");
}

static void format_arm(const struct ladder_arm *a, struct buf *out)
{
	static const char *const shown[] = {"whole lives", "cut lives",
					    "frozen snapshots"};
	const struct histories_window *w = &a->window;

	buf_printf(out, "shown %s: %s of %s", a->name, shown[a->shown],
		   a->source->name);
	for (int i = 0; i < 4 && w->strides[i]; i++)
		buf_printf(out, "%s%d", i ? ", " : "; strides ", w->strides[i]);
	if (w->last)
		buf_printf(out, "; the last %d", w->last);
	buf_printf(out, "%s%s%s\n", w->from_middle ? "; from anywhere" : "",
		   w->shuffled ? "; these in any order" : "",
		   w->mixed ? "; any of a life in any order" : "");
}

void ladder_arms_format(const struct study_plan *p, struct buf *out)
{
	const struct ladder_rung *last = NULL;

	for (const struct ladder_arm *a = ladder_arms; a->name; a++) {
		if (!study_plan_asks(p, a->name))
			continue;
		if (a->rung != last)
			format_rung(a->rung, out);
		last = a->rung;
		format_arm(a, out);
	}
}
