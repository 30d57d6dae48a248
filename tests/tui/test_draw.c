/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/trust.h"
#include "tests/session/made_lab.h"
#include "tests/session/made_claim.h"
#include "tests/session/made_pages.h"
#include "tests/session/made_study.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/frame.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

/*
 * draw() takes its state as const, but const ends at the first pointer.  Here
 * every block of memory that a screen holds is compared before and after its
 * draw(): the linker turns the calls of core/base/mem.h to the functions below,
 * which keep a list of them.
 */
enum {
	BLOCKS_MAX = 1 << 14,
	COPY_MAX = 1 << 22,
	WAIT_MS = 20000,
	QUIET_MS = 15
};

static struct block {
	void *at;
	size_t size;
	void *copy;
} blocks[BLOCKS_MAX];
static int block_count;
static bool tracking; /* what is allocated now belongs to the screen */
static int freed;     /* blocks of the screen while nothing was tracked */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void *__real_mem_alloc(size_t bytes);
void *__real_mem_zalloc(size_t count, size_t size);
void *__real_mem_realloc(void *p, size_t bytes);
char *__real_mem_strdup(const char *s);
float *__real_mem_floats(size_t count);
void __real_free(void *p);
void *__wrap_mem_alloc(size_t bytes);
void *__wrap_mem_zalloc(size_t count, size_t size);
void *__wrap_mem_realloc(void *p, size_t bytes);
char *__wrap_mem_strdup(const char *s);
float *__wrap_mem_floats(size_t count);
void __wrap_free(void *p);

static void forget(void *p)
{
	pthread_mutex_lock(&lock);
	for (int i = block_count; p && i-- > 0;) {
		if (blocks[i].at != p)
			continue;
		freed += !tracking;
		__real_free(blocks[i].copy);
		blocks[i] = blocks[--block_count];
		break;
	}
	pthread_mutex_unlock(&lock);
}

static void *take(void *p, size_t size)
{
	pthread_mutex_lock(&lock);
	if (tracking && size <= COPY_MAX) {
		assert_true(block_count < BLOCKS_MAX);
		blocks[block_count++] = (struct block){.at = p, .size = size};
	}
	pthread_mutex_unlock(&lock);
	return p;
}

void *__wrap_mem_alloc(size_t bytes)
{
	return take(__real_mem_alloc(bytes), bytes);
}

void *__wrap_mem_zalloc(size_t count, size_t size)
{
	return take(__real_mem_zalloc(count, size), count * size);
}

void *__wrap_mem_realloc(void *p, size_t bytes)
{
	forget(p);
	return take(__real_mem_realloc(p, bytes), bytes);
}

char *__wrap_mem_strdup(const char *s)
{
	return take(__real_mem_strdup(s), strlen(s) + 1);
}

float *__wrap_mem_floats(size_t count)
{
	return take(__real_mem_floats(count), count * sizeof(float));
}

void __wrap_free(void *p)
{
	forget(p);
	__real_free(p);
}

/* ---- a screen at rest, drawn ---- */

static void copies_take(void)
{
	for (int i = 0; i < block_count; i++) {
		blocks[i].copy = __real_mem_alloc(blocks[i].size);
		memcpy(blocks[i].copy, blocks[i].at, blocks[i].size);
	}
}

/* Has anything changed since?  Gives the copies back. */
static bool copies_differ(void)
{
	bool changed = false;

	for (int i = 0; i < block_count; i++) {
		changed |= memcmp(blocks[i].copy, blocks[i].at,
				  blocks[i].size) != 0;
		__real_free(blocks[i].copy);
		blocks[i].copy = NULL;
	}
	return changed;
}

/* A worker that has handed its answer over goes to sleep a moment later, and
 * its lock and condition lie in a block of the screen's. */
static void settle(void)
{
	int quiet_ms = 0;

	for (int i = 0; quiet_ms < QUIET_MS; i++) {
		assert_true(i < WAIT_MS);
		copies_take();
		usleep(1000);
		quiet_ms = copies_differ() ? 0 : quiet_ms + 1;
	}
}

/* Does draw() change anything that the screen holds? */
static bool writes(const struct screen *s, const void *self, int rows, int cols)
{
	struct frame f = {.screen = s, .self = self};
	struct canvas_map map = {.count = 0};
	struct canvas c;
	bool changed;

	tracking = false;
	freed = 0;
	settle();
	canvas_init(&c, rows, cols);
	canvas_map_begin(&map, &c);
	copies_take();
	frame_draw(&f, &c);
	changed = copies_differ();
	canvas_release(&c);
	return changed || freed;
}

