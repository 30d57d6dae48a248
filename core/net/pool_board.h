/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_POOL_BOARD_H
#define CORE_NET_POOL_BOARD_H

/* g(2 n), means and maxima over one board x(cells, n), and the cell(n) of each
 * maximum (the first of equals).  Private to this folder. */
void pool_board(const float *x, int cells, int n, float *g, float *cell);

#endif
