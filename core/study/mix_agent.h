/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_MIX_AGENT_H
#define CORE_STUDY_MIX_AGENT_H

struct agent_kind;

/*
 * Agents that ask several networks about a position and do not search:
 *
 *	vote:NAME,members=K		the mean of the policies of NAME1 ..
 *					NAMEK, networks of a source
 *	contrast:NEW/0,old=OLD,strength=A
 *					the policy in proportion to
 *					new^(1 + A) / old^A
 *
 * A contrast goes on where one network went from another: where a policy is
 * improved under a penalty on how far it moves (Grill et al. 2020,
 * arXiv:2007.12509), the log of the ratio of two of its states is what it
 * believes of the moves' worth (Jacq et al. 2019, Learning from a Learner).
 * For agent_source.kinds; ends with NULL.
 */
extern const struct agent_kind *const mix_kinds[];

#endif
