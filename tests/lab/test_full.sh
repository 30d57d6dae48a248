#!/bin/sh
# SPDX-License-Identifier: MIT
# A full disk ends a run with one sentence; what was committed stays, and with
# room again the run goes on to the same end.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"

ok "a run ends where there is room" train "$scratch/plain.db" r
outcome "$scratch/plain.db" r >"$scratch/a"
size_kb=$(($(wc -c <"$scratch/plain.db") / 1024))

# Writing past the limit fails with EFBIG; the signal of the same name is
# ignored, as a disk that is full sends none.  Blocks are of 512 bytes.
limited() { # KB COMMAND...
	(
		trap '' XFSZ
		ulimit -f $(($1 * 2)) || exit 99
		shift
		"$@"
	)
}
fills_up() { # LAB KB
	complains 1 "${1##*/}" full -- limited "$2" train "$1" r && sound "$1"
}
goes_on() { # LAB
	train "$1" r && sound "$1" && outcome "$1" r | diff "$scratch/a" -
}
# Half, three quarters and nearly all of what is needed.
for part in 2 3; do
	lab=$scratch/part$part.db
	ok "room for $((part * 25)) percent: it says so and the lab is sound" \
		fills_up "$lab" $((size_kb * part / 4))
	kept() { [ "$(games "$1" r | wc -l)" -gt 0 ]; }
	ok "what was committed is there" kept "$lab"
	ok "with room again it ends in the same weights" goes_on "$lab"
done

no_room_at_all() {
	complains 1 tiny.db -- limited 8 train "$scratch/tiny.db" r &&
	{ [ ! -e "$scratch/tiny.db" ] || sound "$scratch/tiny.db"; }
}
ok "without room for a lab there is a sentence and no wreck" no_room_at_all

# A real full disk, where one can be mounted.
mkdir "$scratch/disk"
# shellcheck disable=SC2016 # the inner shell's
on_full_disk='
	mount -t tmpfs -o size=$1k tmpfs "$2/disk" || exit 77
	"$3" train tictactoe --run r --recipe "$2/tiny.conf" --games 300 --seed 7 \
		--lab "$2/disk/lab.db" >"$2/said" 2>"$2/complaint"
	status=$?
	cat "$2/complaint"
	[ $status -eq 1 ] || exit 1
	grep -q "lab.db" "$2/complaint" && grep -q full "$2/complaint" || exit 1
	[ "$(wc -l <"$2/complaint")" -eq 1 ] || exit 1
	mount -o remount,size=64m "$2/disk" || exit 1
	"$3" train --resume r --games 300 --lab "$2/disk/lab.db" &&
	"$3" check --lab "$2/disk/lab.db" &&
	cp "$2/disk/lab.db" "$2/from-disk.db" &&
	{ [ ! -f "$2/disk/lab.db-wal" ] || cp "$2/disk/lab.db-wal" "$2/from-disk.db-wal"; }'
full_disk() {
	unshare -rm sh -c "$on_full_disk" sh $((size_kb * 3 / 4)) "$scratch" "$program" &&
	outcome "$scratch/from-disk.db" r | diff "$scratch/a" -
}
# What is full is read, and taken elsewhere; nothing is left beside it.
# shellcheck disable=SC2016 # the inner shell's
off_full_disk='
	mount -t tmpfs -o size=$1k tmpfs "$2/disk" && cp "$2/plain.db" "$2/disk/lab.db" || exit 77
	"$3" list runs --lab "$2/disk/lab.db" && "$3" check --lab "$2/disk/lab.db" &&
	"$3" backup "$2/off-disk.db" --lab "$2/disk/lab.db" || exit 1
	"$3" backup "$2/disk/copy.db" --lab "$2/disk/lab.db" 2>"$2/complaint"
	[ $? -eq 1 ] && grep -qi full "$2/complaint" && [ "$(ls "$2/disk" | grep -c copy)" -eq 0 ]'
taken_off() {
	unshare -rm sh -c "$off_full_disk" sh $((size_kb + 4)) "$scratch" "$program" &&
	outcome "$scratch/off-disk.db" r | diff "$scratch/a" - && sound "$scratch/off-disk.db"
}
if unshare -rm mount -t tmpfs -o size=4k tmpfs "$scratch/disk" 2>/dev/null; then
	ok "a full file system, then one with room: the same weights" full_disk
	ok "a lab is read on a full one, and taken off it" taken_off
else
	skip "a full file system, then one with room: the same weights" \
		"no file system can be mounted here"
fi
tap_done
