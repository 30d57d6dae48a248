/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"

/*
 *	PROGRAM                  every target: its corpus, then FUZZ_INPUTS
 *	                         (20,000) mutated inputs, as TAP
 *	PROGRAM TARGET           that one alone
 *	PROGRAM TARGET FILE...   these inputs alone, e.g. one that failed
 *
 * Mutated inputs come from the seed FUZZ_SEED (1), so a failure repeats; with
 * FUZZ_SECONDS a target goes on for so long instead.  The input under test is
 * kept in a file if it fails, or takes longer than HANG_SECONDS: HANG_WAITS
 * times that where the machine is so busy that it got less than HANG_WORK
 * seconds of a processor.
 */
enum { INPUTS = 20000, LARGEST = 1 << 14, FILES = 256 };
enum { HANG_SECONDS = 120, HANG_WORK = 30, HANG_WAITS = 10 };

struct fuzz_corpus {
	struct buf file[FILES];
	int count;
};

static char current[256]; /* path of the input under test */
static const char *now;
static size_t now_len;

static long work_before; /* seconds of work when the input began */
static int waits;

static long work_seconds(void)
{
	struct timespec t = {0, 0};

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (long)t.tv_sec;
}

static void keep_input(void)
{
	FILE *f = now ? fopen(current, "wb") : NULL;

	if (!f)
		return;
	fwrite(now, 1, now_len, f);
	fclose(f);
	fprintf(stderr, "# the input is kept in %s\n", current);
}

/* Each way out keeps the input: what AddressSanitizer sees ends here, ... */
void __asan_on_error(void);
void __asan_on_error(void)
{
	keep_input();
}

/* ... arithmetic out of range aborts instead of leaving quietly, ... */
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1";
}

/* ... and so does an assert() of the program.  An input that takes for ever is
 * one that failed. */
static void on_signal(int number)
{
	if (number == SIGALRM && work_seconds() - work_before < HANG_WORK &&
	    ++waits < HANG_WAITS) {
		alarm(HANG_SECONDS);
		return;
	}
	keep_input();
	if (number == SIGALRM) {
		fprintf(stderr, "# not done after %d seconds\n", HANG_SECONDS);
		abort();
	}
}

void fuzz_holds(int truth, const char *text, const char *file, int line)
{
	if (truth)
		return;
	fprintf(stderr, "# %s:%d: %s does not hold\n", file, line, text);
	abort(); /* on_signal() keeps it */
}

void fuzz_check_error(const struct err *e)
{
	fuzz_check(e->code != ERR_OK);
	fuzz_check(e->msg[0]);
	fuzz_check(memchr(e->msg, '\0', sizeof(e->msg)));
	fuzz_check(!strchr(e->msg, '\n'));
}

/* A block of its own for each input, so that reading past its end is seen. */
static void run(const struct fuzz_target *t, const char *data, size_t len)
{
	char *copy = mem_alloc(len + 1);

	memcpy(copy, data, len);
	copy[len] = '\0';
	now = data;
	now_len = len;
	work_before = work_seconds();
	waits = 0;
	alarm(HANG_SECONDS);
	t->run(copy, len);
	alarm(0);
	now = NULL;
	free(copy);
}

static void read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");

	buf_init(out);
	if (!f || !buf_add_stream(out, f, (size_t)1 << 20)) {
		fprintf(stderr, "Bail out! %s cannot be read\n", path);
		exit(1);
	}
	fclose(f);
}

void fuzz_corpus_add(struct fuzz_corpus *c, const void *data, size_t len)
{
	struct buf *b;

	if (c->count == FILES)
		return;
	b = &c->file[c->count++];
	buf_init(b);
	buf_add(b, data, len);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void read_corpus(const struct fuzz_target *t, struct fuzz_corpus *c)
{
	const char *top = getenv("top_srcdir");
	struct dirent **list = NULL;
	char folder[4096], path[8192];
	int n;

	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
		 top ? top : ".", t->name);
	n = scandir(folder, &list, not_hidden, by_name);
	c->count = 0;
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
		if (c->count < FILES)
			read_file(path, &c->file[c->count++]);
		free(list[i]);
	}
	free(list);
	if (t->make)
		t->make(c);
	if (!c->count) {
		fprintf(stderr, "Bail out! no corpus in %s\n", folder);
		exit(1);
	}
}

static size_t any_place(struct rng *r, const struct buf *b)
{
	return rng_below(r, (uint32_t)b->len + 1);
}

static void insert(struct buf *b, size_t at, const char *data, size_t len)
{
	struct buf tail;

	buf_init(&tail);
	buf_add(&tail, b->data + at, b->len - at);
	b->len = at;
	buf_add(b, data, len);
	buf_add(b, tail.data, tail.len);
	buf_release(&tail);
}

/* What stands at `from` once more at `to`. */
static void insert_again(struct buf *b, size_t from, size_t to, size_t len)
{
	struct buf copy;

	buf_init(&copy);
	buf_add(&copy, b->data + from, len);
	insert(b, to, copy.data, len);
	buf_release(&copy);
}

static void cut(struct buf *b, size_t at, size_t len)
{
	memmove(b->data + at, b->data + at + len, b->len - at - len);
	b->len -= len;
	b->data[b->len] = '\0';
}

