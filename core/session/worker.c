/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/worker.h"

#include <signal.h>

int worker_start(pthread_t *out, void *(*work)(void *arg), void *arg)
{
	sigset_t mask, before;
	int rc;

	sigfillset(&mask);
	sigdelset(&mask, SIGSEGV);
	sigdelset(&mask, SIGBUS);
	sigdelset(&mask, SIGFPE);
	sigdelset(&mask, SIGILL);
	sigdelset(&mask, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &mask, &before);
	rc = pthread_create(out, NULL, work, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}
