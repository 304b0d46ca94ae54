"""Measure the table of jobs.py in one run, print it, and write results.md: `make bench`.

Each figure is a ratio of two commands that ran alternately on this machine; exit code 1 if a limit is exceeded.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median

import matplotlib
import numpy
import PIL

from benchmarks import explorer
from benchmarks.jobs import CONVVIZ, GLIDING, HERE, JOBS, VIEWS, WORK, Row, draw, rows
from benchmarks.measure import paired, run
from benchmarks.parts import write_parts
from convviz import Conv, ConvTranspose, animate
from convviz.cli.main import main as convviz

BYTES = 1.03
GLIDING_BYTES = 1.6
PER_FRAME = 2.0
ROUNDS = 6
"""The first warms up."""
Line = tuple[str, str, float, float, str]
"""What, against what, the ratio, the limit, and the figures behind it."""


def prepare() -> None:
    """Write the files that the other programs read."""
    WORK.mkdir(parents=True, exist_ok=True)
    write_parts(animate(ConvTranspose(3, 3, 2, 1)), WORK / "J1.json")
    write_parts(animate(Conv(16, 3, 1, 1)), WORK / "J3.json")


def compared() -> Iterator[Line]:
    """Measure the rows that compare two commands."""
    for row in rows():
        yield _compared(row)


def _compared(row: Row) -> Line:
    pair = paired(row.command, row.other, row.runs, row.figure)
    unit = "s" if row.figure == "seconds" else "MiB"
    name = row.name if row.figure == "seconds" else f"{row.name}, {row.figure}"
    digits = 2 if unit == "s" else 0
    return name, row.against, pair.ratio, row.limit, f"{pair.one:.{digits}f} {unit}, {pair.other:.{digits}f} {unit}"


def sizes() -> Iterator[Line]:
    """Compare the bytes of GIFs with what gifsicle makes of them."""
    program = shutil.which("gifsicle")
    if program is None:
        raise SystemExit("gifsicle is needed to compare the sizes of GIFs; install it, or give --skip-sizes")
    for name, words in (JOBS | VIEWS).items():
        file = WORK / f"{name}.gif"
        run(draw(words, file.name), ends_with=(0,))
        smaller = WORK / "gifsicle.gif"
        subprocess.run([program, "-O3", str(file), "-o", str(smaller)], check=True, capture_output=True)
        ours, theirs = file.stat().st_size, smaller.stat().st_size
        yield f"{name} GIF, bytes", "gifsicle -O3 of it", ours / theirs, BYTES, f"{ours:,}, {theirs:,}"
    for name, words in GLIDING.items():
        ours, theirs = (_bytes(f"{words} {motion}") for motion in ("", "--motion none"))
        yield (
            f"{name} GIF, gliding, bytes",
            "the same without motion",
            ours / theirs,
            GLIDING_BYTES,
            f"{ours:,}, {theirs:,}",
        )


def _bytes(words: str) -> int:
    file = WORK / "gliding.gif"
    run(draw(words, file.name), ends_with=(0,))
    return file.stat().st_size


def per_frame() -> Iterator[Line]:
    """Compare the seconds per frame of each view with those of slide, drawn alternately with it."""
    for name, words in VIEWS.items():
        pairs = [(_frame_cost(words, name), _frame_cost(JOBS["J3"], "slide")) for _ in range(ROUNDS)]
        ours, slides = zip(*pairs[1:], strict=True)
        ratio = median(one / other for one, other in pairs[1:])
        yield f"{name}, a frame", "slide, a frame", ratio, PER_FRAME, _milliseconds(median(ours), median(slides))


def _milliseconds(*seconds: float) -> str:
    return ", ".join(f"{1000 * one:.2f} ms" for one in seconds)


def _frame_cost(words: str, name: str) -> float:
    """Return how much longer a GIF takes than a still, per frame, in this process (a new one would hide it)."""
    seconds = []
    for file in (f"{name}.gif", f"{name}.png"):
        start = time.perf_counter()
        with redirect_stdout(StringIO()) as said:
            convviz([*shlex.split(words), "-o", str(WORK / file)], standalone_mode=False)
        seconds.append(time.perf_counter() - start)
        frames = int(re.findall(r"(\d+) frames", said.getvalue())[0])
    return (seconds[0] - seconds[1]) / frames


def limit() -> Iterator[str]:
    """Compare the least that a program on matplotlib needs with what convviz takes, in seconds."""
    needed = "import numpy, PIL.Image, matplotlib.figure, matplotlib.backends.backend_agg"
    start = median(run([sys.executable, "-c", needed]).seconds for _ in range(7))
    for name, words in JOBS.items():
        command = [*CONVVIZ, *shlex.split(words), "--profile", "-o", str(WORK / f"{name}.gif")]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spent = {found[0]: float(found[1]) for found in re.findall(r"^(\w[\w ]*?) +([\d.]+) s", said, re.MULTILINE)}
        least = start + spent["first draw"] + spent["encoding"]
        whole = median(run(draw(words, f"{name}.gif")).seconds for _ in range(3))
        parts = (start, spent["first draw"], spent["encoding"], least, whole)
        yield f"| {name} | {' | '.join(f'{one:.2f}' for one in parts)} |"


def explored() -> Iterator[tuple[str, bool]]:
    """Measure the table of the explorer, printed as it grows."""
    for line, kept in explorer.table():
        print(line, flush=True)
        yield line, kept


def machine() -> str:
    """Describe the machine that the figures were measured on."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"matplotlib {matplotlib.__version__}, numpy {numpy.__version__}, Pillow {PIL.__version__}"
    )


