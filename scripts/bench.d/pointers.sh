# Sourced by scripts/bench: the rows for pointer paths, whole programs beside fixed times.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034  # what scripts/bench defines and uses

# need_pointers: a target full of pointers, its number in `pid` and the address to reach in `block`.
need_pointers() {
  [ "$target" != pointers ] || return 0
  stop_target
  cc -O2 -Wall -Wextra -o "$work/pointers" scripts/bench.d/pointers.c
  rm -f "$work/input" "$work/addresses"
  mkfifo "$work/input"
  "$work/pointers" "$mebibytes" <"$work/input" >"$work/addresses" &
  pid=$!
  exec {target_input}>"$work/input"
  target=pointers
  until grep -q '^ready$' "$work/addresses"; do
    kill -0 "$pid" || give_up 'the target of pointers ended early'
    sleep 0.1
  done
  block=$(sed -n 's/^target=//p' "$work/addresses")
}

# pointer_row MAX-OFFSET NANOSECONDS: depth 5, start and reading included.
pointer_row() {
  our_command=(wall '^[0-9]+' "$built/pvmlua" "$project/scripts/bench.d/pointers.lua" "$pid" "$block"
    "$1" "$threads")
  their_command=(echo "$2")
  compared_row "pointer paths: offsets to $1, beside $(awk -v a="$2" 'BEGIN { print a / 1e9 }') s" \
    "$rounds" 1
  # 200 MB in all.
  size_row '  memory, all of it' "$(awk 'NR == 1 { print $2 }' "$work/answer")" 195312
}

row_pointers() {
  need_pointers || return
  say "$(sed -n 's/^pointers=//p' "$work/addresses") pointers in $mebibytes MiB"
  pointer_row 1024 6e8
  pointer_row 2048 7e8
  pointer_row 4096 1.5e9
}
