"""Files appear complete or not at all: errors, full disks, odd places, and runs that are interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import imageio_ffmpeg
import pytest
from PIL import Image

from convviz import Animation, Conv, ExportError
from convviz.export.formats import EXPORTERS, FRAMES, MOVING, export, resolve_target
from convviz.files.atomic import atomic_write, checked_path
from convviz.files.frame_folder import file_hash, with_files
from tests.at_rest import AT_REST_WORDS, animate
from tests.profile import combined

OLD = b'the older file {"convviz":"0"}'
SUFFIXES = sorted(EXPORTERS.keys() - {"/"})
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, limits or permissions")
every_suffix = pytest.mark.parametrize("suffix", SUFFIXES)
MOVES = [suffix for suffix in SUFFIXES if EXPORTERS[suffix][1] in (MOVING, FRAMES)]
moving = pytest.mark.parametrize("suffix", MOVES)
Errors = (RuntimeError, OSError, KeyboardInterrupt, SystemExit, ExportError)


@pytest.fixture(scope="module")
def animation() -> Animation:
    return animate(Conv(4, 3), size=(640, 360), motion="none")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def frames(path: Path) -> int:
    """How many pictures someone else finds in the file."""
    suffix = path.suffix.lower()
    if suffix in (".mp4", ".webm"):
        return int(imageio_ffmpeg.count_frames_and_secs(path)[0])
    if suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return sum(in_picture(archive.open(name)) for name in archive.namelist() if name.endswith(".png"))
    if suffix == ".pdf":
        return len(re.findall(rb"/Type /Page\b", path.read_bytes()))
    if suffix == ".svg":
        return len(ElementTree.parse(path).findall(".")) * bool(ElementTree.parse(path).findall(".//{*}rect"))
    if suffix == ".html":
        (data,) = re.findall(r'"frames":\[(.*)\],"steps"', path.read_text(encoding="utf-8"))
        return len(re.findall(r'"number":', data))
    return in_picture(path)


def in_picture(source: Path | IO[bytes]) -> int:
    """How many frames Pillow decodes."""
    with Image.open(source) as image:
        count = getattr(image, "n_frames", 1)
        for frame in range(count):
            image.seek(frame)
            image.load()
        return int(count)


COUNTS = {".mp4": 42, ".webm": 42, ".png": 1, ".svg": 1, ".pdf": 1}
"""Of the animation above, whose four frames last 4.2 seconds; else 4."""


def test_every_suffix_is_tried_here() -> None:
    assert sorted([".apng", ".gif", ".html", ".mp4", ".pdf", ".png", ".svg", ".webm", ".webp", ".zip"]) == SUFFIXES
    assert sorted(MOVES) == [".apng", ".gif", ".mp4", ".webm", ".webp", ".zip"]


def test_the_name_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    with atomic_write(target) as partial:
        partial.write_bytes(b"new")
        assert partial.parent == tmp_path
        assert partial.suffix == ".gif"
        assert not target.exists()
    assert names(tmp_path) == ["a.gif"]
    assert target.read_bytes() == b"new"


def test_an_older_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    target.write_bytes(OLD)
    with atomic_write(target) as partial:
        partial.write_bytes(b"new")
        assert target.read_bytes() == OLD
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["a.gif"]


@pytest.mark.parametrize("kind", Errors)
@pytest.mark.parametrize("older", [False, True])
def test_an_error_leaves_nothing_and_an_older_file_as_it_was(
    kind: type[BaseException], older: bool, tmp_path: Path
) -> None:
    target = tmp_path / "a.gif"
    if older:
        target.write_bytes(OLD)
        before = target.stat()

    def write_half() -> None:
        with atomic_write(target) as partial:
            partial.write_bytes(b"half")
            raise kind("stop")

    with pytest.raises(ExportError if issubclass(kind, OSError) else kind):
        write_half()
    assert names(tmp_path) == ["a.gif"] * older
    if older:
        assert target.read_bytes() == OLD
        assert target.stat().st_mtime_ns == before.st_mtime_ns
        assert target.stat().st_ino == before.st_ino


def test_two_writers_of_one_name_do_not_meet(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.gif") as one, atomic_write(tmp_path / "a.gif") as other:
        assert one != other
        one.write_bytes(b"one")
        other.write_bytes(b"other")
    assert names(tmp_path) == ["a.gif"]
    assert (tmp_path / "a.gif").read_bytes() == b"one"


def test_a_partial_file_that_somebody_took_away_is_an_export_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.gif"), atomic_write(tmp_path / "a.gif") as partial:
        partial.unlink()
    assert not names(tmp_path)


@pytest.mark.parametrize("suffix", [*MOVES, ".png"])
@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_an_error_while_drawing_leaves_nothing(
    suffix: str, kind: type[BaseException], animation: Animation, tmp_path: Path
) -> None:
    target = tmp_path / f"a{suffix}"
    target.write_bytes(OLD)
    seen = []

    def fail(done: int) -> None:
        seen.extend(name for name in names(tmp_path) if name != target.name)
        raise kind("stop")

    with pytest.raises(kind, match="stop"):
        animation.save(target, progress=fail)
    assert seen, "something was being written beside the target"
    assert names(tmp_path) == [target.name]
    assert target.read_bytes() == OLD


@every_suffix
def test_a_missing_folder_is_named(suffix: str, animation: Animation, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"the folder .*missing does not exist"):
        animation.save(tmp_path / "missing" / f"a{suffix}")
    assert not names(tmp_path)


@every_suffix
def test_a_folder_is_not_a_target(suffix: str, animation: Animation, tmp_path: Path) -> None:
    target = tmp_path / f"a{suffix}"
    target.mkdir()
    (target / "inside").write_bytes(OLD)
    with pytest.raises(ExportError, match="is a folder"):
        animation.save(target)
    assert names(tmp_path) == [target.name]
    assert (target / "inside").read_bytes() == OLD


@every_suffix
def test_a_file_is_not_a_folder(suffix: str, animation: Animation, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(ExportError, match="folder"):
        animation.save(tmp_path / "file" / f"a{suffix}")
    assert (tmp_path / "file").read_bytes() == OLD


@pytest.mark.parametrize("name", ["a.bmp", "a.gif.txt", "a", "a.", ".gif", "gif", "a.mp4 "])
def test_other_suffixes_are_refused_with_those_that_work(name: str, animation: Animation, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"use \.gif, \.mp4, \.webm"):
        animation.save(tmp_path / name)
    assert not names(tmp_path)


NAMES = ["mit Leerzeichen", "Faltung ∗ 畳み込み", "a.b.c", "-x", "100%d", "a'b"]
PATHS = ["a", "./a", "sub/../a", "-y"]


@pytest.mark.parametrize(
    ("suffix", "name"), combined(SUFFIXES, NAMES, also=[*product([".gif", ".mp4"], NAMES), (".zip", "100%d")])
)
def test_names_with_spaces_dots_and_any_letters(name: str, suffix: str, animation: Animation, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    target = folder / f"{name}{suffix}"
    assert animation.save(target) == target
    assert names(folder) == [target.name]
    assert frames(target) == COUNTS.get(suffix, 4)


@pytest.mark.parametrize(("suffix", "text"), combined(SUFFIXES, PATHS, also=list(product([".gif", ".mp4"], PATHS))))
def test_relative_paths_stand_in_the_current_folder(
    text: str, suffix: str, animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    assert animation.save(text + suffix) == Path(text + suffix)
    written = tmp_path / f"{text.rpartition('/')[2]}{suffix}"
    assert names(tmp_path) == sorted(["sub", written.name])
    assert frames(written) > 0


@pytest.mark.parametrize(("suffix", "exists"), combined(SUFFIXES, [True, False], also=[(".gif", False)]))
def test_a_link_is_written_through(suffix: str, exists: bool, animation: Animation, tmp_path: Path) -> None:
    real, link = tmp_path / "real" / f"a{suffix}", tmp_path / f"link{suffix}"
    real.parent.mkdir()
    if exists:
        real.write_bytes(OLD)
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("this system does not let us make symbolic links")
    animation.save(link)
    assert link.is_symlink()
    assert names(real.parent) == [real.name]
    assert frames(real) > 0


@posix
def test_a_link_that_leads_to_itself_is_an_export_error(animation: Animation, tmp_path: Path) -> None:
    link = tmp_path / "a.gif"
    link.symlink_to(link)
    with pytest.raises(ExportError):
        animation.save(link)
    assert names(tmp_path) == ["a.gif"]


@every_suffix
def test_a_name_too_long_for_the_system_is_an_export_error(suffix: str, animation: Animation, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        animation.save(tmp_path / f"{'a' * 300}{suffix}")
    assert not names(tmp_path)


@contextmanager
def without_privileges() -> Iterator[None]:
    """The superuser may write anywhere: be somebody else for a while."""
    if not hasattr(os, "geteuid") or os.geteuid():
        yield
        return
    os.setresgid(65534, 65534, 0)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@posix
@every_suffix
def test_a_folder_that_cannot_be_written_is_an_export_error(
    suffix: str, animation: Animation, open_folder: Path
) -> None:
    locked = open_folder / "locked"
    locked.mkdir(mode=0o555)
    animation.save(open_folder / f"warm{suffix}")
    with without_privileges(), pytest.raises(ExportError, match=r"[Pp]ermission|writ"):
        animation.save(locked / f"a{suffix}")
    assert not names(locked)


@posix
@every_suffix
def test_a_write_protected_file_is_kept(suffix: str, animation: Animation, open_folder: Path) -> None:
    free = open_folder / "free"
    free.mkdir()
    free.chmod(0o777)
    target = free / f"a{suffix}"
    target.write_bytes(OLD)
    target.chmod(0o444)
    with without_privileges(), pytest.raises(ExportError, match="write-protected"):
        animation.save(target)
    assert names(free) == [target.name]
    assert target.read_bytes() == OLD


@posix
def test_a_folder_that_cannot_be_entered_is_an_export_error(animation: Animation, open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        with without_privileges(), pytest.raises(ExportError):
            animation.save(closed / "sub" / "a.gif")
    finally:
        closed.chmod(0o700)
    assert not names(closed)


def test_good_places_are_let_through(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        checked_path(tmp_path / f"a{suffix}")
        resolve_target(tmp_path / f"a{suffix}")
    assert not names(tmp_path), "checking leaves no trace"


@every_suffix
def test_export_refuses_the_place_before_it_draws(suffix: str, animation: Animation, tmp_path: Path) -> None:
    drawn: list[int] = []
    with pytest.raises(ExportError):
        animation.save(tmp_path / "missing" / f"a{suffix}", progress=drawn.append)
    assert not drawn


def test_export_returns_the_path_it_was_given(animation: Animation, tmp_path: Path) -> None:
    from convviz.render.compositor import frame_stream

    assert export(frame_stream(animation.display_list), tmp_path / "a.gif") == tmp_path / "a.gif"


FULL_DISK = """
import os, resource, sys
import convviz.animation.animate, convviz.export.formats, convviz.render.still
from importlib import import_module
for name, _ in convviz.export.formats.EXPORTERS.values(): import_module(f"convviz.export.{name}")
from convviz.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
for target in sys.argv[1:]:
    if not os.fork():
        folder = os.path.dirname(target.rstrip("/"))
        for stream, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(f"{folder}-{name}", os.O_CREAT | os.O_WRONLY), stream)
        main("conv -i 4 -k 3 --size 640x360 --pace even --motion none -o".split() + [target])
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]
LISTED = with_files('{"convviz":"0"}', {"frame-1.png": file_hash(OLD)}).encode()
OLDER = {"frame-1.png": OLD, "convviz.json": LISTED}
"""What stands in an older folder of frames."""


