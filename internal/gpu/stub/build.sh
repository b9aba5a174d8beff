#!/usr/bin/env bash
# Builds the stub driver into a folder, for CGO_LDFLAGS=-L and LD_LIBRARY_PATH.
# C flags may say where cuda.h is: build.sh FOLDER [-I/usr/local/cuda/include]
set -euo pipefail
here=$(dirname "$0")
folder=${1:?a folder to build into}
shift
mkdir -p "$folder"
compile=("${CC:-gcc}" -std=gnu11 -O2 -Wall -Werror -fPIC -shared -fvisibility=hidden -I/usr/local/cuda/include "$@")

# What is not implemented exists and returns "not supported": gorgonia.org/cu
# refers to most of the driver. The preprocessed header has the true names, with
# their versions. Weak, so that what is implemented comes first.
{
  echo 'int unsupported(void) { return 801; }'
  echo '#include <cuda.h>' | "${CC:-gcc}" -E -P -I/usr/local/cuda/include "$@" - | grep -oE '\bcu[A-Z]\w*\(' | sort -u | tr -d '(' |
    sed 's/.*/int &(void) __attribute__((weak, alias("unsupported"), visibility("default")));/'
} >"$folder/unsupported.c"

# The kernels are the emulator's: no fused multiply-add, no reordering.
"${CC:-gcc}" -std=gnu11 -O3 -ffp-contract=off -Wall -Werror -fPIC -shared -x c "$here/../emulator/emulator.cu" -o "$folder/libergon-kernels.so" -lm
"${compile[@]}" "$here/device.c" "$here/memory.c" "$here/stream.c" "$folder/unsupported.c" -o "$folder/libcuda.so.1" -Wl,-soname,libcuda.so.1 -Wl,-rpath,'$ORIGIN' -ldl -lpthread
"${compile[@]}" "$here/blas.c" -o "$folder/libcublas.so.13" -Wl,-soname,libcublas.so.13 -Wl,-rpath,'$ORIGIN' "$folder/libcuda.so.1"
ln -sf libcuda.so.1 "$folder/libcuda.so" # what -lcuda finds
