/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LIFE_H
#define CORE_LEARN_LIFE_H

/*
 * A learner's life is one training by self-play, seen at stages.  It comes in
 * two parts, so that what is past a cut can lie elsewhere, or not exist yet.
 */
enum life_part { LIFE_BEFORE, LIFE_AFTER };

#endif
