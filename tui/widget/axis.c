/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/axis.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"

/* Steps of a duration axis that a clock face would use, in seconds. */
static const double durations[] = {
	1,
	2,
	5,
	10,
	15,
	30,
	60,
	120,
	300,
	600,
	900,
	1800,
	3600,
	7200,
	3 * 3600.0,
	6 * 3600.0,
	12 * 3600.0,
	24 * 3600.0,
	2 * 24 * 3600.0,
};

/* Rounding must not lose a tick that stands on the end of the range. */
static bool inside(double v, double low, double high)
{
	double slack = (high - low) * 1e-9;

	return v >= low - slack && v <= high + slack;
}

static int ticks_of_step(double low, double high, double step)
{
	double first = ceil(low / step - 1e-9),
	       last = floor(high / step + 1e-9);

	return last < first         ? 0
	       : last - first > 1e6 ? 1000000
				    : (int)(last - first) + 1;
}

/* The finest of 1, 2, 5 times a power of ten with at most `most` ticks. */
static double round_step(double low, double high, int most)
{
	static const double mantissa[] = {1, 2, 5};
	double decade = pow(10, floor(log10((high - low) / most)) - 1);

	for (;; decade *= 10) {
		for (size_t i = 0; i < ARRAY_LEN(mantissa); i++) {
			double step = mantissa[i] * decade;

			if (ticks_of_step(low, high, step) <= most)
				return step;
		}
	}
}

static double time_step(double low, double high, int most)
{
	const double day = 24 * 3600;

	for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
		if (ticks_of_step(low, high, durations[i]) <= most)
			return durations[i];
	}
	return day * fmax(2, round_step(low / day, high / day, most));
}

/* Drop the zeros that say nothing: "1.50" is 1.5, "2.0" is 2. */
static void trim_zeros(char *text)
{
	char *end = text + strlen(text);

	if (!strchr(text, '.') || strchr(text, 'e'))
		return;
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
}

/* "1e-05" is 1e-5. */
static void format_exponent(double v, char out[AXIS_LABEL_SIZE], int digits)
{
	char text[40], *e;

	snprintf(text, sizeof(text), "%.*e", digits, v);
	e = strchr(text, 'e');
	if (!e) {
		snprintf(out, AXIS_LABEL_SIZE, "%s", "-");
		return;
	}
	*e = '\0';
	trim_zeros(text);
	snprintf(out, AXIS_LABEL_SIZE, "%.9se%d", text,
		 (int)strtol(e + 1, NULL, 10) % 1000);
}

/* A tick: as many decimals as its step needs, thousands as k and M. */
static void format_tick(double v, double step, double largest,
			char out[AXIS_LABEL_SIZE])
{
	const char *unit = "";
	double scale = 1;
	int decimals;
	char text[64];

	if (largest >= 1e15 || (largest > 0 && largest < 1e-3)) {
		if (fabs(v) < step / 2)
			snprintf(out, AXIS_LABEL_SIZE, "0");
		else
			format_exponent(v, out, 2);
		return;
	}
	if (largest >= 1e12)
		scale = 1e12, unit = "T";
	else if (largest >= 1e9)
		scale = 1e9, unit = "G";
	else if (largest >= 1e6)
		scale = 1e6, unit = "M";
	else if (largest >= 1e4)
		scale = 1e3, unit = "k";
	decimals = (int)fmin(fmax(0, -floor(log10(step / scale) + 1e-9)), 9);
	v /= scale;
	if (fabs(v) < step / scale / 2)
		v = 0, unit = ""; /* no "-0.0", no "0k" */
	snprintf(text, sizeof(text), "%.*f", decimals, v);
	trim_zeros(text);
	snprintf(out, AXIS_LABEL_SIZE, "%.13s%s", text, unit);
}

static void format_seconds(double v, char out[AXIS_LABEL_SIZE])
{
	char text[64];
	const char *sign = v < 0 ? "-" : "";
	long s = lround(fmin(fabs(v), 1e9)), m = s / 60, h = m / 60, d = h / 24;

	s %= 60;
	m %= 60;
	h %= 24;
	if (d && h)
		snprintf(text, sizeof(text), "%s%ldd%02ldh", sign, d, h);
	else if (d)
		snprintf(text, sizeof(text), "%s%ldd", sign, d);
	else if (h && m)
		snprintf(text, sizeof(text), "%s%ldh%02ldm", sign, h, m);
	else if (h)
		snprintf(text, sizeof(text), "%s%ldh", sign, h);
	else if (m && s)
		snprintf(text, sizeof(text), "%s%ldm%02lds", sign, m, s);
	else if (m)
		snprintf(text, sizeof(text), "%s%ldm", sign, m);
	else
		snprintf(text, sizeof(text), "%s%lds", sign, s);
	snprintf(out, AXIS_LABEL_SIZE, "%.15s", text);
}

