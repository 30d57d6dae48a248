/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_HEAD_INT_H
#define CORE_NET_HEAD_INT_H

#include "core/net/head.h"

/* The entries of the table.  Private to this folder. */
#define X(id, name) extern const struct net_head net_head_##name;
NET_HEAD_LIST(X)
#undef X

#endif
