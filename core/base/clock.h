/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Seconds that only go forward, for durations. */
double clock_seconds(void);

/* Milliseconds since 1970 UTC, for dates in the lab file.  The environment
 * variable PLYSCOPE_TEST_TIME (milliseconds) freezes it for golden screens. */
int64_t clock_now_ms(void);

/* Such a date as people read it, "2026-11-23 00:12" in local time; false for 0,
 * which is no date, and `out` is "-". */
enum { CLOCK_DATE_SIZE = 32 };
bool clock_date(int64_t ms, char out[CLOCK_DATE_SIZE]);

/* The end of a wait of `seconds` from now, as pthread_cond_timedwait() takes
 * it. */
struct timespec clock_deadline(double seconds);

/* CPU seconds of the calling thread. */
double clock_thread_seconds(void);

/* CPU seconds of all threads of the process. */
double clock_process_seconds(void);

#endif
