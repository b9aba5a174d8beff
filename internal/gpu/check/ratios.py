#!/usr/bin/env python3
"""Sets the times that device.sh took against what is aimed at: ratios.py TIMES.jsonl BANDWIDTH.txt

Each ratio is of medians over the interleaved rounds; the range is that of the
rounds. A peer that was not run is missing, and its ratio is not known."""
import json
import re
import statistics
import sys

times = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]


def rounds(batch, hidden, rule="dense", networks=1, peer=None, count=False):
    """The medians of the rounds, in ms; peer: None for Ergon, eager or graph for PyTorch."""
    found = []
    for t in times:
        same = t["batch"] == batch and t["hidden"] in (hidden, [hidden]) and t["rule"] == rule
        if peer is None:
            same = same and "peer" not in t and t["networks"] == networks
        else:
            same = same and "peer" in t and t["graph"] == (peer == "graph") and t["count"] == count
        if same:
            found.append(t["median_ms"])
    return found


def row(what, ours, theirs, goal, most=True):
    if not ours or not theirs:
        print(f"{what:62} not known: not timed")
        return
    ratio = statistics.median(ours) / statistics.median(theirs)
    spread = [a / b for a, b in zip(ours, theirs)]
    good = ratio <= goal if most else ratio >= goal
    print(f"{what:62} {ratio:8.3f}  ({min(spread):.3f} to {max(spread):.3f}), aimed at {'≤' if most else '≥'} {goal}: {'yes' if good else 'NO'}")


for batch, hidden in sorted({(t["batch"], t["hidden"] if isinstance(t["hidden"], int) else t["hidden"][0]) for t in times}):
    for name, found in [
        ("ergon", rounds(batch, hidden)),
        ("ergon, side by side", [m for n in (4, 64) for m in rounds(batch, hidden, networks=n)]),
        ("torch eager", rounds(batch, hidden, peer="eager")),
        ("torch graph", rounds(batch, hidden, peer="graph")),
        ("torch graph, counting", rounds(batch, hidden, peer="graph", count=True)),
    ]:
        if found:
            print(f"batch {batch:5} hidden {hidden:5}  {name:24} {statistics.median(found):9.4f} ms  ({min(found):.4f} to {max(found):.4f}, n = {len(found)})")
print()
dense = rounds(128, 512)
row("784-512-10, batch 128, to torch's CUDA graph", dense, rounds(128, 512, peer="graph"), 0.5)
row("784-512-10, batch 128, to torch eager", dense, rounds(128, 512, peer="eager"), 0.2)
for rule in ("bernoulli", "neurons", "competitive"):
    row(f"{rule}, batch 128, to torch eager", rounds(128, 512, rule), rounds(128, 512, rule, peer="eager"), 0.2)
for networks in (4, 64):
    side = rounds(128, 512, networks=networks)
    if side:
        row(f"throughput of {networks} networks to that of one", [networks * d for d in dense], side, 20, most=False)
for line in open(sys.argv[2]):
    if match := re.search(r"Benchmark(\S+).*?([\d.]+) of-copy", line):
        print(f"{match[1]:62} {float(match[2]):8.3f} of the copy's bandwidth, aimed at ≥ 0.6: {'yes' if float(match[2]) >= 0.6 else 'NO'}")
