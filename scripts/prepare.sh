# Shared by the scripts of this folder, which source it: what must be installed, and how to build.
# shellcheck shell=bash

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian packages without which nothing builds.
build_packages=(pkg-config liblua5.4-dev libreadline-dev libvectorscan-dev libcapstone-dev libdw-dev)
# Debian packages without which some tests are skipped.
test_packages=(lua5.4 lua-cjson lua-lpeg libcap2-bin procps util-linux gdb binutils elfutils)
# Debian packages whose programs the examples look into.
# shellcheck disable=SC2034
example_packages=(python3 2048)
if [ "$(uname -m)" = x86_64 ]; then test_packages+=(gcc-multilib binutils-aarch64-linux-gnu); fi

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

give_up() {
  say "$@"
  exit 1
}

# Prints those of the named Debian packages that are not installed.
missing_packages() {
  local package state
  for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    case $state in ii*) ;; *) echo "$package" ;; esac
  done
}

# Runs a command as root: as it is, or by sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    say "run this as root: $*"
    return 1
  fi
}

# Installs Debian packages, with a new package list only if the one at hand does not do.
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
    >&2 </dev/null
}

# Installs what is missing of the named Debian packages; fails when that cannot be done.
want_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing from Debian: ${missing[*]}"
  apt_install "${missing[@]}" && return 0
  say 'asking Debian for a new package list'
  as_root apt-get update -q >&2 </dev/null && apt_install "${missing[@]}"
}

require_packages() {
  want_packages "$@" || give_up "these packages are needed: $*"
}

# Stops with advice unless a new enough Swift is on PATH.
require_swift() {
  local version
  command -v swift >/dev/null || give_up 'no swift on PATH. pvmlua needs Swift 6.2 or newer:' \
    'install a toolchain for this system (the tool "swiftly" does it), put it on PATH and try again'
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case $version in
    6.[01] | [0-5].* | '') give_up "Swift 6.2 or newer is needed, and this is ${version:-unknown}:" \
      'install a newer toolchain (the tool "swiftly" does it) and try again' ;;
  esac
}

require_build_tools() {
  require_swift
  require_packages "${build_packages[@]}"
  if ! pkg-config --exists lua5.4; then
    give_up 'pkg-config and the development files of Lua 5.4 are needed (Debian: liblua5.4-dev)'
  fi
}

# Builds with the arguments given; shows the compiler's words only when it fails.
build_quietly() {
  local log started=$SECONDS
  log=$(mktemp)
  if ! swift build --package-path "$project" "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    give_up 'the build failed'
  fi
  rm -f "$log"
  say "built in $((SECONDS - started)) s"
}

# Whether nothing that goes into a build is newer than a file. Folders count, for removed files.
is_current() {
  [ -e "$1" ] && [ -z "$(find "$project/Sources" "$project/Package.swift" -newer "$1" -print -quit)" ]
}

# Makes .build/release/pvmlua and pvm-target current; does nothing when they are.
build_release() {
  local stamp=$project/.build/release.stamp
  if is_current "$stamp" && [ -x "$project/.build/release/pvmlua" ]; then return 0; fi
  require_build_tools
  say 'building the release version (the first time takes a minute or two) ...'
  mkdir -p "$project/.build"
  touch "$stamp.new"
  build_quietly -c release
  mv "$stamp.new" "$stamp"
}

# Builds the version that is installed, with Swift's runtime inside; its folder is in `built`.
build_static() {
  local options=(-c release --static-swift-stdlib --scratch-path "$project/.build-static")
  say 'building the version to install (the first time takes a few minutes) ...'
  build_quietly "${options[@]}"
  # shellcheck disable=SC2034
  built=$(swift build --package-path "$project" "${options[@]}" --show-bin-path)
}
