#!/usr/bin/env python3
"""Times a training step of Ergon, of PyTorch and of JAX in turn, and prints the table of docs/performance.md.

    python docs/performance/beside.py ERGON [--rounds 5] [--seconds 0.5] [--peers torch,jax] [--rows 128:512:dense:1,...]

ERGON is the program, built by `go build ./cmd/ergon`; PyTorch and JAX are those of the Python that runs this. A row is
batch:hidden:setting:p; hidden may be convnet. A setting is a mask of `ergon speed` with its p, an optimizer, norm for the clip, or
a cache. Each round runs `ergon speed` and the peers in processes of their own (torch_step.py, jax_step.py), plainly and counting the
changed synapses (M0) and the amount of change (M1). PyTorch runs with one thread, and with all, that wait for each other asleep or awake: its time
is that of the setting which is best for the row. The table has medians over rounds of the median step, and of the ratios of rounds, with the
least and greatest. Ergon always clips and counts.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MASKS = ("dense", "bernoulli", "neurons", "competitive", "subnet")
SETTINGS = {
    "momentum": "rule.optimizer=momentum", "adam": "rule.optimizer=adam", "norm": "rule.clip={kind: norm, bound: 1}",
    "langevin": "rule.optimizer={kind: langevin, temperature: 1e-7}", "synaptic": "rule.cache=synaptic",
    "mixed_precision": "rule.cache=mixed_precision", "stochastic": "rule.synapse=stochastic",
}
ROWS = ",".join(
    [f"{batch}:{hidden}:dense:1" for batch in (1, 32, 128, 1000) for hidden in (100, 512, 2000)]
    + ["128:512:bernoulli:0.5", "128:512:neurons:0.1", "128:2000:neurons:0.1", "128:512:competitive:0.01", "1:200:competitive:0.01"]
    + [f"{batch}:512:{setting}:1" for setting in ("momentum", "adam", "norm", "langevin", "synaptic", "mixed_precision") for batch in (1, 32, 128)]
    + ["128:512:stochastic:1"] + [f"{batch}:convnet:dense:1" for batch in (1, 32, 128, 1000)]
)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("ergon")
    options.add_argument("--rows", default=ROWS)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.5)
    options.add_argument("--peers", default="torch,jax")
    options.add_argument("--threads", type=int, default=os.cpu_count(), help="of PyTorch, at most")
    asked = options.parse_args()
    peers = [peer for peer in PEERS if peer in asked.peers.split(",")]
    columns = [f"{peer} | counting | ergon/{peer} | counting" for peer in peers]
    print("| batch | hidden | setting | p | ergon ms | " + " | ".join(columns) + " |")
    print("|---" * (5 + 4 * len(peers)) + "|")
    for row in asked.rows.split(","):
        print(compare(row, peers, asked), flush=True)


def compare(row, peers, asked):
    """One line of the table."""
    ours, theirs = [], {peer: [] for peer in peers}
    for _ in range(asked.rounds):
        ours.append(ergon(row, asked)["median_ms"])
        for peer in peers:
            theirs[peer].append(PEERS[peer](row, asked))
    cells = row.split(":") + [f"{statistics.median(ours):.3f}"]
    for peer in peers:
        times = list(zip(*theirs[peer]))  # plain, counting
        cells += [f"{statistics.median(time):.3f}" for time in times] + [ratio(ours, time) for time in times]
    return "| " + " | ".join(cells).replace("nan (nan-nan)", "–").replace("nan", "–") + " |"


def ratio(ours, times):
    single = [a / b for a, b in zip(ours, times)]
    return f"{statistics.median(single):.2f} ({min(single):.2f}-{max(single):.2f})"


def ergon(row, asked):
    batch, hidden, setting, p = row.split(":")
    network = ["--model", "convnet"] if hidden == "convnet" else ["--hidden", hidden]
    rule = ["--rule", setting] + (["--p", p] if setting != "dense" else []) if setting in MASKS else ["--set", SETTINGS[setting]]
    return run([asked.ergon, "speed", "--batch", batch, *network, *rule, "--seconds", str(asked.seconds), "--json"])


def torch(row, asked):
    """The times, plain and counting, in the setting of threads that is best for each."""
    command = [sys.executable, f"{HERE}/torch_step.py", row, "--seconds", str(asked.seconds), "--threads"]
    settings = [(1, "passive"), (asked.threads, "passive"), (asked.threads, "active")]
    return [min(times) for times in zip(*(run(command + [str(threads)], waiting) for threads, waiting in settings))]


def jax(row, asked):
    if ":convnet:" in row:
        return [math.nan, math.nan]
    return run([sys.executable, f"{HERE}/jax_step.py", row, "--seconds", str(asked.seconds)])


PEERS = {"torch": torch, "jax": jax}


def run(command, waiting="passive"):
    """What a command prints, read as JSON."""
    # Memory that goes back to the system after each step would cost PyTorch its page faults.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment.update(OMP_WAIT_POLICY=waiting, MALLOC_MMAP_THRESHOLD_=str(1 << 28), MALLOC_TRIM_THRESHOLD_=str(1 << 28))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
