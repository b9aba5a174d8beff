#!/usr/bin/env python3
"""Times a step of persistent contrastive divergence (PCD-1) of a restricted Boltzmann machine in PyTorch, and prints a table.

    python docs/performance/boltzmann_torch.py [--hidden 16,128,500] [--rounds 5] [--seconds 0.3] [--threads 2] [--compile] [--ergon PATH]

784 visible and HIDDEN hidden Bernoulli units, a batch of 100 images, 100 persistent chains, float32, no autograd, everything
in place. A step gathers the batch, makes one sweep of the chains, and adds 0.01/100 (x^T m(x) - v^T m(v)) to W, with m the
means of the hidden units, likewise to the biases. Images are random, with binarised MNIST's share of ones.

The chains are kept as visible units: h ~ p(h|v), v ~ p(v|h), m(v). Or as hidden ones: v ~ p(v|h), m(v), h ~ m(v), which is a
product less; h is then drawn by the weights before the update. m(x) and m(v) are one product of 200 rows, and so is the update.
In products of 100 rows that makes six or five.

Units are drawn by torch.bernoulli, by comparing torch's uniform numbers ("rand") or those of numpy's SFC64; --compile adds
torch.compile, given numpy's numbers, since those that it makes itself take longer on a CPU. W lies visible × hidden or
hidden × visible. Each round times all of these in processes of their own: with one thread, and with all, that wait for each
other asleep or awake. The table has the median over rounds of the median step, in ms: for each way of drawing, with the threads
and the layout that are best for it; and of the best of all, with the least and greatest of single rounds, and what it is.
"""
import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import time

VISIBLE, BATCH, RATE = 784, 100, 0.01
BRIGHT = 0.132  # share of MNIST's training pixels that are 128 or more
STATES, DRAWS, LAYOUTS = ("visible", "hidden"), ("bernoulli", "rand", "numpy"), ("VxH", "HxV")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hidden", default="16,128,500")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.3, help="for each variant in each round")
    options.add_argument("--threads", type=int, default=os.cpu_count(), help="at most")
    options.add_argument("--compile", action="store_true", help="torch.compile, too; takes minutes")
    options.add_argument("--ergon", help="the tests of package train (go test -c -o PATH ./train), whose step is timed in each round, too")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)  # hidden units that are timed in this process
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(time_all(asked)))
        return
    draws = DRAWS + (("compiled",) if asked.compile else ())
    print("| hidden | chains kept as | " + " | ".join(draws) + " | best | of |" + " ergon | ergon, centred | ergon/best |" * bool(asked.ergon))
    print("|---|---|" + "---|" * (len(draws) + 2 + 3 * bool(asked.ergon)))
    for hidden in asked.hidden.split(","):
        times, ours = measure(hidden, asked)
        for state in STATES:
            print(row(hidden, state, draws, times, ours), flush=True)


def measure(hidden, asked):
    """Medians of the rounds, by variant and setting of the threads; and those of Ergon, if asked for."""
    times, ours = {}, {"false": [], "true": []}
    command = [sys.executable, __file__, "--one", hidden, "--seconds", str(asked.seconds)] + ["--compile"] * asked.compile
    for _ in range(asked.rounds):
        for threads, waiting in [(1, "passive"), (asked.threads, "passive"), (asked.threads, "active")]:
            for variant, ms in run(command + ["--threads", str(threads)], waiting).items():
                times.setdefault((*variant.split(), f"{threads} {waiting}"), []).append(ms)
        for centred in ours if asked.ergon else ():
            ours[centred].append(ergon(asked.ergon, hidden, centred))
    return times, ours


def ergon(tests, hidden, centred):
    """The median step of Ergon, in ms."""
    name = f"BoltzmannStep/^hidden={hidden},centred={centred}$"
    done = subprocess.run([tests, "-test.run", "^$", "-test.bench", name, "-test.benchtime", "1s"], capture_output=True, text=True, check=True)
    found = re.search(r"([0-9.]+) ms/step", done.stdout)
    return float(found[1])


def row(hidden, state, draws, times, ours):
    """One line of the table."""
    least = {drawn: min((t for key, t in times.items() if key[:2] == (state, drawn)), key=statistics.median, default=None) for drawn in draws}
    best = min((key for key in times if key[0] == state), key=lambda key: statistics.median(times[key]))
    each = " | ".join(f"{statistics.median(t):.3f}" if t else "none" for t in least.values())
    single, beside = times[best], ""
    if ours["false"]:
        plain, centred = statistics.median(ours["false"]), statistics.median(ours["true"])
        beside = f" {plain:.3f} ({min(ours['false']):.3f}-{max(ours['false']):.3f}) | {centred:.3f} | {plain / statistics.median(single):.2f} |"
    return f"| {hidden} | {state} | {each} | {statistics.median(single):.3f} ({min(single):.3f}-{max(single):.3f}) | {', '.join(best[1:])} |" + beside


def run(command, waiting):
    """What a command prints, read as JSON."""
    # Memory that goes back to the system after each step would cost PyTorch its page faults.
    environment = dict(os.environ, OMP_WAIT_POLICY=waiting, MALLOC_MMAP_THRESHOLD_=str(1 << 28), MALLOC_TRIM_THRESHOLD_=str(1 << 28))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def time_all(asked):
    """The median step of each variant, in ms."""
    import torch

    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    images = [(torch.rand(BATCH, VISIBLE) < BRIGHT).float() for _ in range(8)]
    variants = list(itertools.product(STATES, DRAWS, LAYOUTS))
    if asked.compile:
        variants += [(state, "compiled", layout) for state in STATES for layout in LAYOUTS]
    with torch.no_grad():
        return {" ".join(variant): time_one(Machine(asked.one, *variant), images, asked.seconds) for variant in variants}


