/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_ROOM_H
#define CORE_STUDY_ENV_ROOM_H

/* Where the goal is: for who must be told. */
int room_goal(const void *task);

#endif
