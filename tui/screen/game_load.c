/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/inspector.h"
#include "core/session/line.h"
#include "core/session/review.h"
#include "core/session/whole_game.h"
#include "tui/widget/agent_picker.h"

enum err_code stepper_load(struct stepper *s, int64_t id, struct err *e)
{
	return review_load(&s->review, lab_store(s->app->lab), id, e);
}

void stepper_unload(struct stepper *s)
{
	whole_game_close(s->whole);
	s->whole = NULL;
	agent_picker_release(&s->picker);
	if (s->searched)
		inspector_release(&s->root);
	review_release(&s->review);
}

void stepper_show(struct stepper *s)
{
	struct trace *trace = review_trace(&s->review, lab_store(s->app->lab));

	if (s->searched)
		inspector_release(&s->root);
	s->searched = trace != NULL;
	if (!trace)
		return;
	inspector_init(&s->root, &s->review.game, line_state(&s->review.line));
	if (inspector_set(&s->root, trace, NULL) != ERR_OK) {
		inspector_release(&s->root);
		s->searched = false;
		return;
	}
	/* Which simulation came last says nothing here. */
	s->root.path.len = 0;
	inspector_select(&s->root, 0);
}
