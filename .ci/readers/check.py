"""check.py FOLDER opens every file that make.sh has made with readers of other
makers (PyYAML, ruamel.yaml for YAML 1.2, json, csv, numpy, safetensors, Pillow, ElementTree, pypdf)
and compares what they say with what Ergon says. Prints the arrays of all .npz
files, a line each, to FOLDER.numpy."""

import base64
import collections
import csv
import datetime
import hashlib
import io
import json
import math
import pathlib
import sys
import xml.etree.ElementTree

import numpy
import PIL.Image
import pypdf
import ruamel.yaml
import safetensors
import safetensors.numpy
import yaml

import network

problems = []


def need(holds, path, problem):
    if not holds:
        problems.append(f"{path}: {problem}")


def strict(text):
    """Reads JSON as its standard has it."""

    def unique(pairs):
        twice = [k for k, n in collections.Counter(k for k, _ in pairs).items() if n > 1]
        if twice:
            raise ValueError(f"keys given twice: {twice}")
        return dict(pairs)

    def constant(name):
        raise ValueError(f"{name} is no JSON")

    def number(digits):
        if not math.isfinite(float(digits)):
            raise ValueError(f"{digits} is no float64")
        return float(digits)

    value = json.loads(text.decode("utf-8", "strict"), object_pairs_hook=unique, parse_constant=constant, parse_float=number)
    text.decode("utf-8").encode("utf-8")  # no halves of surrogate pairs
    return value


def plain(value):
    """What JSON would have for a value of a YAML reader: its subclasses of
    numbers and strings are those; JSON has no infinity, Ergon writes "inf"."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return f"a {type(value).__name__}"  # a date, bytes: settings have none


def differences(want, got, at=""):
    """Yields where two values differ. 1 and 1.0 are the same number; a number
    and a string never are."""
    numbers = (int, float)
    same = type(want) is type(got) or type(want) in numbers and type(got) in numbers
    if not same:
        yield f"{at} is {got!r}, want {want!r}"
    elif isinstance(want, dict):
        for key in sorted(want.keys() | got.keys()):
            if key not in want or key not in got:
                yield f"{at}.{key} is in one of them only"
            else:
                yield from differences(want[key], got[key], f"{at}.{key}")
    elif isinstance(want, list):
        if len(want) != len(got):
            yield f"{at} has {len(got)} elements, want {len(want)}"
        for i, (w, g) in enumerate(zip(want, got)):
            yield from differences(w, g, f"{at}[{i}]")
    elif want != got:
        yield f"{at} is {got!r}, want {want!r}"


def compare(path, want, got, reader):
    for difference in differences(want, got):
        need(False, path, f"{reader}: {difference}")


def read_yaml(path):
    """A config is the same to readers of YAML 1.1 and 1.2, and to Ergon."""
    text = path.read_text("utf-8")
    old = plain(yaml.safe_load(text))
    new = plain(ruamel.yaml.YAML(typ="safe", pure=True).load(text))
    compare(path, old, new, "ruamel.yaml, beside PyYAML")
    twin = path.with_suffix(".json")
    if path.parent.name == "configs":
        compare(path, strict(twin.read_bytes()), old, "PyYAML")
    elif (configs := root / "configs" / f"of-{path.parent.name}.json").exists():
        compare(path, strict(configs.read_bytes()), old, "PyYAML")


def read_json(path):
    text = path.read_bytes()
    need(text.endswith(b"\n"), path, "does not end with a line end")
    strict(text)


def read_lines(path):
    text = path.read_bytes()
    need(text.endswith(b"\n"), path, "does not end with a line end")
    for line in text.splitlines():
        need(isinstance(strict(line), dict), path, "a line is no object")


def rows(path):
    """The comments and the rows of a CSV file."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    table = list(csv.reader(io.StringIO("".join(line for line in lines if not line.startswith("# "))), strict=True))
    need(len({len(row) for row in table}) <= 1, path, "rows have different lengths")
    return [line[2:-1] for line in lines if line.startswith("# ")], table


