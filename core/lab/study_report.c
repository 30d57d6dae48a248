/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/csv.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/scorecard.h"
#include "core/lab/study_file.h"
#include "core/lab/study_keep.h"
#include "core/lab/study_picture.h"
#include "core/lab/study_series.h"
#include "core/study/answer.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/trial.h"

enum { MOST_COLUMNS = 8, MOST_TABLE = 30, MOST_PICTURES = 32 };

/* Text of a cell: no bar and no line may end it. */
static void cell(struct buf *out, const char *text)
{
	buf_puts(out, " ");
	for (const char *c = text ? text : "-"; *c; c++) {
		if (*c == '|')
			buf_putc(out, '\\');
		buf_putc(out, *c == '\n' ? ' ' : *c);
	}
	buf_puts(out, " |");
}

static void number(struct buf *out, double v)
{
	if (isnan(v))
		buf_puts(out, " - |");
	else
		buf_printf(out, " %.4g |", v);
}

static void head(struct buf *out, const char *titles)
{
	int columns = 0;

	buf_printf(out, "| %s |\n|", titles);
	for (const char *c = titles; *c; c++)
		columns += *c == '|';
	for (int i = 0; i <= columns; i++)
		buf_puts(out, " --- |");
	buf_putc(out, '\n');
}

static void write_top(const struct study_rows *r, struct buf *out)
{
	const struct store_study *s = &r->study;
	char planned[CLOCK_DATE_SIZE], decided[CLOCK_DATE_SIZE];
	double seconds = 0;

	for (size_t i = 0; i < r->trial_count; i++)
		if (!strcmp(r->trials[i].status, "done"))
			seconds += r->trials[i].seconds;
	clock_date(s->planned_ms, planned);
	clock_date(s->decided_ms, decided);
	buf_printf(out, "# %s: %s\n\n%s\n\n", s->name,
		   s->verdict ? s->verdict : "not judged", s->question);
	if (s->reason)
		buf_printf(out, "**%s**: %s\n\n", s->verdict, s->reason);
	buf_printf(out,
		   "Planned %s, judged %s; %d of %zu trials, %.2f processor "
		   "hours.  Plan SHA-256 `%s`.\n\n",
		   planned, decided, r->done, r->trial_count, seconds / 3600,
		   s->plan_sha256);
}

static void write_gates(const struct study_rows *r, struct buf *out)
{
	buf_puts(out, "## Gates\n\n");
	head(out, "gate | held | value | bound | rule | figures");
	for (size_t i = 0; i < r->gate_count; i++) {
		const struct store_gate *g = &r->gates[i];

		buf_puts(out, "|");
		cell(out, g->name);
		cell(out, g->passed < 0    ? "-"
			  : g->passed == 0 ? "**failed**"
					   : "passed");
		number(out, g->value);
		number(out, g->bound);
		cell(out, g->rule);
		cell(out, g->said);
		buf_putc(out, '\n');
	}
	if (!r->estimate_count)
		return;
	buf_puts(out, "\n## Estimates\n\n");
	head(out, "estimate | value | low | high | n | what");
	for (size_t i = 0; i < r->estimate_count; i++) {
		const struct store_estimate *x = &r->estimates[i];

		buf_puts(out, "|");
		cell(out, x->name);
		number(out, x->value);
		number(out, x->low);
		number(out, x->high);
		buf_printf(out, " %lld |", (long long)x->n);
		cell(out, x->what);
		buf_putc(out, '\n');
	}
	buf_puts(out, "\nLow and high: 95 % intervals.\n");
}

