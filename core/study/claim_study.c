/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/study/answer.h"
#include "core/study/claim_int.h"
#include "core/study/study.h"

/*
 * A network watches learners learn, up to a cut, and is asked to go on without
 * them: does it?  The protocol is in claim_int.h, the verdict in claim.h.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct claim_conf, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct claim_conf, CONF_FLOAT, key, lo, hi, dflt, text)

const struct conf_spec claim_spec[] = {
	INT(rows, 3, 12, "6", "of the board"),
	INT(cols, 3, 12, "7", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	{"lives", CONF_TEXT, offsetof(struct claim_conf, lives), 0, 64,
	 "lives-c4c", NULL, "the set of histories in the lab"},
	INT(filters, 1, 256, "24", "of the teacher's network"),
	INT(blocks, 1, 40, "2", "of the teacher's network"),
	INT(simulations, 2, 10000, "8", "a move of its self-play"),
	FLOAT(rate, 0.00001, 1, "0.006", "of the teacher's learning"),
	FLOAT(rate_less, 0.00001, 1, "0.0042",
	      "of every third life that is trained on"),
	FLOAT(rate_more, 0.00001, 1, "0.0084", "of another third"),
	INT(games, 16, 10000000, "14000", "of the teacher's self-play"),
	INT(cut, 8, 10000000, "700", "games, after which it is not seen"),
	INT(before, 1, 500, "10", "stages up to the cut"),
	INT(after, 1, 500, "15", "stages past it"),
	INT(per_stage, 1, 100000, "64", "games that each stage plays"),
	FLOAT(replay_temperature, 0.001, 10, "0.1", "of these games"),
	FLOAT(replay_share, 0, 1, "1",
	      "of them that begin with random moves; 0: as self-play does"),
	INT(train, 1, 500, "24", "lives that imitators are trained on"),
	INT(more, 0, 500, "72",
	    "lives up to the cut, beside these, for who sees no further"),
	INT(rules, 0, 10000, "0",
	    "lives at games of other rules, one each; 0: no transfer"),
	INT(zero_filters, 1, 512, "32", "of D_c's network"),
	INT(zero_blocks, 0, 40, "3", "of it"),
	INT(zero_votes, 0, 8, "3",
	    "networks that first learn from the teacher's games and then label "
	    "all stages' for it; 0: it learns from the teacher's alone"),
	FLOAT(zero_epochs, 0.01, 10000, "20",
	      "times that these learn from each position"),
	FLOAT(zero_last, 0.01, 10000, "10", "times that it does"),
	FLOAT(zero_rate, 0, 100, "0.002", "of its learning, at first"),
	FLOAT(zero_search, 0, 1, "0.5",
	      "share of a search's value in its target, beside the result"),
	INT(family_rates, 1, 16, "7",
	    "learning rates of the family, each sqrt(2) of the next"),
	INT(family_reuses, 1, 5, "3",
	    "times that it trains on a position: so many doublings"),
	INT(family_searches, 1, 5, "2", "simulations of it, the same"),
	INT(family_lives, 1, 100, "2", "lives that each member is known by"),
	INT(tune_games, 1, 10000000, "1024", "that B-tune plays in all"),
	INT(tune_round, 1, 10000, "8",
	    "of each lane between two of its trainings"),
	INT(tune_steps, 0, 10000, "1", "of each of these"),
	INT(tune_sequences, 2, 1024, "8", "of a step, of the last 8 rounds"),
	FLOAT(tune_rate, 0, 1, "0.0001", "of its learning"),
	INT(linear_back, 1, 500, "4",
	    "stages to the state that a line is drawn from"),
	FLOAT(linear_strength, -10, 100, "0.5",
	      "how far weights go on along it, in its length"),
	FLOAT(expo_strength, -10, 100, "0.2", "the same, from the first stage"),
	INT(swa_last, 1, 500, "2", "stages whose weights are averaged"),
	INT(rank1_fit, 2, 500, "4",
	    "stages that the first direction of motion is found in"),
	FLOAT(rank1_ahead, -10, 100, "0.2",
	      "how far weights go along it, in logarithms of games"),
	INT(nowcast_ahead, 1, 8, "1", "stages that a nowcaster says ahead"),
	INT(vote_members, 1, 32, "2", "stages that vote, the last"),
	INT(contrast_back, 1, 500, "4",
	    "stages to the policy that another is contrasted with"),
	FLOAT(contrast_strength, -1, 100, "0.25", "how much"),
	INT(watch_width, 8, 1024, "64", "of imitators that watch"),
	INT(watch_layers, 1, 48, "4", "of theirs"),
	INT(watch_heads, 1, 32, "4", "of theirs"),
	INT(watch_context, 32, 16384, "384",
	    "positions of a sequence, and that they read at most"),
	INT(watch_filters, 0, 256, "32",
	    "of the convolutions over each board; 0: none"),
	INT(watch_blocks, 0, 16, "2", "of these"),
	FLOAT(watch_tokens, 0.001, 100000, "12",
	      "millions of positions that each is trained on"),
	FLOAT(watch_cut_tokens, 0, 100000, "5",
	      "the same of those that see no life past its cut; 0: as many"),
	FLOAT(watch_rate, 0.000001, 1, "0.002", "of their learning"),
	INT(watch_sequences, 1, 4096, "2", "of a step"),
	INT(watch_warmup, 1, 100000, "100", "steps to the full rate"),
	INT(watch_late, 1, 16, "2",
	    "draws of which the latest stage begins what they are shown"),
	INT(dreamed, 0, 100000, "512", "games that they go on, at most"),
	INT(counted, 0, 100000, "64",
	    "of these, after which arms that dream are judged"),
	INT(counted_whole, 0, 100000, "64", "the same of `capacity`"),
	INT(simulated, 0, 100000, "13300",
	    "games that arms sim play by the rules, at most"),
	INT(sim_lanes, 1, 1024, "4", "that they do so in, each scored"),
	INT(dream_lanes, 1, 1024, "8", "that they do so in, each scored"),
	INT(dream_tail, 1, 16384, "300", "positions that they read before"),
	INT(dream_stride, 1, 100, "1", "stages from one to the next"),
	INT(dream_games, 1, 100, "3", "of a stage"),
	FLOAT(dream_temperature, 0, 100, "1", "of the moves dreamed"),
	FLOAT(play_temperature, 0, 100, "0", "of the moves scored"),
	FLOAT(pooled_epochs, 0.01, 10000, "1",
	      "times that D_c's learner sees what there is of all lives"),
	FLOAT(pooled_from, 0, 0.99, "0.3",
	      "share of each life before its cut, the first, that it does not "
	      "see"),
	INT(pooled_votes, 0, 32, "8",
	    "lives whose networks at the cut label that together; 0: each game "
	    "is labelled by who played it"),
	FLOAT(pooled_own, 0, 10000, "20",
	      "times that it then sees the games of the life at hand; 0: not"),
	INT(pooled_search, 0, 1, "1",
	    "from its searched games, as D_c does; 0: from what its stages "
	    "play"),
	FLOAT(pooled_rate, 0, 100, "0.002", "of that, at first"),
	INT(views_positions, 1, 10000000, "2000",
	    "of each life, which all its stages evaluate"),
	FLOAT(views_temperature, 0.01, 100, "0.25",
	      "of the policies that they say"),
	{"traj_body", CONF_TEXT, offsetof(struct claim_conf, traj_body), 0, 32,
	 "gru", NULL, "of the model of trajectories"},
	INT(traj_width, 8, 1024, "64", "channels of its tokens"),
	INT(traj_layers, 1, 48, "2", "of it"),
	INT(traj_filters, 0, 256, "16",
	    "channels with which it reads the board; 0: one product"),
	INT(traj_blocks, 0, 16, "2", "residual blocks of these"),
	FLOAT(traj_tokens, 0.0001, 10000, "3", "millions it is trained on"),
	FLOAT(traj_rate, 0, 1, "0.002", "of its learning"),
	FLOAT(traj_begin, 0, 1, "0.5",
	      "share of sequences in which it begins by itself"),
	FLOAT(traj_own, 0, 1, "0",
	      "share of sequences of its own words, after a half"),
	INT(traj_rows, 2, 255, "15", "tokens of a sequence, at most"),
	INT(traj_gaps, 1, 4, "4", "steps of up to so many stages"),
	INT(traj_gap, 1, 4, "2", "stages of a step, when it is asked"),
	INT(traj_stage, 0, 255, "6",
	    "stages past the cut that it is asked for; 0: all"),
	INT(doubled, 0, 8, "0",
	    "offline learners, each of twice the games of the one before; 0: "
	    "none"),
	INT(doubled_ahead, 0, 16, "2", "doublings that are asked for past D_c"),
	FLOAT(doubled_epochs, 0.01, 10000, "10",
	      "times that each of them sees its games"),
	INT(stage_filters, 1, 256, "32", "of the model that is told a stage"),
	INT(stage_blocks, 0, 40, "3", "of it"),
	FLOAT(stage_samples, 0.0001, 10000, "1", "millions it is trained on"),
	FLOAT(stage_searched, 0, 1, "0",
	      "share of these that a learner's search labelled"),
	FLOAT(stage_rate, 0, 1, "0.003", "of its learning"),
	FLOAT(stage_ask, 0, 100, "1.5",
	      "stage it is asked for, 1 the cut; 0: the end"),
	FLOAT(stage_steer, 0, 100, "1",
	      "times what it learned that it is moved on by, of `steer`"),
	FLOAT(filter_share, 0, 1, "0.5",
	      "of the lives, those that improved most, for `filtered`"),
	{"weights_body", CONF_TEXT, offsetof(struct claim_conf, weights_body),
	 0, 32, "gru", NULL, "of the model of weights"},
	INT(weights_width, 8, 1024, "128", "channels of its tokens"),
	INT(weights_layers, 1, 48, "2", "of it"),
	FLOAT(weights_tokens, 0.0001, 10000, "2", "millions it is trained on"),
	FLOAT(weights_rate, 0, 1, "0.002", "of its learning"),
	INT(weights_ahead, 0, 1000, "2", "stages that it goes on by"),
	INT(opening_plies, 0, 1000, "8", "random moves before scored games"),
	INT(pairs, 1, 1000000, "500",
	    "of games, against D_c and the teacher's end each"),
	INT(panel_pairs, 0, 1000000, "150", "against each of the panel"),
	INT(curve_pairs, 1, 1000000, "200",
	    "of each stage of the teacher against D_c"),
	INT(rollouts, 2, 1000000, "100", "a move of the panel's search"),
	INT(regret_moves, 0, 1000000, "1500",
	    "own moves that the solver looks at; 0: none"),
	INT(regret_ply, 0, 1000, "12",
	    "from which on it does, where it is quick"),
	FLOAT(headroom, 0, 10000, "200",
	      "Elo that the teacher's end is above D_c (gate G1), mean"),
	FLOAT(headroom_low, 0, 10000, "150", "and lower bound"),
	FLOAT(power_room, 1, 10000, "243",
	      "Elo that it was above D_c on development seeds, for the power "
	      "that the plan tells"),
	FLOAT(power_sd, 0, 10000, "40",
	      "SD over these seeds of an arm above D_c, in Elo"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"ladder", "gate", "what the study ladder's gates came to"},
	{"histories", "teacher", "whole lives that imitators are trained on"},
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"families", "control",
	 "lives of a family of learners up to the cut, with other parameters"},
	{"net-strict", "gate", "watches lives up to their cut"},
	{"net-shuffled", "gate", "the same games, stages in any order"},
	{"net-reversed", "gate", "the same games, the last stage first"},
	{"net-last", "gate", "the last stage before the cut alone"},
	{"net-masked", "gate", "is not told how games end"},
	{"net-whole", "gate", "watches whole lives"},
	{"net-gru", "gate", "as net-strict, and remembers in a state"},
	{"net-linear", "gate", "as net-strict, by linear attention"},
	{"net-fast", "gate", "as net-strict, by fast weights"},
	{"legible", "gate",
	 "net-strict tells which of two stages is later, by four games"},
	{"net-pooled", "gate",
	 "D_c's learner on what imitators see of all lives, without order"},
	{"net-pooled-searched", "gate",
	 "the same on the searched games before the cut of all lives"},
	{"rules", "teacher", "whole lives at games of other, hidden rules"},
	{"net-traj", "gate",
	 "a model of how what snapshots say of a position changes"},
	{"net-traj-whole", "gate", "the same of whole lives"},
	{"net-doubled", "gate",
	 "the same of offline learners of twice the games each"},
	{"net-transfer", "gate", "the same of whole lives of other rules"},
	{"net-stage", "gate",
	 "a model of what snapshots say that is told their stage"},
	{"net-filtered", "gate",
	 "net-stage of the lives alone that improved most up to their cuts"},
	{"net-weights", "gate", "a model of how weights move by stage"},
	{"commit", "gate",
	 "SHA-256 of the plan and of the weights of every imitator"},
	{"continued", "teacher",
	 "the life past the cut, by chances that the commitment draws"},
	{"zero", "teacher", "D_c against the teacher's end and the panel"},
	{"snapshot", "control", "the teacher's network at the cut"},
	{"small", "control",
	 "as D_c, of the teacher's size and from its own games alone"},
	{"clone", "control",
	 "C1: learns from games that the snapshot plays and labels"},
	{"coverage", "control",
	 "learns from the snapshot's labels of all stages' games"},
	{"pooled", "control",
	 "net-pooled, which goes on from D_c's games: many lives without "
	 "order"},
	{"pooled-searched", "teacher",
	 "net-pooled-searched: what their searches would give"},
	{"warm", "control", "the snapshot, its moves drawn at temperature 1"},
	{"fresh", "control", "C12: a network that has learned nothing"},
	{"random", "control", "C12: any move"},
	{"norms", "control",
	 "C9: the snapshot with norms made anew, and no step"},
	{"linear", "control", "C9: weights on a line through two stages"},
	{"expo", "control", "C9: the same from the first stage (ExPO)"},
	{"swa", "control", "C9: the mean of the last stages' weights"},
	{"rank1", "control", "C9: along the first direction of motion (RELEX)"},
	{"nowcast", "control",
	 "C9: a small network says where each weight goes (WNN+)"},
	{"vote", "control", "C9: the mean of the last stages' policies"},
	{"contrast", "control",
	 "C9: the snapshot's policy, further from an older one's"},
	{"amnesia", "control",
	 "the snapshot learns on without its optimiser's state and its games"},
	{"family", "arm",
	 "the member of the family that the life is likeliest of, run"},
	{"tune", "arm",
	 "B-tune: net-strict plays by the rules, and learns from that"},
	{"tune-won", "arm", "the same from the winners' moves alone"},
	{"strict", "arm",
	 "net-strict reads the last games before the cut and dreams on"},
	{"shuffled", "control", "the same of net-shuffled"},
	{"reversed", "control", "the same of net-reversed"},
	{"last", "control", "the same of net-last"},
	{"masked", "control", "the same of net-masked"},
	{"untold", "arm", "net-strict dreams of moves and no results"},
	{"empty", "control", "net-strict reads nothing before"},
	{"one", "control", "net-strict reads one game before"},
	{"weaker", "control", "net-strict reads games of an earlier stage"},
	{"strict-cut", "control",
	 "net-strict reads as strict does, and goes on by no game"},
	{"yoked", "teacher", "net-strict reads the life's real last games"},
	{"other", "teacher", "net-strict reads another life's last games"},
	{"capacity", "teacher", "as strict, by a network that saw whole lives"},
	{"yoked-whole", "teacher", "that network reads the real last games"},
	{"hindcast", "gate", "net-strict asked at earlier cuts"},
	{"sim", "arm", "as strict, but the rules say how games end"},
	{"sim-gru", "arm", "the same of net-gru"},
	{"sim-linear", "arm", "the same of net-linear"},
	{"sim-fast", "arm", "the same of net-fast"},
	{"traj", "arm",
	 "the model of trajectories by itself, rolled past the cut"},
	{"traj-fed", "arm",
	 "the same fed by the teacher's snapshots before the cut"},
	{"doubled", "teacher",
	 "a model of D_c at doubled games, which saw searches of all lives"},
	{"traj-whole", "teacher",
	 "as traj-fed, by a model that saw whole lives"},
	{"transfer", "arm",
	 "as traj-fed, by a model that saw whole lives of other rules"},
	{"stage", "arm", "the model that is told stages, asked for later ones"},
	{"stage-cut", "control",
	 "that model asked for the cut: what it knows without going on"},
	{"filtered", "arm", "as stage, by net-filtered"},
	{"steer", "arm",
	 "that model at the cut, moved on along what it learned"},
	{"weights", "arm",
	 "the model of weights, asked for those past the cut"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "rows=4,cols=5,lives=lives-4x5,filters=16,simulations=16,rate=0.002,"
	 "rate_less=0.0014,rate_more=0.0028,"
	 "games=4000,cut=400,before=6,after=6,"
	 "per_stage=32,replay_temperature=0.25,replay_share=0,"
	 "train=8,more=0,rules=4,pooled_epochs=2,pooled_own=4,"
	 "doubled=3,"
	 "doubled_epochs=4,"
	 "zero_filters=16,zero_blocks=2,zero_votes=1,zero_epochs=8,"
	 "zero_last=5,"
	 "tune_games=128,tune_round=8,tune_sequences=2,"
	 "family_rates=3,family_reuses=1,family_searches=1,family_lives=1,"
	 "watch_width=48,watch_layers=3,watch_context=256,"
	 "watch_filters=0,watch_tokens=0.3,watch_cut_tokens=0,watch_sequences="
	 "8,watch_warmup=20,"
	 "dreamed=64,simulated=512,sim_lanes=2,dream_lanes=4,dream_tail=200,"
	 "opening_plies=4,"
	 "traj_width=32,traj_layers=1,traj_filters=0,views_positions=500,"
	 "traj_tokens=0.2,traj_rows=6,stage_filters=16,stage_blocks=1,"
	 "stage_samples=0.1,weights_width=32,weights_layers=1,"
	 "weights_tokens=0.1,weights_ahead=2,"
	 "pairs=60,panel_pairs=20,"
	 "curve_pairs=40,rollouts=50,regret_moves=100,regret_ply=6",
	 2},
	{"desk", "", 12},
	{"overnight",
	 "lives=lives-c4-32,filters=32,blocks=3,games=20000,cut=1000,train=48,"
	 "watch_width=96,watch_context=512,"
	 "watch_tokens=25,watch_cut_tokens=10,dreamed=4096,dream_tail=420,"
	 "simulated=19000,rules=64,"
	 "doubled=3",
	 16},
	{.name = NULL},
};

enum err_code claim_game(const struct claim_conf *c, struct game *out,
			 struct err *e)
{
	char text[64];

	snprintf(text, sizeof(text), "drop:rows=%d,cols=%d,line=%d", c->rows,
		 c->cols, c->line);
	return game_init(out, text, e);
}

enum err_code claim_trial(struct study_run *r, const struct study_arm *a,
			  uint64_t seed, struct err *e)
{
	struct game g;
	struct claim_run x = {
		.r = r,
		.c = study_conf(r),
		.g = &g,
		.arm = a,
		.seed = seed,
	};
	enum err_code rc = claim_game(x.c, &g, e);

	if (rc || claim_left_out(x.c, a->name))
		return rc;
	return claim_part_find(a->name)->run(&x, e);
}

bool claim_once(const struct study_arm *a)
{
	return claim_part_find(a->name)->step == CLAIM_ONCE;
}

/* Past what the data before the cut are worth. */
static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gamma/*", 0},
	{.arm = NULL},
};

const struct study study_claim = {
	.name = "claim",
	.question =
		"Does a network that watched learners learn up to a cut go on "
		"where they were cut, without learning by itself?",
	.metric = "gamma: how far from D_c, the best learner on exactly the "
		  "data before the cut (0), to the teacher's end (1), an "
		  "imitator's strength goes; Elo of direct matches from "
		  "distinct held-out openings, by pairs; the teacher's seed is "
		  "the unit",
	.thresholds =
		"intervals are the wider of Student's and the bootstrap's "
		"(BCa).  supported: an arm's low is at least 0.5, and it beats "
		"every control, each at one-sided 5 %, also after Holm's "
		"correction over arms; extrapolated without a learner: a "
		"control's low is at least 0.5; partial: an arm's low is above "
		"0, and it beats every control at one-sided 5 %; refuted at "
		"this scale: every arm's high is below 0.25; else "
		"uninterpretable.  B-sim, "
		"B-tune and the family have badges of their own; arms that "
		"know more than the claim allows are shown and never decide",
	.frozen = "the weights of every imitator, from the commitment on; and "
		  "of whatever is scored, while it is",
	.arms = arms,
	.gates = claim_gates,
	.sizes = sizes,
	.conf = claim_spec,
	.conf_size = sizeof(struct claim_conf),
	.by_arm = true,
	.once = claim_once,
	.trial = claim_trial,
	.judge = claim_judge_study,
	.answers = answers,
	.shown = claim_roles,
	.pictures = claim_pictures,
};
