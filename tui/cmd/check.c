/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/copies.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"

struct check_args {
	bool json;
};

struct checking {
	bool as_json;
	struct json json;
	struct buf out;
};

static void report(void *ctx, const char *problem)
{
	struct checking *c = ctx;

	if (c->as_json)
		json_string(&c->json, problem);
	else
		buf_printf(&c->out, "%s\n", problem);
}

static int finish(const struct cmd_line *line, struct checking *c,
		  int64_t problems)
{
	int status;

	if (c->as_json) {
		json_close(&c->json, ']');
		json_key(&c->json, "sound");
		json_bool(&c->json, problems == 0);
		json_close(&c->json, '}');
		buf_putc(&c->out, '\n');
	} else if (!problems) {
		buf_printf(&c->out, "%s is sound\n", line->lab_path);
	}
	status = cmd_finish(line, &c->out);
	if (status || !problems)
		return status;
	return cmd_complain(line, CMD_FAILED,
			    "%s has %lld problem%s; restore a copy, or go on "
			    "with what is not affected",
			    line->lab_path, (long long)problems,
			    problems == 1 ? "" : "s");
}

static int run(const struct cmd_line *line)
{
	const struct check_args *a = line->args;
	struct checking c = {.as_json = a->json};
	struct err e = ERR_INIT;
	int64_t problems = 0;
	struct store *s;
	int status = rows_open(line, &s);

	if (status)
		return status;
	buf_init(&c.out);
	json_init(&c.json, &c.out);
	if (c.as_json) {
		json_open(&c.json, '{');
		json_key(&c.json, "lab");
		json_string(&c.json, line->lab_path);
		json_key(&c.json, "problems");
		json_open(&c.json, '[');
	}
	if (copies_check(s, report, &c, &problems, &e)) {
		buf_release(&c.out);
		status = cmd_fail(line, &e);
	} else {
		status = finish(line, &c, problems);
	}
	store_close(s);
	return status;
}

#define ARGS struct check_args

static const struct cmd_option options[] = {
	CMD_FLAG("json", json, "the problems as JSON"),
	CMD_END,
};

const struct cmd cmd_check = {
	.name = "check",
	.synopsis = "[--json]",
	.summary = "look for damage in the lab file",
	.details = "Reads the whole file: its pages and references, the hash "
		   "of every network,\nand every stored search.  Nothing is "
		   "changed.",
	.options = options,
	.args_size = sizeof(struct check_args),
	.lab = true,
	.run = run,
};