static void write_arms(const struct study_rows *r, struct buf *out)
{
	buf_puts(out, "\n## Arms\n\n");
	head(out, "arm | role | what | trials | seconds | state bytes | "
		  "FLOPs a move | games");
	for (size_t i = 0; i < r->arm_count; i++) {
		const struct store_arm *a = &r->arms[i];
		double seconds = 0, flops = (double)NAN;
		int64_t state = 0, games = 0;
		int done = 0;

		for (size_t k = 0; k < r->trial_count; k++) {
			const struct store_trial *t = &r->trials[k];

			if (t->arm_id != a->id || strcmp(t->status, "done") ||
			    study_trial_idle(t))
				continue;
			done++;
			seconds += t->seconds;
			games += t->games;
			state = t->state_bytes;
			flops = t->flops_per_move;
		}
		buf_puts(out, "|");
		cell(out, a->name);
		cell(out, a->role);
		cell(out, a->config);
		buf_printf(out, " %d | %.1f | %lld |", done, seconds,
			   (long long)state);
		number(out, flops);
		buf_printf(out, " %lld |\n", (long long)games);
	}
}

/* Three questions to every arm, where the study answers any. */
static void write_answers(const struct study_rows *r, struct buf *out)
{
	const struct study *s;
	struct err e = ERR_INIT;

	if (study_find(r->study.kind ? r->study.kind : "", &s, &e) ||
	    !s->answers || !r->estimate_count)
		return;
	buf_puts(out, "\n## Three questions\n\n");
	for (int q = 0; q < STUDY_QUESTIONS; q++)
		buf_printf(out, "- %s: %s\n",
			   study_question_word((enum study_question)q),
			   study_question_text((enum study_question)q));
	buf_putc(out, '\n');
	head(out, "arm | role | now | improves | elsewhere");
	for (size_t i = 0; i < r->arm_count; i++) {
		buf_puts(out, "|");
		cell(out, r->arms[i].name);
		cell(out, r->arms[i].role);
		for (int q = 0; q < STUDY_QUESTIONS; q++) {
			struct score_cell c;
			struct buf text;

			score_answer(s, r->arms[i].name, (enum study_question)q,
				     r->estimates, r->estimate_count, &c);
			buf_init(&text);
			score_cell_text(&c, 0, &text);
			cell(out, text.data);
			buf_release(&text);
		}
		buf_putc(out, '\n');
	}
}

static bool same_base(const char *a, const char *b)
{
	size_t n = study_base(a);

	return study_base(b) == n && !strncmp(a, b, n);
}

/* A row for each arm and part; of a long curve the columns are spread over its
 * x. */
static void write_table(const struct study_panels *p, size_t from, size_t to,
			struct buf *out)
{
	const struct study_series *longest = &p->series[from];
	size_t columns;

	for (size_t i = from; i < to; i++)
		if (p->series[i].count > longest->count)
			longest = &p->series[i];
	columns = longest->count < MOST_COLUMNS ? longest->count : MOST_COLUMNS;
	buf_puts(out, "| figure | arm |");
	for (size_t c = 0; c < columns; c++)
		buf_printf(
			out, " %.5g |",
			longest->points[columns < 2 ? 0
						    : c * (longest->count - 1) /
							      (columns - 1)]
				.x);
	buf_puts(out, "\n| --- | --- |");
	for (size_t c = 0; c < columns; c++)
		buf_puts(out, " --- |");
	buf_putc(out, '\n');
	for (size_t i = from; i < to; i++) {
		const struct study_series *s = &p->series[i];

		buf_puts(out, "|");
		cell(out, s->name);
		cell(out, s->arm);
		for (size_t c = 0; c < columns; c++) {
			double x = longest->points
					   [columns < 2
						    ? 0
						    : c * (longest->count - 1) /
							      (columns - 1)]
						   .x;
			double v = (double)NAN;

			for (size_t k = 0; k < s->count; k++)
				if (s->points[k].x == x)
					v = s->points[k].mean;
			number(out, v);
		}
		buf_putc(out, '\n');
	}
}

/* Tables of a figure; one of many parts is for the plot and the CSV. */
static void write_tables(const struct study_panels *p, size_t from, size_t to,
			 struct buf *out)
{
	bool by_family = study_by_family(p, p->series[from].name);

