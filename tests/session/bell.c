/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/bell.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t rung = PTHREAD_COND_INITIALIZER;
static int count;

void bell_ring(void *ctx)
{
	(void)ctx;
	pthread_mutex_lock(&lock);
	count++;
	pthread_cond_signal(&rung);
	pthread_mutex_unlock(&lock);
}

void bell_wait(void)
{
	pthread_mutex_lock(&lock);
	while (!count)
		pthread_cond_wait(&rung, &lock);
	count = 0;
	pthread_mutex_unlock(&lock);
}

void bell_reset(void)
{
	pthread_mutex_lock(&lock);
	count = 0;
	pthread_mutex_unlock(&lock);
}
