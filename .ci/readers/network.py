"""What a run directory says of its network, recomputed from the weights."""

import json
import pathlib

import numpy
import zstandard

mnist = pathlib.Path(__file__).parents[2] / "datasets" / "mnist"


def fnv(data):
    """The FNV-1a hash of 64 bits."""
    hash = 0xCBF29CE484222325
    for byte in data:
        hash = (hash ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return hash


def images(name, n):
    """The first n images [n,784] of MNIST, and their labels."""
    with zstandard.open(mnist / f"{name}-images-idx3-ubyte.zst") as f:
        x = numpy.frombuffer(f.read(16 + n * 784)[16:], numpy.uint8).reshape(n, 784)
    with zstandard.open(mnist / f"{name}-labels-idx1-ubyte.zst") as f:
        y = numpy.frombuffer(f.read(8 + n)[8:], numpy.uint8)
    return x, y


def check(run, need):
    """need(holds, problem) is told whether the files of a run agree."""
    load = lambda name: json.loads((run / name).read_text("utf-8"))
    lines = lambda name: [json.loads(line) for line in (run / name).read_text("utf-8").splitlines()]
    summary, metrics = load("summary.json"), lines("metrics.jsonl")
    need(summary == json.loads(run.with_name(run.name + ".printed.json").read_text("utf-8")), "summary.json is not what was printed")
    with numpy.load(run / "checkpoints" / "final.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    weights = {name: a for name, a in arrays.items() if not name.startswith("sigma_")}
    need(sum(a.size for a in weights.values()) == summary["parameters"], "final.npz does not have the parameters of summary.json")
    need(all((a == a.astype(numpy.float32)).all() or not numpy.isfinite(a).all() for a in weights.values()), "weights are no float32")
    if summary["status"] == "diverged":
        return
    for key in ("m0", "m1", "active_units", "m0_min"):
        need(metrics[-1][key] == summary["energy"][key], f"{key} of the last evaluation is not the summary's")
    if (run / "steps.jsonl").exists() and len(steps := lines("steps.jsonl")) == summary["steps"]:
        for key in ("m0", "m0_stored", "macs_forward"):
            need(sum(step[key] for step in steps) == summary["energy"][key], f"{key} of the steps does not add up to the summary's")
    zero = sum(int((a == 0).sum()) for name, a in weights.items() if name.startswith("W"))
    total = sum(a.size for name, a in weights.items() if name.startswith("W"))
    sparsity = summary["operations"]["inference"]["connection_sparsity"]
    need(abs(sparsity - zero / total) < 1e-12, f"connection sparsity {sparsity}, by the weights {zero / total}")
    if (run / "synapses.npz").exists():
        with numpy.load(run / "synapses.npz") as archive:
            need(all((archive[name] == a).all() for name, a in arrays.items() if name.startswith("sigma_")), "two files differ in sigma")
            layers = load("synapses.json")
            for i, layer in enumerate(layers):
                sigma = [archive[name].ravel() for name in (f"sigma_W{i + 1}", f"sigma_b{i + 1}") if name in archive]
                mean = numpy.concatenate(sigma).mean()
                need(abs(layer["sigma_mean"] / mean - 1) < 1e-9, f"mean sigma of {layer['name']} is {layer['sigma_mean']}, by the arrays {mean}")
    if "boltzmann" in metrics[-1]:
        dreams(run, weights, metrics[-1]["boltzmann"], need)
    if run.name == "plain":
        forward(weights, summary, need)


def dreams(run, weights, said, need):
    """Singular values by numpy's decomposition; chains by the weights, of binary units."""
    values = numpy.linalg.svd(weights["W1"], compute_uv=False)[: len(said["singular_values"])]
    need(numpy.allclose(said["singular_values"], values, rtol=1e-6, atol=1e-7 * values[0]), f"singular values {said['singular_values']}, by the weights {values}")
    with numpy.load(run / "chains.npz") as archive:
        chains = {name: archive[name] for name in archive.files}
    mean = lambda fields: 1 / (1 + numpy.exp(-fields))
    hidden = mean(chains["states"] @ weights["W1"] + weights["b1"])
    need(numpy.allclose(chains["means"], mean(hidden @ weights["W1"].T + weights["b2"]), atol=1e-5), "means of chains are not those of their states")
    need(chains["frames"].shape[0] == len(chains["steps"]), "frames and steps differ in number")


def forward(weights, summary, need):
    """The accuracy and the loss on the first 200 test images in [0,1], of
    rectified units and cross-entropy."""
    x, y = images("t10k", 200)
    x = x.astype(numpy.float64) / 255
    last = len(weights) // 2
    for layer in range(1, last + 1):
        x = x @ weights[f"W{layer}"] + weights[f"b{layer}"]
        if layer < last:
            x = numpy.maximum(x, 0)
    accuracy = float((x.argmax(1) == y).mean())
    loss = float(numpy.mean(numpy.log(numpy.exp(x - x.max(1, keepdims=True)).sum(1)) + x.max(1) - x[numpy.arange(len(y)), y]))
    need(summary["test_accuracy"] == accuracy, f"test accuracy {summary['test_accuracy']}, by the weights {accuracy}")
    need(abs(summary["test_loss"] / loss - 1) < 1e-5, f"test loss {summary['test_loss']}, by the weights {loss}")