def time_one(machine, images, seconds):
    """The median step of a machine, in ms, after some that are not counted."""
    machine.check(images[0])
    for x in images:
        machine.step(x)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        x = images[len(times) % len(images)]
        start = time.perf_counter()
        machine.step(x)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


class Machine:
    """A machine and its chains. Rows below BATCH of `both` and `means` are the batch's, the others the chains'."""

    def __init__(self, hidden, state, draws, layout):
        import numpy
        import torch

        self.torch, self.state, self.draws = torch, state, draws
        self.w = 0.01 * torch.randn(VISIBLE, hidden)
        if layout == "HxV":
            self.w = self.w.t().contiguous().t()
        self.a, self.b = torch.zeros(VISIBLE), torch.zeros(hidden)
        self.both, self.means = torch.zeros(2 * BATCH, VISIBLE), torch.zeros(2 * BATCH, hidden)
        self.both[BATCH:] = (torch.rand(BATCH, VISIBLE) < 0.5).float()
        self.h = (torch.rand(BATCH, hidden) < 0.5).float()
        self.p = {VISIBLE: torch.zeros(BATCH, VISIBLE), hidden: torch.zeros(BATCH, hidden)}  # probabilities of a layer
        self.u = {width: torch.zeros(BATCH, width) for width in self.p}  # uniform numbers
        self.shared = {width: u.numpy() for width, u in self.u.items()}  # the same memory
        self.sign = torch.cat([torch.ones(BATCH), -torch.ones(BATCH)])
        self.one = torch.ones(2 * BATCH)
        self.generator = numpy.random.Generator(numpy.random.SFC64(0))
        self.step = self.eager if draws != "compiled" else self.compiled
        self.core = torch.compile(compiled_core) if draws == "compiled" else None

    def eager(self, x):
        """One step."""
        torch, v = self.torch, self.both[BATCH:]
        self.both[:BATCH].copy_(x)
        if self.state == "visible":
            self.draw(torch.addmm(self.b, v, self.w, out=self.p[len(self.b)]).sigmoid_(), self.h)
        self.draw(torch.addmm(self.a, self.h, self.w.t(), out=self.p[VISIBLE]).sigmoid_(), v)
        torch.addmm(self.b, self.both, self.w, out=self.means).sigmoid_()
        of_chains = self.means[BATCH:]
        if self.state == "hidden":
            self.draw(of_chains, self.h)
        of_chains.neg_()
        if self.w.is_contiguous():
            self.w.addmm_(self.both.t(), self.means, alpha=RATE / BATCH)
        else:
            self.w.t().addmm_(self.means.t(), self.both, alpha=RATE / BATCH)
        self.a.addmv_(self.both.t(), self.sign, alpha=RATE / BATCH)
        self.b.addmv_(self.means.t(), self.one, alpha=RATE / BATCH)

    def draw(self, p, out):
        """Units that are 1 with these probabilities."""
        if self.draws == "bernoulli":
            self.torch.bernoulli(p, out=out)
        else:
            self.torch.lt(self.uniform(p.shape[1]), p, out=out)

    def uniform(self, width):
        """Uniform numbers for a layer of this width."""
        if self.draws == "rand":
            return self.u[width].uniform_()
        self.generator.random(dtype="float32", out=self.shared[width])
        return self.u[width]

    def compiled(self, x):
        """One step, but for its uniform numbers compiled: those of torch.compile are slow on a CPU."""
        drawn = [self.uniform(len(self.b)), self.uniform(VISIBLE)]
        self.core(self.state == "visible", x, self.both, self.means, self.h, *drawn, self.w, self.a, self.b)

    def check(self, x):
        """Compares the change of a step with its definition."""
        before = self.w.clone(), self.a.clone(), self.b.clone()
        self.step(x)
        v = self.both[BATCH:].clone()
        m_x, m_v = (self.torch.sigmoid(s @ before[0] + before[2]) for s in (x, v))
        changes = x.t() @ m_x - v.t() @ m_v, (x - v).sum(0), (m_x - m_v).sum(0)
        for now, was, change in zip((self.w, self.a, self.b), before, changes):
            self.torch.testing.assert_close(now, was + RATE / BATCH * change, rtol=1e-4, atol=1e-6)
        assert 0 < v.mean() < 1 and ((v == 0) | (v == 1)).all() and ((self.h == 0) | (self.h == 1)).all()


def compiled_core(from_visible, x, both, means, h, uniform_h, uniform_v, w, a, b):
    """A step with given uniform numbers, for torch.compile."""
    import torch

    if from_visible:
        h.copy_(uniform_h < torch.sigmoid(torch.addmm(b, both[BATCH:], w)))
    v = (uniform_v < torch.sigmoid(torch.addmm(a, h, w.t()))).float()
    both[:BATCH].copy_(x)
    both[BATCH:].copy_(v)
    m = torch.sigmoid(torch.addmm(b, both, w))
    if not from_visible:
        h.copy_(uniform_h < m[BATCH:])
    means.copy_(torch.cat([m[:BATCH], -m[BATCH:]]))
    w.addmm_(both.t(), means, alpha=RATE / BATCH)
    a.add_((x - v).sum(0), alpha=RATE / BATCH)
    b.add_(means.sum(0), alpha=RATE / BATCH)


if __name__ == "__main__":
    main()
