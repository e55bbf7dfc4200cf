# Sourced by scripts/bench: the rows for searching, beside memory that is only copied. Limits are
# shares of the speed of copying, turned into times.
# shellcheck shell=bash
# shellcheck disable=SC2154  # what scripts/bench defines

threads=${THREADS:-$(nproc)}
mebibytes=${MEBIBYTES:-1024}
copy_blocks=(262144 524288 1048576 2097152)
needles=64
passes=9

raw() { "$work/raw" "$@" 2>"$work/errors"; }

# count KIND ARGUMENTS: how many there are in the target, by the plainest of loops.
count() { raw count "$pid" "$block" "$block_bytes" "$@"; }

# by_turns COUNT: runs the commands in the arrays `our_command` and `their_command` by turns, so
# many times; each prints its time. The medians are then in `our_time` and `reference_time`.
by_turns() {
  local round time our_times='' their_times=''
  for ((round = 0; round < $1; round++)); do
    time=$("${their_command[@]}") || return
    their_times+=$time$'\n'
    time=$("${our_command[@]}") || return
    our_times+=$time$'\n'
  done
  our_time=$(printf '%s' "$our_times" | median)
  reference_time=$(printf '%s' "$their_times" | median)
}

# search ROW PASSES EXPECTED: prints nanoseconds and KiB.
search() {
  ours search "$1" "$2" "$pid" "$block" "$block_bytes" "$threads" "$3" \
    "$work/input" "$work/addresses"
}

search_time() { search "$@" | cut -d ' ' -f 1; }

copy_time() { raw "$copy_how" "$pid" "$block" "$block_bytes" "$1" "$threads" "$2"; }

# need_contents HOW OPTION...: a target to search, and the block size that suits raw HOW on it best.
need_contents() {
  local size time times=''
  copy_how=$1
  need_target "${@:2}"
  for size in "${copy_blocks[@]}"; do
    time=$(copy_time "$size" 9) || return
    times+="$time $size"$'\n'
  done
  copy_block=$(printf '%s' "$times" | sort -g | head -n 1 | cut -d ' ' -f 2)
}

# Prints what a limit on the share of the speed is as a limit on the time.
inverse() { awk -v share="$1" 'BEGIN { printf "%.4f", 1 / share }'; }

# search_row NAME ROW LIMIT EXPECTED [PASSES]: a search beside copying what it searches.
search_row() {
  our_command=(search_time "$2" "${5-$passes}" "$4")
  their_command=(copy_time "$copy_block" "${5-$passes}")
  compared_row "$1" "$rounds" "$3"
}

# compared_row NAME COUNT LIMIT: a row of the two commands by turns.
compared_row() {
  if by_turns "$2"; then row "$1" "$our_time" "$reference_time" "$3"; else not_measured "$1"; fi
}

# first_searches PAGES OPTION...: what a first search takes on a kind of pages.
first_searches() {
  local pages=$1
  need_contents copy --layout "contents=$mebibytes" "${@:2}" || return
  search_row "$pages: i32, few hits" exact "$(inverse 0.90)" "$(count i32 1515896030 1515896030 4)"
  copy_how=compare
  search_row '  beside copying and comparing in C' exact 1.1 "$(count i32 1515896030 1515896030 4)"
  copy_how=copy
  search_row "$pages: i32 between" between "$(inverse 0.80)" "$(count i32 2000000000 2000000999 4)"
  search_row "$pages: f32 rounded" rounded "$(inverse 0.80)" "$(count f32 3.135 3.145)"
  search_row "$pages: i32 unaligned" unaligned "$(inverse 0.80)" \
    "$(count i32 1014864497 1014864497 1)"
  search_row "$pages: i64" long "$(inverse 0.80)" "$needles"
  search_row "$pages: 8 bytes, 3 of them ??" pattern "$(inverse 0.75)" \
    "$(count bytes '48 8b 0d ?? ?? ?? 90 e9')"
  search_row "$pages: string" string "$(inverse 0.75)" "$needles"
  search_row "$pages: string in UTF-16" utf16 "$(inverse 0.75)" "$needles"
  search_row "$pages: regular expression" regex "$(inverse 0.5)" "$needles"
  need_contents copy --layout "quarter=$mebibytes" "${@:2}" || return
  search_row "$pages: i32, a quarter hits" repeated "$(inverse 0.70)" \
    "$(count i32 1234567 1234567 4)"
}

row_find() {
  first_searches '4 KiB' && first_searches huge --huge-pages
}

# next_searches PAGES OPTION...: unknown values, and what a next search takes.
next_searches() {
  local pages=$1
  need_contents copy --layout "contents=$mebibytes" "${@:2}" || return
  # Three passes, as of snapshots: in the first one a virtual machine may have to ask its host for
  # memory that it has given back.
  search_row "$pages: unknown" unknown "$(inverse 0.5)" $((block_bytes / 4)) 3
  copy_how=keep
  search_row '  beside keeping a copy in C' unknown 1.3 $((block_bytes / 4)) 3
  copy_how=copy
  search_row "$pages: changed" changed "$(inverse 0.6)" 0
  copy_how=changes
  search_row '  beside copying and comparing in C' changed 1.3 0
  copy_how=copy
  search_row "$pages: decreased" decreased "$(inverse 0.6)" 0
  search_row "$pages: unchanged" unchanged "$(inverse 0.6)" 0
  limit_row "$pages: next of 1000 hits" few 5e6 "$(count i32 2000000000 2000000999 4)"
  need_contents copy --layout packed=16 "${@:2}" || return
  search_row "$pages: next of 4 M packed, all stay" again 1.3 $((block_bytes / 4)) 21
  search_row "$pages: next of 4 M packed, half stay" half 1.3 0 21
  need_contents copy --layout "scattered=$mebibytes" "${@:2}" || return
  search_row "$pages: next of one a KiB, all stay" again 1.3 $((block_bytes / 1024))
}

