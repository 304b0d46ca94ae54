"""The gallery: only what changed is drawn, whatever goes wrong costs one picture, and a check sees every difference."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from distributed import KilledWorker
from PIL import Image

from convviz import Conv, ConvvizError, animate
from convviz.cli.main import main
from convviz.export.metadata import read as info
from convviz.gallery import build, check, fingerprint, task_runner, worker_pool
from convviz.gallery.build import open_gallery
from convviz.gallery.store import Store
from convviz.gallery.task import draw
from convviz.recipes.reader import parse
from convviz.scene.model import PARTS
from tests.at_rest import AT_REST
from tests.gallery.folders import COMMAND, written
from tests.gallery.tripping import Trip, tripped

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and limits")
THREE = "[a]\nstride = [1, 2]\n[b]\nkernel = 2\n"


@pytest.fixture(scope="module")
def here() -> Iterator[Executor]:
    """Draws in this process, without starting others."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, here: Executor) -> dict[str, bytes]:
    """The files of a built gallery."""
    folder = tmp_path_factory.mktemp("standing")
    build(written(folder, THREE), executor=here)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path, standing: dict[str, bytes]) -> Path:
    """A gallery that is as it should be."""
    for name, data in standing.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_gallery_is_gifs_posters_and_pages(folder: Path) -> None:
    pictures = {f"{name}{suffix}" for name in ("a-s1", "a-s2", "b") for suffix in (".gif", ".png")}
    assert names(folder) == {"recipes.toml", "README.md", *pictures}
    animation = animate(Conv(4, 2), size=(320, 240), numbers=False, **AT_REST, without=PARTS)
    for suffix in (".gif", ".png"):
        with Image.open(folder / f"b{suffix}") as ours, Image.open(animation.save(folder / f"x{suffix}")) as theirs:
            assert getattr(ours, "n_frames", 1) == getattr(theirs, "n_frames", 1)
            assert ours.convert("RGB").tobytes() == theirs.convert("RGB").tobytes()
    assert info(folder / "b.gif")["command"].startswith("convviz conv -i 4 -k 2")


