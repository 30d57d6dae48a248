/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_INT_H
#define CORE_STUDY_CLAIM_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/agent/kind.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/rate/positions.h"
#include "core/study/claim.h"
#include "core/study/dream.h"
#include "core/study/kept_net.h"
#include "core/study/picture.h"
#include "core/study/study.h"

/*
 * The study `claim` from inside.  Its trials run arm by arm: the histories that
 * are trained on; each seed's teacher up to the cut; what learns from that
 * alone; the imitators, which are networks that serve all seeds; the
 * commitment to all of these, which is a hash; the teachers' continuations,
 * whose seeds come from it; and then what is scored.
 */

struct life;
struct life_grid;
struct recipe;
struct study_plan;
struct tale;

/* --- settings: claim_study.c -----------------------------------------------
 */

struct claim_conf {
	/* the game: drop */
	int rows, cols, line;
	/* the teacher */
	char lives[64]; /* the set that its lives are in */
	int filters, blocks, simulations;
	float rate, rate_less, rate_more; /* the two others in training alone */
	int games, cut;
	int before, after;        /* stages up to the cut and past it */
	int per_stage;            /* games that each stage's network plays */
	float replay_temperature; /* of these */
	float replay_share;       /* of these that begin at random; 0: as
				   * self-play */
	int train;                /* lives that imitators are trained on */
	int more;  /* beside these, up to the cut: for who sees no further */
	int rules; /* lives of other rules, one each */
	/* D_c: its network, its training, what it is shown */
	int zero_filters, zero_blocks, zero_votes;
	float zero_epochs, zero_last, zero_rate, zero_search;
	/* extrapolators */
	int linear_back, swa_last, rank1_fit, nowcast_ahead, vote_members;
	int contrast_back;
	float linear_strength, expo_strength, rank1_ahead, contrast_strength;
	/* the family: values of each parameter, lives of each member */
	int family_rates, family_reuses, family_searches, family_lives;
	/* B-tune: games in all, games of a lane between two trainings, which
	 * are so many steps on so many sequences of the last rounds */
	int tune_games, tune_round, tune_steps, tune_sequences;
	float tune_rate;
	/* imitators that watch */
	int watch_width, watch_layers, watch_heads, watch_context;
	int watch_filters, watch_blocks; /* 0 filters: the board as it is */
	/* millions that each is trained on, and each that sees no life past its
	 * cut, unless 0 */
	float watch_tokens, watch_cut_tokens;
	float watch_rate;
	int watch_sequences, watch_warmup; /* of a step; steps */
	int watch_late; /* draws of which the latest stage is taken */
	/* and go on */
	int dreamed;                   /* games, at most */
	int counted, counted_whole;    /* games after which they are judged */
	int dream_lanes, dream_tail;   /* rows that are read before */
	int simulated, sim_lanes;      /* the same, with real results */
	int dream_stride, dream_games; /* of a stage */
	float dream_temperature, play_temperature;
	float pooled_epochs, pooled_from; /* D_c's learner on all lives */
	float pooled_own, pooled_rate;    /* and then on the one at hand */
	int pooled_votes;  /* networks that label what it is shown */
	int pooled_search; /* of the life at hand, searched games too */
	/* models of what snapshots say */
	int views_positions; /* of a life */
	float views_temperature;
	/* the model of trajectories, and how it is asked */
	char traj_body[32];
	int traj_width, traj_layers, traj_filters, traj_blocks;
	float traj_tokens; /* millions that it is trained on */
	float traj_rate, traj_begin, traj_own;
	int traj_rows, traj_gaps, traj_gap, traj_stage;
	/* offline learners of twice the games each: how many, and how far past
	 * the last the model is asked */
	int doubled, doubled_ahead;
	float doubled_epochs;
	/* the model that is told a stage, and how it is asked */
	int stage_filters, stage_blocks;
	float stage_samples; /* millions that it is trained on */
	float stage_searched, stage_rate, stage_ask, stage_steer;
	float filter_share; /* of lives, for one that sees the best alone */
	/* the model of weights */
	char weights_body[32];
	int weights_width, weights_layers;
	float weights_tokens; /* millions that it is trained on */
	float weights_rate;
	int weights_ahead; /* stages */
	/* scoring */
	int opening_plies;
	int pairs;       /* of games against D_c and the teacher's end */
	int panel_pairs; /* against each of the panel; 0: none */
	int curve_pairs; /* of each stage against D_c */
	int rollouts;    /* a move of the panel's search */
	int regret_moves, regret_ply; /* from this ply on; 0: none */
	/* the judge */
	float headroom, headroom_low; /* Elo that G1 asks for */
	/* what development seeds had, for the power that the plan tells: Elo of
	 * the teacher's end above D_c, and SD over seeds of an arm above D_c */
	float power_room, power_sd;
};
extern const struct conf_spec claim_spec[];

