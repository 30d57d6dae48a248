/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_PICTURE_H
#define CORE_LAB_STUDY_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/study/picture.h"
#include "core/study/study.h"
#include "store/study.h"
#include "store/trial.h"

/* The pictures of a study (core/study/picture.h) with the lab's figures, for
 * whoever draws them.  Texts are borrowed from the rows that they were made of
 * and from the study's table, but where they are owned. */
struct study_row {
	const char *label;
	const char *against; /* NULL; the other of an estimate of two arms */
	int arm;             /* place among the study's; -1: none */
	double value, low, high; /* low, high: 95 % interval, NAN */
	int seeds;
	int64_t each;  /* counted behind one seed, the least; 0: nothing */
	double *dots;  /* owned; [seeds], by seed */
	double *rest;  /* owned; of FIT: [opponents], NAN */
	double fitted; /* of FIT: the strength */
};

/* By x; a single point is a level across. */
struct study_stroke {
	const char *label;
	char *own; /* owned; NULL, or the label */
	int arm;
	bool dashed;
	double *x, *y, *low, *high; /* owned, one piece from x on; [count] */
	size_t count;
	int seeds; /* the most behind a point */
};

struct study_drawing {
	const struct study_picture *picture;
	struct study_row *rows; /* owned; of CURVES: what is told below */
	int row_count;
	struct study_stroke *strokes; /* owned */
	int stroke_count;
	bool dots;        /* its rows are DOTS */
	int opponents;    /* of FIT */
	double low, high; /* of all rows; marks and 0 are inside */
	double cut;       /* NAN: none */
};

struct study_drawings {
	struct study_drawing *all; /* owned; those that have anything to show */
	int count;
};

/* What they are made of: some rows of the lab, and of others figures. */
struct study_seen {
	const struct store_study *study;
	const struct store_arm *arms;
	size_t arm_count;
	const struct store_estimate *estimates;
	size_t estimate_count;
	const struct study_figure *figures; /* of one arm and name by seed */
	size_t figure_count;
};

/* Those that a study of this kind offers; NULL: this program knows none. */
const struct study_picture *study_pictures_of(const char *kind);
/* Released by the caller. */
void study_drawings_make(struct study_drawings *d, const struct study_seen *s);
void study_drawings_release(struct study_drawings *d);

/* NULL: no picture tells of that kind of estimate. */
const struct study_drawing *study_drawings_of(const struct study_drawings *d,
					      const char *estimate);

/* "-0.02 [-0.08, 0.04]". */
void study_row_text(const struct study_row *r, struct buf *out);

/* As SVG. */
void study_drawing_svg(const struct study_drawing *d, struct buf *out);

#endif
