/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double clock_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double clock_thread_seconds(void)
{
	return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double clock_process_seconds(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

struct timespec clock_deadline(double seconds)
{
	struct timespec t;
	int64_t ns;

	clock_gettime(CLOCK_REALTIME, &t);
	ns = (int64_t)t.tv_nsec + (int64_t)(seconds * 1e9);
	t.tv_sec += (time_t)(ns / 1000000000);
	t.tv_nsec = (long)(ns % 1000000000);
	return t;
}

int64_t clock_now_ms(void)
{
	const char *fixed = getenv("PLYSCOPE_TEST_TIME");
	struct timespec t;

	if (fixed && *fixed)
		return strtoll(fixed, NULL, 10);
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool clock_date(int64_t ms, char out[CLOCK_DATE_SIZE])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	tzset(); /* localtime_r() need not look at TZ by itself */
	if (ms && localtime_r(&t, &tm) &&
	    strftime(out, CLOCK_DATE_SIZE, "%Y-%m-%d %H:%M", &tm))
		return true;
	memcpy(out, "-", 2);
	return false;
}