static void mutate_once(const struct fuzz_target *t,
			const struct fuzz_corpus *c, struct rng *r,
			struct buf *b)
{
	static const char *const numbers[] = {
		"0",
		"-1",
		"1e9",
		"65536",
		"2147483648",
		"nan",
		"99999999999999999999",
		"-0.5",
		"007",
		"0x10",
		"18446744073709551616",
		"1e-300",
	};
	size_t at = any_place(r, b), len;
	const struct buf *other;
	const char *word;
	char byte;

	len = rng_below(r, 16) ? rng_below(r, 8) : any_place(r, b);
	if (len > b->len - at)
		len = b->len - at;
	switch (rng_below(r, 10)) {
	case 0: /* one bit */
		if (at < b->len)
			b->data[at] =
				(char)(b->data[at] ^ (1 << rng_below(r, 8)));
		break;
	case 1: /* one byte */
	case 2:
		byte = (char)rng_below(r, 256);
		if (at < b->len)
			b->data[at] = byte;
		else
			insert(b, at, &byte, 1);
		break;
	case 3: /* less */
		cut(b, at, len);
		break;
	case 4: /* twice */
		insert_again(b, at, any_place(r, b), len);
		break;
	case 5: /* a word of the language */
	case 6:
		len = 0;
		while (t->words && t->words[len])
			len++;
		if (len) {
			word = t->words[rng_below(r, (uint32_t)len)];
			insert(b, at, word, strlen(word));
		}
		break;
	case 7: /* a number */
		word = numbers[rng_below(r,
					 sizeof(numbers) / sizeof(*numbers))];
		cut(b, at, len);
		insert(b, at, word, strlen(word));
		break;
	case 8: /* the end of another */
		other = &c->file[rng_below(r, (uint32_t)c->count)];
		cut(b, at, b->len - at);
		len = any_place(r, other);
		buf_add(b, other->data + len, other->len - len);
		break;
	default: /* the same again and again */
		for (int i = 0; i < 64 && len && b->len + len < LARGEST; i++)
			insert_again(b, at, at, len);
		break;
	}
	if (b->len > LARGEST)
		cut(b, LARGEST, b->len - LARGEST);
}

/* The input of that number: it depends on seed, number and corpus alone. */
static void make_input(const struct fuzz_target *t, const struct fuzz_corpus *c,
		       uint64_t seed, long number, struct buf *out)
{
	const struct buf *from;
	struct rng r;

	rng_init(&r, seed, RNG_TEST, (uint64_t)number, 0);
	from = &c->file[rng_below(&r, (uint32_t)c->count)];
	buf_clear(out);
	buf_add(out, from->data, from->len);
	for (uint32_t k = 1 + rng_below(&r, 6); k; k--) {
		if (t->mutate)
			t->mutate(&r, out);
		else
			mutate_once(t, c, &r, out);
	}
}

/* How many mutated inputs were tried. */
static long run_target(const struct fuzz_target *t, uint64_t seed)
{
	const char *inputs = getenv("FUZZ_INPUTS");
	const char *seconds = getenv("FUZZ_SECONDS");
	long most = inputs ? strtol(inputs, NULL, 10) : INPUTS, i;
	double until = clock_seconds();
	static struct fuzz_corpus c;
	struct buf b;

	until += seconds ? strtod(seconds, NULL) : 0;
	if (t->rare)
		most = (most + t->rare - 1) / t->rare;
	read_corpus(t, &c);
	for (i = 0; i < c.count; i++)
		run(t, c.file[i].data, c.file[i].len);
	run(t, "", 0);
	buf_init(&b);
	for (i = 0; seconds ? clock_seconds() < until : i < most; i++) {
		make_input(t, &c, seed, i, &b);
		run(t, b.data, b.len);
	}
	buf_release(&b);
	for (int k = 0; k < c.count; k++)
		buf_release(&c.file[k]);
	return i;
}

static const struct fuzz_target *find_target(const char *name)
{
	for (const struct fuzz_target *t = fuzz_targets; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static void run_files(const struct fuzz_target *t, char **paths)
{
	for (; *paths; paths++) {
		struct buf b;

		read_file(*paths, &b);
		run(t, b.data, b.len);
		buf_release(&b);
	}
}

static void say_target(const struct fuzz_target *t, int number, uint64_t seed)
{
	fflush(stdout);
	printf("ok %d - %s: %ld mutated inputs\n", number, t->name,
	       run_target(t, seed));
}

int main(int argc, char **argv)
{
	const char *text = getenv("FUZZ_SEED");
	const struct fuzz_target *t = argc > 1 ? find_target(argv[1]) : NULL;
	uint64_t seed = text ? strtoull(text, NULL, 10) : 1;
	int n = 0;

	snprintf(current, sizeof(current), "fuzz-failed.%ld", (long)getpid());
	signal(SIGABRT, on_signal);
	signal(SIGALRM, on_signal);
	if (argc > 1 && !t) {
		fprintf(stderr, "no target '%s'\n", argv[1]);
		return 2;
	}
	if (argc > 2) {
		run_files(t, argv + 2);
		return 0;
	}
	while (fuzz_targets[n].name)
		n++;
	printf("1..%d\n", t ? 1 : n);
	if (t)
		say_target(t, 1, seed);
	for (int i = 0; !t && i < n; i++)
		say_target(&fuzz_targets[i], i + 1, seed);
	return 0;
}
