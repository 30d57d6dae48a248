/* SPDX-License-Identifier: MIT */
/* Studies that came as files, and trials that were saved half way. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/study_file.h"
#include "core/study/result.h"
#include "tests/fuzz/fuzz.h"

/* What is read is what is written again. */
static void run_trial(const char *text, size_t len)
{
	struct study_result made, again;
	struct buf first, second;
	struct reader r;

	reader_init(&r, text, len);
	if (!study_result_read(&r, &made)) {
		study_result_release(&made);
		return;
	}
	buf_init(&first);
	buf_init(&second);
	study_result_write(&made, &first);
	reader_init(&r, first.data, first.len);
	fuzz_check(study_result_read(&r, &again));
	fuzz_check(r.pos == first.len);
	study_result_write(&again, &second);
	fuzz_check(first.len == second.len &&
		   !memcmp(first.data, second.data, first.len));
	study_result_release(&made);
	study_result_release(&again);
	buf_release(&first);
	buf_release(&second);
}

static void make_trials(struct fuzz_corpus *c)
{
	char curve[] = "curve/1", regret[] = "regret", net[] = "net";
	char weights[] = "weights", body[] = "body", policy[] = "policy";
	char game[] = "tictactoe", first[] = "policy:x/1", second[] = "random";
	char moves[] = "b2 a1", config[] = "tower:filters=4";
	struct study_measured measures[2] = {
		{.name = curve, .x = 1, .value = 2, .low = 1, .high = 3},
		{.name = regret, .value = 66.7, .n = 2000}};
	struct study_blob blob = {.name = net, .data = weights, .len = 7};
	struct study_entry entry = {.block = body, .loss = policy};
	float params[3] = {1, 2, 3};
	struct study_played played = {.game = game,
				      .first = first,
				      .second = second,
				      .moves = moves,
				      .plies = 2};
	struct study_result r = {.measures = measures,
				 .measure_count = 2,
				 .blobs = &blob,
				 .blob_count = 1,
				 .ledger = &entry,
				 .ledger_count = 1,
				 .played = &played,
				 .played_count = 1};
	struct buf out;

	buf_init(&out);
	study_result_write(&r, &out);
	fuzz_corpus_add(c, out.data, out.len);
	r.net = (struct study_net){
		.game = game, .config = config, .params = params, .count = 3};
	buf_clear(&out);
	study_result_write(&r, &out);
	fuzz_corpus_add(c, out.data, out.len);
	buf_release(&out);
}

/* A file is refused in a sentence, or is what was packed. */
static void run_study(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct buf body, again;

	buf_init(&body);
	buf_init(&again);
	if (study_file_unpack(text, len, "x.plyscope", &body, &e)) {
		fuzz_check_error(&e);
	} else {
		study_file_pack(&body, &again);
		fuzz_check(again.len > body.len / 1000);
	}
	buf_release(&body);
	buf_release(&again);
}

static void make_studies(struct fuzz_corpus *c)
{
	struct buf body, out;

	buf_init(&body);
	buf_init(&out);
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 40 * i; k++)
			buf_printf(&body, "%d of a plan\n", k);
		buf_clear(&out);
		study_file_pack(&body, &out);
		fuzz_corpus_add(c, out.data, out.len);
	}
	buf_release(&body);
	buf_release(&out);
}

static const char *const study_words[] = {
	"plyscope study ",
	"1",
	"2",
	"99999999999999999999",
	"-1",
	" ",
	"\n",
	NULL,
};

const struct fuzz_target fuzz_targets[] = {
	{.name = "trial", .run = run_trial, .make = make_trials},
	{.name = "study",
	 .run = run_study,
	 .words = study_words,
	 .make = make_studies},
	{.name = NULL},
};
