#!/usr/bin/env bash
# Makes one of every kind of file that Ergon writes (make.sh) and opens each with
# readers of other makers, which compare what they read: check.py with YAML 1.1
# and 1.2, JSON, CSV, numpy, pictures, PDF; npz-rust with ndarray-npy; npz.cpp as
# readers in C++ do, and with xtensor. A language that is not here, or whose
# readers cannot be installed, is skipped with the reason.
#
# check.sh [ERGON]: the program, built anew if it is not given.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
files=$scratch/files failed=0

skip() { printf 'skipped: %s: %s\n' "$1" "$2"; }

# can NAME COMMAND... runs what installs or builds a reader; if it cannot, says so.
can() {
  local name=$1
  shift
  "$@" >"$scratch/log" 2>&1 || { skip "$name" "$(tail -n 1 "$scratch/log")"; return 1; }
}

# check NAME COMMAND... prints a line, and what the command said if it failed.
check() {
  local name=$1 from=$SECONDS
  shift
  if "$@" >"$scratch/log" 2>&1; then
    printf 'ok      %s (%ds)\n' "$name" $((SECONDS - from))
  else
    printf 'FAILED  %s\n' "$name"
    head -n 60 "$scratch/log"
    failed=1
  fi
}

# same NAME: another reader's arrays are numpy's, or those of who came first.
same() {
  local first
  first=$(ls "$files.numpy" "$files.rust" "$files.cpp" 2>/dev/null | head -n 1)
  diff <(sort "$first") <(sort "$1")
}

ergon=${1:-}
if [ -z "$ergon" ]; then
  (cd ../.. && go build -o "$scratch/ergon" ./cmd/ergon)
  ergon=$scratch/ergon
fi
check 'one of every kind of file' ./make.sh "$(realpath "$ergon")" "$files"
[ "$failed" = 0 ] || exit 1
mapfile -t archives < <(find "$files" -name '*.npz')

if ! command -v python3 >/dev/null; then
  skip python 'there is no python3'
elif can python python3 -m venv "$scratch/venv" && can python "$scratch/venv/bin/pip" install -q --disable-pip-version-check -r requirements.txt; then
  check 'python: YAML, JSON, CSV, figures, arrays' "$scratch/venv/bin/python" -B check.py "$files"
fi

rust() { "$scratch/rust/debug/npz" "${archives[@]}" >"$files.rust" && same "$files.rust"; }
if ! command -v cargo >/dev/null; then
  skip rust 'there is no cargo'
elif can rust cargo build -q --locked --manifest-path npz-rust/Cargo.toml --target-dir "$scratch/rust"; then
  check 'rust: arrays' rust
fi

cpp() { "$scratch/cpp" "${archives[@]}" >"$files.cpp" && same "$files.cpp"; }
if ! command -v g++ >/dev/null; then
  skip c++ 'there is no g++'
else
  echo '#include <xtensor/xnpy.hpp>' >"$scratch/try.cpp"
  if ! g++ -std=c++17 -fsyntax-only "$scratch/try.cpp" 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      can 'xtensor, a second reader in c++' apt-get install -y -qq libxtensor-dev || true
    else
      skip 'xtensor, a second reader in c++' 'not installed (libxtensor-dev)'
    fi
  fi
  check 'c++: the reader is built' g++ -std=c++17 -Wall -Wextra -o "$scratch/cpp" npz.cpp
  check 'c++: arrays' cpp
fi
exit "$failed"
