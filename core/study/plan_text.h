/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PLAN_TEXT_H
#define CORE_STUDY_PLAN_TEXT_H

#include <stdint.h>

/* What the text of a plan says (plan.h), read back.  Texts are the caller's. */

/* From behind `from` up to `to`, or to the end; "" without `from`. */
char *study_text_part(const char *text, const char *from, const char *to);
/* What follows "key: " at the beginning of a line, but the first; or NULL. */
char *study_text_line(const char *text, const char *key);
/* How many seeds, of which the first; 0: it names none. */
int study_text_seeds(const char *text, uint64_t *first);

#endif