	if (to - from > MOST_TABLE &&
	    p->series[from].name[study_base(p->series[from].name)] == '/') {
		buf_printf(out, "%zu curves: figures.csv has them.\n",
			   to - from);
		return;
	}
	while (from < to) {
		size_t n = study_panel(p, from, by_family);

		write_table(p, from, from + n, out);
		from += n;
		if (from < to)
			buf_putc(out, '\n');
	}
}

static void write_figures(const struct study_rows *r, struct buf *out)
{
	struct study_panels p;

	study_panels_make(&p, r);
	if (p.count)
		buf_puts(out, "\n## Figures\n\nMeans over seeds; the plots "
			      "show the least and the most too.\n");
	for (size_t i = 0; i < p.count;) {
		const char *name = p.series[i].name;
		size_t n = i + 1;

		while (n < p.count && same_base(p.series[n].name, name))
			n++;
		buf_printf(out, "\n![%.*s](%.*s.svg)\n\n",
			   (int)study_base(name), name, (int)study_base(name),
			   name);
		write_tables(&p, i, n, out);
		i = n;
	}
	study_panels_release(&p);
}

/* Pictures have no names: they are numbered. */
static char *picture_name(int i)
{
	return mem_printf("picture-%d.svg", i + 1);
}

static void see(const struct study_rows *r, struct study_drawings *out)
{
	study_drawings_make(out, &(struct study_seen){
					 .study = &r->study,
					 .arms = r->arms,
					 .arm_count = r->arm_count,
					 .estimates = r->estimates,
					 .estimate_count = r->estimate_count,
					 .figures = r->figures,
					 .figure_count = r->figure_count,
				 });
}

static void write_pictures(const struct study_rows *r, struct buf *out)
{
	struct study_drawings d;

	see(r, &d);
	if (d.count)
		buf_puts(out, "\n## Pictures\n");
	for (int i = 0; i < d.count; i++) {
		const struct study_picture *p = d.all[i].picture;
		char *name = picture_name(i);

		buf_printf(out, "\n%s (%s).\n\n![%s](%s)\n", p->title, p->unit,
			   p->title, name);
		free(name);
	}
	study_drawings_release(&d);
}

static void short_hash(struct buf *out, const char *hash)
{
	if (hash)
		buf_printf(out, " `%.12s` |", hash);
	else
		buf_puts(out, " - |");
}

static void write_trials(const struct study_rows *r, struct buf *out)
{
	const char *program;
	int count;

	buf_puts(out, "\n## Trials\n\n");
	for (int n = 0; (program = study_rows_program(r, n, &count)) != NULL;
	     n++)
		buf_printf(out, "%d of %d done by `%s`\n%s", count, r->done,
			   program,
			   study_rows_program(r, n + 1, &count) ? "" : "\n");
	head(out,
	     "arm | seed | status | seconds | processor | weights before | "
	     "after | scored | of them in training");
	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		const struct store_arm *a = study_rows_arm(r, t->arm_id);
		bool done = !strcmp(t->status, "done");

		buf_puts(out, "|");
		cell(out, a ? a->name : NULL);
		buf_printf(out, " %llu |", (unsigned long long)t->seed);
		cell(out, study_rows_status(r, t));
		number(out, done ? t->seconds : (double)NAN);
		cell(out, t->processor);
		short_hash(out, t->weights_before);
		short_hash(out, t->weights_after);
		buf_printf(out, " %lld | %lld |\n", (long long)t->scored,
			   (long long)t->trained_on);
	}
}

/* Ledgers and hashes of what was kept, trial by trial. */
static void write_kept(struct store *s, const struct study_rows *r,
		       struct buf *out)
{
	struct buf ledger, kept;

	buf_init(&ledger);
	buf_init(&kept);
	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		const struct store_arm *a = study_rows_arm(r, t->arm_id);
		unsigned long long seed = t->seed;
		struct store_bag bag = {0};
		struct store_ledger *l;
		struct store_kept *k;
		size_t n;

