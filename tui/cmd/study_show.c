/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/study_show.h"

#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/study/plan.h"
#include "tui/cmd/grid.h"

void study_show_state(const struct study_rows *r, struct buf *out)
{
	if (r->study.verdict)
		buf_puts(out, r->study.verdict);
	else if (!r->done && !r->at_work)
		buf_puts(out, "planned");
	else
		buf_printf(out, "%s%d of %zu trials",
			   r->at_work ? "at work, " : "", r->done,
			   r->trial_count);
}

static void put_interval(struct buf *out, double low, double high)
{
	if (!isnan(low) && !isnan(high))
		buf_printf(out, " [%.4g, %.4g]", low, high);
}

static void text_gates(const struct study_rows *r, struct buf *out)
{
	if (r->gate_count)
		buf_puts(out, "\ngates\n");
	for (size_t i = 0; i < r->gate_count; i++) {
		const struct store_gate *g = &r->gates[i];

		buf_printf(out, "  %-7s %s: %s\n",
			   g->passed < 0    ? "-"
			   : g->passed == 0 ? "FAILED"
					    : "passed",
			   g->name, g->rule);
		if (g->said)
			buf_printf(out, "          %s\n", g->said);
	}
}

static void text_estimates(const struct study_rows *r, struct buf *out)
{
	if (r->estimate_count)
		buf_puts(out, "\nestimates, with 95% intervals\n");
	for (size_t i = 0; i < r->estimate_count; i++) {
		const struct store_estimate *x = &r->estimates[i];

		buf_printf(out, "  %-16s %.4g", x->name, x->value);
		put_interval(out, x->low, x->high);
		buf_printf(out, ", n %lld: %s\n", (long long)x->n, x->what);
	}
}

static void text_verdict(const struct study_rows *r, struct buf *out)
{
	text_gates(r, out);
	text_estimates(r, out);
	if (r->study.verdict)
		buf_printf(out, "\n%s: %s\n", r->study.verdict,
			   r->study.reason ? r->study.reason : "");
}

/* Sums of an arm's trials. */
struct arm_sum {
	int trials, done, idle;
	double seconds, flops;
	int64_t state, games;
	const char *status;
};

static struct arm_sum sum_arm(const struct study_rows *r, int64_t id)
{
	struct arm_sum a = {.flops = (double)NAN, .status = "planned"};

	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		const char *status = study_rows_status(r, t);

		if (t->arm_id != id)
			continue;
		if (study_trial_idle(t)) {
			a.idle++;
			continue;
		}
		a.trials++;
		if (!strcmp(status, "done")) {
			a.done++;
			a.seconds += t->seconds;
			a.games += t->games;
			a.state = t->state_bytes;
			a.flops = t->flops_per_move;
		} else if (strcmp(status, "planned")) {
			a.status = status;
		}
	}
	if (a.done == a.trials)
		a.status = "done";
	return a;
}

/* What the arms are, each whole. */
static void text_what(const struct study_rows *r, struct buf *out)
{
	static const struct grid_column columns[] = {
		{"arm", false, false},
		{"what", false, false},
		{NULL, false, false},
	};
	struct grid g;

	grid_init(&g, columns);
	for (size_t i = 0; i < r->arm_count; i++) {
		grid_add(&g, "%s", r->arms[i].name);
		grid_add(&g, "%s", r->arms[i].config);
	}
	buf_putc(out, '\n');
	grid_write(&g, grid_width(), out);
	grid_release(&g);
}

static void text_arms(const struct study_rows *r, struct buf *out)
{
	static const struct grid_column columns[] = {
		{"arm", false, false},    {"role", false, false},
		{"status", false, false}, {"trials", true, false},
		{"seconds", true, false}, {"state", true, false},
		{"FLOPs", true, false},   {NULL, false, false},
	};
	struct grid g;

	grid_init(&g, columns);
	for (size_t i = 0; i < r->arm_count; i++) {
		const struct store_arm *a = &r->arms[i];
		struct arm_sum s = sum_arm(r, a->id);

		grid_add(&g, "%s", a->name);
		grid_add(&g, "%s", a->role);
		grid_add(&g, "%s", s.status);
		grid_add(&g, "%d/%d", s.done, s.trials);
		grid_add(&g, "%.1f", s.seconds);
		grid_add(&g, "%lld", (long long)s.state);
		if (isnan(s.flops))
			grid_add(&g, "-");
		else
			grid_add(&g, "%.3g", s.flops);
	}
	buf_putc(out, '\n');
	grid_write(&g, grid_width(), out);
	grid_release(&g);
	for (size_t i = 0; i < r->arm_count; i++) {
		int idle = sum_arm(r, r->arms[i].id).idle;

		if (!idle)
			continue;
		buf_printf(out, "%s: ", r->arms[i].name);
		buf_counted(out, idle, "further trial");
		buf_puts(out,
			 " at other seeds, which do nothing by the plan\n");
	}
	text_what(r, out);
}