/* Seeds of lives: those of the study's seeds, which judge or tune, and these.
 */
enum { CLAIM_TRAIN = 2001, CLAIM_RULES = 3001 };

/* The trial of an arm in the table of parts, and whether it is one for all
 * seeds: what studies of the same lives share. */
enum err_code claim_trial(struct study_run *r, const struct study_arm *a,
			  uint64_t seed, struct err *e);
bool claim_once(const struct study_arm *a);

/* --- arms ------------------------------------------------------------------
 */

struct claim_run {
	struct study_run *r;
	const struct claim_conf *c;
	const struct game *g;
	const struct study_arm *arm;
	uint64_t seed; /* of the teacher; 0: an arm that is tried once */
};

enum claim_step {
	CLAIM_ONCE,   /* serves all seeds, and is not scored */
	CLAIM_EACH,   /* of a seed, and not scored */
	CLAIM_SCORED, /* of a seed; "elo" is its strength, see claim_score() */
};

/* An arm that is scored at several points is judged at one of them, which the
 * settings say before it runs. */
enum claim_point {
	CLAIM_AT_ALL,      /* it has no other than 0 */
	CLAIM_AT_DREAMED,  /* games that it dreamed: `counted` */
	CLAIM_AT_WHOLE,    /* the same, by whole lives: `counted_whole` */
	CLAIM_AT_PLAYED,   /* games that it played by the rules: all */
	CLAIM_AT_TUNED,    /* games that it learned from: all */
	CLAIM_AT_ASKED,    /* halves of the way that it is asked for: both */
	CLAIM_AT_STAGE,    /* stages past the cut: all that are asked for */
	CLAIM_AT_DOUBLING, /* doublings past D_c: the same */
};

/* What an arm does: one line of the table, and one of the list of arms. */
struct claim_part {
	const char *name; /* of the arm */
	enum err_code (*run)(const struct claim_run *x, struct err *e);
	enum claim_step step;
	enum claim_role role;   /* of those that are scored */
	enum claim_point point; /* of these */
};
extern const struct claim_part claim_parts[]; /* ends with a NULL name */
const struct claim_part *claim_part_find(const char *arm);
/* The x of the strength that an arm is judged by. */
double claim_judged_at(const struct claim_conf *c, enum claim_point p);
/* Settings leave it out: it does nothing, and the judge does not miss it. */
bool claim_left_out(const struct claim_conf *c, const char *arm);

/* Chance, by what it is for: mixed into the seed. */
enum claim_chance {
	CLAIM_OPENINGS = 1,
	CLAIM_REGRET,
	CLAIM_LEARNER, /* D_c and whatever else learns from a life */
	CLAIM_IMITATOR,
	CLAIM_DREAM,
	CLAIM_CONTINUED,
	CLAIM_CLONES,  /* games that a snapshot plays for its clone */
	CLAIM_FRESH,   /* a network that has learned nothing */
	CLAIM_AMNESIA, /* a learner that begins anew with weights */
	CLAIM_NORMS,   /* games that norms are made anew from */
	CLAIM_NOWCAST,
	CLAIM_FAMILY,
	CLAIM_TUNE,
	CLAIM_PROBE,
	CLAIM_OTHER,  /* rules of other games */
	CLAIM_LOOKED, /* positions for whoever looks */
	CLAIM_DOUBLED,
};

/* --- lives: claim_lives.c --------------------------------------------------
 */

enum err_code claim_game(const struct claim_conf *c, struct game *out,
			 struct err *e);
/* The settings of the life of a seed. */
void claim_recipe(const struct claim_conf *c, uint64_t seed,
		  struct recipe *out);
