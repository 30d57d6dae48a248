# SPDX-License-Identifier: MIT
recipesdir = $(pkgdatadir)/recipes
dist_recipes_DATA = %D%/recipes/actor.conf %D%/recipes/chess.conf %D%/recipes/connect4.conf %D%/recipes/go.conf \
	%D%/recipes/othello.conf %D%/recipes/pacman.conf \
	%D%/recipes/pacman-actor.conf \
	%D%/recipes/quick.conf %D%/recipes/sample.conf \
	%D%/recipes/td.conf \
	%D%/recipes/tictactoe.conf
openingsdir = $(pkgdatadir)/openings
dist_openings_DATA = %D%/openings/connect4.txt
dist_pkgdata_DATA = %D%/sample.db
# The shells look in folders of their own.
bashcompletiondir = $(datadir)/bash-completion/completions
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) '$(srcdir)/assets/completion/plyscope.bash' \
		'$(DESTDIR)$(bashcompletiondir)/plyscope'
uninstall-local:
	rm -f '$(DESTDIR)$(bashcompletiondir)/plyscope'
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = %D%/completion/_plyscope
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = %D%/completion/plyscope.fish
EXTRA_DIST += %D%/completion/plyscope.bash
# What ./bootstrap package makes a package of.
EXTRA_DIST += %D%/debian/changelog %D%/debian/control %D%/debian/copyright \
	%D%/debian/plyscope-data.install %D%/debian/plyscope.install \
	%D%/debian/rules %D%/debian/source/format
EXTRA_DIST += %D%/make-sample
# Reports of studies, each with the file that plyscope study import reads.
ladderdeskdir = $(pkgdatadir)/studies/ladder-desk
dist_ladderdesk_DATA = \
	%D%/studies/ladder-desk/beside-early.svg \
	%D%/studies/ladder-desk/beside-gained.svg \
	%D%/studies/ladder-desk/beside-late.svg \
	%D%/studies/ladder-desk/beside-lost.svg \
	%D%/studies/ladder-desk/curve.svg \
	%D%/studies/ladder-desk/cut-episodes.svg \
	%D%/studies/ladder-desk/cut-strength.svg \
	%D%/studies/ladder-desk/decile.svg \
	%D%/studies/ladder-desk/early.svg \
	%D%/studies/ladder-desk/gained.svg \
	%D%/studies/ladder-desk/improved.svg \
	%D%/studies/ladder-desk/late.svg \
	%D%/studies/ladder-desk/loss.svg \
	%D%/studies/ladder-desk/lost.svg \
	%D%/studies/ladder-desk/over-p0-expert.svg \
	%D%/studies/ladder-desk/over-p0-last.svg \
	%D%/studies/ladder-desk/over-p0-shuffled.svg \
	%D%/studies/ladder-desk/over-p1-expert.svg \
	%D%/studies/ladder-desk/over-p1-mixed.svg \
	%D%/studies/ladder-desk/over-p1-shuffled.svg \
	%D%/studies/ladder-desk/over-p3-last.svg \
	%D%/studies/ladder-desk/over-p3-shuffled.svg \
	%D%/studies/ladder-desk/over-p4-frozen.svg \
	%D%/studies/ladder-desk/over-p4-last.svg \
	%D%/studies/ladder-desk/over-p4-shuffled.svg \
	%D%/studies/ladder-desk/over-p4a-last.svg \
	%D%/studies/ladder-desk/over-p4b-shuffled.svg \
	%D%/studies/ladder-desk/over-p4c-shuffled.svg \
	%D%/studies/ladder-desk/picture-1.svg \
	%D%/studies/ladder-desk/picture-2.svg \
	%D%/studies/ladder-desk/picture-3.svg \
	%D%/studies/ladder-desk/picture-4.svg \
	%D%/studies/ladder-desk/picture-5.svg \
	%D%/studies/ladder-desk/report.md \
	%D%/studies/ladder-desk/snapshot-early.svg \
	%D%/studies/ladder-desk/snapshot-gained.svg \
	%D%/studies/ladder-desk/snapshot-late.svg \
	%D%/studies/ladder-desk/snapshot-lost.svg \
	%D%/studies/ladder-desk/study.plyscope \
	%D%/studies/ladder-desk/task.svg \
	%D%/studies/ladder-desk/teacher-curve.svg \
	%D%/studies/ladder-desk/teacher-decile.svg \
	%D%/studies/ladder-desk/teacher-early.svg \
	%D%/studies/ladder-desk/teacher-end.svg \
	%D%/studies/ladder-desk/teacher-gained.svg \
	%D%/studies/ladder-desk/teacher-improved.svg \
	%D%/studies/ladder-desk/teacher-late.svg \
	%D%/studies/ladder-desk/teacher-lost.svg \
	%D%/studies/ladder-desk/teacher-task.svg
ladderrulesdir = $(pkgdatadir)/studies/ladder-rules
dist_ladderrules_DATA = \
	%D%/studies/ladder-rules/curve.svg \
	%D%/studies/ladder-rules/decile.svg \
	%D%/studies/ladder-rules/early.svg \
	%D%/studies/ladder-rules/gained.svg \
	%D%/studies/ladder-rules/improved.svg \
	%D%/studies/ladder-rules/late.svg \
	%D%/studies/ladder-rules/loss.svg \
	%D%/studies/ladder-rules/lost.svg \
	%D%/studies/ladder-rules/over-p3-last.svg \
	%D%/studies/ladder-rules/over-p3-shuffled.svg \
	%D%/studies/ladder-rules/picture-1.svg \
	%D%/studies/ladder-rules/report.md \
	%D%/studies/ladder-rules/study.plyscope \
	%D%/studies/ladder-rules/task.svg \
	%D%/studies/ladder-rules/teacher-curve.svg \
	%D%/studies/ladder-rules/teacher-decile.svg \
	%D%/studies/ladder-rules/teacher-early.svg \
	%D%/studies/ladder-rules/teacher-end.svg \
	%D%/studies/ladder-rules/teacher-gained.svg \
	%D%/studies/ladder-rules/teacher-improved.svg \
	%D%/studies/ladder-rules/teacher-late.svg \
	%D%/studies/ladder-rules/teacher-lost.svg \
	%D%/studies/ladder-rules/teacher-task.svg
snapshotdeskdir = $(pkgdatadir)/studies/snapshot-desk
dist_snapshotdesk_DATA = \
	%D%/studies/snapshot-desk/agree.own.svg \
	%D%/studies/snapshot-desk/agree.random.svg \
	%D%/studies/snapshot-desk/agree.student.svg \
	%D%/studies/snapshot-desk/distinct.svg \
	%D%/studies/snapshot-desk/gain.svg \
	%D%/studies/snapshot-desk/gap.svg \
	%D%/studies/snapshot-desk/kl.own.svg \
	%D%/studies/snapshot-desk/kl.random.svg \
	%D%/studies/snapshot-desk/kl.student.svg \
	%D%/studies/snapshot-desk/report.md \
	%D%/studies/snapshot-desk/study.plyscope \
	%D%/studies/snapshot-desk/teacher.svg \
	%D%/studies/snapshot-desk/tflop.svg
tabuladeskdir = $(pkgdatadir)/studies/tabula-desk
dist_tabuladesk_DATA = \
	%D%/studies/tabula-desk/elo.svg \
	%D%/studies/tabula-desk/report.md \
	%D%/studies/tabula-desk/study.plyscope
