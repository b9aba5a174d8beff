#!/usr/bin/env python3
"""Times the training step of a row of beside.py in PyTorch, plainly and counting M0 and M1; prints both medians, in ms.

    python docs/performance/torch_step.py BATCH:HIDDEN:SETTING:P --seconds 0.5 --threads 2

The step of 784-hidden-10 ReLU units, or of convnet, 28x28 -> 8@5x5 -> pool -> 16@5x5 -> pool -> 10: softmax cross-entropy, sgd with
updates clipped by value; momentum and adam are torch.optim's fused ones, norm is clip_grad_norm_, langevin adds thermal noise, stochastic
synapses transmit mu + sigma * noise and learn both. A setting that PyTorch has no counterpart of, such as a cache, is timed as the plain step.
"""
import argparse
import json
import statistics
import time

import torch

LEARNING_RATE, BOUND = 0.1, 0.01  # of `ergon speed`
DARK = 0.81  # share of MNIST's pixels that are zero
CONVNET = [(8, 1, 5, 5), (8,), (16, 8, 5, 5), (16,), (256, 10), (10,)]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("row")
    options.add_argument("--seconds", type=float, default=0.5)
    options.add_argument("--threads", type=int, default=1)
    asked = options.parse_args()
    torch.set_num_threads(asked.threads)
    print(json.dumps([median_ms(Network(asked.row, counting), asked.seconds) for counting in (False, True)]))


class Network:
    """A network and one step of its training."""

    def __init__(self, row, counting):
        batch, hidden, self.setting, p = row.split(":")
        self.p, self.counting, self.convolves = float(p), counting, hidden == "convnet"
        torch.manual_seed(0)
        sizes = CONVNET if self.convolves else [(784, int(hidden)), (int(hidden),), (int(hidden), 10), (10,)]
        self.weights = [torch.zeros(size) if len(size) == 1 else torch.randn(size) * (2 / fan_in(size)) ** 0.5 for size in sizes]
        self.deviations = [torch.full(size, 0.01) for size in sizes] if self.setting == "stochastic" else []
        for w in self.weights + self.deviations:
            w.requires_grad_(True)
        self.optimizer = {
            "momentum": lambda: torch.optim.SGD(self.weights, lr=0.01, momentum=0.9, fused=True),
            "adam": lambda: torch.optim.Adam(self.weights, lr=0.001, fused=True),
        }.get(self.setting, lambda: None)()
        self.batches = [((torch.rand(int(batch), 784) > DARK) * torch.rand(int(batch), 784), torch.randint(0, 10, (int(batch),))) for _ in range(8)]
        self.m0, self.m1 = torch.zeros((), dtype=torch.int64), torch.zeros((), dtype=torch.float64)

    def step(self, x, y):
        for w in self.weights + self.deviations:
            w.grad = None
        transmitted = self.weights
        if self.deviations:
            transmitted = [mean + deviation * torch.randn_like(mean) for mean, deviation in zip(self.weights, self.deviations)]
        torch.nn.functional.cross_entropy(self.output(x, transmitted), y).backward()
        if self.setting == "norm":
            torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        if self.optimizer:
            before = [w.detach().clone() for w in self.weights] if self.counting else []
            self.optimizer.step()
            for w, old in zip(self.weights, before):
                self.count(w.detach() - old)
            return
        with torch.no_grad():
            for w in self.weights + self.deviations:
                self.update(w)

    def update(self, w):
        if self.setting not in MASKS and self.setting != "langevin" and not self.counting:
            w.add_(w.grad.clamp_(-BOUND / LEARNING_RATE, BOUND / LEARNING_RATE), alpha=-LEARNING_RATE)
            return
        g = w.grad if w.dim() == 1 else MASKS.get(self.setting, lambda g, p: g)(w.grad, self.p)
        change = g * -LEARNING_RATE
        if self.setting == "langevin":
            change.add_(torch.randn_like(change), alpha=1e-4)
        change.clamp_(-BOUND, BOUND)
        if self.counting:
            self.count(change)
        w.add_(change)

    def count(self, change):
        self.m0.add_((change != 0).sum())
        self.m1.add_(change.abs().sum())

    def output(self, x, weights):
        *below, w, b = weights
        if not self.convolves:
            return torch.addmm(b, torch.relu(torch.addmm(below[1], x, below[0])), w)
        x = x.view(-1, 1, 28, 28)
        for kernel, bias in zip(below[::2], below[1::2]):
            x = torch.nn.functional.max_pool2d(torch.relu(torch.nn.functional.conv2d(x, kernel, bias)), 2)
        return torch.addmm(b, x.flatten(1), w)


def competitive(g, p):
    winners = torch.topk(g.abs().flatten(), max(1, round(p * g.numel())), sorted=False).indices
    return torch.zeros_like(g).view(-1).scatter_(0, winners, g.flatten()[winners]).view_as(g)


MASKS = {
    "bernoulli": lambda g, p: g * (torch.rand_like(g) < p),
    "neurons": lambda g, p: g * (torch.rand(g.shape[0], 1) < p) * (torch.rand(1, g.shape[1]) < p),
    "competitive": competitive,
}


def fan_in(size):
    """How many inputs a unit has whose weights have this size."""
    return size[0] if len(size) == 2 else size[1] * size[2] * size[3]


def median_ms(network, seconds):
    """The median time of a step, after one on each batch."""
    for one in network.batches:
        network.step(*one)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        x, y = network.batches[len(times) % len(network.batches)]
        start = time.perf_counter()
        network.step(x.clone(), y)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


if __name__ == "__main__":
    main()
