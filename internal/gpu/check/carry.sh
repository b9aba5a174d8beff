#!/usr/bin/env bash
# Builds what device.sh runs into a folder, to be carried to a machine with a GPU
# that has no Go: the program and the tests of every package with kernels, each under
# its path: masks-device.test.
#   carry.sh FOLDER
# Where the headers of CUDA are not in the usual places, CGO_CFLAGS says so.
set -euo pipefail
folder=$(realpath -m "${1:?a folder to build into}")
cd "$(dirname "$0")/../../.."
mkdir -p "$folder/bin"
go build -tags gpu -ldflags='-s -w' -o "$folder/bin/ergon" ./cmd/ergon
for package in internal/gpu/cuda datasets graph graph/engine graph/quasistatic masks/device train sweep; do
  go test -tags gpu -c -ldflags='-s -w' -o "$folder/bin/${package//\//-}.test" "./$package"
done
cp internal/gpu/check/device.sh internal/gpu/check/ratios.py "$folder/"
du -sh "$folder"
