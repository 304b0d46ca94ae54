"""Measure a gallery: from nothing, unchanged, two cores against one, and the memory of a long sweep.

`python -m benchmarks.gallery [RECIPES.toml]` prints a table; exit code 1 if a limit is exceeded. Without recipes, it
draws a sweep of 60 pictures.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.jobs import CONVVIZ, WORK
from benchmarks.measure import Cost, run

FROM_NOTHING, UNCHANGED, FASTER, MEMORY = 20.0, 1.0, 1.7, 1.1
"""Seconds, seconds, two cores against one at least, and the memory of 2,000 pictures against 200 at most,
which is as many as the caches of the renderer take."""
SIXTY = """
[a]
kind = ["conv", "transposed"]
size = "800x500"
input = [4, 5, 6]
stride = [1, 2]
view = ["slide", "scatter", "overlap", "steps", "pair"]
"""
SWEEP = '[a]\nkind = "conv"\ninput = 4\nsize = "320x240"\nbare = true\nnumbers = false\nseed = {seeds}\n'


ONE_CORE = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
"""In front of a command that is to have one core for all of its processes and threads."""


def build(folder: Path, *words: str, before: str = "") -> Cost:
    """Measure one build, its processes included."""
    python, option, code = CONVVIZ
    return run([python, option, before + code, "gallery", "build", str(folder), *words], ends_with=(0,))


def anew(text: str) -> Path:
    """Make a folder with only recipes in it."""
    folder = WORK / "gallery"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "recipes.toml").write_text(text, encoding="utf-8")
    return folder


def rows(recipes: str) -> Iterator[tuple[str, float, str, bool]]:
    """Yield what is measured, the figure, its limit, and whether it holds."""
    one = build(anew(recipes), "--jobs", "1", before=ONE_CORE if hasattr(os, "sched_setaffinity") else "").seconds
    folder = anew(recipes)
    two = build(folder, "--jobs", "2").seconds
    yield "from nothing, 2 processes, s", two, f"≤ {FROM_NOTHING:g}", two <= FROM_NOTHING
    yield "2 cores against 1", one / two, f"≥ {FASTER}", one / two >= FASTER
    again = build(folder).seconds
    yield "unchanged, s", again, f"≤ {UNCHANGED:g}", again <= UNCHANGED
    few, many = (build(anew(SWEEP.format(seeds=list(range(count)))), "--jobs", "2").peak_mib for count in (200, 2000))
    if few is None or many is None:
        raise SystemExit("this system does not tell the peak memory of a process")
    yield "memory of a sweep of 2,000 against 200", many / few, f"≤ {MEMORY}", many / few <= MEMORY


def main() -> int:
    """Measure and print; return 1 if a limit is exceeded."""
    recipes = Path(sys.argv[1]).read_text(encoding="utf-8") if sys.argv[1:] else SIXTY
    missed = 0
    print("| gallery | figure | limit | |\n|---|---|---|---|")
    for name, figure, limit, holds in rows(recipes):
        missed += not holds
        print(f"| {name} | {figure:.2f} | {limit} | {'✓' if holds else '✗'} |", flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