row_next() {
  next_searches '4 KiB' && next_searches huge --huge-pages
}

# limit_row NAME ROW NANOSECONDS EXPECTED: a search beside a fixed time.
limit_row() {
  our_command=(search_time "$2" 21 "$4")
  their_command=(echo "$3")
  compared_row "$1" "$rounds" 1
}

page_tables() { awk '/^VmPTE:/ { print $2 }' "/proc/$pid/status"; }

# 64 GiB of which 64 MiB are there. Each kind of search must leave the rest alone.
row_sparse() {
  local before growth
  need_contents pages --layout islands=64 || return
  before=$(page_tables)
  search_row 'sparse 64 GiB: i32' exact 2 "$needles" 5
  search_row 'sparse 64 GiB: i32 unaligned' unaligned 2 "$needles" 5
  search_row 'sparse 64 GiB: 8 bytes, 3 of them ??' pattern 2 "$needles" 5
  search_row 'sparse 64 GiB: string' string 2 "$needles" 5
  search_row 'sparse 64 GiB: regular expression' regex 2 "$needles" 5
  growth=$(($(page_tables) - before))
  size_row "sparse 64 GiB: the target's page tables" "$growth" 1024
}

# size_row NAME KIB LIMIT: a growth beside its limit.
size_row() {
  local verdict=ok
  if [ "$2" -gt "$3" ]; then
    verdict=MISSED
    missed=$((missed + 1))
  fi
  printf '%-41s %9d KiB more   limit %d   %s\n' "$1" "$2" "$3" "$verdict"
}

# memory_row NAME ROW LIMIT EXPECTED: the growth of our own peak of resident memory.
memory_row() {
  local answer
  if answer=$(search "$2" 1 "$4"); then
    size_row "$1" "${answer#* }" "$3"
  else
    not_measured "$1"
  fi
}

row_memory() {
  local hits
  need_target --layout "contents=$mebibytes" || return
  memory_row 'memory: few hits' exact 65536 "$needles"
  # Unknown values: the bytes read and 8 percent.
  memory_row 'memory: unknown' unknown $((block_bytes * 108 / 102400)) $((block_bytes / 4))
  need_target --layout "dense=$mebibytes" || return
  hits=$(count i32 1234567 1234567 4)
  # 500 MB for 100 million hits.
  memory_row "memory: $hits hits" repeated $((hits * 5 / 1024)) "$hits"
}

# wall FOUND COMMAND...: nanoseconds of a whole program. FOUND must match what it prints.
wall() {
  local start=${EPOCHREALTIME//[!0-9]/} behind
  "${@:2}" >"$work/answer" 2>"$work/errors" </dev/null || return
  behind=${EPOCHREALTIME//[!0-9]/}
  cat "$work/errors" >>"$work/answer"
  if ! grep -qE -- "$1" "$work/answer"; then
    echo "expected: $1" >>"$work/errors"
    return 1
  fi
  echo $(((behind - start) * 1000))
}

# rival_row NAME ROW FOUND COMMAND...: whole programs, start included. FOUND, an extended regular
# expression, must match what the rival prints.
rival_row() {
  our_command=(wall '' "$built/pvmlua" "$project/scripts/bench.d/search.lua" "$2" 1 "$pid" "$block"
    "$block_bytes" "$threads" "$needles")
  their_command=(wall "${@:3}")
  compared_row "$1" 3 1
}

# bytes_for_gdb TEXT: its bytes as gdb takes them; its own strings would be copied into the target.
bytes_for_gdb() { printf '%s' "$1" | od -An -v -tu1 | xargs | sed 's/ /, /g'; }

yara_row() {
  echo "rule wanted { strings: \$it = $3 condition: #it >= $needles }" >"$work/rule"
  rival_row "$1" "$2" '^wanted ' yara "$work/rule" "$pid"
}

# Other programs on the same target, as far as they are installed (Debian: gdb scanmem yara).
row_rivals() {
  local all="$needles patterns found"
  need_target --layout "contents=$mebibytes" || return
  if command -v gdb >/dev/null; then
    rival_row 'i32, beside gdb' exact "$all" gdb -nx -batch -p "$pid" \
      -ex "find /w $block, +$block_bytes, 1515896030"
    rival_row 'string, beside gdb' string "$all" gdb -nx -batch -p "$pid" \
      -ex "find /b $block, +$block_bytes, $(bytes_for_gdb 'planted needle text')"
  else
    say 'gdb is not installed: skipped'
  fi
  if command -v scanmem >/dev/null; then
    rival_row 'i32, beside scanmem' exact "have $needles matches" scanmem -p "$pid" -e \
      -c 'option region_scan_level 3;option scan_data_type int32;1515896030;exit'
  else
    say 'scanmem is not installed: skipped'
  fi
  if command -v yara >/dev/null; then
    yara_row 'string, beside yara' string '"planted needle text"'
    yara_row 'string in UTF-16, beside yara' utf16 '"planted needle text" wide'
    yara_row '8 bytes, 3 of them ??, beside yara' pattern '{ 48 8b 0d ?? ?? ?? 90 e9 }'
    yara_row 'regular expression, beside yara' regex '/https?:\/\/[!-~]+/'
  else
    say 'yara is not installed: skipped'
  fi
}
