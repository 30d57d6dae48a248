/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/answer.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/study/study.h"

const struct study_system study_systems[] = {
	{1, "claim", "an imitator of learners goes on where they were cut"},
	{2, "snapshot", "distilling a snapshot is easy"},
	{3, "ladder", "learning in context, on tasks made for it"},
	{4, "serial", "search and learning written by one sequence model"},
	{5, "fair", "a frozen imitator plays by itself"},
	{6, "pacman", "imitate the kind player, then learn from the score"},
	{7, "updates", "which way the weights are updated"},
	{8, "family", "a family of learners, fitted and run"},
	{9, "own-outputs", "fine-tuning on its own outputs"},
	{10, "context", "context against weights"},
	{11, "tax", "what one step of imitation costs"},
	{12, "horizon", "many copies, shorter times"},
	{13, "operators", "learning without search"},
	{14, "tabula", "nobody has ever played"},
	{15, "forecast", "how far a learner's strength is foreseen"},
	{16, "mixers", "the class of model, at equal state"},
	{17, "written-search", "search as a sequence"},
	{18, "bayes", "the ideal imitator"},
	{19, "bootstrap", "only needed to begin from nothing"},
	{0},
};

const struct study *study_of_system(const struct study_system *s)
{
	for (const struct study *const *k = study_table; *k; k++)
		if (!strcmp((*k)->name, s->study))
			return *k;
	return NULL;
}

const struct study_system *study_system_of(const char *study)
{
	for (const struct study_system *s = study_systems; s->number; s++)
		if (!strcmp(s->study, study))
			return s;
	return NULL;
}

const char *study_question_word(enum study_question q)
{
	static const char *const words[] = {"now", "improves", "elsewhere"};

	return words[q];
}

const char *study_question_text(enum study_question q)
{
	static const char *const texts[] = {
		"does it play like the teacher now?",
		"does it go on improving?",
		"brought to another game, does it become an expert?",
	};

	return texts[q];
}

const char *study_reply_word(enum study_reply r)
{
	static const char *const words[] = {"not asked", "no", "yes"};

	return words[r];
}

bool study_asked(const struct study *s, const char *arm, enum study_question q,
		 struct buf *estimate, double *bound)
{
	for (const struct study_answer *a = s->answers; a && a->arm; a++) {
		const char *star;

		if (a->question != q ||
		    (strcmp(a->arm, "*") && strcmp(a->arm, arm)))
			continue;
		star = strchr(a->estimate, '*');
		if (star)
			buf_printf(estimate, "%.*s%s%s",
				   (int)(star - a->estimate), a->estimate, arm,
				   star + 1);
		else
			buf_puts(estimate, a->estimate);
		*bound = a->bound;
		return true;
	}
	return false;
}

enum study_reply study_reply(double low, double bound)
{
	/* Without an interval nothing is said. */
	if (isnan(low))
		return STUDY_NOT_ASKED;
	return low >= bound ? STUDY_YES : STUDY_NO;
}
