/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"

/* The longest line: a game of chess in UCI is a tenth of it. */
enum { INPUT_SIZE = 1 << 16 };

static void wake(void *ctx)
{
	const struct serve *s = ctx;

	/* Full is fine: it will be woken. */
	(void)!write(s->wake[1], "", 1);
}

static int find_game(struct serve *s, const char *usual, struct game *g)
{
	const char *name = s->args->game;
	struct err e = ERR_INIT;
	enum err_code code;

	if (!name && s->lab)
		code = lab_agent_game(s->lab, s->spec, g, &e);
	else
		code = game_init(g, name ? name : usual, &e);
	return code ? cmd_fail(s->line, &e) : 0;
}

int serve_open(struct serve *s, const struct cmd_line *line, const char *usual,
	       struct game *game)
{
	struct err e = ERR_INIT;
	int status;

	memset(s, 0, sizeof(*s));
	s->line = line;
	s->args = line->args;
	s->wake[0] = s->wake[1] = -1;
	s->spec = s->args->agent;
	s->seed = (uint64_t)s->args->seed;
	s->input = mem_alloc(INPUT_SIZE + 1);
	if (!s->spec)
		return cmd_complain(line, CMD_USAGE,
				    "who plays? --agent SPEC, for example "
				    "--agent mcts:rollout,sims=1000");
	if (agent_needs_network(s->spec) &&
	    lab_open(&s->lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	if (pipe2(s->wake, O_CLOEXEC | O_NONBLOCK))
		return cmd_complain(line, CMD_FAILED, "cannot make a pipe: %s",
				    strerror(errno));
	/* Who reads no more is noticed when writing. */
	signal(SIGPIPE, SIG_IGN);
	status = find_game(s, usual, game);
	if (!status && serve_agent(s, game, &e))
		status = cmd_fail(line, &e);
	return status;
}

void serve_close(struct serve *s)
{
	thinker_close(s->thinker);
	lab_close(s->lab);
	for (int i = 0; i < 2; i++)
		if (s->wake[i] >= 0)
			close(s->wake[i]);
	free(s->input);
}

enum err_code serve_spec(struct serve *s, const char *spec,
			 const struct game *g, struct err *e)
{
	const struct agent_source *source = s->lab ? lab_agents(s->lab) : NULL;
	/* The old agent plays its game until there is another. */
	struct game before = s->game;
	struct agent *agent;
	struct thinker *thinker = NULL;
	enum err_code code;

	thinker_close(s->thinker);
	s->thinker = NULL;
	s->game = *g;
	code = agent_open(&agent, spec, &s->game, source, e);
	if (!code && agent_is_human(agent)) {
		agent_close(agent);
		code = err_set(e, ERR_USAGE,
			       "a person cannot play here: name another "
			       "--agent");
	} else if (!code) {
		code = thinker_open(&thinker, agent, &s->game, wake, s, e);
	}
	if (!code) {
		s->thinker = thinker;
		s->spec = spec;
		return ERR_OK;
	}
	/* Back to the one that was: its name was good a moment ago. */
	s->game = before;
	if (s->game.rules &&
	    !agent_open(&agent, s->spec, &s->game, source, NULL) &&
	    thinker_open(&s->thinker, agent, &s->game, wake, s, NULL))
		s->thinker = NULL;
	return code;
}

enum err_code serve_agent(struct serve *s, const struct game *g, struct err *e)
{
	if (s->thinker && !strcmp(s->game.name, g->name))
		return ERR_OK;
	return serve_spec(s, s->spec, g, e);
}

void serve_tell(struct serve *s, const struct game *from,
		const game_move *moves, int count)
{
	void *start, *state;

	if (!s->thinker || from->player_count != 2 ||
	    strcmp(s->game.name, from->name) != 0)
		return;
	start = game_state_new(from, 0);
	state = game_state_new(from, 0);
	for (int i = 0; i < count; i++)
		from->rules->apply(from, state, moves[i]);
	if (from->rules->to_act(from, state) == GAME_OVER) {
		float score[GAME_MAX_PLAYERS];
		/* It may have played both sides. */
		struct agent_game game = {
			.start = start, .moves = moves, .count = count};

		from->rules->score(from, state, score);
		game.result = score[0];
		thinker_tell(s->thinker, &game);
	}
	free(start);
	free(state);
}

/* --- lines --------------------------------------------------------------- */

static bool take_line(struct serve *s, const char **text)
{
	char *from = s->input + s->start;
	size_t have = s->end - s->start;
	char *newline = memchr(from, '\n', have);
	size_t n = newline ? (size_t)(newline - from) : have;
	bool rest = s->cut;

	if (!newline && have < INPUT_SIZE && !(s->eof && have))
		return false;
	s->start += n + (newline != NULL);
	from[n] = '\0';
	/* What follows a line that was too long is not a line. */
	s->cut = !newline && !s->eof;
	if (rest)
		from[0] = '\0';
	*text = from;
	return true;
}

bool serve_has_line(const struct serve *s)
{
	size_t have = s->end - s->start;

	return have && (s->eof || memchr(s->input + s->start, '\n', have));
}

static void read_more(struct serve *s)
{
	ssize_t n;

	if (s->start) {
		memmove(s->input, s->input + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	n = read(STDIN_FILENO, s->input + s->end, INPUT_SIZE - s->end);
	if (n > 0)
		s->end += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		s->eof = true;
}

static int wait_ms(double until)
{
	double left = (until - clock_seconds()) * 1000;

	if (until <= 0)
		return -1;
	return left <= 0 ? 0 : left > 1e6 ? 1000000 : (int)left + 1;
}

enum serve_news serve_wait(struct serve *s, bool lines, double until,
			   const char **text)
{
	for (;;) {
		struct pollfd p[2] = {
			{.fd = s->wake[0], .events = POLLIN},
			{.fd = lines && !s->eof ? STDIN_FILENO : -1,
			 .events = POLLIN},
		};
		char drain[64];

		if (lines && take_line(s, text))
			return SERVE_LINE;
		if (lines && s->eof)
			return SERVE_END;
		if (until > 0 && clock_seconds() >= until)
			return SERVE_TIME;
		if (poll(p, 2, wait_ms(until)) <= 0)
			continue;
		if (p[1].revents)
			read_more(s);
		if (p[0].revents) {
			while (read(s->wake[0], drain, sizeof(drain)) > 0)
				;
			return SERVE_WAKE;
		}
	}
}

double serve_root_lead(const struct thought *t)
{
	double sum = (double)t->lead, weight = 1;

	for (int i = 0; i < t->line_count; i++) {
		const struct thought_line *line = &t->lines[i];

		if (isnan(line->lead))
			continue;
		sum += (double)line->lead * line->visits[0];
		weight += line->visits[0];
	}
	return sum / weight;
}

bool serve_say(struct buf *out)
{
	size_t done = 0;
	bool all;

	while (done < out->len) {
		ssize_t n =
			write(STDOUT_FILENO, out->data + done, out->len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EINTR)
			break;
	}
	all = done == out->len;
	buf_release(out);
	return all;
}
