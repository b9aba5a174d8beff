#!/usr/bin/env bash
# make.sh ERGON FOLDER makes one of every kind of file that Ergon writes. A
# config NAME.yaml has beside it NAME.json, the same config printed as JSON.
set -euo pipefail
ergon=$1 sources=$(realpath "$(dirname "$0")/../..")
mkdir -p "$2"
cd "$2"

# Configs: with comments, as presets and as files of one's own.
mkdir configs
config() { # name, arguments of ergon configs
  local name=$1
  shift
  "$ergon" configs "$@" >"configs/$name.yaml" 2>"configs/refused" || { rm "configs/$name.yaml"; return 0; }
  "$ergon" configs "$@" --json >"configs/$name.json"
}
for preset in $("$ergon" configs | cut -d ' ' -f 1); do config "$preset" "$preset"; done
# Numbers of all sizes, and words that some reader of YAML takes for something else; Ergon may refuse them.
config numbers mnist rule.optimizer.lr=1e-5 'rule.clip={kind: value, bound: [.inf, 1e-30, 1e22, 5]}' 'train.goals=[1e-5, 0.5, 1]' \
  seed=18446744073709551615 energy.temperature=2.5e-07
words=(= on off y n yes no true null '~' 1e3 1E5 1e-05 1. .5 0. -0 +1 017 0o17 0x1F 0b1 1_000 1:30 190:20:30 .inf -.inf .nan '<<'
  2001-01-01 '2001-12-14t21:59:43.10-05:00' '2001-12-14 21:59:43' é 日本 'a b' 'a#b' "it's" 'a:b' 'a"b' 'a\b' 'NaN' 'Infinity' 'None' 'TRUE')
words+=($'\u00a0x' $'a\u0085b' $'a\u2028b' $'\ufeffx' 😀 $'a\tb' $'a\nb' 'C:\\x' 'a, b' '%a' '@a' '`a')
for i in "${!words[@]}"; do
  config "name$i" mnist "name=${words[i]}"
  config "path$i" mnist "data.dir=\"${words[i]//[\"\\]/}\"" # in quotes: any text
done
rm -f configs/refused

# Runs: of stochastic synapses, plain, of a convolutional network, of a Boltzmann machine, one that diverges.
small=(data.train=600 data.test=200 train.epochs=1 -q)
run() { # directory, what is printed, arguments of ergon train
  local out=$1
  shift
  "$ergon" train "$@" "out.dir=$out" --json >"$out.printed.json" || [ $? = 3 ]
  cp "$out/config.yaml" "configs/of-$out.yaml"
  "$ergon" configs "$out/config.yaml" --json >"configs/of-$out.json"
}
run plain mnist "${small[@]}" 'model.hidden=[20, 15]' data.transform=unit train.log_every=1 train.eval_every=10 'energy.prices=[horowitz45nm, landauer300K]'
run noisy malkin2024 "${small[@]}" 'model.hidden=[20]' train.log_every=7
run convnet convnet "${small[@]}" data.train=100 data.test=20
run dreams rbm-mnist-16 "${small[@]}"
run diverged mnist "${small[@]}" train.batch=32 train.eval_every=1 rule.mask=full rule.clip=none rule.optimizer.lr=1e10
"$ergon" show plain --json >shown.json
"$ergon" show dreams --figures figures >/dev/null 2>&1
"$ergon" show dreams --figures figures/chains.svg >/dev/null 2>&1
"$ergon" show dreams --figures figures/receptive-fields.pdf >/dev/null 2>&1

# A benchmark with its figures, and a search.
cat >bench.yaml <<'YAML'
base: mixture
set:
  data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}
  train.batch: 10
  train.eval_every: 2
rules:
  - {label: '<full> & "all", | é', set: {rule.mask: full}}
  - {label: '=half', set: {rule.mask: {kind: bernoulli, p: 0.5}}}
seeds: 2
goals: [0.6, 0.7]
budget: 800
tune: {search: {rule.optimizer.lr: [0.1, 1]}, candidates: 2, keep: 2, rungs: [0.6], seeds: [5], fresh: [6]}
YAML
"$ergon" bench bench.yaml --out bench -q --json >bench.printed.json
"$ergon" bench bench.yaml --tune --out tuned -q >/dev/null
cat >bench.yaml <<'YAML'
base: scale-invariant
set: {model.channels: [2, 3], model.strides: [2, 2], data.train: 200, data.test: 50, train.batch: 10, train.max_steps: 80,
  free_energy: {window: 20, neighbours: 5, per_decade: 3, gradients: 10}}
rules:
  - {label: '<full> & "all", | é', set: {rule.mask: full}}
  - {label: '=half', set: {rule.mask: {kind: bernoulli, p: 0.5}}}
grid: {lr: [0.003, 0.01, 0.03, 0.1]}
seeds: 2
free_energy: {}
YAML
"$ergon" bench bench.yaml --out heat -q --json >heat.printed.json
rm bench.yaml

# Predictions, as JSON, as CSV and drawn.
theory() { # name, arguments
  "$ergon" theory "$@" --json >"theory-$1.json"
  "$ergon" theory "$@" >"theory-$1.csv"
}
theory bounds
theory table1
theory ridge
theory ladder plain --plot ladder.png
theory online kappa=0.1
"$ergon" theory ladder plain --plot ladder.svg >/dev/null
printf 'compute: [{theory: ridge, set: {p: 0.5}}, {theory: bounds}]\n' >document.yaml
"$ergon" theory document.yaml --json >document.json
rm document.yaml
"$ergon" theory ladder plain --plot ladder.pdf >/dev/null

# What the other verbs print for programs.
"$ergon" rules --json >rules.json
"$ergon" prices --json >prices.json
"$ergon" prices horowitz45nm --json >prices-horowitz45nm.json
"$ergon" configs --json >presets.json
"$ergon" bench --json >benches.json
"$ergon" theory --json >theories.json
"$ergon" data list --json >data.json
"$ergon" data check mnist --json >data-check.json
"$ergon" doctor --json >doctor.json
"$ergon" speed --seconds 0.05 --json >speed.json

# A checkpoint, as the first version wrote it.
mkdir checkpoint
cp "$sources/internal/checkpoint/testdata/v1.safetensors" checkpoint/