struct life_grid claim_grid(const struct claim_conf *c);
/* Lives that are trained on, from seed CLAIM_TRAIN on: by who sees them whole,
 * or up to their cuts. */
int claim_lives(const struct claim_conf *c, bool whole);
/* Share of games that begin with random moves, of those that imitators see and
 * of those that they play. */
float claim_openings(const struct claim_conf *c);

/* A life of the set as far as the cut, or whole: with what is past it.
 * ERR_NOTFOUND; ERR_USAGE: it is one of other settings; ERR_FORMAT: its hash
 * does not agree, or what is past the cut is not its own. */
ATTR_NODISCARD enum err_code claim_life(const struct claim_run *x,
					uint64_t seed, bool whole,
					struct life **out, struct err *e);

/* Those that are not there, together, a thread each: life i as x[i * stride]
 * says, so that with a stride of 0 all are of one game and set. */
ATTR_NODISCARD enum err_code claim_make_lives(const struct claim_run *x,
					      int stride, const uint64_t *seeds,
					      int count, enum life_part part,
					      struct err *e);

/* The network of a stage. */
void claim_stage_net(const struct life *l, int stage, struct kept_net *out);

/* Keep the network that an arm is about, for later arms and as an agent of the
 * lab. */
void claim_keep_net(const struct claim_run *x, const struct kept_net *n,
		    int64_t games);

/* The positions of a life's games up to its cut. */
void claim_met(const struct life *l, struct positions *out);

enum err_code claim_ladder(const struct claim_run *x, struct err *e);
enum err_code claim_histories(const struct claim_run *x, struct err *e);
enum err_code claim_teacher(const struct claim_run *x, struct err *e);
enum err_code claim_commit(const struct claim_run *x, struct err *e);
/* The life past its cut, made if it is not there: ERR_USAGE if this plan's
 * commitment did not draw its chances. */
ATTR_NODISCARD enum err_code claim_past(const struct claim_run *x,
					struct life **out, struct err *e);

/* --- from what is before the cut: claim_offline.c --------------------------
 */

/* D_c, kept as "network". */
enum err_code claim_offline(const struct claim_run *x, struct err *e);
/* What it would be if the cut were at the end of an earlier stage, not 0;
 * *out is released by the caller, also after an error. */
ATTR_NODISCARD enum err_code claim_offline_at(const struct claim_run *x,
					      int stage, struct kept_net *out,
					      struct err *e);
/* The same of the teacher's size, from its own games alone. */
enum err_code claim_small(const struct claim_run *x, struct err *e);
/* C1: from games that the snapshot plays, labelled by itself. */
enum err_code claim_clone(const struct claim_run *x, struct err *e);
/* From the snapshot's labels of all stages' games. */
enum err_code claim_coverage(const struct claim_run *x, struct err *e);

/* --- who stays as it is, or begins anew: claim_control.c -------------------
 */

enum err_code claim_fresh(const struct claim_run *x, struct err *e);
enum err_code claim_random(const struct claim_run *x, struct err *e);
/* The snapshot, its moves drawn. */
enum err_code claim_warm(const struct claim_run *x, struct err *e);
/* The snapshot learns on by itself, without its optimiser's state and its
 * games. */
enum err_code claim_amnesia(const struct claim_run *x, struct err *e);

/* A learner plays and learns `games` from these weights, NULL: from fresh ones;
 * its network into the released *out. */
ATTR_NODISCARD enum err_code claim_live(const struct claim_run *x,
					const struct recipe *r, uint64_t seed,
					const float *from, int64_t games,
					struct kept_net *out, struct err *e);

/* --- a family of learners: claim_family.c ----------------------------------
 */

/* What its members do up to the cut, for all seeds. */
enum err_code claim_families(const struct claim_run *x, struct err *e);
/* The likeliest of them, run. */
enum err_code claim_family(const struct claim_run *x, struct err *e);

/* --- weights and policies that go on by themselves: claim_extrapolate.c ----
 */

/* Weights that somebody has said go on a life's, as a player: its norms are
 * made anew, from the games before the cut.  Changes *weights. */
ATTR_NODISCARD enum err_code claim_score_weights(const struct claim_run *x,
						 const struct life *l,
						 float *weights, struct err *e);

