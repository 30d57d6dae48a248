/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_MADE_CLAIM_H
#define TESTS_SESSION_MADE_CLAIM_H

#include "store/store.h"

/*
 * The study claim/desk in a lab, of kind claim, with figures that are known: a
 * few of its arms at three seeds, as the claim's own would measure them.
 *   continued   +240, +260, +220 above D_c, and a curve over games that
 *               crosses 0 at 1000; cut at 500
 *   strict      -12, +12, -36 after 64 games dreamed
 *   sim         +24, coverage +12, pooled +48, snapshot -100, the same way
 *   hind/250    the imitator +20; the teacher 100 at 1000 games: gamma 0.2
 *   panel       consistent but for tactical, which strict beats by 30 too many
 *   positions   strict kept three at seed 1, with M and D_c 0, 0.65 and 0.1
 *               apart
 */
void made_claim(struct store *s);

#endif