static void add_tick(struct axis_ticks *t, double at, const char *label)
{
	int width = (int)strlen(label);

	if (t->count == AXIS_MAX_TICKS)
		return;
	t->at[t->count] = at;
	snprintf(t->label[t->count], AXIS_LABEL_SIZE, "%s", label);
	t->count++;
	if (width > t->width)
		t->width = width;
}

/* A log axis counts in its own powers of ten, each with its own unit. */
static void add_log_tick(struct axis_ticks *t, double v)
{
	char label[AXIS_LABEL_SIZE];

	if (v < 9.99e-4)
		format_exponent(v, label, 0);
	else
		format_tick(v, pow(10, floor(log10(v) + 1e-9)), v, label);
	add_tick(t, v, label);
}

static void log_ticks(double low, double high, int most, struct axis_ticks *out)
{
	int first = (int)ceil(log10(low) - 1e-9);
	int last = (int)floor(log10(high) + 1e-9);
	int decades = last - first + 1, stride = 1;

	while (decades > 0 && (decades + stride - 1) / stride > most)
		stride++;
	if (stride == 1 && 3 * (log10(high) - log10(low)) + 1 <= most) {
		static const double between[] = {1, 2, 5};

		for (int d = first - 1; d <= last; d++) {
			for (size_t i = 0; i < ARRAY_LEN(between); i++) {
				double v = between[i] * pow(10, d);

				if (inside(v, low, high))
					add_log_tick(out, v);
			}
		}
		return;
	}
	for (int d = first; d <= last; d += stride)
		add_log_tick(out, pow(10, d));
}

static void even_ticks(enum axis_kind kind, double low, double high, int most,
		       struct axis_ticks *out)
{
	double step = kind == AXIS_SECONDS ? time_step(low, high, most)
					   : round_step(low, high, most);
	double largest = fmax(fabs(low), fabs(high));

	if (kind == AXIS_COUNT)
		step = fmax(step, 1);
	for (double k = ceil(low / step - 1e-9);
	     inside(k * step, low, high) && out->count < AXIS_MAX_TICKS; k++) {
		char label[AXIS_LABEL_SIZE];

		if (kind == AXIS_SECONDS)
			format_seconds(k * step, label);
		else
			format_tick(k * step, step, largest, label);
		add_tick(out, k * step, label);
	}
}

void axis_ticks(enum axis_kind kind, double low, double high, int most,
		struct axis_ticks *out)
{
	char label[AXIS_LABEL_SIZE];

	assert(most >= 1 && high >= low);
	assert(kind != AXIS_LOG || low > 0);
	memset(out, 0, sizeof(*out));
	if (most > AXIS_MAX_TICKS)
		most = AXIS_MAX_TICKS;
	/* too close for doubles to tell steps apart */
	if (high - low <= 1e-12 * fmax(fabs(low), fabs(high))) {
		axis_format(kind == AXIS_LOG ? AXIS_NUMBER : kind, low, label);
		add_tick(out, low, label);
		return;
	}
	if (kind == AXIS_LOG) {
		log_ticks(low, high, most, out);
		/* less than a decade: even steps say more */
		if (out->count < 2) {
			memset(out, 0, sizeof(*out));
			even_ticks(AXIS_NUMBER, low, high, most, out);
		}
		return;
	}
	even_ticks(kind, low, high, most, out);
}

void axis_format(enum axis_kind kind, double v, char out[AXIS_LABEL_SIZE])
{
	double size = fabs(v);
	char text[64];

	if (isnan(v)) {
		snprintf(out, AXIS_LABEL_SIZE, "-");
	} else if (isinf(v)) {
		snprintf(out, AXIS_LABEL_SIZE, v < 0 ? "-inf" : "inf");
	} else if (size <= 0) {
		snprintf(out, AXIS_LABEL_SIZE, "0");
	} else if (kind == AXIS_SECONDS) {
		format_seconds(v, out);
	} else if (size >= 1e9 || (size > 0 && size < 1e-3)) {
		format_exponent(v, out, 2);
	} else if (kind == AXIS_COUNT || size >= 1000) {
		snprintf(out, AXIS_LABEL_SIZE, "%.0f", v);
	} else {
		int decimals = 3 - (int)floor(log10(fmax(size, 1e-3)));

		snprintf(text, sizeof(text), "%.*f",
			 decimals > 4 ? 4 : decimals, v);
		snprintf(out, AXIS_LABEL_SIZE, "%.15s", text);
	}
}