enum err_code claim_norms(const struct claim_run *x, struct err *e);
enum err_code claim_linear(const struct claim_run *x, struct err *e);
enum err_code claim_expo(const struct claim_run *x, struct err *e);
enum err_code claim_swa(const struct claim_run *x, struct err *e);
enum err_code claim_rank1(const struct claim_run *x, struct err *e);
enum err_code claim_nowcast(const struct claim_run *x, struct err *e);
enum err_code claim_vote(const struct claim_run *x, struct err *e);
enum err_code claim_contrast(const struct claim_run *x, struct err *e);

/* --- all lives at once: claim_pooled.c -------------------------------------
 */

enum err_code claim_net_pooled(const struct claim_run *x, struct err *e);
enum err_code claim_pooled(const struct claim_run *x, struct err *e);

/* --- trajectories: claim_traj.c --------------------------------------------
 */

/* The models, by name of the arm, and who plays by them. */
enum err_code claim_net_traj(const struct claim_run *x, struct err *e);
enum err_code claim_traj(const struct claim_run *x, struct err *e);

/* --- other rules: claim_rules.c --------------------------------------------
 */

/* Whole lives of learners at games that look like the study's and have other
 * rules, made and kept in sets of their own. */
enum err_code claim_rules(const struct claim_run *x, struct err *e);

/* As who plays one of them: what claim_life() of seed CLAIM_RULES + i wants.
 * Points into itself. */
struct claim_rule {
	struct claim_run run;
	struct claim_conf conf;
	struct game game;
};
/* x->c->rules of them, which the caller frees. */
ATTR_NODISCARD enum err_code claim_rules_of(const struct claim_run *x,
					    struct claim_rule **out,
					    struct err *e);

/* --- told stages: claim_stage.c --------------------------------------------
 */

/* The model, and who plays by it: asked for stages past the cut, and moved on
 * along what it learned. */
enum err_code claim_net_stage(const struct claim_run *x, struct err *e);
enum err_code claim_stage(const struct claim_run *x, struct err *e);
enum err_code claim_steer(const struct claim_run *x, struct err *e);
/* The same model asked for the cut: what it knows without going on. */
enum err_code claim_stage_cut(const struct claim_run *x, struct err *e);

/* --- models of weights: claim_weights.c ------------------------------------
 */

enum err_code claim_net_weights(const struct claim_run *x, struct err *e);
enum err_code claim_weights(const struct claim_run *x, struct err *e);

/* --- an imitator that is trained on what it plays: claim_tune.c ------------
 */

enum err_code claim_tune(const struct claim_run *x, struct err *e);

/* --- scoring: claim_score.c ------------------------------------------------
 */

struct claim_net {
	const char *name; /* "m" of "policy:m/0" */
	const struct kept_net *net;
	const char *arm; /* whose network it is in the lab; NULL: this one's */
};
struct claim_tail {
	const struct agent_past *games; /* [count], the oldest first */
	int count;
};

/* Who is scored.  All is borrowed. */
struct claim_player {
	const char *spec;
	const struct claim_net *nets; /* [net_count]; held while scored */
	int net_count;
	/* What the first of the networks has read, `context=tail`: each tail
	 * in its share of the openings. */
	const struct claim_tail *tails;
	int tail_count;
	/* (optional) Kinds of agents that the spec may name, ends with NULL. */
	const struct agent_kind *const *kinds;
	bool zero_alone; /* not against the teacher's end */
	double x;        /* games that it dreamed; 0 */
	bool brief;      /* against D_c alone: a point of a curve */
	/* (optional) of that: its name instead of "elo" */
	const char *measure;
};

/* Plays the spec, as measures at `x`:
 *
 *	elo		against D_c, the zero of gamma
 *	top		against the teacher's end
 *	panel/NAME	against others, for transitivity
 *	regret		share of its own moves that give away a win or a draw
 *
 * Strengths are Elo with 95 % intervals, by distinct pairs of games from
 * openings that are the same for all arms of a seed and that no game before the
 * cut of any life has met.  Custody, overlap and some games are told to the
 *run, once. */
ATTR_NODISCARD enum err_code claim_score(const struct claim_run *x,
					 const struct claim_player *p,
					 struct err *e);
/* For the plainest case: one network's raw policy. */
ATTR_NODISCARD enum err_code claim_score_net(const struct claim_run *x,
					     const struct kept_net *net,
					     struct err *e);

