#!/usr/bin/env python3
"""Times a training step of Ergon and of PyTorch in turn, and prints the table of docs/performance.md.

    python docs/performance/beside_torch.py ERGON [--rounds 5] [--seconds 0.5] [--rows 128:512:dense:1,...]

ERGON is the program, built by `go build ./cmd/ergon`; PyTorch is the one of the Python that runs this. A row is
batch:hidden:rule:p; hidden may be convnet, 28x28 -> 8@5x5 -> pool -> 16@5x5 -> pool -> 10. Each round runs `ergon speed`, and
PyTorch plainly and counting the changed synapses (M0) and the amount of change (M1), in processes of their own: with one
thread, and with all, that wait for each other asleep or awake. PyTorch's time is that of the setting which is best for the
row. The table has medians over rounds of the median step, and ratios with the least and greatest of single rounds. Ergon
always clips and counts.
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
    + [f"{batch}:convnet:dense:1" for batch in (1, 32, 128, 1000)]
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
    options.add_argument("--threads", type=int, default=os.cpu_count(), help="of PyTorch, at most")
    options.add_argument("--step", help=argparse.SUPPRESS)  # a row that is timed in this process
    asked = options.parse_args()
    if asked.step:
        print(json.dumps([time_torch(asked.step, counting, asked.seconds, asked.threads) for counting in (False, True)]))
        return
    print("| batch | hidden | rule | p | ergon ms | torch ms | torch, counting, ms | ergon/torch | ergon/torch, counting |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in asked.rows.split(","):
        print(compare(row, asked), flush=True)


def compare(row, asked):
    """One line of the table."""
    batch, hidden, rule, p = row.split(":")
    network = ["--model", "convnet"] if hidden == "convnet" else ["--hidden", hidden]
    ergon = [asked.ergon, "speed", "--batch", batch, *network, "--rule", rule, "--p", p, "--seconds", str(asked.seconds), "--json"]
    torch = [sys.executable, __file__, asked.ergon, "--seconds", str(asked.seconds), "--step", row, "--threads"]
    rounds = [
        [run(ergon)["median_ms"]] + [run(torch + [str(threads)], waiting) for threads, waiting in settings(asked.threads)]
        for _ in range(asked.rounds)
    ]
    ours = statistics.median(one[0] for one in rounds)
    peers = [best([one[1:] for one in rounds], counting) for counting in (0, 1)]

    def ratio(times):
        single = [one[0] / time for one, time in zip(rounds, times)]
        return f"{ours / statistics.median(times):.2f} ({min(single):.2f}-{max(single):.2f})"

    plain, counting = peers
    return f"| {batch} | {hidden} | {rule} | {p} | {ours:.3f} | {statistics.median(plain):.3f} | {statistics.median(counting):.3f} | {ratio(plain)} | {ratio(counting)} |"


def settings(threads):
    """The threads that PyTorch is tried with, and how they wait."""
    return [(1, "passive"), (threads, "passive"), (threads, "active")]


def best(rounds, counting):
    """The times of the rounds in the setting whose median is least."""
    return min(([one[counting] for one in setting] for setting in zip(*rounds)), key=statistics.median)


def run(command, waiting="passive"):
    """What a command prints, read as JSON."""
    # Memory that goes back to the system after each step would cost PyTorch its page faults.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment.update(OMP_WAIT_POLICY=waiting, MALLOC_MMAP_THRESHOLD_=str(1 << 28), MALLOC_TRIM_THRESHOLD_=str(1 << 28))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def time_torch(row, counting, seconds, threads):
    """The median time, in ms, of steps of a 784-hidden-10 ReLU network, or of the convolutional one, in PyTorch."""
    import torch

    batch, hidden, rule, p = row.split(":")
    batch, p = int(batch), float(p)
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    sizes = [(8, 1, 5, 5), (8,), (16, 8, 5, 5), (16,), (256, 10), (10,)]
    if hidden != "convnet":
        sizes = [(784, int(hidden)), (int(hidden),), (int(hidden), 10), (10,)]
    weights = [torch.zeros(size) if len(size) == 1 else torch.randn(size) * (2 / fan_in(size)) ** 0.5 for size in sizes]
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

    def output(x):
        *below, w, b = weights
        if hidden != "convnet":
            return torch.addmm(b, torch.relu(torch.addmm(below[1], x, below[0])), w)
        x = x.view(-1, 1, 28, 28)
        for kernel, bias in zip(below[::2], below[1::2]):
            x = torch.nn.functional.max_pool2d(torch.relu(torch.nn.functional.conv2d(x, kernel, bias)), 2)
        return torch.addmm(b, x.flatten(1), w)

    def step(x, y):
        for w in weights:
            w.grad = None
        torch.nn.functional.cross_entropy(output(x), y).backward()
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
    return statistics.median(times)


def fan_in(size):
    """How many inputs a unit has whose weights have this size."""
    return size[0] if len(size) == 2 else size[1] * size[2] * size[3]


if __name__ == "__main__":
    main()
