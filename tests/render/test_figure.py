"""Drawing is hermetic: settings of the process change no byte, and drawing changes no setting, also in threads."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.backend_bases import RendererBase
from PIL import Image

from convviz import Animation, Conv, ConvTranspose
from convviz.raster import FileMetadata
from convviz.render import font_subset, fonts
from convviz.render.figure import pdf_bytes
from convviz.render.font_files import SHAPES_TEXT
from convviz.render.primitives import Primitive
from convviz.render.still import still_image
from tests.at_rest import animate
from tests.profile import ALL

pytestmark = pytest.mark.filterwarnings("ignore:The text.kerning_factor")
SETTINGS: dict[str, Any] = {
    "agg.path.chunksize": 200,
    "figure.autolayout": True,
    "figure.facecolor": "red",
    "figure.subplot.left": 0.85,
    "font.family": ["serif"],
    "font.size": 30,
    "font.weight": "bold",
    "hatch.linewidth": 5,
    "lines.scale_dashes": False,
    "path.simplify": False,
    "path.snap": False,
    "pdf.compression": 0,
    "pdf.fonttype": 3,
    "pdf.inheritcolor": True,
    "pdf.use14corefonts": True,
    "savefig.facecolor": "red",
    "text.antialiased": False,
    "text.hinting": "none",
    "text.kerning_factor": 6,
    "text.usetex": True,
}
"""What a matplotlibrc or a program may have set."""


@contextmanager
def settings_of_the_user() -> Iterator[None]:
    with matplotlib.rc_context({name: value for name, value in SETTINGS.items() if name in matplotlib.rcParams}):
        yield


def drawn(folder: Path) -> list[bytes]:
    """The bytes of every kind of picture that matplotlib has a part in, measured and laid out anew."""
    for cached in (fonts.measure, fonts._advance, fonts._properties, fonts._measuring_renderer):
        cached.cache_clear()
    slide = animate(Conv(4, 3, padding=1), size=(640, 360), title="AVA To file")
    planes = animate(ConvTranspose(2, 2), size=(640, 480), view="isometric", theme="dark")
    names = ("a.gif", "a.png", "a.svg", "a.pdf")
    return [one.save(folder / name).read_bytes() for one in (slide, planes) for name in names]


def test_settings_of_the_user_change_no_byte(tmp_path: Path) -> None:
    plain = drawn(tmp_path)
    with settings_of_the_user():
        assert drawn(tmp_path) == plain


@dataclass(frozen=True)
class Observer(Primitive):
    """Calls a function when it is painted."""

    call: Callable[[], object]

    def paint(self, renderer: RendererBase, dx: int = 0, dy: int = 0) -> None:
        del renderer, dx, dy
        self.call()

    def blends(self) -> Iterator[tuple[str, ...]]:
        return iter(())


def test_no_setting_changes_while_a_pdf_is_drawn() -> None:
    seen: list[dict[str, Any]] = []
    with settings_of_the_user():
        before = dict(matplotlib.rcParams)
        pdf_bytes([Observer(lambda: seen.append(dict(matplotlib.rcParams)))], (64, 64), FileMetadata())
    assert seen == [before]


def test_threads_write_equal_pdfs_while_settings_change() -> None:
    image = still_image(animate(Conv(3, 2), size=(640, 360)).display_list, 0, FileMetadata("title"))
    plain = image.pdf()
    assert b"/Type3" not in plain
    with ThreadPoolExecutor(4) as pool:
        files = pool.map(lambda _: image.pdf(), range(4))
        with settings_of_the_user():
            assert set(files) == {plain}


def test_fonts_of_pictures_are_not_added_to_those_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = tmp_path / "mine.ttf"
    font.write_bytes(Path(matplotlib.get_data_path(), "fonts", "ttf", "cmtt10.ttf").read_bytes())
    monkeypatch.setattr(font_manager.fontManager, "addfont", lambda _: pytest.fail("a list of the process"))
    assert isinstance(animate(Conv(3, 2), size=(640, 360), font=str(font)), Animation)


def test_frames_of_an_animation_share_small_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each frame is what it is alone, to the pixel, and two runs give equal bytes; a font is reduced once."""
    reduced: list[str] = []
    subset = font_subset._subset
    monkeypatch.setattr(font_subset, "_subset", lambda file, *more: reduced.append(file) or subset(file, *more))
    animation = animate(Conv(3, 2), size=(640, 360))
    for name in ("one", "two"):
        animation.save(f"{tmp_path / name}/", format="pdf")
    assert len(reduced) == 2 * len(set(reduced)) > 0
    for index in range(4) if ALL else (0, 3):
        frame = tmp_path / "one" / f"frame-{index + 1}.pdf"
        assert frame.read_bytes() == (tmp_path / "two" / frame.name).read_bytes()
        (tmp_path / "alone.pdf").write_bytes(still_image(animation.display_list, index, FileMetadata()).pdf())
        differing = (pixels(frame) != pixels(tmp_path / "alone.pdf")).any(axis=2)
        assert differing.mean() <= (0 if SHAPES_TEXT else 0.01), "hints of glyphs differ before matplotlib 3.11"


def pixels(path: Path) -> Any:
    """The page as poppler draws it."""
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler is not installed")
    subprocess.run(["pdftoppm", "-png", "-r", "72", "-singlefile", str(path), str(path.with_suffix(""))], check=True)
    return np.asarray(Image.open(path.with_suffix(".png")))
