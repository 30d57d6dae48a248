/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/picture.h"

/* What is drawn of the claim: measures are those of claim_score(). */

static const struct study_mark marks[] = {{0, "D_c"},
					  {0.25, "refuted"},
					  {0.5, "supported"},
					  {1, "T_max"},
					  {.label = NULL}};

static const struct study_trace curve[] = {
	{"teacher", "continued", "curve", false},
	{"D_c", NULL, NULL, false},
	{"M dreams", "strict", "elo", true},
	{"M simulates", "sim", "elo", true},
	{"coverage", "coverage", "elo", false},
	{"pooled", "pooled", "elo", false},
	{.label = NULL}};

/* From what needs no explanation to what needs a learner. */
static const struct study_trace ladder[] = {
	{"fresh network", "fresh", "elo", false},
	{"T_c, moves drawn", "warm", "elo", false},
	{"T_c, best move", "snapshot", "elo", false},
	{"D_c", NULL, NULL, false},
	{"D_c, T's size", "small", "elo", false},
	{"clone", "clone", "elo", false},
	{"coverage", "coverage", "elo", false},
	{"pooled lives", "pooled", "elo", false},
	{"vote", "vote", "elo", false},
	{"SWA", "swa", "elo", false},
	{"linear", "linear", "elo", false},
	{"ExPO", "expo", "elo", false},
	{"rank 1", "rank1", "elo", false},
	{"nowcast", "nowcast", "elo", false},
	{"contrast", "contrast", "elo", false},
	{"M, shuffled", "shuffled", "elo", false},
	{"M strict", "strict", "elo", false},
	{"M stage", "stage", "elo", false},
	{"M traj", "traj", "elo", false},
	{"M weights", "weights", "elo", false},
	{"M transfer", "transfer", "elo", false},
	{"M simulates", "sim", "elo", false},
	{"M tuned", "tune", "elo", false},
	{"family", "family", "elo", false},
	{"T_max", "continued", "elo", false},
	{.label = NULL}};

static const struct study_trace opponents[] = {
	{"D_c", NULL, "elo", false},
	{"T_max", "continued", "top", false},
	{"tactical", NULL, "panel/tactical", false},
	{"rollout", NULL, "panel/rollout", false},
	{"next end", NULL, "panel/next", false},
	{.label = NULL}};

static const struct study_trace hindcast[] = {
	{"M", "hindcast", "imitator", false},
	{"teacher", "hindcast", "teacher", false},
	{.label = NULL}};

static const struct study_trace probe[] = {
	{"same stage", "legible", "probe/same", false},
	{"before, in order", "legible", "probe/order", false},
	{"before, in any order", "legible", "probe/mixed", false},
	{.label = NULL}};

const struct study_picture claim_pictures[] = {
	{STUDY_PICTURE_DOTS, "How far each went from D_c to the teacher's end",
	 "gamma", .measure = "elo",
	 .whole = {"T_max", "continued", "elo", false}, .estimate = "gamma",
	 .marks = marks},
	{STUDY_PICTURE_CURVES, "The learner, and what went on without it",
	 "Elo above D_c, by games", .of = curve, .estimate = "h", .cut = "cut"},
	{STUDY_PICTURE_BARS, "Ladder of explanations", "Elo above D_c",
	 .of = ladder, .estimate = "elo"},
	{STUDY_PICTURE_BARS, "Each arm above its strongest control", "Elo",
	 .estimate = "delta"},
	{STUDY_PICTURE_FIT, "Transitivity: direct matches less the fit", "Elo",
	 .of = opponents},
	{STUDY_PICTURE_PARTS, "Hindcasts from earlier cuts",
	 "gamma, by multiples of the cut", .measure = "hind", .of = hindcast},
	{STUDY_PICTURE_CURVES, "What reading is worth",
	 "nats that M misses, by games read", .of = probe},
	{.title = NULL},
};
