# SPDX-License-Identifier: MIT
recipesdir = $(pkgdatadir)/recipes
dist_recipes_DATA = %D%/recipes/chess.conf %D%/recipes/connect4.conf %D%/recipes/go.conf \
	%D%/recipes/othello.conf %D%/recipes/pacman.conf \
	%D%/recipes/quick.conf %D%/recipes/sample.conf \
	%D%/recipes/tictactoe.conf
openingsdir = $(pkgdatadir)/openings
dist_openings_DATA = %D%/openings/connect4.txt
dist_pkgdata_DATA = %D%/sample.db
EXTRA_DIST += %D%/make-sample
