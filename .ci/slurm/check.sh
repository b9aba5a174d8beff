#!/usr/bin/env bash
# A sweep on a real Slurm, of one node on loopback: slurmd is lost in the middle, the
# job is cancelled, the sweep resumed. Every cell must be made once, and the table be that
# of the local launcher. Usage: check.sh ERGON. Skipped where Slurm cannot be had.
set -euo pipefail
ergon=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
skip() { printf 'skipped: %s\n' "$1"; exit 0; }
fail() { printf 'failed: %s\n' "$1"; tail -n 20 "$B"/log/slurmctld.log "$B"/log/slurmd.log 2>/dev/null; exit 1; }

[ "$(uname)" = Linux ] || skip 'Slurm runs on Linux'
[ "$(id -u)" = 0 ] || skip 'the daemons of Slurm are started by root'
if ! command -v slurmctld slurmd munged sbatch >/dev/null; then
  command -v apt-get >/dev/null && apt-get update -qq >/dev/null 2>&1 &&
    apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null 2>&1 ||
    skip 'slurm-wlm and munge cannot be installed here'
fi

B=$(mktemp -d)
. "$here/daemons.sh"
trap 'slurm_stop; rm -rf "$B"' EXIT
slurm_configure
slurm_start
slurm_up || { tail -n 5 "$B"/log/* ; skip 'the daemons of Slurm do not start here'; }
echo "$(sinfo -V) with $(sinfo -h -o '%c CPUs, %t')"

cd "$B"
cat >bench.yaml <<'YAML'
# two rules, 22 seeds
base: mixture
set: {data.train: 2000, data.test: 500, train.eval_every: 500, engine.blas: gonum}
rules: [{label: full, set: {rule.mask: full}}, {label: half, set: {rule.mask: bernoulli}}]
seeds: 22
goals: [0.6, 1]
budget: 100000
launch: {pack: 3, slurm: {mem: 50M}}
YAML
cells=44

"$ergon" sweep submit bench.yaml --on local --out local -q >/dev/null
"$ergon" sweep collect local | grep -v '^results are in' >local.md

done_cells() { "$ergon" sweep status "$out" --json | sed -n 's/^  "done": \([0-9]*\),$/\1/p'; }
reach() { # cells, seconds
  for _ in $(seq "$2"); do [ "$(done_cells)" -ge "$1" ] && return 0; sleep 1; done
  return 1
}

out="a folder with #'%x"
"$ergon" sweep submit bench.yaml --on slurm --out "$out"
reach 10 60 || fail "ten cells are not done after a minute: $("$ergon" sweep status "$out")"
before=$(cd "$out/cells" && stat -c '%n %i %y' */summary.json)
echo "slurmd is lost after $(printf '%s\n' "$before" | wc -l) cells"
slurmd_lost
scancel --user=root
"$ergon" sweep status "$out" | sed -n 1p
slurmd_start
slurm_up || fail 'the node does not come back'

for try in 1 2 3 4 5; do
  [ "$(done_cells)" -lt $cells ] || break
  for _ in $(seq 30); do [ -z "$(squeue -h)" ] && break; sleep 1; done # those that are completing
  "$ergon" sweep resume "$out" | grep -v '^[0-9]* cells are listed'
  for _ in $(seq 100); do [ -z "$(squeue -h)" ] && break; sleep 1; done
done
[ "$(done_cells)" = $cells ] || fail "not all are done: $("$ergon" sweep status "$out" --all)"

after=$(cd "$out/cells" && stat -c '%n %i %y' */summary.json)
[ "$(printf '%s\n' "$after" | wc -l)" = $cells ] || fail 'there are not as many run directories as cells'
printf '%s\n' "$before" | while IFS= read -r line; do
  printf '%s\n' "$after" | grep -qxF "$line" || fail "a finished cell was run again: $line"
done
# A worker tells its log of each run that ends.
ended=$(cat "$out"/launch/logs/*.log | grep -oE '(full|half)  seed [0-9]+  (budget spent|reached goal)' | sort | uniq -c)
[ "$(printf '%s\n' "$ended" | awk '{ n++; if ($1 != 1) bad = 1 } END { print n, bad + 0 }')" = "$cells 0" ] || fail "not every run ended once:
$ended"
"$ergon" sweep collect "$out" | grep -v '^results are in' >slurm.md
cmp local.md slurm.md || fail 'the table is not that of the local launcher'
echo "$cells cells, each run once; the table is the local launcher's; ${SECONDS} s"