def read_csv(path):
    comments, table = rows(path)
    if path.name.startswith("theory-"):
        theory(path, comments, table)
    elif path.name == "free-energy.csv":
        free_energy(path, table)
    elif path.name == "frontier.csv":
        frontier(path, table)
    else:
        bench(path, table)


def theory(path, comments, table):
    """A prediction is the same as CSV and as JSON, to the last bit."""
    want = strict(path.with_suffix(".json").read_bytes())
    scalars = dict(comment.split(": ", 1) for comment in comments[: len(want["scalars"])])
    cell = lambda text: float(text) if text else None
    compare(path, want["scalars"], {k: cell(v) for k, v in scalars.items()}, "the comments beside JSON")
    if not table:
        return need(not want["columns"], path, "no table")
    labels = "labels" in want
    compare(path, want["columns"], table[0][labels:], "csv beside JSON")
    compare(path, want["rows"], [[cell(text) for text in row[labels:]] for row in table[1:]], "csv beside JSON")
    if labels:
        compare(path, want["labels"], [row[0] for row in table[1:]], "csv beside JSON")


def bench(path, table):
    """bench.csv has the crossings of bench.json."""
    want = strict(path.with_name("bench.json").read_bytes())
    lines = [dict(zip(table[0], row)) for row in table[1:]]
    need(len(lines) == len(want["cells"]) * len(want["goals"]), path, "a run or a goal is missing")
    for line, (cell, goal) in zip(lines, [(c, g) for c in want["cells"] for g in want["goals"]]):
        need((line["label"], line["seed"], float(line["goal"])) == (cell["label"], str(cell["seed"]), goal), path, f"{line} is not {cell}")
        crossing = [c for c in cell["crossings"] if c["accuracy"] == goal]
        need(line["reached"] == str(bool(crossing)).lower(), path, f"{line}: reached")
        for column, key in {"presentations": "samples", "steps": "steps", "m0": "m0", "m1": "m1", "m0_min": "m0_min"}.items():
            number = float(line[column]) if line[column] else None
            need(number == (crossing[0][key] if crossing else None), path, f"{line}: {column}")


def free_energy(path, table):
    """free-energy.csv has the rows of the curves of bench.json."""
    curves = strict(path.with_name("bench.json").read_bytes())["free_energy"]["curves"]
    want = [(curve["label"], row) for curve in curves for row in curve["rows"]]
    need(len(table) == len(want) + 1, path, "a rate is missing")
    for line, (label, row) in zip((dict(zip(table[0], row)) for row in table[1:]), want):
        need(line["label"] == label, path, f"{line} is not of {label}")
        for column in set(line) - {"label", "seeds", "valley"}:
            need((float(line[column]) if line[column] else None) == row[column], path, f"{line}: {column}")


def frontier(path, table):
    """frontier.csv has the rows of bench.json that all seeds reached, and on whose front they are."""
    want = {(row["goal"], row["label"]): row for row in strict(path.with_name("bench.json").read_bytes())["rows"] if row["reached"] == row["n"]}
    lines = [dict(zip(table[0], row)) for row in table[1:]]
    need(lines and {(float(line["goal"]), line["label"]) for line in lines} <= set(want), path, "a rule that not all seeds carried to the goal")
    for line in lines:
        row = want[float(line["goal"]), line["label"]]
        need(line["n"] == str(row["n"]) and line["front"] == str("w" in row["pareto"]).lower(), path, f"{line} is not {row}")
        for key in ("m0", "accumulator_updates"):
            for column, part in ((key, "mean"), (key + "_lo", "lo"), (key + "_hi", "hi")):
                number = float(line[column]) if line[column] else None
                need(number == row[key].get(part), path, f"{line}: {column}")


