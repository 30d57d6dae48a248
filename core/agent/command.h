/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_COMMAND_H
#define CORE_AGENT_COMMAND_H

#include <stddef.h>

/*
 * A command as a person writes it in an agent's spec: words with blanks between
 * them.  Blanks and commas can stand in 'single' or "double" quotes or behind a
 * backslash; a comma elsewhere ends the command.  No shell reads it.
 */

/* The length of the command that `text` begins with. */
size_t command_span(const char *text);

/* Its words, NULL at the end; caller frees with command_free().  NULL: no word,
 * or a quote that is not closed. */
char **command_words(const char *text, size_t len);
void command_free(char **words); /* NULL is allowed */

#endif
