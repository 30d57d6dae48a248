/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/study/ladder.h"
#include "core/study/picture.h"

/* What is drawn of the ladder: learning in context, by the episode of a life.
 * The teacher is that of the tasks on which the imitator is scored. */

static const struct study_trace p0[] = {
	{"teacher", "p0-full", "teacher-curve", false},
	{"whole lives", "p0-full", "curve", false},
	{"in any order", "p0-shuffled", "curve", false},
	{"last pulls", "p0-last", "curve", false},
	{"who knows", "p0-expert", "curve", false},
	{.label = NULL}};

static const struct study_trace p1[] = {
	{"teacher", "p1-full", "teacher-curve", false},
	{"whole lives", "p1-full", "curve", false},
	{"in any order", "p1-shuffled", "curve", false},
	{"any of a life", "p1-mixed", "curve", false},
	{"who knows", "p1-expert", "curve", false},
	{.label = NULL}};

static const struct study_trace p2[] = {
	{"teacher", "p2-full", "teacher-curve", false},
	{"whole lives", "p2-full", "curve", false},
	{.label = NULL}};

static const struct study_trace p3[] = {
	{"teacher", "p3-full", "teacher-curve", false},
	{"whole lives", "p3-full", "curve", false},
	{"in any order", "p3-shuffled", "curve", false},
	{"last stage", "p3-last", "curve", false},
	{.label = NULL}};

static const struct study_trace p4[] = {
	{"teacher", "p4-cut", "teacher-curve", false},
	{"cut lives", "p4-cut", "curve", false},
	{"whole lives", "p4-whole", "curve", false},
	{"frozen", "p4-frozen", "curve", false},
	{"in any order", "p4-shuffled", "curve", false},
	{"last episodes", "p4-last", "curve", false},
	{.label = NULL}};

const struct study_picture ladder_pictures[] = {
	{STUDY_PICTURE_CURVES, "P0 bandit: learning in context",
	 "gain, by pulls", .of = p0},
	{STUDY_PICTURE_CURVES, "P1 dark room: learning in context",
	 "gain, by episodes", .of = p1},
	{STUDY_PICTURE_CURVES, "P2 key and door: learning in context",
	 "gain, by episodes", .of = p2},
	{STUDY_PICTURE_CURVES, "P3 hidden rules: learning in context",
	 "gain, by games", .of = p3},
	{STUDY_PICTURE_CURVES, "P4 hidden code: learners that were cut",
	 "gain, by episodes", .of = p4},
	{.title = NULL},
};
