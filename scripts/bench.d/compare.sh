# Sourced by scripts/bench after search.sh: the rows for snapshots, diffs and core files.
# shellcheck shell=bash
# shellcheck disable=SC2154  # what scripts/bench and search.sh define

# comparison ROW PASSES [INPUT OUTPUT]: prints nanoseconds and KiB.
comparison() {
  ours compare "$1" "$2" "$pid" "$block" "$block_bytes" "$threads" "${3-$work/input}" \
    "${4-$work/addresses}"
}

comparison_time() { comparison "$@" | cut -d ' ' -f 1; }

# comparison_row NAME ROW LIMIT HOW [PASSES]: beside raw HOW.
comparison_row() {
  copy_how=$4
  our_command=(comparison_time "$2" "${5-3}")
  their_command=(copy_time "$copy_block" "${5-3}")
  compared_row "$1" "$rounds" "$3"
}

# comparisons PAGES OPTION...: what snapshots and diffs take on a kind of pages.
comparisons() {
  need_contents copy --layout "contents=$mebibytes" "${@:2}" || return
  comparison_row "$1: snapshot" snapshot "$(inverse 0.5)" copy
  comparison_row '  beside keeping a copy in C' snapshot 1.3 keep
  comparison_row "$1: second snapshot" again "$(inverse 0.5)" copy
  comparison_row "$1: diff, 1 % of all values" diff "$(inverse 0.7)" memory
  comparison_row "$1: diff against the process" live "$(inverse 0.6)" copy
  comparison_row '  beside copying and comparing in C' live 1.3 changes
}

# comparison_memory_row NAME ROW LIMIT: the growth of our own peak of resident memory.
comparison_memory_row() {
  local answer
  if answer=$(comparison "$2" 1); then
    size_row "$1" "${answer#* }" "$3"
  else
    not_measured "$1"
  fi
}

row_compare() {
  local kibibytes=$((mebibytes * 1024))
  comparisons '4 KiB' && comparisons huge --huge-pages || return
  comparison_memory_row 'memory: snapshot' snapshot $((kibibytes * 105 / 100))
  comparison_memory_row 'memory: second snapshot' again $((kibibytes * 5 / 100))
  comparison_memory_row 'memory: diff' diff $((kibibytes * 5 / 100))
  need_contents pages --layout islands=64 || return
  our_command=(comparison_time snapshot 5)
  their_command=(echo 3e8)
  compared_row 'sparse 64 GiB: snapshot, beside 0.3 s' "$rounds" 1
  comparison_memory_row 'sparse 64 GiB: memory' snapshot $((80 * 1024))
}

# wall_afresh FILE ...: `wall`, with a file removed first, since writing over one costs less than a new
# one, and with nothing left to be written that would hold up this one.
wall_afresh() {
  rm -f "$1"
  sync
  wall "${@:2}"
}

# Core files of the same target by gcore and gdb, whole programs.
row_cores() {
  local core=$work/core
  if ! command -v gcore >/dev/null; then
    say 'gdb is not installed: skipped'
    return
  fi
  need_target --layout "contents=$mebibytes" || return
  our_command=(wall_afresh "$core.ours" '' "$built/pvmlua" "$project/scripts/bench.d/compare.lua"
    save 1 "$pid" "$block" "$block_bytes" "$threads" "$core.ours")
  their_command=(wall_afresh "$core.$pid" 'Saved corefile' gcore -o "$core" "$pid")
  compared_row 'saving a core, beside gcore' 3 1
  our_command=(wall '' "$built/pvmlua" "$project/scripts/bench.d/compare.lua" open 1 "$pid" "$block"
    "$block_bytes" "$threads" "$core.ours")
  their_command=(wall 'pvm-target|Core was' gdb -nx -batch -c "$core.$pid")
  compared_row 'opening a core, beside gdb' 3 1
  rm -f "$core.ours" "$core.$pid"
}