def test_nothing_is_drawn_where_nothing_changed(folder: Path) -> None:
    """The command needs neither matplotlib nor a layout then."""
    code = COMMAND.replace("prog_name='convviz'", "standalone_mode=False")
    code += "; assert not {'matplotlib', 'convviz.animation.animate', 'multiprocessing.spawn'} & set(sys.modules)"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.gif")}
    done = subprocess.run(
        [sys.executable, "-c", code, "gallery", "build", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0 drawn, 3 unchanged" in done.stdout
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("*.gif")} == before


CHANGES: dict[str, tuple[str, str, list[str]]] = {
    "a parameter": ("kernel = 2", "kernel = 3", ["b"]),
    "a caption": ("kernel = 2", 'kernel = 2\ncaption = "C"', ["b"]),
    "one more value": ("[1, 2]", "[1, 2, 3]", ["a-s3"]),
    "defaults": ("320x240", "322x240", ["a-s1", "a-s2", "b"]),
    "a comment": ("[b]", "# b\n[b]", []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_changed_is_drawn(name: str, folder: Path, here: Executor) -> None:
    old, new, expected = CHANGES[name]
    text = (folder / "recipes.toml").read_text().replace(old, new)
    (folder / "recipes.toml").write_text(text)
    assert build(folder, executor=here).drawn == expected
    assert build(folder, executor=here).drawn == []


def test_files_that_recipes_name_count_with_their_contents(tmp_path: Path, here: Executor) -> None:
    path = written(tmp_path, '[a]\ninput = 3\ninput_values = "x.csv"\n[b]\n')
    (tmp_path / "x.csv").write_text("1,2,3\n4,5,6\n7,8,9\n")
    assert build(path, executor=here).drawn == ["a", "b"]
    (tmp_path / "x.csv").write_text("1,2,3\n4,5,6\n7,8,0\n")
    assert build(path, executor=here).drawn == ["a"]
    assert "x.csv" in info(tmp_path / "a.gif")["command"]


@pytest.mark.parametrize("what", ["versions", "drawing_format"])
def test_other_libraries_and_another_drawing_format_draw_everything_anew(
    what: str, folder: Path, here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {**fingerprint.drawn_with(), what: "other"}
    for module in ("fingerprint", "task", "store"):
        monkeypatch.setattr(f"convviz.gallery.{module}.drawn_with", lambda: other)
    assert not check(folder, executor=here).findings, "the pixels are the same"
    assert build(folder, executor=here).drawn == ["a-s1", "a-s2", "b"]


def test_a_pattern_takes_some(folder: Path, here: Executor) -> None:
    for path in folder.glob("*.gif"):
        path.unlink()
    assert build(folder, only="a-*", executor=here).drawn == ["a-s1", "a-s2"]
    with pytest.raises(ConvvizError, match="no picture is called 'x'; there are a-s1, a-s2, b"):
        build(folder, only="x", executor=here)


def test_orphans_are_told_and_removed_and_foreign_files_are_not(folder: Path, here: Executor) -> None:
    Image.new("RGB", (4, 4)).save(folder / "photo.png")
    animate(Conv(4, 3)).save(folder / "own.png")
    text = (folder / "recipes.toml").read_text()
    (folder / "recipes.toml").write_text(text.replace("[1, 2]", "[1]"))
    orphans = [folder / "a-s2.gif", folder / "a-s2.png"]
    assert build(folder, executor=here).orphans == orphans
    assert build(folder, prune=True, executor=here).pruned == orphans
    assert {"photo.png", "own.png", "a-s1.gif"} <= names(folder)
    assert not {path.name for path in orphans} & names(folder)


# what is wrong


def test_broken_recipes_are_refused_before_anything_is_drawn(tmp_path: Path, here: Executor) -> None:
    path = written(tmp_path, "[ok]\n[a]\nkernel = [2, 9]\n[b]\nstrid = 2\n[c]\nview = 'x'\n")
    for function in (build, check):
        with pytest.raises(ConvvizError) as caught:
            function(path, executor=here)
        said = str(caught.value).splitlines()
        assert [line.split(":")[1] for line in said] == ["12", "14", "16"], said
    assert names(tmp_path) == {"recipes.toml"}
    done = CliRunner().invoke(main, ["gallery", "build", str(path), "--jobs", "1"])
    assert done.exit_code == 2
    assert "kernel 9 does not fit" in done.stderr


@pytest.mark.parametrize("name", ["../x", "/x", "a/b", "..", "C:\\\\x"])
def test_names_lead_nowhere_else(name: str, tmp_path: Path, here: Executor) -> None:
    (tmp_path / "sub").mkdir()
    path = written(tmp_path / "sub", f'["{name}"]\n[ok]\n')
    with pytest.raises(ConvvizError, match="cannot be the name of a picture"):
        build(path, executor=here)
    assert names(tmp_path) == {"sub"}
    assert names(tmp_path / "sub") == {"recipes.toml"}


def link(folder: Path) -> None:
    (folder.parent / "elsewhere.gif").write_bytes(b"GIF8 elsewhere")
    (folder / "b.gif").unlink()
    (folder / "b.gif").symlink_to(folder.parent / "elsewhere.gif")


def stands(folder: Path) -> None:
    (folder / "b.png").unlink()
    (folder / "b.png").mkdir()


WAYS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a foreign file": (lambda folder: (folder / "b.gif").write_bytes(b"GIF89a mine"), "is in the way"),
    "a foreign picture": (lambda folder: Image.new("L", (4, 4)).save(folder / "b.png"), "is in the way"),
    "a folder": (stands, "got a folder; remove or rename it"),
    "a link": (link, "is a link, which may lead out"),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_in_the_way_stays_and_costs_one_picture(name: str, folder: Path, here: Executor) -> None:
    place, words = WAYS[name]
    (folder / "a-s1.gif").unlink()
    place(folder)
    before = {path.name: path.read_bytes() for path in folder.glob("b.*") if path.is_file()}
    built = build(folder, executor=here)
    assert built.drawn == ["a-s1"]
    assert list(built.failed) == ["b"]
    assert words in built.failed["b"]
    assert {path.name: path.read_bytes() for path in folder.glob("b.*") if path.is_file()} == before
    found = check(folder, executor=here).findings
    assert {"b.gif", "b.png"} & set(found)
    assert set(found) <= {"b.gif", "b.png", "README.md"}, "the page does not show it"


def test_a_picture_never_replaces_the_image_that_it_shows(tmp_path: Path, here: Executor) -> None:
    animate(Conv(3, 2), size=(320, 240)).save(tmp_path / "photo.png")  # one of ours, which could be replaced
    before = (tmp_path / "photo.png").read_bytes()
    path = tmp_path / "recipes.toml"
    path.write_text('[photo]\nkind = "conv"\nimage = "photo.png"\npixels = 8\nsize = "480x360"\n', encoding="utf-8")
    built = build(path, executor=here)
    assert "photo.png is what the picture is made from" in built.failed["photo"]
    assert (tmp_path / "photo.png").read_bytes() == before


@pytest.mark.parametrize("cut", [0, 1000, -1])
def test_a_file_of_ours_that_was_cut_off_is_drawn_again(cut: int, folder: Path, here: Executor) -> None:
    for name in ("b.gif", "b.png"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:cut])
        assert name in check(folder, executor=here).findings
        assert build(folder, executor=here).drawn == ["b"]
        assert (folder / name).read_bytes() == whole


# checking


def test_a_gallery_that_is_as_it_should_be_passes(folder: Path, here: Executor) -> None:
    found = check(folder, executor=here)
    assert (found.count, found.findings, found.orphans) == (3, {}, [])


def encoded_anew(path: Path, change: Callable[[Image.Image], Image.Image] | None = None, duration: int = 0) -> None:
    """The same file from another encoder, which keeps the comment."""
    with Image.open(path) as image:
        comment = image.info["comment"]
        frames, durations = [], []
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(image.convert("RGB"))
            durations.append(image.info["duration"])
    if change:
        frames[1] = change(frames[1])
    durations[0] += duration
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": durations, "comment": comment}
    frames[0].save(path, loop=0, optimize=False, **options)


def test_another_encoder_is_no_difference(folder: Path, here: Executor) -> None:
    before = (folder / "a-s1.gif").read_bytes()
    encoded_anew(folder / "a-s1.gif")
    assert (folder / "a-s1.gif").read_bytes() != before
    assert not check(folder, executor=here).findings


def test_other_pixels_and_durations_are_found_and_shown(folder: Path, here: Executor, tmp_path: Path) -> None:
    def dotted(image: Image.Image) -> Image.Image:
        image.putpixel((5, 7), (255, 0, 0))
        return image

    encoded_anew(folder / "a-s1.gif", dotted)
    found = check(folder, executor=here, report=tmp_path / "report")
    assert list(found.findings) == ["a-s1.gif"]
    assert "1 of 4 frames differs, most of all frame 2 in 1 pixel" in found.findings["a-s1.gif"]
    assert [path.name for path in found.diff_files] == [
        f"a-s1.gif-{word}.png" for word in ("before", "after", "difference")
    ]
    with Image.open(found.diff_files[2]) as marked:
        red = (np.asarray(marked.convert("RGB")) == (213, 0, 0)).all(axis=-1)
    assert np.argwhere(red).tolist() == [[7, 5]]


def test_durations_are_compared(folder: Path, here: Executor) -> None:
    encoded_anew(folder / "a-s1.gif", duration=100)
    found = check(folder, executor=here).findings
    assert "frame 1 lasts" in found["a-s1.gif"]


def test_missing_and_stale_files_and_pages_are_told(folder: Path, here: Executor) -> None:
    (folder / "a-s1.png").unlink()
    text = (folder / "recipes.toml").read_text()
    (folder / "recipes.toml").write_text(text.replace("kernel = 2", 'kernel = 2\ncaption = "C"'))
    (folder / "README.md").unlink()
    found = check(folder, executor=here).findings
    assert set(found) == {"a-s1.png", "b.gif", "b.png", "README.md"}
    assert found["a-s1.png"] == found["README.md"] == "is missing"
    assert "its recipe" in found["b.gif"]
    assert "has changed" in found["b.gif"]
    (folder / "README.md").write_text("`convviz gallery build` wrote something else")
    assert check(folder, executor=here).findings["README.md"] == "is outdated: it does not say what the recipes say"


def test_exit_codes_and_lines_of_check(folder: Path) -> None:
    run = CliRunner().invoke
    done = run(main, ["gallery", "check", str(folder), "--jobs", "1"])
    assert (done.exit_code, done.stdout) == (0, "3 pictures are up to date\n")
    (folder / "b.gif").unlink()
    done = run(main, ["gallery", "check", str(folder / "recipes.toml"), "--jobs", "1"])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "b.gif: is missing"


# processes


def run(*words: str, code: str = COMMAND) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


def test_processes_give_the_same_bytes(folder: Path, standing: dict[str, bytes]) -> None:
    for path in [*folder.glob("*.gif"), *folder.glob("*.png")]:
        path.unlink()
    done = run("gallery", "build", str(folder), "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == standing


def test_a_worker_that_dies_costs_no_more_than_its_task(tmp_path: Path) -> None:
    with worker_pool.open_local(2) as pool:
        done = {one.task: one for one in task_runner.run_tasks(pool, Trip(tmp_path), iter(range(8)))}
    assert sorted(done) == list(range(8))
    assert done[3].failure == "its worker died again and again"
    assert [one.result for number, one in sorted(done.items()) if number != 3] == [0, 1, 4, 16, 25, 36, 49]
    assert not Path(pool.scratch).exists()


def blamed(number: int) -> int:
    """A task that Dask blames for the death of its workers."""
    if number == 3:
        raise KilledWorker("task", None, 3)
    return number


def test_a_task_that_kills_the_workers_of_a_cluster_is_told(here: Executor) -> None:
    """Fails too if Dask no longer has the error by which it blames a task."""
    done = {one.task: one for one in task_runner.run_tasks(worker_pool.ExternalPool(here), blamed, range(5))}
    assert [one.result for _, one in sorted(done.items())] == [0, 1, 2, None, 4]
    assert done[3].failure == "its worker died again and again"


def test_an_executor_of_others_that_breaks_is_told() -> None:
    class Broken(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            raise BrokenExecutor

    with pytest.raises(ConvvizError, match="the executor broke"):
        list(task_runner.run_tasks(worker_pool.ExternalPool(Broken()), tripped, iter([1])))  # type: ignore[arg-type]


PICTURES = 24
MANY = "[a]\nseed = [" + ", ".join(map(str, range(PICTURES))) + "]\n"


def children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    """A build of `MANY` that has written some pictures."""
    path = written(folder, MANY)
    words = [sys.executable, "-c", COMMAND, "gallery", "build", str(path), "--jobs", "2", *more]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(list(folder.glob("a-*.gif"))) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


@posix
def test_ctrl_c_ends_at_once_and_the_next_build_goes_on(tmp_path: Path) -> None:
    process = started(tmp_path)
    workers = children(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, complaints = process.communicate(timeout=10)
    assert process.returncode not in (0, None)
    assert complaints.strip().endswith("Aborted!")
    assert "Traceback" not in complaints
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    gone(workers)
    ready = {path.name: path.read_bytes() for path in tmp_path.glob("*.gif")}
    assert len(ready) < PICTURES
    done = run("gallery", "build", str(tmp_path), "--jobs", "2")
    assert done.returncode == 0
    left = int(done.stdout.split(": ")[1].split()[0])
    assert PICTURES - len(ready) <= left <= PICTURES - len(ready) + 1
    assert ready.items() <= {path.name: path.read_bytes() for path in tmp_path.glob("*.gif")}.items()


@posix
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="workers are found in /proc")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    process = started(tmp_path)
    workers = [pid for pid in children(process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    said, complaints = process.communicate(timeout=120)
    assert process.returncode == 0, complaints
    assert f"{PICTURES} drawn" in said


@posix
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="workers are found in /proc")
def test_workers_end_with_the_build_that_was_killed(tmp_path: Path) -> None:
    process = started(tmp_path)
    workers = children(process.pid)
    process.kill()
    process.communicate()
    gone(workers)


def gone(processes: list[int]) -> None:
    """Wait until they are."""
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in processes):
        assert time.monotonic() < deadline
        time.sleep(0.05)


FULL = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000)); {COMMAND}"


@posix
def test_a_full_disk_costs_the_pictures_that_do_not_fit(tmp_path: Path) -> None:
    """No file may grow beyond 12,000 bytes, in workers neither, which is but enough for the page."""
    written(tmp_path, "[small]\n[large]\ninput = 10\nsize = '640x480'\n[small2]\nkernel = 2\n")
    done = run("gallery", "build", str(tmp_path), "--jobs", "2", code=FULL)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("large: ")
    failed = {line.split(": ")[0] for line in done.stderr.splitlines()}
    assert failed == {"large"}
    assert {"small.gif", "small2.gif", "README.md"} <= names(tmp_path)
    assert not [name for name in names(tmp_path) if name.startswith((".", "large"))]


@pytest.mark.parametrize("suffix", [".gif", ".png"])
def test_a_byte_that_was_damaged_is_seen_and_drawn_again(suffix: str, folder: Path) -> None:
    """Anywhere in either file, also where nobody reads."""
    path = folder / f"a-s1{suffix}"
    whole = path.read_bytes()
    for place in range(len(whole) // 2, len(whole), len(whole) // 6):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not Store(folder).is_intact("a-s1"), place
    assert build(folder, jobs=1).drawn == ["a-s1"]
    assert path.read_bytes() == whole


def test_a_poster_of_another_gif_is_drawn_again(folder: Path) -> None:
    (folder / "a-s1.png").write_bytes((folder / "a-s2.png").read_bytes())
    assert "a-s1" in build(folder, jobs=1).drawn


def test_a_sweep_is_small_data(tmp_path: Path) -> None:
    """2,000 recipes are read without any of them being laid out."""
    path = written(tmp_path, f"[a]\nseed = {list(range(2000))}\n")
    assert len(parse(path).recipes) == 2000
    assert len(set(open_gallery(path, None).recipe_keys.values())) == 2000


def test_a_worker_with_other_libraries_is_refused(folder: Path) -> None:
    gallery = open_gallery(folder, None)
    one = gallery.task(gallery.chosen[0])
    with pytest.raises(ConvvizError, match=r"expected a worker with other .* got convviz"):
        draw(replace(one, drawn_with={"versions": "other", "drawing_format": "0"}))
    assert BytesIO(draw(one).gif).read(4) == b"GIF8"
