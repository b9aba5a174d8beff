#!/usr/bin/env python3
"""Times a training step of Ergon and of PyTorch in turn, and prints the table of docs/performance.md.

    python docs/performance/beside_torch.py ERGON [--rounds 5] [--seconds 0.5] [--rows 128:512:dense:1,...]

ERGON is the program, built by `go build ./cmd/ergon`; PyTorch is the one of the Python that runs this. A row is
batch:hidden:rule:p. Each round runs `ergon speed`, PyTorch, and PyTorch counting the changed synapses (M0) and the
amount of change (M1), each in a process of its own; the table has medians over rounds of the median step, and ratios
with the least and greatest of single rounds. Ergon always clips and counts.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

ROWS = ",".join(
    [f"{batch}:{hidden}:dense:1" for batch in (1, 32, 128, 1000) for hidden in (100, 512, 2000)]
    + ["128:512:bernoulli:0.5", "128:512:neurons:0.1", "128:2000:neurons:0.1", "128:512:competitive:0.01", "1:200:competitive:0.01"]
)
LEARNING_RATE, BOUND = 0.1, 0.01  # of `ergon speed`
DARK = 0.81  # share of MNIST's pixels that are zero


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("ergon")
    options.add_argument("--rows", default=ROWS)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.5)
    options.add_argument("--threads", type=int, default=os.cpu_count(), help="of PyTorch")
    options.add_argument("--step", help=argparse.SUPPRESS)  # batch:hidden:rule:p:counting, timed in this process
    asked = options.parse_args()
    if asked.step:
        print(json.dumps(time_torch(asked.step, asked.seconds, asked.threads)))
        return
    print("| batch | hidden | rule | p | ergon ms | torch ms | torch, counting, ms | ergon/torch | ergon/torch, counting |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in asked.rows.split(","):
        print(compare(row, asked), flush=True)


def compare(row, asked):
    """One line of the table."""
    batch, hidden, rule, p = row.split(":")
    ergon = [asked.ergon, "speed", "--batch", batch, "--hidden", hidden, "--rule", rule, "--p", p, "--seconds", str(asked.seconds), "--json"]
    torch = [sys.executable, __file__, asked.ergon, "--seconds", str(asked.seconds), "--threads", str(asked.threads), "--step"]
    times = [[run(ergon), run(torch + [row + ":0"]), run(torch + [row + ":1"])] for _ in range(asked.rounds)]
    ours, plain, counting = (statistics.median(column) for column in zip(*times))

    def ratio(peer, column):
        single = [one[0] / one[column] for one in times]
        return f"{ours / peer:.2f} ({min(single):.2f}-{max(single):.2f})"

    return f"| {batch} | {hidden} | {rule} | {p} | {ours:.3f} | {plain:.3f} | {counting:.3f} | {ratio(plain, 1)} | {ratio(counting, 2)} |"


def run(command):
    """The median step, in ms, that a command prints."""
    # Threads that spin after their work would be in the way of the other program, and memory that goes back to the
    # system after each step would cost PyTorch its page faults.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment.update(OMP_WAIT_POLICY="passive", MALLOC_MMAP_THRESHOLD_=str(1 << 28), MALLOC_TRIM_THRESHOLD_=str(1 << 28))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])["median_ms"]


def time_torch(row, seconds, threads):
    """Times steps of a 784-hidden-10 ReLU network in PyTorch."""
    import torch

    batch, hidden, rule, p, counting = row.split(":")
    batch, hidden, p, counting = int(batch), int(hidden), float(p), counting == "1"
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    weights = [torch.randn(784, hidden) * (2 / 784) ** 0.5, torch.zeros(hidden), torch.randn(hidden, 10) * hidden**-0.5, torch.zeros(10)]
    for w in weights:
        w.requires_grad_(True)
    batches = [((torch.rand(batch, 784) > DARK) * torch.rand(batch, 784), torch.randint(0, 10, (batch,))) for _ in range(8)]
    counts = [torch.zeros((), dtype=torch.int64), torch.zeros((), dtype=torch.float64)]

    def masked(g):
        if g.dim() == 1 or rule == "dense":
            return g
        if rule == "bernoulli":
            return g * (torch.rand_like(g) < p)
        if rule == "neurons":
            return g * (torch.rand(g.shape[0], 1) < p) * (torch.rand(1, g.shape[1]) < p)
        winners = torch.topk(g.abs().flatten(), max(1, round(p * g.numel())), sorted=False).indices
        return torch.zeros_like(g).view(-1).scatter_(0, winners, g.flatten()[winners]).view_as(g)

    def step(x, y):
        for w in weights:
            w.grad = None
        z = torch.relu(torch.addmm(weights[1], x, weights[0]))
        torch.nn.functional.cross_entropy(torch.addmm(weights[3], z, weights[2]), y).backward()
        with torch.no_grad():
            for w in weights:
                if rule == "dense" and not counting:
                    w.add_(w.grad.clamp_(-BOUND / LEARNING_RATE, BOUND / LEARNING_RATE), alpha=-LEARNING_RATE)
                    continue
                update = (masked(w.grad) * -LEARNING_RATE).clamp_(-BOUND, BOUND)
                if counting:
                    counts[0].add_((update != 0).sum())
                    counts[1].add_(update.abs().sum())
                w.add_(update)

    for one in batches:
        step(*one)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        x, y = batches[len(times) % len(batches)]
        start = time.perf_counter()
        step(x.clone(), y)
        times.append(1e3 * (time.perf_counter() - start))
    return {"median_ms": statistics.median(times), "torch": torch.__version__}


if __name__ == "__main__":
    main()
