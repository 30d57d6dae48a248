/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_MADE_STUDY_H
#define TESTS_SESSION_MADE_STUDY_H

#include "store/store.h"

/*
 * Two studies in a lab of made_lab.h, with figures that are known:
 *   rooms/desk   three arms, three seeds, all done, one of two gates failed;
 *                "score" over episodes, "task/1" .. "task/14", "gap" alone;
 *                its arm "student" is the run c4
 *   rooms/smoke  planned, one trial of six done, one failed
 */
void made_study(struct store *s);

#endif
