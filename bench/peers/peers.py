"""What the peers' scripts share: the command line, the timing loop and the JSON that `compare --peer-json` reads. Needs no library itself.

A case is a name and a function that prepares it: it draws the operands on the GPU and returns a function of no arguments, one repetition, queued
and not waited for. The names are those of bench/Noether.Bench/Cases/GpuCases.cs (`runner bench gpu --list`).
"""
import argparse
import fnmatch
import json
import sys

SAMPLE_MILLISECONDS = 20.0  # long against what starting and stopping the clock cost
MOST_REPETITIONS = 1 << 14
WARM_UP = 5  # compiles, tunes, records graphs
SAMPLES, QUICK_SAMPLES = 7, 3

LARGE = 1 << 26  # elements: 256 MiB of float32, several times the L2
ROWS, COLUMNS = 1 << 14, 1 << 12
TOKENS = 16384
POINTS = 1 << 24
HEADS, DEPTH = 8, 64

# Neurons of each layer of the networks that a weight-space layer reads, and filter positions of each weight tensor.
NETWORKS = {"cnn zoo": ([1, 16, 16, 16, 10], [9, 9, 9, 1]), "siren": ([2, 32, 32, 1], [1, 1, 1])}
MAPS, CHANNELS = 6, 16


def weight_space_shapes(widths, filters, batch):
    """Shapes of a weight-space layer's operands: weights, biases, then six maps with a bias each for every layer."""
    layers = len(filters)
    shapes = [(batch, filters[i] * CHANNELS, widths[i + 1], widths[i]) for i in range(layers)]
    shapes += [(batch, CHANNELS, widths[i + 1]) for i in range(layers)]
    everything = CHANNELS * (sum(filters) + layers)
    for i in range(layers):
        own = filters[i] * CHANNELS
        column = own + (CHANNELS * (filters[i - 1] + 1) if i > 0 else 0)
        row = own + CHANNELS + (CHANNELS * filters[i + 1] if i < layers - 1 else 0)
        maps = [(own, own), (own, everything), (own, column), (own, row), (CHANNELS, row), (CHANNELS, everything)]
        for outputs, inputs in maps:
            shapes += [(outputs, inputs), (outputs,)]
    return shapes


def names(case):
    """Fills the table of cases in the order in which all sides list them; `case(name)` gives each its function."""
    cases = {}
    for n in (1024, 2048, 4096, 8192):
        cases[f"gemm float32 {n}"] = case("gemm", n, "float32")
    for n in (4096, 8192):
        cases[f"gemm tf32 {n}"] = case("gemm", n, "tf32")
    for n in (4096, 8192):
        cases[f"gemm bfloat16 {n}"] = case("gemm", n, "bfloat16")
    cases[f"chain of ten operations, {LARGE}"] = case("chain")
    cases[f"sum of all, {ROWS}x{COLUMNS}"] = case("rows", "sum of all")
    cases[f"sum of rows, {ROWS}x{COLUMNS}"] = case("rows", "sum of rows")
    cases[f"softmax, {ROWS}x{COLUMNS}"] = case("rows", "softmax")
    cases[f"layer norm, {ROWS}x{COLUMNS}"] = case("rows", "layer norm")
    for length in (1024, 4096, 16384):
        cases[f"attention bfloat16 {length} forward"] = case("attention", length, False)
        cases[f"attention bfloat16 {length} forward and backward"] = case("attention", length, True)
    for n in (256, 1024, 4096):
        cases[f"fft {n}, batch {POINTS // n}"] = case("fft", (POINTS // n, n), 1)
    cases[f"fft2 256x256, batch {POINTS // 65536}"] = case("fft", (POINTS // 65536, 256, 256), 2)
    cases["spectral 1d 1024, 64 channels, 16 modes, batch 20"] = case("spectral", (20, 64, 1024), (64, 64, 16))
    cases["spectral 2d 64x64, 32 channels, 12 modes, batch 20"] = case("spectral", (20, 32, 64, 64), (32, 32, 12, 12))
    for batch in (32, 512):
        for name, (widths, filters) in NETWORKS.items():
            cases[f"np layer {name}, batch {batch}"] = case("weight_space", widths, filters, batch)
    for batch in (32, 512):
        cases[f"nft attention siren 2-32-32-1, 64 channels, batch {batch}"] = case("weight_attention", batch, 64, 4, [2, 32, 32, 1])
    cases["hvp mlp 784-512-512-10, batch 1024"] = case("hvp_mlp", 1024)
    cases["hvp resnet-20, batch 128"] = case("hvp_resnet", 128)
    cases["digits step, batch 256"] = case("digits", 256)
    cases["step of 1000 sirens 2-32-32-1, 256 points"] = case("sirens", 1000, 256)
    return {name: prepare for name, prepare in cases.items() if prepare is not None}


def main(description, kinds, open_library):
    """Runs a script.

    kinds: the functions that prepare cases, by kind, called with the library and the case's sizes; a kind that is absent has no peer here.
    open_library: imports the library and returns an object with name, version, device, settings, `sample(repetition, count)` in milliseconds a
    repetition, and `reset()`, which frees what the last case held. Only called to measure.
    """
    def case(kind, *sizes):
        return (lambda library: kinds[kind](library, *sizes)) if kind in kinds else None

    cases = names(case)
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--list", action="store_true", help="print the names of the cases and measure none; needs no library")
    parser.add_argument("--filter", default="", help="only cases whose name contains this text, or matches it as a pattern with *")
    parser.add_argument("--json", default="-", help="the file to write; - for standard output")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SAMPLES} samples instead of {SAMPLES}")
    options = parser.parse_args()
    wanted = options.filter.lower()
    cases = {name: prepare for name, prepare in cases.items() if wanted in name or fnmatch.fnmatchcase(name, wanted)}
    if not cases:
        print(f"no case matches '{options.filter}'; --list shows them", file=sys.stderr)
        return 1
    if options.list:
        print("\n".join(cases))
        return 0

    try:
        library = open_library()
    except (ImportError, RuntimeError) as absent:
        print(f"{parser.prog}: {absent}", file=sys.stderr)
        return 1
    timed = []
    for index, (name, prepare) in enumerate(cases.items()):
        print(f"{index + 1}/{len(cases)} {name}: ", end="", file=sys.stderr, flush=True)
        try:
            samples = measure(library, prepare(library), QUICK_SAMPLES if options.quick else SAMPLES)
            timed.append({"name": name, "milliseconds": samples})
            print(f"{sorted(samples)[len(samples) // 2]:.4f} ms", file=sys.stderr)
        except Exception as error:  # one case that fails must not keep the others from being measured
            timed.append({"name": name, "milliseconds": [], "error": " ".join(f"{type(error).__name__}: {error}".split())[:300]})
            print(timed[-1]["error"], file=sys.stderr)
        library.reset()

    run = {"library": library.name, "version": library.version, "device": library.device, "settings": library.settings, "cases": timed}
    text = json.dumps({"runs": [run]})
    if options.json == "-":
        print(text)
    else:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    return 0 if any(not case.get("error") for case in timed) else 1


def measure(library, repetition, samples):
    for _ in range(WARM_UP):
        repetition()
    count = 1
    for _ in range(2):  # one alone waits for itself and looks slow
        count = int(min(max(SAMPLE_MILLISECONDS / library.sample(repetition, count), 1), MOST_REPETITIONS))
    return [library.sample(repetition, count) for _ in range(samples)]