def read_png(path):
    PIL.Image.open(path).verify()
    with PIL.Image.open(path) as picture:
        picture.load()
        need(picture.format == "PNG" and min(picture.size) > 100, path, f"{picture.format} of {picture.size}")
        need(len(picture.convert("RGB").getcolors(1 << 24)) > 2, path, "is empty")


def read_svg(path):
    top = xml.etree.ElementTree.parse(path).getroot()
    need(top.tag == "{http://www.w3.org/2000/svg}svg", path, f"begins with {top.tag}")
    images = list(top.iter("{http://www.w3.org/2000/svg}image"))
    need(top.find(".//{*}path") is not None or images, path, "is empty")
    for image in images:
        kind, _, data = image.get("{http://www.w3.org/1999/xlink}href").partition(";base64,")
        with PIL.Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as picture:
            need(kind == "data:image/png" and picture.format == "PNG", path, f"an image said to be {kind} is {picture.format}")


def read_pdf(path):
    pages = pypdf.PdfReader(path, strict=True).pages
    need(len(pages) == 1 and min(pages[0].mediabox.width, pages[0].mediabox.height) > 100, path, f"{len(pages)} pages")
    need(pages[0].get_contents().get_data().count(b"\n") > 10, path, "is empty")


def read_markdown(path):
    text = path.read_text("utf-8")
    heads = {line.count("|") - line.count("\\|") for line in text.splitlines() if line.startswith("|")}
    need(len(heads) == 1, path, "lines of its tables have different numbers of cells")


def read_npz(path):
    with numpy.load(path, allow_pickle=False) as archive:
        for name in archive.files:
            array = archive[name]
            need(array.dtype == numpy.float64 and array.flags.c_contiguous, path, f"{name}: {array.dtype}")
            again = io.BytesIO()
            numpy.save(again, array)
            with archive.zip.open(name + ".npy") as entry:
                need(entry.read() == again.getvalue(), path, f"{name}: numpy writes it otherwise")
            shape = ",".join(map(str, array.shape))
            dump.write(f"{path} {name} {shape} {network.fnv(array.tobytes()):016x}\n")


def read_safetensors(path):
    """The arrays are in the order and the bits in which their inventors write them."""
    data = path.read_bytes()
    with safetensors.safe_open(path, "numpy") as file:
        metadata, arrays = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
    numbers = lambda text: text[8 + int.from_bytes(text[:8], "little"):]
    need(numbers(safetensors.numpy.save(arrays)) == numbers(data), path, "safetensors writes the numbers otherwise")
    digest = metadata.pop("sha256")
    at = data.index(digest.encode())
    need(hashlib.sha256(data[:at] + b"0" * 64 + data[at + 64:]).hexdigest() == digest, path, "the SHA-256 is another file's")
    for text in metadata.values():
        strict(text.encode())


readers = {
    ".yaml": read_yaml, ".json": read_json, ".jsonl": read_lines, ".csv": read_csv, ".png": read_png,
    ".svg": read_svg, ".pdf": read_pdf, ".md": read_markdown, ".npz": read_npz,
    ".safetensors": read_safetensors,
}

root = pathlib.Path(sys.argv[1])
counts = collections.Counter()
with open(f"{root}.numpy", "w") as dump:
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if path.suffix not in readers:
            need(False, path, f"no reader for {path.suffix}")
            continue
        counts[path.suffix[1:]] += 1
        try:
            readers[path.suffix](path)
        except Exception as error:  # whatever a reader says: it could not read
            need(False, path, f"{type(error).__name__}: {error}")
for run in ("plain", "noisy", "convnet", "dreams", "diverged"):
    try:
        network.check(root / run, lambda holds, problem: need(holds, root / run, problem))
    except Exception as error:
        need(False, root / run, f"{type(error).__name__}: {error}")
print(", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())))
for problem in problems:
    print(problem)
sys.exit(bool(problems))