def stand(target: Path, suffix: str) -> None:
    """An older file, or an older folder of frames."""
    if suffix != "/":
        target.write_bytes(OLD)
        return
    target.mkdir()
    for name, data in OLDER.items():
        (target / name).write_bytes(data)


def check_stands(target: Path, suffix: str, older: bool) -> None:
    """Nothing new is there, and the older one is as it was."""
    assert names(target.parent) == [target.name] * older
    if older and suffix == "/":
        assert {file.name: file.read_bytes() for file in target.iterdir()} == OLDER
    elif older:
        assert target.read_bytes() == OLD


FULL = combined([*SUFFIXES, "/"], [False, True], also=list(product([".gif", "/"], [False, True])))


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], tuple[Path, int]]:
    """The target and the exit code of each case, each in a process of its own, forked from one that has imported all.

    No file may grow beyond 4000 bytes; Python ignores SIGXFSZ, so that writing fails as on a full disk.
    """
    folder = tmp_path_factory.mktemp("full")
    targets = []
    for number, (suffix, older) in enumerate(FULL):
        (folder / str(number)).mkdir()
        targets.append(folder / str(number) / f"a{suffix}")
        if older:
            stand(targets[-1], suffix)
    words = [sys.executable, "-W", "ignore", "-c", FULL_DISK]
    words += [f"{target}/" if suffix == "/" else str(target) for target, (suffix, _) in zip(targets, FULL, strict=True)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(zip(FULL, zip(targets, map(int, done.stdout.split()), strict=True), strict=True))


@posix
@pytest.mark.parametrize(("suffix", "older"), FULL)
def test_a_full_disk_leaves_nothing_and_says_so_in_one_line(
    suffix: str, older: bool, full_disk: dict[tuple[str, bool], tuple[Path, int]]
) -> None:
    target, code = full_disk[suffix, older]
    said, complaints = (Path(f"{target.parent}-{name}").read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    assert code == 2
    assert complaints.count("\n") == 1
    assert complaints.startswith("Error: ")
    assert not said
    check_stands(target, suffix, older)


@posix
@pytest.mark.parametrize(
    ("suffix", "name", "older"),
    combined([*MOVES, "/"], SIGNALS, [False, True], also=[(".mp4", name, False) for name in SIGNALS]),
)
def test_an_interrupted_run_leaves_nothing(name: str, suffix: str, older: bool, tmp_path: Path) -> None:
    target = tmp_path / f"big{suffix}"
    if older:
        stand(target, suffix)
    process = start_large_job(f"{tmp_path}/big{suffix}")
    try:
        partial = wait_for_partial(process, tmp_path)
        time.sleep(0.2)
        assert partial.exists(), "it is still at work"
        # Ctrl-C reaches every process of the terminal's group, the others only the one they are meant for
        (os.killpg if name == "SIGINT" else os.kill)(process.pid, getattr(signal, name))
        said, complaints = process.communicate(timeout=10)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode not in (0, None)
    assert "Traceback" not in complaints
    assert "Exception ignored" not in complaints
    assert complaints.strip() in ("Aborted!", "")
    assert not said
    check_stands(target, suffix, older)
    assert not encoders(tmp_path), "ffmpeg still runs"


def start_large_job(target: str) -> subprocess.Popen[str]:
    words = ["conv", "-i", "20", "-k", "3", "-p", "1", "--no-numbers", "--scale", "2", *AT_REST_WORDS, "-o", target]
    hang_up = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)"  # which nohup makes its children ignore
    code = f"{hang_up}; import sys; from convviz.cli.main import main; main(sys.argv[1:], prog_name='convviz')"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_partial(process: subprocess.Popen[str], folder: Path) -> Path:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        partial = next(folder.glob(".convviz-*"), None)
        if partial:
            return partial
        assert process.poll() is None, "it ended too soon"
        time.sleep(0.01)
    pytest.fail("nothing was written")


def encoders(folder: Path) -> list[str]:
    """Command lines of running processes that name the folder; an empty list where the system does not tell."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found