/* Against one network, and nothing else: as `measure`, at the player's x. */
ATTR_NODISCARD enum err_code claim_meet(const struct claim_run *x,
					const struct claim_player *p,
					const struct kept_net *other, int pairs,
					const char *measure, struct err *e);

/* The ends of the scale, which do not meet themselves: the teacher's, and D_c.
 * And the teacher's network at a stage, as "curve" at `games`. */
ATTR_NODISCARD enum err_code claim_score_top(const struct claim_run *x,
					     const struct kept_net *net,
					     struct err *e);
ATTR_NODISCARD enum err_code claim_score_zero(const struct claim_run *x,
					      const struct kept_net *net,
					      struct err *e);
ATTR_NODISCARD enum err_code claim_score_stage(const struct claim_run *x,
					       const struct kept_net *net,
					       double games, struct err *e);

/* --- imitators that watch: claim_watch.c -----------------------------------
 */

struct lives_data;
struct lives_view;

/* What they are shown of lives up to the cut. */
struct lives_view claim_view(const struct claim_conf *c,
			     const struct lives_data *lives);
/* The lives that imitators are trained on, then those of the study's seeds,
 * which nobody trains on; all up to their cuts. */
ATTR_NODISCARD enum err_code claim_seen_and_unseen(const struct claim_run *x,
						   struct lives_data *out,
						   struct err *e);
/* One is trained: arms net-*. */
enum err_code claim_watch(const struct claim_run *x, struct err *e);

/* What net-strict sees in what it reads: claim_probe.c. */
enum err_code claim_legible(const struct claim_run *x, struct err *e);

/* --- they go on: claim_strict.c --------------------------------------------
 */

enum err_code claim_strict(const struct claim_run *x, struct err *e);

/* An imitator, and what it has read in lanes before it goes on. */
struct claim_reader {
	const struct kept_net *net;
	const char *arm;          /* whose network it is */
	const struct tale *tails; /* [lanes] */
	int lanes, games;         /* games that it goes on */
	int judged;               /* games after which it is judged */
	enum dream_result result; /* who says how games end */
};
/* The games of a life up to a stage, for each of so many lanes; of a network of
 * the last stage alone, all of that.  Released by the caller. */
void claim_tails(const struct claim_run *x, const struct lives_data *lives,
		 int stage, bool last_alone, int lanes, struct tale *tails);
/* It goes on, by a dream that the caller frees, and `score` is called before
 * and after 8, 64, 512, ... games and those that it is judged after, with a
 * player that is brief but for these. */
ATTR_NODISCARD enum err_code
claim_go_on(const struct claim_run *x, const struct claim_reader *r,
	    enum err_code (*score)(const struct claim_run *x,
				   const struct claim_player *p, void *ctx,
				   struct err *e),
	    void *ctx, struct dream **out, struct err *e);

/* What it says of positions, beside others; kept as "positions" (said.h):
 * claim_positions.c. */
ATTR_NODISCARD enum err_code claim_look(const struct claim_run *x,
					const struct claim_player *p,
					struct err *e);

/* M asked at earlier cuts, where what came next is known: claim_hindcast.c. */
enum err_code claim_hindcast(const struct claim_run *x, struct err *e);

/* --- arms of the teacher: claim_teachers.c ---------------------------------
 */

enum err_code claim_zero(const struct claim_run *x, struct err *e);
enum err_code claim_snapshot(const struct claim_run *x, struct err *e);
enum err_code claim_continued(const struct claim_run *x, struct err *e);

/* --- the judge: claim_judge.c, gates and arms: claim_parts.c
 * ----------------------------------------------
 */

extern const struct study_picture claim_pictures[]; /* claim_pictures.c */
extern const struct study_gate claim_gates[];
/* Of the study ladder, that gate G3 rests on; ends with NULL. */
extern const char *const claim_rungs[];
/* By the arms of a table. */
void claim_judge_parts(const struct study_measures *m,
		       const struct claim_part *parts,
		       struct study_judgement *out);
/* As what and where each scored arm is judged, and what the seeds can show, as
 * lines of the plan. */
void claim_roles(const struct study_plan *p, struct buf *out);
/* By claim_parts[]. */
void claim_judge_study(const struct study_measures *m,
		       struct study_judgement *out);

#endif
