#!/usr/bin/env python3
"""Times the training step of a row of beside.py in JAX, plainly and counting M0 and M1; prints both medians, in ms.

    python docs/performance/jax_step.py BATCH:HIDDEN:SETTING:P --seconds 0.5

The step is that of torch_step.py, of a network without convolutions, compiled with as many others as last 50 ms: a scan in which no Python and no
call stands between two steps, whose weights are given to it to be overwritten. Batches are gathered in it, out of 4096 presentations.
"""
import argparse
import functools
import json
import os
import statistics
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import jax.numpy as jnp

LEARNING_RATE, BOUND, DARK, EXAMPLES = 0.1, 0.01, 0.81, 4096
SCAN = 0.05  # seconds of steps compiled into one call


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("row")
    options.add_argument("--seconds", type=float, default=0.5)
    asked = options.parse_args()
    print(json.dumps([median_ms(asked.row, counting, asked.seconds) for counting in (False, True)]))


def median_ms(row, counting, seconds):
    batch, hidden, setting, p = row.split(":")
    batch, hidden, p = int(batch), int(hidden), float(p)
    keys = jax.random.split(jax.random.key(0), 6)
    inputs = (jax.random.uniform(keys[0], (EXAMPLES, 784)) > DARK) * jax.random.uniform(keys[1], (EXAMPLES, 784))
    labels = jax.random.randint(keys[2], (EXAMPLES,), 0, 10)
    weights = [
        jax.random.normal(keys[3], (784, hidden)) * (2 / 784) ** 0.5, jnp.zeros(hidden),
        jax.random.normal(keys[4], (hidden, 10)) * (2 / hidden) ** 0.5, jnp.zeros(10),
    ]
    learn = rule(setting, p, weights)

    def loss(weights, noise, x, y):
        if setting == "stochastic":
            weights = [mean + deviation * xi for (mean, deviation), xi in zip(weights, noise)]
        w1, b1, w2, b2 = weights
        outputs = jax.nn.relu(x @ w1 + b1) @ w2 + b2
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), y[:, None], 1))

    def step(carry, number):
        weights, memory, m0, m1 = carry
        key = jax.random.fold_in(keys[5], number)
        chosen = jax.random.randint(key, (batch,), 0, EXAMPLES)
        noise = [jax.random.normal(jax.random.fold_in(key, 9 + n), w[0].shape) for n, w in enumerate(weights)] if setting == "stochastic" else None
        gradient = jax.grad(loss)(weights, noise, inputs[chosen], labels[chosen])
        changes, memory = learn(gradient, memory, key)
        if counting:
            m0 += sum(jnp.sum(d != 0) for d in jax.tree.leaves(changes))
            m1 += sum(jnp.sum(jnp.abs(d)) for d in jax.tree.leaves(changes))
        return (jax.tree.map(jnp.add, weights, changes), memory, m0, m1), None

    @functools.partial(jax.jit, static_argnums=2, donate_argnums=0)
    def scan(carry, first, steps):
        return jax.lax.scan(step, carry, first + jnp.arange(steps))[0]

    if setting == "stochastic":
        weights = [(w, jnp.full_like(w, 0.01)) for w in weights]
    memory = [jax.tree.map(jnp.zeros_like, weights) for _ in range({"momentum": 1, "adam": 2}.get(setting, 0))]
    carry, first, steps = (weights, memory, jnp.zeros((), jnp.int32), jnp.zeros(())), 0, 8
    for attempt in range(3):  # compile, time, compile what is as long as wanted
        start = time.perf_counter()
        carry = jax.block_until_ready(scan(carry, first, steps))
        first += steps
        if attempt == 1:
            steps = max(1, int(SCAN * steps / (time.perf_counter() - start)))
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        carry = jax.block_until_ready(scan(carry, first, steps))
        first += steps
        times.append(1e3 * (time.perf_counter() - start) / steps)
    return statistics.median(times)


def rule(setting, p, weights):
    """What makes changes of gradients: learn(gradient, memory, key) returns changes and memory."""

    def clipped(g):
        return jnp.clip(-LEARNING_RATE * g, -BOUND, BOUND)

    def masked(g, key):
        if g.ndim == 1 or setting not in ("bernoulli", "neurons", "competitive"):
            return g
        if setting == "bernoulli":
            return g * (jax.random.uniform(key, g.shape) < p)
        if setting == "neurons":
            rows, columns = jax.random.split(key)
            return g * (jax.random.uniform(rows, (g.shape[0], 1)) < p) * (jax.random.uniform(columns, (1, g.shape[1])) < p)
        values, places = jax.lax.top_k(jnp.abs(g).ravel(), max(1, round(p * g.size)))
        return jnp.zeros(g.size, g.dtype).at[places].set(g.ravel()[places]).reshape(g.shape)

    def plain(gradient, memory, key):
        leaves, tree = jax.tree.flatten(gradient)
        keys = jax.random.split(key, len(leaves))
        if setting == "langevin":
            leaves = [g + 1e-3 * jax.random.normal(k, g.shape) for g, k in zip(leaves, keys)]
        return jax.tree.unflatten(tree, [clipped(masked(g, k)) for g, k in zip(leaves, keys)]), memory

    def norm(gradient, memory, key):
        length = jnp.sqrt(sum(jnp.sum(g * g) for g in gradient))
        return [-LEARNING_RATE * g * jnp.minimum(1, 1 / length) for g in gradient], memory

    def momentum(gradient, memory, key):
        velocity = [0.9 * v + g for v, g in zip(memory[0], gradient)]
        return [-0.01 * v for v in velocity], [velocity]

    def adam(gradient, memory, key):
        mean = [0.9 * m + 0.1 * g for m, g in zip(memory[0], gradient)]
        square = [0.999 * v + 0.001 * g * g for v, g in zip(memory[1], gradient)]
        return [-0.001 * m / (jnp.sqrt(v) + 1e-8) for m, v in zip(mean, square)], [mean, square]

    return {"norm": norm, "momentum": momentum, "adam": adam}.get(setting, plain)


if __name__ == "__main__":
    main()