		if (a && !store_ledger_list(s, &bag, t->id, &l, &n))
			for (size_t j = 0; j < n; j++)
				buf_printf(&ledger,
					   "| %s | %llu | %s | %s | %.4g |\n",
					   a->name, seed, l[j].block, l[j].loss,
					   l[j].norm);
		if (a && !store_kept_list(s, &bag, t->id, &k, &n))
			for (size_t j = 0; j < n; j++)
				if (strcmp(k[j].name, STUDY_PROGRAM))
					buf_printf(&kept,
						   "| %s | %llu | %s | %lld | "
						   "`%s` "
						   "|\n",
						   a->name, seed, k[j].name,
						   (long long)k[j].bytes,
						   k[j].sha256);
		store_bag_release(&bag);
	}
	if (ledger.len) {
		buf_puts(out, "\n## Ledger\n\nWhich loss moved which weights, "
			      "and how far.\n\n");
		head(out, "arm | seed | block | loss | norm");
		buf_puts(out, ledger.data);
	}
	if (kept.len) {
		buf_puts(out, "\n## What trials kept\n\n");
		head(out, "arm | seed | name | bytes | SHA-256");
		buf_puts(out, kept.data);
	}
	buf_release(&ledger);
	buf_release(&kept);
}

static void write_chain(const struct study_rows *r, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < r->trial_count; i++) {
		if (!r->chains[i])
			continue;
		if (!any)
			buf_puts(out, "\n## Chain of custody\n\n```\n");
		any = true;
		buf_puts(out, r->chains[i]);
	}
	if (any)
		buf_puts(out, "```\n");
}

static void write_commands(const struct study_rows *r, struct buf *out)
{
	const struct store_study *s = &r->study;
	struct buf build;

	buf_init(&build);
	lab_build(&build);
	buf_printf(out,
		   "\n## Again\n\n    plyscope study import study.plyscope\n"
		   "    plyscope study show %s\n"
		   "    plyscope study run %s --as again\n\n"
		   "The last runs the plan below anew, with its settings and "
		   "seeds.  Written by %s.\n",
		   s->name, s->name, build.data);
	if (r->job.command)
		buf_printf(out, "\nIts last trials were run by\n\n    %s\n",
			   r->job.command);
	buf_printf(out, "\n## Plan\n\n```text\n%s```\n", s->plan);
	buf_release(&build);
}

void study_report_text(struct store *s, const struct study_rows *r,
		       struct buf *out)
{
	write_top(r, out);
	write_gates(r, out);
	write_pictures(r, out);
	write_answers(r, out);
	write_arms(r, out);
	write_figures(r, out);
	write_trials(r, out);
	write_chain(r, out);
	write_kept(s, r, out);
	write_commands(r, out);
}

void study_report_csv(const struct study_rows *r, struct buf *out)
{
	buf_puts(out, "study,arm,figure,seed,x,value,low,high,n\n");
	for (size_t i = 0; i < r->figure_count; i++) {
		const struct study_figure *f = &r->figures[i];

		csv_text(out, r->study.name);
		buf_putc(out, ',');
		csv_text(out, f->arm);
		buf_putc(out, ',');
		csv_text(out, f->name);
		buf_printf(out, ",%llu", (unsigned long long)f->seed);
		csv_number(out, f->x);
		csv_number(out, f->value);
		csv_number(out, f->low);
		csv_number(out, f->high);
		buf_printf(out, ",%lld\n", (long long)f->n);
	}
}

