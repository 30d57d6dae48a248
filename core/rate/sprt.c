/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/sprt.h"

#include <math.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/json_scan.h"
#include "core/base/stat.h"

enum { OUTCOMES = 5 };

enum err_code sprt_check(const struct sprt_terms *t, struct err *e)
{
	if (!(t->elo0 < t->elo1 && fabs(t->elo0) <= 1000 &&
	      fabs(t->elo1) <= 1000))
		return err_set(e, ERR_USAGE,
			       "sprt %g,%g: must be two differences in Elo, "
			       "the smaller one first, from -1000 to 1000",
			       t->elo0, t->elo1);
	if (!(t->alpha >= 1e-6 && t->alpha < 0.5 && t->beta >= 1e-6 &&
	      t->beta < 0.5))
		return err_set(e, ERR_USAGE,
			       "alpha %g and beta %g: must be from 0.000001 to "
			       "less than 0.5",
			       t->alpha, t->beta);
	return ERR_OK;
}

void sprt_init(struct sprt *s, const struct sprt_terms *terms)
{
	memset(s, 0, sizeof(*s));
	s->terms = *terms;
	s->lower = log(terms->beta / (1 - terms->alpha));
	s->upper = log((1 - terms->beta) / terms->alpha);
}

/* Share of a pair's points. */
static double score_of(int outcome)
{
	return outcome / (double)(OUTCOMES - 1);
}

/*
 * The most likely chances with mean `mean`, given the shares seen, are
 * share / (1 + x (score - mean)) for the one x where their mean is right: a
 * root of a falling function between the ends where a chance would turn
 * negative.  Newton's steps, halved towards an end where they overshoot.
 */
static double tilt(const double share[OUTCOMES], double mean)
{
	double low = -1 / (1 - mean), high = 1 / mean, x = 0;

	for (int round = 0; round < 100; round++) {
		double value = 0, slope = 0, next;

		for (int i = 0; i < OUTCOMES; i++) {
			double d = score_of(i) - mean;
			double q = d / (1 + x * d);

			value += share[i] * q;
			slope -= share[i] * q * q;
		}
		if (value > 0)
			low = x;
		else
			high = x;
		next = x - value / slope;
		if (!(next > low && next < high))
			next = (low + high) / 2;
		if (fabs(next - x) <= 1e-12 * (1 + fabs(x)))
			return next;
		x = next;
	}
	return x;
}

static double ratio(const struct sprt *s)
{
	double mean0 = stat_score_from_elo(s->terms.elo0);
	double mean1 = stat_score_from_elo(s->terms.elo1);
	double share[OUTCOMES], n = 0, sum = 0, x0, x1;

	for (int i = 0; i < OUTCOMES; i++) {
		share[i] = s->pairs[i] ? s->pairs[i] : 1e-3;
		n += share[i];
	}
	for (int i = 0; i < OUTCOMES; i++)
		share[i] /= n;
	x0 = tilt(share, mean0);
	x1 = tilt(share, mean1);
	for (int i = 0; i < OUTCOMES; i++)
		sum += share[i] * (log1p(x0 * (score_of(i) - mean0)) -
				   log1p(x1 * (score_of(i) - mean1)));
	return n * sum;
}

void sprt_look(struct sprt *s, const int pairs[OUTCOMES], int openings)
{
	if (s->verdict || !memcmp(s->pairs, pairs, sizeof(s->pairs)))
		return;
	memcpy(s->pairs, pairs, sizeof(s->pairs));
	s->llr = ratio(s);
	if (openings < SPRT_LEAST_OPENINGS)
		return;
	if (s->llr >= s->upper)
		s->verdict = SPRT_H1;
	else if (s->llr <= s->lower)
		s->verdict = SPRT_H0;
}

const char *sprt_verdict_name(enum sprt_verdict v)
{
	return v == SPRT_H0 ? "H0" : v == SPRT_H1 ? "H1" : "undecided";
}

void sprt_json(const struct sprt *s, struct json *j)
{
	json_open(j, '{');
	json_key(j, "elo0"), json_double(j, s->terms.elo0);
	json_key(j, "elo1"), json_double(j, s->terms.elo1);
	json_key(j, "alpha"), json_double(j, s->terms.alpha);
	json_key(j, "beta"), json_double(j, s->terms.beta);
	json_key(j, "llr"), json_double(j, s->llr);
	json_key(j, "lower"), json_double(j, s->lower);
	json_key(j, "upper"), json_double(j, s->upper);
	json_key(j, "pairs"), json_open(j, '[');
	for (int i = 0; i < OUTCOMES; i++)
		json_int(j, s->pairs[i]);
	json_close(j, ']');
	json_key(j, "verdict");
	json_string(j, sprt_verdict_name(s->verdict));
	json_close(j, '}');
}

static enum sprt_verdict verdict_of(const char *name)
{
	for (int v = SPRT_H0; v <= SPRT_H1; v++)
		if (!strcmp(name, sprt_verdict_name((enum sprt_verdict)v)))
			return (enum sprt_verdict)v;
	return SPRT_UNDECIDED;
}

bool sprt_read(struct sprt *s, const char *text)
{
	const struct {
		const char *name;
		double *to;
	} numbers[] = {
		{"elo0", &s->terms.elo0},   {"elo1", &s->terms.elo1},
		{"alpha", &s->terms.alpha}, {"beta", &s->terms.beta},
		{"llr", &s->llr},           {"lower", &s->lower},
		{"upper", &s->upper},
	};
	char key[16], name[16] = "";
	struct json_scan scan;

	*s = (struct sprt){
		.terms = {.elo0 = (double)NAN, .elo1 = (double)NAN},
		.llr = (double)NAN,
	};
	json_scan_init(&scan, text);
	json_scan_open(&scan, '{');
	while (json_scan_key(&scan, key, sizeof(key))) {
		size_t i = 0;

		while (i < ARRAY_LEN(numbers) && strcmp(key, numbers[i].name))
			i++;
		if (i < ARRAY_LEN(numbers)) {
			*numbers[i].to = json_scan_number(&scan);
		} else if (!strcmp(key, "pairs")) {
			json_scan_open(&scan, '[');
			for (int k = 0; json_scan_item(&scan); k++) {
				double pairs = json_scan_number(&scan);

				if (k < OUTCOMES && pairs >= 0 && pairs < 1e9)
					s->pairs[k] = (int)pairs;
			}
		} else if (!strcmp(key, "verdict")) {
			json_scan_string(&scan, name, sizeof(name));
		} else {
			json_scan_skip(&scan);
		}
	}
	s->verdict = verdict_of(name);
	return !json_scan_failed(&scan) && isfinite(s->terms.elo0) &&
	       isfinite(s->terms.elo1) && isfinite(s->llr) &&
	       s->lower < s->upper;
}
