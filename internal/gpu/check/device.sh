#!/usr/bin/env bash
# Everything that is to be checked and timed on a GPU, in one call:
#   device.sh OUT        OUT: folder for the raw output
# from the folder that carry.sh made. Needs the driver and libcublas, which is
# looked for beside PyTorch too. In the environment:
#   PEER=FILE    a script that times the same step in PyTorch (options --batch
#                --hidden --rule --p --count --device --graph, one line of JSON)
#   QUICK=1      small sizes, for a rehearsal on the stub driver
set -uo pipefail
here=$(realpath "$(dirname "$0")")
out=$(realpath -m "${1:?a folder for the output}")
mkdir -p "$out"
cd "$here"
python=$(command -v python3 || true)
if [ -n "$python" ]; then # cuBLAS comes with PyTorch's wheels
  for folder in $("$python" -c 'import glob, sys; print(*[f for p in sys.path for f in glob.glob(p + "/nvidia/*/lib")])'); do
    export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder"
  done
fi
export ERGON_TEST_GPU=required
seconds=3 rounds=3 networks=64 compared='--batch 128 --hidden 512'
sizes=("$compared" '--batch 1 --hidden 200' '--batch 32 --hidden 100' '--batch 1000 --hidden 2000')
limit=() goal=0.97
if [ -n "${QUICK:-}" ]; then
  seconds=0.1 rounds=1 networks=4 compared='--batch 8 --hidden 16' sizes=("$compared" '--batch 1 --hidden 16')
  limit=(data.train=2000 data.test=500 train.epochs=2 'model.hidden=[30]') goal=0.5
  export ERGON_BENCH_SIDE=256
fi
failures=0

# part NAME COMMAND ... runs a command, keeps its output, and says how it went.
part() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$out/$name.txt" 2>&1; then
    printf 'ok      %-28s %4d s\n' "$name" $((SECONDS - started))
  else
    printf 'FAILED  %-28s %4d s  (%s)\n' "$name" $((SECONDS - started)) "$out/$name.txt"
    failures=$((failures + 1))
  fi
}

part probe sh -c 'nvidia-smi; ./bin/ergon doctor --json; ldd ./bin/ergon'

# The device against known answers, the Go twins of the kernels and the cpu engine.
part test-binding ./bin/internal-gpu-cuda.test -test.v
part test-gather ./bin/datasets.test -test.v -test.run Device
part test-graph ./bin/graph.test -test.v -test.run 'Device|GPU|Kernel|Activation|Capture|Sums|Divergence|Memory|Launches|Place'
part test-engine ./bin/graph-engine.test -test.v -test.run 'Device|GPU|Kernel|Activation'
part test-quasistatic ./bin/graph-quasistatic.test -test.v -test.run 'CPU'
part test-masks ./bin/masks-device.test -test.v -test.run 'Conform|Device'
part test-train ./bin/train.test -test.v -test.run 'Device|SideBySide'
part test-sweep ./bin/sweep.test -test.v -test.run SideBySide

# Accesses out of bounds, races in shared memory, uninitialised reads.
if compute-sanitizer ./bin/internal-gpu-cuda.test -test.run XXX >"$out/sanitizer.txt" 2>&1; then
  for tool in memcheck racecheck initcheck synccheck; do
    part "sanitizer-$tool" compute-sanitizer --tool "$tool" --error-exitcode 9 ./bin/masks-device.test -test.run 'Device' -test.short
    part "sanitizer-$tool-train" compute-sanitizer --tool "$tool" --error-exitcode 9 ./bin/train.test -test.run 'DeviceRun|SideBySide' -test.short
  done
else
  printf 'skipped: compute-sanitizer: %s\n' "$(tail -n 1 "$out/sanitizer.txt" 2>/dev/null || echo 'not here')"
fi

# The main job.
learn() {
  ./bin/ergon train mnist engine.device=gpu out.dir="$out/mnist" "${limit[@]}" --force --quiet --json | tee "$out/mnist.json" &&
    grep -q "\"engine\": \"gpu" "$out/mnist.json" &&
    awk -v goal="$goal" -F'[:,]' '/"best_test_accuracy"/ { found = 1; if ($2 < goal) { print "below " goal; exit 1 } } END { exit !found }' "$out/mnist.json"
}
part mnist learn

# Times. Rounds are interleaved, so that a change of clocks hits all.
: >"$out/times.jsonl"
ours() { ./bin/ergon speed --device gpu --seconds "$seconds" --json "$@" | tee -a "$out/times.jsonl"; }
peer() {
  if [ -n "$python" ] && [ -n "${PEER:-}" ]; then
    "$python" "$PEER" --device cuda --seconds "$seconds" "$@" | tee -a "$out/times.jsonl"
  fi
}
times() {
  for _ in $(seq "$rounds"); do
    for size in "${sizes[@]}"; do
      ours $size || return
      ours $size --networks "$networks" || return
      peer $size && peer $size --graph && peer $size --graph --count || return
    done
    for rule in 'bernoulli --p 0.5' 'neurons --p 0.1' 'competitive --p 0.01'; do
      ours $compared --rule $rule || return
      peer $compared --rule $rule --graph || true # topk may not be capturable
      peer $compared --rule $rule || return
    done
  done
}
part times times
part update-bandwidth ./bin/masks-device.test -test.run XXX -test.bench DeviceUpdate -test.count "$rounds"
[ -z "$python" ] || part ratios "$python" ratios.py "$out/times.jsonl" "$out/update-bandwidth.txt"
[ ! -s "$out/ratios.txt" ] || cat "$out/ratios.txt"
echo "$failures parts failed; the output is in $out"
exit $((failures > 0))