static enum err_code write_file(const char *folder, const char *name,
				const struct buf *data, struct err *e)
{
	char *path = mem_printf("%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	bool good = f && fwrite(data->data, 1, data->len, f) == data->len;
	enum err_code rc = ERR_OK;

	if (f && fclose(f))
		good = false;
	if (!good)
		rc = err_set(e, ERR_IO, "cannot write %s: %s", path,
			     strerror(errno ? errno : EIO));
	free(path);
	return rc;
}

/* A name of a figure is the name of a file: letters and what is harmless. */
static char *plot_name(const char *name)
{
	char *file = mem_printf("%.*s.svg", (int)study_base(name), name);

	for (char *c = file; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\\')
			*c = '_';
	if (*file == '.')
		*file = '_';
	return file;
}

static enum err_code write_plots(const struct study_rows *r, const char *folder,
				 struct err *e)
{
	enum err_code rc = ERR_OK;
	struct study_panels p;

	study_panels_make(&p, r);
	for (size_t i = 0; i < p.count && !rc; i++) {
		char *name;
		struct buf svg;

		if (i && same_base(p.series[i].name, p.series[i - 1].name))
			continue;
		buf_init(&svg);
		name = plot_name(p.series[i].name);
		study_plot(&p, p.series[i].name, &svg);
		rc = write_file(folder, name, &svg, e);
		free(name);
		buf_release(&svg);
	}
	study_panels_release(&p);
	return rc;
}

static enum err_code draw_pictures(const struct study_rows *r,
				   const char *folder, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct study_drawings d;

	see(r, &d);
	for (int i = 0; i < d.count && !rc; i++) {
		char *name = picture_name(i);
		struct buf svg;

		buf_init(&svg);
		study_drawing_svg(&d.all[i], &svg);
		rc = write_file(folder, name, &svg, e);
		free(name);
		buf_release(&svg);
	}
	study_drawings_release(&d);
	return rc;
}

static enum err_code write_all(struct lab *lab, const struct study_rows *r,
			       size_t most_blob, const char *folder,
			       struct err *e)
{
	enum err_code rc;
	struct buf out;

	buf_init(&out);
	study_report_text(lab_store(lab), r, &out);
	rc = write_file(folder, "report.md", &out, e);
	buf_clear(&out);
	study_report_csv(r, &out);
	if (!rc)
		rc = write_file(folder, "figures.csv", &out, e);
	buf_clear(&out);
	if (!rc)
		rc = study_file_write(lab, r, most_blob, &out, e);
	if (!rc)
		rc = write_file(folder, "study.plyscope", &out, e);
	buf_release(&out);
	if (!rc)
		rc = draw_pictures(r, folder, e);
	return rc ? rc : write_plots(r, folder, e);
}

/* What was written so far goes with the folder. */
static void remove_folder(const char *folder, const struct study_rows *r)
{
	static const char *const files[] = {"report.md", "figures.csv",
					    "study.plyscope"};
	char *path;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		path = mem_printf("%s/%s", folder, files[i]);
		unlink(path);
		free(path);
	}
	for (int i = 0; i < MOST_PICTURES; i++) {
		char *name = picture_name(i);

		path = mem_printf("%s/%s", folder, name);
		unlink(path);
		free(path);
		free(name);
	}
	for (size_t i = 0; i < r->figure_count; i++) {
		char *name = plot_name(r->figures[i].name);

		path = mem_printf("%s/%s", folder, name);
		unlink(path);
		free(path);
		free(name);
	}
	rmdir(folder);
}

enum err_code study_report(struct lab *lab, const struct study_rows *r,
			   size_t most_blob, const char *folder, struct err *e)
{
	char *fresh = mem_printf("%s.new-%ld", folder, (long)getpid());
	enum err_code rc = ERR_OK;

	if (!access(folder, F_OK))
		rc = err_set(e, ERR_USAGE,
			     "%s is there already: remove it or choose another "
			     "name",
			     folder);
	else if (mkdir(fresh, 0777))
		rc = err_set(e, ERR_IO, "cannot make %s: %s", folder,
			     strerror(errno));
	if (!rc) {
		rc = write_all(lab, r, most_blob, fresh, e);
		if (!rc && rename(fresh, folder))
			rc = err_set(e, ERR_IO, "cannot make %s: %s", folder,
				     strerror(errno));
		if (rc)
			remove_folder(fresh, r);
	}
	free(fresh);
	return rc;
}
