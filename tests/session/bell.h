/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_BELL_H
#define TESTS_SESSION_BELL_H

/* What a screen's loop does: sleep until a worker says that there is news.  One
 * bell for a program. */

/* To be given as `wake`; from any thread. */
void bell_ring(void *ctx);
/* Until it has rung since the last time. */
void bell_wait(void);
/* As if it had never rung. */
void bell_reset(void);

#endif
