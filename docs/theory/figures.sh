#!/usr/bin/env bash
# Draws the figures of docs/theory/*.md anew, theory and simulation, about 10 minutes
# on two cores. Random numbers are counter based: the same figures every time.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
go build -o "$scratch/ergon" ./cmd/ergon

theory() {
  local name=$1
  shift
  echo "$name"
  "$scratch/ergon" theory "$@" --plot "docs/theory/$name.png" >"$scratch/$name.csv"
  grep -E '^# (p_value|worst_z)' "$scratch/$name.csv" || true
}

theory ridge ridge p=0.5 eta=0.3 steps=30 d=1200 --simulate 16
theory online online p=0.5 kappa=1 --simulate 16
theory selection selection select=threshold --simulate 16
theory protocol protocol --simulate 16
theory control control --simulate 16
theory mixture mixture p=0.2 eta=1 clip=0.3 paths=50000 d=1000 --simulate 16
theory mixture-rules mixture rule.optimizer.lr=0.2 'rule.cache={kind: mixed_precision, epsilon: 0.2}' steps=30 d=1000 paths=50000 --simulate 16
theory twolayer twolayer mask=element sigma=0.1 time=160 points=80 n=1000 --simulate 6
theory random-masks random-masks --simulate 16
theory sphere sphere
theory vmf vmf
theory idealgas idealgas d=3 eta=0.01 lambda=0.01 grid=5 times=300 --simulate 8
theory rbm-modes rbm-modes
theory optimum optimum --simulate 32
theory optimum-m1 optimum energy=m1 --simulate 32

"$scratch/ergon" train vanrossum2024 'rule.mask=[{kind: bernoulli, p: 0.1}]' train.max_steps=2000 out.dir="$scratch/run" >/dev/null
theory pathintegral pathintegral "$scratch/run" 'at=[200]' 'window=[3,10,30,100,300,1000]' simulate=16 tangents=4

# Beside what was measured, which takes half an hour: ergon bench papers/vanrossum2024-rules
if [ -f "${RULES:=runs/bench-vanrossum2024-rules}/bench.json" ]; then
  "$scratch/ergon" train vanrossum2024 seed=0 out.dir="$scratch/plain" >/dev/null
  theory concentration concentration "$scratch/plain" bench="$RULES" goal=0.95
fi