/* Each kind once. */
static void text_processors(const struct study_rows *r, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < r->trial_count; i++) {
		const char *kind = r->trials[i].processor;
		bool seen = !kind;

		for (size_t k = 0; k < i && !seen; k++)
			seen = r->trials[k].processor &&
			       !strcmp(r->trials[k].processor, kind);
		if (!seen)
			buf_printf(out, "%-12s%s\n", first ? "processor" : "",
				   kind);
		first = first && seen;
	}
}

/* Which programs did the trials. */
static void text_programs(const struct study_rows *r, struct buf *out)
{
	const char *program;
	int count;

	for (int n = 0; (program = study_rows_program(r, n, &count)) != NULL;
	     n++) {
		buf_printf(out, "%-12s%s, ", n ? "" : "program", program);
		buf_counted(out, count, "trial");
		buf_putc(out, '\n');
	}
}

/* How the networks of its arms are called. */
static void text_agents(const struct study_rows *r, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < r->arm_count; i++)
		any = any || r->arms[i].run_id;
	if (!any)
		return;
	buf_printf(out, "%-12spolicy:", "agents");
	study_plan_run(r->study.name, "ARM", out);
	buf_puts(out, "/SEED\n");
}

/* What trials rest on, in the order in which they ran. */
static void text_chain(const struct study_rows *r, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < r->trial_count; i++) {
		const char *line = r->chains[i];

		if (line && !any)
			buf_puts(out, "\nchain of custody\n");
		any = any || line;
		while (line && *line) {
			int len = (int)strcspn(line, "\n");

			buf_printf(out, "  %.*s\n", len, line);
			line += len + (line[len] != '\0');
		}
	}
}

static void text_failures(const struct study_rows *r, struct buf *out)
{
	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		const struct store_arm *a = study_rows_arm(r, t->arm_id);

		if (t->message && a)
			buf_printf(out, "\n%s at seed %llu failed: %s\n",
				   a->name, (unsigned long long)t->seed,
				   t->message);
	}
}

static void text_study(const struct study_rows *r, struct buf *out)
{
	const struct store_study *s = &r->study;
	char date[CLOCK_DATE_SIZE];
	double seconds = 0;

	for (size_t i = 0; i < r->trial_count; i++)
		if (!strcmp(r->trials[i].status, "done"))
			seconds += r->trials[i].seconds;
	clock_date(s->planned_ms, date);
	buf_printf(out, "%s: ", s->name);
	study_show_state(r, out);
	buf_printf(out, "\nquestion    %s\nmetric      %s\nthresholds  %s\n",
		   s->question, s->metric, s->thresholds);
	if (s->frozen)
		buf_printf(out, "frozen      %s\n", s->frozen);
	buf_printf(out, "plan        sha256 %s, %s\n", s->plan_sha256, date);
	buf_printf(out, "trials      %d of %zu done, %.1f processor seconds\n",
		   r->done, r->trial_count, seconds);
	text_processors(r, out);
	text_programs(r, out);
	text_agents(r, out);
	if (r->at_work)
		buf_printf(out, "at work     %s\n",
			   r->job.message ? r->job.message : "-");
	text_arms(r, out);
	text_failures(r, out);
	text_chain(r, out);
	text_verdict(r, out);
}

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_string(j, text);
}

static void key_number(struct json *j, const char *key, double v)
{
	json_key(j, key);
	json_double(j, v);
}

static void key_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

