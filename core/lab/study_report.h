/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_REPORT_H
#define CORE_LAB_STUDY_REPORT_H

#include "core/lab/lab.h"
#include "core/lab/study_rows.h"

/*
 * A study as a folder that stands by itself: report.md with its tables and the
 * whole plan, an SVG for each figure and picture, figures.csv with every
 * measure, and study.plyscope, which study_file_read() takes into any lab.
 *
 * The folder appears whole or not at all.  ERR_USAGE: it is there already;
 * ERR_IO.
 */
ATTR_NODISCARD enum err_code study_report(struct lab *lab,
					  const struct study_rows *r,
					  size_t most_blob, const char *folder,
					  struct err *e);

/* Parts of it. */
void study_report_text(struct store *s, const struct study_rows *r,
		       struct buf *out);
void study_report_csv(const struct study_rows *r, struct buf *out);

#endif
