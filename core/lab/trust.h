/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TRUST_H
#define CORE_LAB_TRUST_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/agent/agent.h"
#include "core/base/err.h"

/*
 * Which commands may be started for a lab.  A lab may come from anybody, and
 * an agent such as `engine:gnugo --mode gtp` in one of its rows is a program
 * that would run: nothing does, unless this person said so.  What they said is
 * a line each in trust_path(), never in the lab:
 *
 *	IDENTITY <tab> PATH <tab> COMMAND
 *
 * with the identity that is written in the lab, the lab's real path, and
 * control characters, % and bytes from 127 on as %XX.  A line that is not so is
 * named in the next refusal and counts for nothing.
 *
 * Every agent that is opened with lab_agents() asks here.  Any thread may call.
 */
struct trust {
	pthread_mutex_t lock;
	char *identity, *path;            /* owned; of the lab */
	bool all;                         /* whatever it is, in this process */
	char **commands;                  /* owned; said in this process */
	size_t count;                     /* of commands */
	char refused[AGENT_COMMAND_SIZE]; /* the last; "": none yet */
};

/* `path` is the lab's, as it was opened. */
void trust_init(struct trust *t, const char *identity, const char *path);
void trust_release(struct trust *t);

/* May the command that `spec` names be started?  Yes if it names none.
 * ERR_UNTRUSTED: no; the sentence has all of it. */
ATTR_NODISCARD enum err_code trust_check(struct trust *t, const char *spec,
					 struct err *e);
/* It may, from now on, as a person typed it or said yes to it; nothing to do if
 * `spec` names no command.  ERR_IO: it may in this process, and cannot be
 * kept for others. */
enum err_code trust_add(struct trust *t, const char *spec, struct err *e);
/* All may, in this process. */
void trust_all(struct trust *t);

/* The spec that was refused last, to ask about. */
void trust_refused(struct trust *t, char spec[AGENT_COMMAND_SIZE + 8]);

/* $XDG_CONFIG_HOME/plyscope/trust, else that in ~/.config; caller frees.
 * NULL: there is neither. */
char *trust_path(void);

#endif
