/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_STUDY_H
#define TUI_SCREEN_STUDY_H

#include <stdbool.h>

#include "core/session/study_view.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/screen/job_view.h"
#include "tui/widget/plot.h"
#include "tui/widget/table.h"

/* The page of a study: what its keys (study.c) and its drawing (study_draw.c)
 * share. */
enum study_tab {
	STUDY_VERDICT,
	STUDY_PICTURES, /* of studies that offer some */
	STUDY_CURVES,
	STUDY_ARMS,
	STUDY_PLAN
};
enum { STUDY_TABS = 5 };
enum { STUDY_LINES_MOST = 8 }; /* of a panel, a colour each */

/* What draw() notes: of a text, the last row that may stand first. */
enum { STUDY_REGION_TEXT };

struct study_page {
	struct app *app;     /* borrowed */
	struct store *store; /* borrowed */
	char name[128];
	struct study_view all;
	enum study_tab tab;
	int top[STUDY_TABS]; /* rows scrolled away: verdict, picture, plan */
	int picture;
	struct table arms; /* whose selected arm is in front of the curves */
	int group, panel;  /* of the measures; panel: within its group */
	bool large;        /* one panel alone */
	bool has_cursor;
	int point;           /* of the panel's longest line */
	struct job_view job; /* that worked on it last */
	int64_t data_version;
	int ticks; /* since it was read */
};

extern const char *const study_page_tabs[STUDY_TABS];

void study_page_prepare(struct study_page *p);
void study_page_draw(const void *self, struct canvas *c);

/* Is the arm, has the panel an arm, among those that are drawn?  Where there
 * are more than colours, those are the family of the selected one. */
bool study_page_draws(const struct study_page *p, int arm);
bool study_page_shows(const struct study_page *p,
		      const struct study_panel *panel);

/* The panel with the keys; NULL: nothing was measured. */
const struct study_panel *study_page_panel(const struct study_page *p);
/* A panel's lines as a plot, without cursor; series: [STUDY_LINES_MOST]. */
struct plot study_page_plot(const struct study_page *p,
			    const struct study_panel *panel,
			    struct plot_series *series);
/* The picture or the measure in front, see struct screen: study_chart.c. */
bool study_page_chart(const void *self, enum picture_format f, struct buf *out);
/* Its line with most points, which the cursor walks. */
const struct study_line *study_page_longest(const struct study_panel *p);

bool study_page_has(const struct study_page *p, enum study_tab tab);

/* ---- a text, row by row, that may be longer than the screen ---- */

struct study_flow {
	struct canvas *c;
	int row; /* of the canvas, below 0 while scrolled away */
};
/* A label and what it is about; NULL or "": nothing. */
void study_flow_part(struct study_flow *f, const char *label, enum style st,
		     const char *text);
void study_text_draw(const struct study_page *p, struct canvas *c);

/* ---- pictures: study_picture.c ---- */

/* With the ledger, which is the last. */
int study_picture_count(const struct study_view *v);
/* Is there anything of the arm in the picture? */
bool study_picture_tells(const struct study_view *v, int number, int arm);
/* The rows of a picture from a row on, which may be negative; how many.  That
 * of the arm `front` is selected; -1: none. */
int study_picture_rows(const struct study_view *v,
		       const struct study_drawing *d, int front,
		       struct canvas *c, int row);
void study_picture_draw(const struct study_page *p, struct canvas *c);

#endif
