#!/bin/sh
# SPDX-License-Identifier: MIT
# A disk that is full or broken, and kills, at every nth call of a backup and of a
# restore: the lab is whole, as it was or as the backup is; a backup is whole or not
# there; and what went wrong is called by its name.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
faults=$top_builddir/tests/rely/faults.so

if ldd "$program" | grep -qE 'lib(asan|tsan)'; then
	skip "backups" "no library goes before a sanitizer's"
	tap_done
	exit
fi
made=$scratch/made dir=$scratch/now
mkdir "$made"
for name in lab backup; do
	train "$made/$name.db" $name --threads 1 >/dev/null &&
		sqlite3 "$made/$name.db" 'pragma wal_checkpoint(truncate)' >/dev/null &&
		rm -f "$made/$name.db-wal" "$made/$name.db-shm" || exit 1
done
content() {
	sqlite3 "$1" "select name from run; select number, moves from game order by id;
		select sha256 from weights order by 1" | cksum
}
lab_was=$(content "$made/lab.db") backup_was=$(content "$made/backup.db")

attack() { # VERB KIND:N:HOW
	rm -rf "$dir" && mkdir "$dir" && cp "$made/lab.db" "$made/backup.db" "$dir" &&
		chmod a-w "$dir/backup.db"
	case $1 in
	backup) set -- "$1" "$2" "$dir/to.db" ;;
	restore) set -- "$1" "$2" "$dir/backup.db" ;;
	esac
	{ env RELY_COUNT="$scratch/counts" RELY_PATH=/now/ RELY_FAIL="$2" \
		LD_PRELOAD="$faults" "$program" "$1" "$3" --lab "$dir/lab.db" \
		>"$scratch/said" 2>"$scratch/complaint"; } 2>/dev/null
	status=$?
}
# What the disk is: nothing may speak of other processes.
is_named() { # HOW
	case $1 in
	kill) return 0 ;;
	28) [ $status -eq 0 ] || grep -qiE 'full|no space' "$scratch/complaint" ;;
	*) [ $status -eq 0 ] || ! grep -q 'in use' "$scratch/complaint" ;;
	esac && [ "$(wc -l <"$scratch/complaint")" -le 1 ]
}
no_litter() { # HOW: of who was killed the next one takes it away
	[ "$1" = kill ] || ! ls "$dir" | grep -q '\.new-'
}
after_backup() { # HOW
	[ "$(content "$dir/lab.db")" = "$lab_was" ] || return 1
	if [ -e "$dir/to.db" ]; then
		[ "$(content "$dir/to.db")" = "$lab_was" ] && sound "$dir/to.db"
	else
		[ $status -ne 0 ]
	fi
}
after_restore() { # HOW
	[ "$1" != kill ] || "$program" list runs --lab "$dir/lab.db" >/dev/null
	now=$(content "$dir/lab.db")
	case $now in
	"$lab_was") [ $status -ne 0 ] ;;
	"$backup_was")
		# The file beside it can fail when the lab is there already.
		[ $status -eq 0 ] || [ "$1" = kill ] ||
			grep -q 'is the lab of .* but not the file beside it' "$scratch/complaint" ;;
	*) return 1 ;;
	esac
}
sweep() { # VERB KIND HOW MOST
	attack "$1" "$2:0:$3"
	calls=$(awk -v k="$2" '$1 == k { print $2 }' "$scratch/counts")
	step=$((calls / $4 + 1)) tried=0
	# From the last on, where names change hands.
	n=$calls
	while [ "$n" -gt 0 ]; do
		attack "$1" "$2:$n${5-}:$3"
		"after_$1" "$3" && sound "$dir/lab.db" && is_named "$3" && no_litter "$3" || {
			echo "# $2:$n${5-}:$3 of $calls: status $status"
			cat "$scratch/complaint"
			ls "$dir"
			return 1
		}
		tried=$((tried + 1))
		[ "$n" -gt $((calls - 8)) ] && n=$((n - 1)) || n=$((n - step))
	done
	[ "$tried" -gt 0 ]
}
for verb in backup restore; do
	ok "$verb: a full disk" sweep $verb write 28 6
	ok "$verb: a disk that stays full" sweep $verb write 28 6 +
	ok "$verb: a disk that does not write" sweep $verb write 5 6
	ok "$verb: a disk that does not sync" sweep $verb fsync 5 8
	ok "$verb: no name is given" sweep $verb name 28 9
	ok "$verb: no name is given any more" sweep $verb name 5 9 +
	ok "$verb: killed at a write" sweep $verb write kill 6
	ok "$verb: killed at a sync" sweep $verb fsync kill 8
	ok "$verb: killed where names change" sweep $verb name kill 9
done
tap_done