static void json_gates(const struct study_rows *r, struct json *j)
{
	json_key(j, "gates");
	json_open(j, '[');
	for (size_t i = 0; i < r->gate_count; i++) {
		const struct store_gate *g = &r->gates[i];

		json_open(j, '{');
		key_text(j, "name", g->name);
		key_text(j, "rule", g->rule);
		json_key(j, "passed");
		if (g->passed < 0)
			json_null(j);
		else
			json_bool(j, g->passed > 0);
		key_number(j, "value", g->value);
		key_number(j, "bound", g->bound);
		key_text(j, "said", g->said);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_verdict(const struct study_rows *r, struct json *j)
{
	json_gates(r, j);
	json_key(j, "estimates");
	json_open(j, '[');
	for (size_t i = 0; i < r->estimate_count; i++) {
		const struct store_estimate *x = &r->estimates[i];

		json_open(j, '{');
		key_text(j, "name", x->name);
		key_number(j, "value", x->value);
		key_number(j, "low", x->low);
		key_number(j, "high", x->high);
		key_int(j, "n", x->n);
		key_text(j, "what", x->what);
		json_close(j, '}');
	}
	json_close(j, ']');
	key_text(j, "verdict", r->study.verdict);
	key_text(j, "reason", r->study.reason);
}

static void json_arms(const struct study_rows *r, struct json *j)
{
	json_key(j, "arms");
	json_open(j, '[');
	for (size_t i = 0; i < r->arm_count; i++) {
		json_open(j, '{');
		key_text(j, "name", r->arms[i].name);
		key_text(j, "role", r->arms[i].role);
		key_text(j, "what", r->arms[i].config);
		key_text(j, "status", sum_arm(r, r->arms[i].id).status);
		json_key(j, "run_id");
		if (r->arms[i].run_id)
			json_int(j, r->arms[i].run_id);
		else
			json_null(j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_trials(const struct study_rows *r, struct json *j)
{
	json_key(j, "trials");
	json_open(j, '[');
	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		const struct store_arm *a = study_rows_arm(r, t->arm_id);
		bool done = !strcmp(t->status, "done");

		json_open(j, '{');
		key_text(j, "arm", a ? a->name : NULL);
		key_int(j, "seed", (int64_t)t->seed);
		key_text(j, "status", study_rows_status(r, t));
		key_text(j, "message", t->message);
		key_text(j, "plan_sha256", t->plan_sha256);
		key_text(j, "processor", t->processor);
		key_text(j, "program", r->programs[i]);
		key_text(j, "chain", r->chains[i]);
		key_number(j, "seconds", done ? t->seconds : (double)NAN);
		key_int(j, "games", t->games);
		key_int(j, "state_bytes", t->state_bytes);
		key_number(j, "flops_per_move", t->flops_per_move);
		key_int(j, "scored", t->scored);
		key_int(j, "trained_on", t->trained_on);
		key_text(j, "weights_before", t->weights_before);
		key_text(j, "weights_after", t->weights_after);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_figures(const struct study_rows *r, struct json *j)
{
	json_key(j, "figures");
	json_open(j, '[');
	for (size_t i = 0; i < r->figure_count; i++) {
		const struct study_figure *f = &r->figures[i];

		json_open(j, '{');
		key_text(j, "arm", f->arm);
		key_text(j, "name", f->name);
		key_int(j, "seed", (int64_t)f->seed);
		key_number(j, "x", f->x);
		key_number(j, "value", f->value);
		key_number(j, "low", f->low);
		key_number(j, "high", f->high);
		key_int(j, "n", f->n);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_head(const struct study_rows *r, struct json *j)
{
	const struct store_study *s = &r->study;

	key_text(j, "study", s->name);
	key_text(j, "kind", s->kind);
	key_text(j, "size", s->size);
	key_text(j, "question", s->question);
	key_text(j, "plan_sha256", s->plan_sha256);
	key_int(j, "trials_done", r->done);
	key_int(j, "trials_planned", (int64_t)r->trial_count);
	json_key(j, "at_work");
	json_bool(j, r->at_work);
}

void study_show(const struct study_rows *r, bool json, struct buf *out)
{
	struct json j;

	if (!json) {
		text_study(r, out);
		return;
	}
	json_init(&j, out);
	json_open(&j, '{');
	json_head(r, &j);
	key_text(&j, "metric", r->study.metric);
	key_text(&j, "thresholds", r->study.thresholds);
	key_text(&j, "frozen", r->study.frozen);
	key_int(&j, "planned_ms", r->study.planned_ms);
	key_text(&j, "plan", r->study.plan);
	json_verdict(r, &j);
	json_arms(r, &j);
	json_trials(r, &j);
	json_figures(r, &j);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

void study_show_verdict(const struct study_rows *r, bool json, struct buf *out)
{
	struct json j;

	if (!json) {
		buf_printf(out, "%s: %d of %zu trials done, plan sha256 %s\n",
			   r->study.name, r->done, r->trial_count,
			   r->study.plan_sha256);
		text_verdict(r, out);
		return;
	}
	json_init(&j, out);
	json_open(&j, '{');
	json_head(r, &j);
	json_verdict(r, &j);
	json_close(&j, '}');
	buf_putc(out, '\n');
}
