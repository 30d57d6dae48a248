/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>

#include "core/study/pacman_int.h"
#include "core/study/picture.h"

/* Over updates; a look at the imitator is one at 0. */

static const struct study_trace eaten[] = {
	{"ghosts +200", "points", PACMAN_EATEN, false},
	{"ghosts 0", "nothing", PACMAN_EATEN, false},
	{"ghosts -100", "costs", PACMAN_EATEN, false},
	{"KL 0.2", "kl-middle", PACMAN_EATEN, false},
	{"KL 1", "kl-strong", PACMAN_EATEN, false},
	{"heads alone", "frozen", PACMAN_EATEN, false},
	{"replay", "replay", PACMAN_EATEN, false},
	{"fresh", "scratch", PACMAN_EATEN, false},
	{"imitator", "imitator", PACMAN_EATEN, false},
	{.label = NULL},
};
static const struct study_trace score[] = {
	{"ghosts +200", "points", PACMAN_SCORE, false},
	{"ghosts 0", "nothing", PACMAN_SCORE, false},
	{"KL 1", "kl-strong", PACMAN_SCORE, false},
	{"fresh", "scratch", PACMAN_SCORE, false},
	{"kind player", "kind", PACMAN_SCORE, false},
	{"greedy player", "greedy", PACMAN_SCORE, false},
	{.label = NULL},
};
static const struct study_trace drift[] = {
	{"where it comes", "points", PACMAN_VISITED, false},
	{"where not", "points", PACMAN_UNVISITED, false},
	{"where it comes, ghosts 0", "nothing", PACMAN_VISITED, false},
	{"where not, ghosts 0", "nothing", PACMAN_UNVISITED, false},
	{"where not, KL 1", "kl-strong", PACMAN_UNVISITED, false},
	{.label = NULL},
};
const struct study_picture pacman_pictures[] = {
	{STUDY_PICTURE_CURVES, "Ghosts eaten per opportunity", "by updates",
	 .of = eaten},
	{STUDY_PICTURE_CURVES, "Points a game", "by updates", .of = score},
	{STUDY_PICTURE_CURVES, "Drift from the imitator", "nats, by updates",
	 .of = drift},
	{.title = NULL},
};