def main() -> int:
    """Measure, print and write; return 1 if a limit is exceeded."""
    prepare()
    options = {f"--skip-{part}" for part in ("compared", "per_frame", "sizes", "explorer")}
    if not set(sys.argv[1:]) <= options:
        raise SystemExit(f"python -m benchmarks.run [{' | '.join(sorted(options))}]: measure, and write results.md")
    skipped = {word.removeprefix("--skip-") for word in sys.argv[1:]}
    parts = [part for part in (compared, per_frame, sizes) if part.__name__ not in skipped]
    table = ["| job | against | ratio | at most | | figures |", "|---|---|---|---|---|---|"]
    missed = 0
    for part in parts:
        for name, against, ratio, most, figures in part():
            missed += ratio > most
            mark = "✓" if ratio <= most else "✗"
            table.append(f"| {name} | {against} | {ratio:.3f} | {most:.3g} | {mark} | {figures} |")
            print(table[-1], flush=True)
    header = "| job | interpreter and imports | one draw | compression | least | we take |\n|---|---|---|---|---|---|"
    rest = "\n".join(limit())
    print(f"{header}\n{rest}")
    page = [] if "explorer" in skipped else list(explored())
    missed += sum(not kept for _, kept in page)
    changes = "\n".join(line for line, _ in page)
    text = RESULTS.format(machine=machine(), table="\n".join(table), limit=f"{header}\n{rest}", changes=changes)
    (HERE / "results.md").write_text(text, encoding="utf-8")
    print(f"{missed} of {len(table) + max(len(page), 2) - 4} rows above their limits; {Path('benchmarks/results.md')}")
    return min(missed, 1)


RESULTS = """# What an animation costs

Made by `make bench` on {machine}.
Whole processes, two commands in turn (a frame: what a GIF takes longer than a still, in one process, in turn with
slide); ratios are medians of pairs, the figures behind them medians of each. The other programs are in
[peers/](peers/), the jobs in [jobs.py](jobs.py).

{table}

## Where the limit is

No program that lets matplotlib draw can do without the interpreter, its imports, one draw, and the compression of what
changes; seconds:

{limit}

How the cost of a frame depends on the size of the grid: [scaling.png](scaling.png).

## What a change in the explorer costs

Milliseconds in headless Chromium at 1280×800 until script, style and layout of a change are done; for the phone at
390×844 with the processor slowed down fourfold. The longest task is that of a slider dragged from end to end with the
mouse, 0 where none took more than 50. Of the first picture: from the start of loading until it is painted. What is
measured, and how: [explorer.py](explorer.py).

{changes}
"""

if __name__ == "__main__":
    sys.exit(main())
