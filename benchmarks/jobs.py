"""List what is measured: commands, what they are compared with, and their limits."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE.parent / "build" / "bench"
CONVVIZ = [sys.executable, "-c", "from convviz.cli.main import main; main(prog_name='convviz')"]
GLIDING = {
    "J1": "transposed -i 3 -k 3 -s 2 -p 1",
    "J2": "conv -i 5 -k 3 -s 2 -p 1",
    "J3": "conv -i 16 -k 3 -p 1",
    "J4": "conv -i 32 -k 3 -p 1",
}
"""With the defaults: a story in which windows glide."""
JOBS = {name: f"{words} --pace even --motion none" for name, words in GLIDING.items()}
"""Of 25, 9, 256 and 1,024 frames."""
VIEWS = {
    "steps": "conv -i 16 -k 3 -p 1 --view steps",
    "scatter": "conv -i 16 -k 3 -p 1 --view scatter",
    "matrix": "conv -i 8 -k 3 -p 1 --view matrix",
    "overlap": "conv -i 16 -k 3 -p 1 --view overlap",
    "pair": "conv -i 16 -k 3 -p 1 --view pair",
    "upsample": "transposed -i 8 -k 3 -s 2 -p 1 --view upsample",
    "backward": "conv -i 12 -k 3 -p 1 --view backward",
    "backward-input": "conv -i 12 -k 3 -p 1 --view backward-input",
    "backward-weight": "conv -i 16 -k 15 -p 7 --view backward-weight",
    "image": "conv -i 20 -k 3 -p 1 --view image",
    "stack": "stack 'conv k3 p1' 'conv k3 p1' -i 16",
    "isometric": "conv -i 16 -k 3 -p 1 --view isometric",
    "isometric-scatter": "conv -i 16 -k 3 -p 1 --view isometric-scatter",
}
"""Every other view, at 256 frames or more where it goes so far."""


@dataclass(frozen=True)
class Row:
    """Two commands that run alternately, and the limit of the ratio of their medians."""

    name: str
    command: list[str]
    against: str
    other: list[str]
    limit: float
    figure: str = "seconds"
    runs: int = 7


def draw(words: str, file: str) -> list[str]:
    """Return the command that draws into the work folder."""
    import shlex

    return [*CONVVIZ, *shlex.split(words), "-o", str(WORK / file)]


def peer(script: str, job: str, file: str) -> list[str]:
    """Return the command of another program that draws the same picture, whose parts it reads from a file."""
    return [sys.executable, str(HERE / "peers" / script), str(WORK / f"{job}.json"), str(WORK / file)]


def rows() -> list[Row]:
    """Return the rows of the table that compare two commands."""
    still = "one PNG still of the scene"
    bare = "a bare script that saves one PNG"
    peers = "FuncAnimation + PillowWriter"
    help_ = [sys.executable, "-c", "import click"]
    return [
        *(
            Row(f"{job} to GIF", draw(JOBS[job], f"{job}.gif"), still, draw(JOBS[job], f"{job}.png"), limit, runs=runs)
            for job, limit, runs in (("J1", 1.15, 15), ("J3", 1.5, 9), ("J4", 3.2, 9))
        ),
        *(
            Row(
                f"{job} to GIF, gliding",
                draw(GLIDING[job], f"{job}-gliding.gif"),
                still,
                draw(JOBS[job], f"{job}.png"),
                limit,
            )
            for job, limit in (("J1", 1.5), ("J3", 2.5))
        ),
        Row(
            "J3 to GIF, gliding",
            draw(GLIDING["J3"], "J3-gliding.gif"),
            "J1 to GIF, gliding",
            draw(GLIDING["J1"], "J1-gliding.gif"),
            1.1,
            "peak memory",
            3,
        ),
        Row("J1 to GIF", draw(JOBS["J1"], "J1.gif"), bare, peer("bare_still.py", "J1", "bare.png"), 1.2, runs=15),
        *(
            Row(
                f"{job} to GIF",
                draw(JOBS[job], f"{job}.gif"),
                peers,
                peer("func_animation.py", job, f"peer_{job}.gif"),
                limit,
                runs=runs,
            )
            for job, limit, runs in (("J1", 1 / 3.5, 3), ("J3", 1 / 20, 1))
        ),
        Row(
            "J1 to GIF",
            draw(JOBS["J1"], "J1.gif"),
            "a figure for every frame",
            peer("figure_per_frame.py", "J1", "figures.gif"),
            1,
            runs=3,
        ),
        Row(
            "J1 to MP4",
            draw(JOBS["J1"], "J1.mp4"),
            "FuncAnimation + ffmpeg",
            peer("func_animation.py", "J1", "peer_J1.mp4"),
            1,
            runs=3,
        ),
        *(
            Row(f"{job} to MP4", draw(JOBS[job], f"{job}.mp4"), still, draw(JOBS[job], f"{job}.png"), limit, runs=runs)
            for job, limit, runs in (("J1", 1.8, 7), ("J3", 6, 5))
        ),
        *(
            Row(
                f"{job} to {format}, each step gliding",
                draw(f"{GLIDING[job]} --pace even", f"{job}-even.{format.lower()}"),
                "the same without motion",
                draw(JOBS[job], f"{job}.{format.lower()}"),
                2,
                runs=3,
            )
            for job, format in product(("J1", "J3"), ("MP4", "WebP"))
        ),
        Row("J1 to GIF", draw(JOBS["J1"], "J1.gif"), still, draw(JOBS["J1"], "J1.png"), 1.25, "peak memory", 3),
        Row("J4 to GIF", draw(JOBS["J4"], "J4.gif"), "J1 to GIF", draw(JOBS["J1"], "J1.gif"), 1.1, "peak memory", 3),
        Row("convviz --help", [*CONVVIZ, "--help"], "import click", help_, 2, runs=15),
        Row("bad input", [*CONVVIZ, "conv", "-i", "2", "-k", "9"], "import click", help_, 2, runs=15),
    ]
