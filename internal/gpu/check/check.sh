#!/usr/bin/env bash
# The checks of the GPU engine that need no GPU: it builds with the tag gpu,
# against CUDA's headers of 11 and 13; the committed PTX is what the compiler
# writes, and fits the registers of every generation; the tests pass on a driver
# that runs the kernels on the host; these stay within their memory. What cannot
# be installed here is skipped, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../../.."

# Packages whose tests run kernels, and the names of these tests.
packages=(./datasets ./graph/... ./masks/device ./train ./sweep)
pattern='Conform|Device|GPU|SideBySide|Kernel|Activation|Capture|Sums|Divergence|Memory|Launches|Place'
generations=(sm_75 sm_80 sm_86 sm_89 sm_90)
cuda13=nvidia-cuda-runtime==13.5.37 # the wheel with CUDA 13's headers

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# check NAME COMMAND... prints one line, and what the command said if it failed.
check() {
  local name=$1 from=$SECONDS
  shift
  if "$@" >"$scratch/log" 2>&1; then
    printf 'ok      %s (%ds)\n' "$name" $((SECONDS - from))
  else
    printf 'FAILED  %s\n' "$name"
    tail -n 60 "$scratch/log"
    failed=1
  fi
}

skip() { printf 'skipped: %s: %s\n' "$1" "$2"; }

# install gets nvcc and the headers of Debian's non-free part: the machine's own
# sources with other components, in a file of their own.
install() {
  local list=/etc/apt/sources.list.d
  if [ -f "$list/debian.sources" ]; then
    sed 's/^Components:.*/Components: contrib non-free/' "$list/debian.sources" >"$list/ergon-nonfree.sources"
  else
    sed -n 's/^\(deb .*\) main.*/\1 contrib non-free/p' /etc/apt/sources.list >"$list/ergon-nonfree.list"
  fi
  apt-get update -qq || true # another source may be unreachable
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nvidia-cuda-toolkit nvidia-cuda-dev
  rm -f "$list"/ergon-nonfree.*
}

# header says whether the compiler finds cuda.h, with the given flags.
header() { echo '#include <cuda.h>' | gcc -E -I/usr/local/cuda/include "$@" - >/dev/null 2>&1; }

# fetch_cuda13 unpacks CUDA 13's headers.
fetch_cuda13() {
  python3 -m pip download -q --no-deps --only-binary=:all: -d "$scratch" "$cuda13" &&
    python3 -m zipfile -e "$scratch"/nvidia_cuda_runtime-*.whl "$scratch/wheel" && header "-I$include13"
}

# ptx compares the committed PTX with the compiler's, without comments: these
# name the compiler's build.
ptx() {
  nvcc -O3 -fmad=false -ptx -arch=compute_75 -o "$scratch/kernels.ptx" internal/gpu/kernels.cu &&
    grep -v '^//' "$scratch/kernels.ptx" >"$scratch/compiled" &&
    grep -v '^//' internal/gpu/kernels.ptx | cmp "$scratch/compiled" - && return
  echo 'write it anew: go generate ./internal/gpu'
  return 1
}

# assemble compiles the PTX for a generation; no kernel may spill registers.
assemble() {
  ptxas -v -arch="$1" -o "$scratch/kernels.cubin" internal/gpu/kernels.ptx 2>"$scratch/ptxas" || { cat "$scratch/ptxas"; return 1; }
  awk '/Function properties/ { kernel = $NF }
    /bytes spill/ { seen = 1 }
    /bytes spill/ && !/ 0 bytes spill stores, 0 bytes spill loads/ { spills = 1; print kernel ":" $0 }
    END { if (!seen) print "ptxas said nothing of spills"; exit spills || !seen }' "$scratch/ptxas"
}

# build13 compiles and links against CUDA 13's headers.
build13() {
  internal/gpu/stub/build.sh "$scratch/stub13" "-I$include13" &&
    CGO_CFLAGS="-g -O2 -I$PWD/internal/gpu/cuda/compat -I$include13" CGO_LDFLAGS="-L$scratch/stub13" \
      go test -tags gpu -c -o "$scratch/cuda13.test" ./internal/gpu/cuda &&
    LD_LIBRARY_PATH=$scratch/stub13 ERGON_TEST_GPU=required "$scratch/cuda13.test"
}

# sanitize runs the emulator's tests with kernels that check their addresses:
# the nearest thing to compute-sanitizer.
sanitize() {
  ERGON_EMULATOR_CFLAGS='-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -Wno-maybe-uninitialized' \
    go test -count=1 -vet=off -run "$pattern" -exec "env LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1" ./internal/gpu/emulator "${packages[@]}"
}

# The checks, in a function: bash has then read all of this file before it runs
# any of it.
main() {
  if ! command -v gcc >/dev/null || [ "$(go env CGO_ENABLED)" != 1 ]; then
    skip 'the GPU engine' 'building it needs a C compiler'
    exit 0
  fi
  if ! command -v nvcc >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    install >"$scratch/apt" 2>&1 && echo 'installed nvcc' || skip 'nvcc' "$(tail -n 1 "$scratch/apt")"
  fi
  include13=$scratch/wheel/nvidia/cu13/include
  fetch_cuda13 >"$scratch/pip" 2>&1 || { include13=; skip 'CUDA 13' "its headers cannot be had: $(tail -n 1 "$scratch/pip")"; }

  # Whatever headers there are will do for the rest.
  flags=()
  if ! header; then
    [ -n "$include13" ] || { skip 'the GPU engine' 'there is no cuda.h'; exit 0; }
    flags=("-I$include13")
    export CGO_CFLAGS="-g -O2 -I$PWD/internal/gpu/cuda/compat -I$include13"
  fi
  check 'the stub of a driver' internal/gpu/stub/build.sh "$scratch/stub" "${flags[@]}"
  export CGO_LDFLAGS=-L$scratch/stub
  check 'go vet -tags gpu' go vet -tags gpu ./...
  check 'go build -tags gpu' go build -tags gpu -o "$scratch/ergon" ./cmd/ergon
  check 'the program starts on a driver without a GPU' env "LD_LIBRARY_PATH=$scratch/stub" ERGON_STUB_CUINIT=100 "$scratch/ergon" rules
  check 'tests of the binding' env "LD_LIBRARY_PATH=$scratch/stub" ERGON_TEST_GPU=required go test -tags gpu -count=1 ./internal/gpu/cuda
check 'tests on the stub' env "LD_LIBRARY_PATH=$scratch/stub" ERGON_TEST_GPU=required go test -tags gpu -count=1 -run "$pattern" "${packages[@]}"
  unset CGO_LDFLAGS

  if ! command -v nvcc >/dev/null; then
    skip 'PTX' 'no nvcc'
  elif ! nvcc --version | grep -q 'release 11.8'; then
    skip 'PTX' "the committed one is by nvcc 11.8, and here is $(nvcc --version | grep -o 'release [0-9.]*')"
  else
    check 'kernels.ptx is what kernels.cu compiles to' ptx
  fi
  if command -v ptxas >/dev/null; then
    for generation in "${generations[@]}"; do
      check "no register spills on $generation" assemble "$generation"
    done
  fi
  [ -z "$include13" ] || check 'CUDA 13: builds, links, passes on a stub of it' build13

  if [ -f "$(gcc -print-file-name=libasan.so)" ]; then
    check 'the kernels stay within their memory' sanitize
  else
    skip 'the address sanitizer' 'no libasan'
  fi
  exit $failed
}

main