/* Until its work is done, so that no other thread writes. */
static void rest(const struct screen *s, void *self)
{
	for (int i = 0; s->busy && s->busy(self); i++) {
		assert_true(i < WAIT_MS);
		s->tick(self);
		usleep(1000);
	}
}

static void check(struct app *app, const struct screen *s, const char *arg)
{
	static const int sizes[][2] = {{24, 80}, {60, 200}, {12, 40}, {6, 20}};
	struct err e = ERR_INIT;
	void *self;

	block_count = 0;
	tracking = true;
	self = mem_zalloc(1, s->self_size);
	if (s->open(self, app, arg, &e))
		fail_msg("%s %s: %s", s->name, arg, e.msg);
	rest(s, self);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (writes(s, self, sizes[i][0], sizes[i][1]))
			fail_msg("draw() of %s writes at %d x %d", s->name,
				 sizes[i][0], sizes[i][1]);
	tracking = true;
	if (s->close)
		s->close(self);
	free(self);
	tracking = false;
}

/* What a screen is opened with, where its name alone says too little. */
static const struct {
	const char *name, *arg;
} args[] = {
	{"run", "c4 c4-copy"},
	{"checkpoints", "c4"},
	{"checkpoint", "c4/6400"},
	{"score", "1"},
	{"game", "1"},
	{"search", "tictactoe - agent=mcts:rollout,sims=50"},
	{"compare", "tictactoe - left=mcts:uniform,sims=50 right=tactical"},
	{"position", "go:size=9"},
	{"movers", "1 2 tactical"},
	{"sweep", "connect4 run=c4"},
	{"help", "search"},
	{"play", "tactical game=tictactoe"},
	{"watch", "random random game=tictactoe speed=60000"},
	{"live", "greedy"},
	{"study", "rooms/desk"},
	{"study", "rooms/desk curves"},
	{"study", "rooms/desk arms"},
	{"study", "rooms/desk plan"},
	{"study", "claim/desk"},
	{"positions", "claim/desk"},
	{"pages", "s4"},
	{"study", "claim/desk pictures"},
};

static void test_screens(void **state)
{
	struct made_lab lab;
	struct app *app;

	(void)state;
	made_lab_open(&lab);
	made_lab_pool(&lab);
	made_study(lab_store(lab.lab));
	made_claim(lab_store(lab.lab));
	made_pages(lab_store(lab.lab));
	app = app_new(lab.lab);
	assert_int_equal(trust_check(lab_trust(lab.lab), "engine:a b", NULL),
			 ERR_UNTRUSTED);
	for (const struct screen *const *s = screen_table; *s; s++) {
		bool opened = false;

		for (size_t i = 0; i < ARRAY_LEN(args); i++) {
			if (strcmp(args[i].name, (*s)->name) != 0)
				continue;
			check(app, *s, args[i].arg);
			opened = true;
		}
		if (!opened)
			check(app, *s, "");
	}
	app_free(app);
	made_lab_close(&lab);
}

/* ---- it would be seen ---- */

struct planted {
	int own;
	int *elsewhere; /* owned */
};

static enum err_code planted_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct planted *p = self;

	(void)app, (void)arg, (void)e;
	p->elsewhere = mem_zalloc(1, sizeof(int));
	return ERR_OK;
}

static void draw_nothing(const void *self, struct canvas *c)
{
	const struct planted *p = self;

	canvas_printf(c, 0, 0, STYLE_NORMAL, "%d", *p->elsewhere);
}

static void draw_and_write(const void *self, struct canvas *c)
{
	const struct planted *p = self;

	*p->elsewhere = c->height;
}

static void draw_and_free(const void *self, struct canvas *c)
{
	const struct planted *p = self;

	(void)c;
	free(p->elsewhere);
}

static void test_planted(void **state)
{
	static const struct {
		void (*draw)(const void *self, struct canvas *c);
		bool writes;
	} kinds[] = {
		{draw_nothing, false},
		{draw_and_write, true},
		{draw_and_free, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct screen s = {.name = "planted", .title = "Planted"};
		struct planted *p;

		s.draw = kinds[i].draw;
		block_count = 0;
		tracking = true;
		p = mem_zalloc(1, sizeof(*p));
		assert_int_equal(planted_open(p, NULL, "", NULL), ERR_OK);
		assert_int_equal(writes(&s, p, 10, 40), kinds[i].writes);
		if (kinds[i].draw != draw_and_free)
			free(p->elsewhere);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_screens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
