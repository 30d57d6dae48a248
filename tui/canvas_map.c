/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/canvas_map.h"

void canvas_map_begin(struct canvas_map *m, struct canvas *c)
{
	for (int i = 0; i < m->count; i++)
		m->at[i].shown = false;
	c->map = m;
}

static struct canvas_region *find(struct canvas_map *m, const void *of,
				  int part)
{
	for (int i = 0; m && i < m->count; i++)
		if (m->at[i].of == of && m->at[i].part == part)
			return &m->at[i];
	return NULL;
}

void canvas_region(const struct canvas *c, const void *of, int part, int first)
{
	struct canvas_map *m = c->map;
	struct canvas_region *r = find(m, of, part);

	if (!r && (!m || m->count == CANVAS_REGIONS))
		return;
	if (!r)
		r = &m->at[m->count++];
	*r = (struct canvas_region){
		.of = of,
		.part = part,
		.row = c->top,
		.col = c->left,
		.height = c->height,
		.width = c->width,
		.first = first,
		.shown = true,
	};
}

int canvas_first(const struct canvas *c, const void *of, int part)
{
	const struct canvas_region *r = find(c->map, of, part);

	return r ? r->first : 0;
}

const struct canvas_region *canvas_map_find(const struct canvas_map *m,
					    const void *of, int part)
{
	for (int i = 0; m && i < m->count; i++)
		if (m->at[i].shown && m->at[i].of == of &&
		    m->at[i].part == part)
			return &m->at[i];
	return NULL;
}

bool canvas_map_inside(const struct canvas_region *r, int row, int col)
{
	return r && row >= r->row && row < r->row + r->height &&
	       col >= r->col && col < r->col + r->width;
}
