/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/kept_net.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/net/net.h"
#include "core/study/study.h"

void kept_net_release(struct kept_net *n)
{
	net_plan_free(n->plan);
	free(n->weights);
	memset(n, 0, sizeof(*n));
}

void kept_net_save(const struct kept_net *n, struct buf *out)
{
	struct buf text;

	buf_init(&text);
	net_config_format(&n->config, &text);
	buf_u32(out, (uint32_t)text.len);
	buf_add(out, text.data, text.len);
	buf_f32s(out, n->weights, net_param_count(&n->config));
	buf_release(&text);
}

enum err_code kept_net_load(struct kept_net *n, const struct game *g,
			    const void *data, size_t len, struct err *e)
{
	struct net_config rows = {0};

	net_config_game(&rows, g);
	return kept_net_load_as(n, &rows, data, len, e);
}

enum err_code kept_net_load_as(struct kept_net *n,
			       const struct net_config *rows, const void *data,
			       size_t len, struct err *e)
{
	enum err_code rc;
	const char *bytes;
	struct reader r;
	uint32_t size;
	char *text;

	memset(n, 0, sizeof(*n));
	reader_init(&r, data, len);
	size = reader_u32(&r);
	bytes = reader_bytes(&r, size);
	if (r.failed)
		return err_set(e, ERR_FORMAT,
			       "a kept network is not one: it is cut short");
	text = mem_printf("%.*s", (int)size, bytes);
	n->config = *rows;
	rc = net_config_parse(&n->config, text, e);
	free(text);
	if (rc)
		return rc;
	n->weights = mem_floats(net_param_count(&n->config));
	reader_f32s(&r, n->weights, net_param_count(&n->config));
	if (r.failed || r.pos != r.len) {
		kept_net_release(n);
		return err_set(e, ERR_FORMAT,
			       "a kept network has not the weights that its "
			       "layers take");
	}
	n->plan = net_plan_new(&n->config, n->weights);
	return ERR_OK;
}

void kept_net_set(struct kept_net *n, const struct net_config *c,
		  const float *weights)
{
	size_t count = net_param_count(c);

	kept_net_release(n);
	n->config = *c;
	n->weights = mem_floats(count);
	memcpy(n->weights, weights, count * sizeof(*weights));
	n->plan = net_plan_new(&n->config, n->weights);
}

void kept_net_take(struct kept_net *n, struct course *c)
{
	kept_net_set(n, course_net(c), course_weights(c));
}

void kept_net_put(struct study_run *r, const char *name,
		  const struct kept_net *n)
{
	struct buf b;

	buf_init(&b);
	kept_net_save(n, &b);
	study_keep(r, name, b.data, b.len);
	buf_release(&b);
}

enum err_code kept_net_find(struct study_run *r, const struct game *g,
			    const char *arm, const char *name,
			    struct kept_net *out, struct err *e)
{
	const void *data;
	size_t len;
	enum err_code rc = study_kept(r, arm, name, &data, &len, e);

	memset(out, 0, sizeof(*out));
	return rc ? rc : kept_net_load(out, g, data, len, e);
}
