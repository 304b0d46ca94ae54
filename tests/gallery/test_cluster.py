"""A gallery drawn by a Dask cluster of processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from convviz import ExportError
from convviz.gallery import build
from tests.gallery import folders as galleries

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.skipif(os.name == "nt", reason="POSIX signals")]
SEEDS = 10
RECIPES = f"[a]\nseed = {list(range(SEEDS))}\n"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and two workers, each in a process of its own."""
    place = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    words = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*words, "--host", "127.0.0.1", "--scheduler-file", str(place)], **quiet)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        address = waited(place)
        for number in range(2):
            words = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
            workers.append(
                subprocess.Popen([*words, "--no-dashboard", "--local-directory", str(tmp_path / f"w{number}")], **quiet)
            )
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def waited(place: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return str(json.loads(place.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    pytest.fail("no scheduler")


def pictures(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".gif", ".png")}


def test_a_worker_that_is_killed_loses_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    killed: list[int] = []

    def kill_one() -> None:
        while len(list(there.glob("*.gif"))) < 4:
            time.sleep(0.01)
        os.kill(workers[0].pid, signal.SIGKILL)
        killed.append(len(list(there.glob("*.gif"))))

    threading.Thread(target=kill_one, daemon=True).start()
    built = build(galleries.written(there, RECIPES), scheduler=address)
    assert not built.failed
    assert len(built.drawn) == SEEDS
    assert killed, "it was killed"
    assert killed[0] < SEEDS, "in the middle"
    build(galleries.written(here, RECIPES), jobs=1)
    assert pictures(there) == pictures(here)


def test_a_cluster_in_which_nobody_is_left_is_told(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was drawn stays, and the next build draws the rest."""
    address, workers = cluster
    monkeypatch.setattr("convviz.gallery.task_runner.PATIENCE", 1.5)
    path = galleries.written(tmp_path, RECIPES)

    def kill_all() -> None:
        while len(list(tmp_path.glob("*.gif"))) < 3:
            time.sleep(0.01)
        for worker in workers:
            os.kill(worker.pid, signal.SIGKILL)

    threading.Thread(target=kill_all, daemon=True).start()
    with pytest.raises(ExportError, match="no worker of the cluster is left"):
        build(path, scheduler=address)
    there = len(list(tmp_path.glob("*.gif")))
    assert 3 <= there < SEEDS
    monkeypatch.setattr("convviz.gallery.worker_pool.PATIENCE", 0.5)
    with pytest.raises(ExportError, match=f"scheduler at {address} has no workers; start some"):
        build(path, scheduler=address)
    assert len(build(path, jobs=2).drawn) == SEEDS - there


def test_no_scheduler_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convviz.gallery.worker_pool.PATIENCE", 1)
    path = galleries.written(tmp_path, RECIPES)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(ExportError, match=f"no Dask scheduler answers at {address}"):
            build(path, scheduler=address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExportError, match="pip install distributed"):
        build(path, scheduler="tcp://127.0.0.1:1")
