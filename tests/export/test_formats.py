"""Every format is decoded by somebody else: frames, size, durations, loops, and the pixels of the last frame.

Moving pictures are read by Pillow and by Chromium's own decoders, videos by ffmpeg, SVG by Chromium, PDF by poppler.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from convviz import Animation, Conv, ConvTranspose, ExportError, PictureError
from convviz.export.formats import resolve_target
from convviz.raster import box_slices
from convviz.render.compositor import frame_stream
from convviz.scene.model import PARTS
from tests.at_rest import animate
from tests.export.test_video import pictures
from tests.profile import combined
from tests.web.browser import window_of

SIZE = (640, 360)
LOSSLESS = (".gif", ".apng", ".webp")
MIME = {".gif": "image/gif", ".apng": "image/png", ".webp": "image/webp"}


def made(**options: Any) -> Animation:
    return animate(ConvTranspose(2, 3, 2, 1), **{"size": SIZE, "theme": "light"} | options)


def composed(animation: Animation, frame: int = -1) -> np.ndarray[Any, Any]:
    """RGB of a frame as it was composed; those of the animation that was asked for last are kept."""
    if not _kept or _kept[0][0] is not animation:
        stream = frame_stream(animation.display_list)
        _kept[:] = [(animation, [stream.palette[drawn.pixels] for drawn in stream.frames])]
    return _kept[0][1][frame]


_kept: list[tuple[Animation, list[np.ndarray[Any, Any]]]] = []


@pytest.fixture(scope="module")
def animation() -> Animation:
    return made()


DECODES_APNG = int(PIL.__version__.split(".")[0]) >= 11
"""Older versions of Pillow blend some palette frames of an APNG wrongly; Chromium decodes them below, too."""


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_pillow_finds_every_pixel_and_every_duration(suffix: str, animation: Animation, tmp_path: Path) -> None:
    path = animation.save(tmp_path / f"a{suffix}", loop=3)
    with Image.open(path) as image:
        assert image.size == SIZE
        assert image.n_frames == animation.frames == 9
        durations = []
        for index in range(image.n_frames):
            image.seek(index)
            image.load()
            durations.append(image.info["duration"])
            if index == 0 or suffix != ".apng" or DECODES_APNG:
                assert (np.asarray(image.convert("RGB")) == composed(animation, index)).all()
        assert durations == [frame.duration for frame in animation.scene.frames]
        assert image.info["loop"] == (2 if suffix == ".gif" else 3)


DECODE = """async ([data, type]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const decoder = new ImageDecoder({ data: bytes, type });
  await decoder.tracks.ready;
  await decoder.completed;
  const track = decoder.tracks.selectedTrack;
  let total = 0, image;
  for (let index = 0; index < track.frameCount; index++) {
    image = (await decoder.decode({ frameIndex: index })).image;
    total += image.duration;
  }
  const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [track.frameCount, track.repetitionCount, total / 1000, canvas.width, canvas.height, btoa(text)];
}"""


def secure_page(browser: Browser) -> Page:
    """A page on an origin where decoders may be used."""
    page = browser.new_page()
    page.route(
        "**/*", lambda route: route.fulfill(body="<!doctype html><title>decoder</title>", content_type="text/html")
    )
    page.goto("http://localhost/")
    return page


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_chromium_decodes_the_same(suffix: str, animation: Animation, chromium: Browser, tmp_path: Path) -> None:
    data = base64.b64encode(animation.save(tmp_path / f"a{suffix}").read_bytes()).decode()
    page = secure_page(chromium)
    frames, loops, total, width, height, pixels = page.evaluate(DECODE, [data, MIME[suffix]])
    page.close()
    assert (frames, width, height) == (9, *SIZE)
    assert total == animation.seconds * 1000
    assert loops in (None, float("inf")), "for ever"
    shown = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)
    assert (shown[..., 3] == 255).all()
    assert (shown[..., :3] == composed(animation)).all()


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_ffmpeg_decodes_every_frame_of_a_video(suffix: str, animation: Animation, tmp_path: Path) -> None:
    shown = pictures(animation.save(tmp_path / f"a{suffix}", fps=25))
    assert shown.shape == (round(animation.seconds * 25), SIZE[1], SIZE[0], 3)
    assert np.abs(shown[-1].astype(int) - composed(animation)).mean() < 2


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_chromium_plays_a_video_to_its_end(
    suffix: str, animation: Animation, chromium: Browser, tmp_path: Path
) -> None:
    path = animation.save(tmp_path / f"a{suffix}")
    page = secure_page(chromium)
    kind = f"video/{suffix[1:]}"
    data = base64.b64encode(path.read_bytes()).decode()
    found = page.evaluate(
        """async ([data, type]) => {
          const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
          const video = document.createElement("video");
          video.muted = true;
          video.src = URL.createObjectURL(new Blob([bytes], { type }));
          await new Promise((done, failed) => { video.onloadeddata = done; video.onerror = failed; });
          return [video.videoWidth, video.videoHeight, video.duration];
        }""",
        [data, kind],
    )
    page.close()
    assert found[:2] == list(SIZE)
    assert found[2] == pytest.approx(animation.seconds, abs=0.1)


def near(shown: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> None:
    """The same picture but for antialiased edges of text and lines: 2/255 on average, and 2 percent of the pixels."""
    error = np.abs(shown.astype(int) - wanted.astype(int)).max(axis=2)
    assert error.mean() < 2
    assert (error > 60).mean() < 0.02


@pytest.mark.parametrize(
    ("view", "theme"),
    combined(["slide", "scatter", "isometric", "matrix"], ["light", "dark"], also=[("slide", "dark")]),
)
def test_an_svg_shows_in_chromium_what_the_png_shows(view: str, theme: str, chromium: Browser, tmp_path: Path) -> None:
    animation = made(view=view, theme=theme, size=(1280, 720))
    svg, png = animation.save(tmp_path / "a.svg"), animation.save(tmp_path / "a.png")
    with window_of(chromium, (1280, 720)) as page:
        page.goto(svg.as_uri())
        shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
        texts = page.evaluate("[...document.querySelectorAll('text')].map(one => one.textContent)")
    near(np.asarray(shown), np.asarray(Image.open(png).convert("RGB")))
    assert animation.scene.sizes in texts, "text stays text"


def poppler(tool: str, *words: str) -> bytes:
    if not shutil.which(tool):
        pytest.fail(f"this test needs {tool}; install it with `apt-get install -y poppler-utils`")
    return subprocess.run([tool, *words], capture_output=True, check=True).stdout


@pytest.mark.parametrize("view", ["slide", "isometric"])
def test_a_pdf_shows_in_poppler_what_the_png_shows(view: str, tmp_path: Path) -> None:
    animation = made(view=view, size=(1280, 720))
    pdf, png = animation.save(tmp_path / "a.pdf"), animation.save(tmp_path / "a.png")
    shown = Image.open(BytesIO(poppler("pdftoppm", "-r", "72", "-png", str(pdf)))).convert("RGB")
    near(np.asarray(shown), np.asarray(Image.open(png).convert("RGB")))
    text = poppler("pdftotext", "-layout", str(pdf), "-").decode()
    for words in ("Transposed convolution", "output 3×3", "kernel window", "i = 2"):
        assert words in text, "text stays text"


@pytest.mark.parametrize("name", ["frames.zip", "frames/"])
def test_frames_are_the_frames(name: str, animation: Animation, tmp_path: Path) -> None:
    path = animation.save(f"{tmp_path}/{name}")
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            assert not archive.testzip()
            archive.extractall(tmp_path / "out")
            path = tmp_path / "out"
    assert sorted(file.name for file in path.iterdir()) == ["convviz.json", *(f"frame-{n}.png" for n in range(1, 10))]
    for number in range(9):
        shown = Image.open(path / f"frame-{number + 1}.png").convert("RGB")
        assert (np.asarray(shown) == composed(animation, number)).all()


def test_frames_may_be_vectors_and_are_numbered_to_be_sorted(tmp_path: Path) -> None:
    animation = animate(Conv(6, 3), size=SIZE, frames=10, numbers=False, without=PARTS)
    folder = animation.save(f"{tmp_path}/talk/", format="pdf")
    names = sorted(file.name for file in folder.glob("*.pdf"))
    assert (names[0], names[-1], len(names)) == ("frame-01.pdf", "frame-10.pdf", 10)
    assert b"Pages:" in poppler("pdfinfo", str(folder / "frame-10.pdf"))


def test_a_folder_of_frames_is_replaced_as_a_whole_and_one_of_others_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    animate(Conv(6, 3), size=SIZE).save(f"{folder}/")
    animate(Conv(3, 3), size=SIZE).save(f"{folder}/")
    assert sorted(file.name for file in folder.iterdir()) == ["convviz.json", "frame-1.png"]
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match=r"holds other or changed files, such as notes\.txt"):
        animate(Conv(3, 3), size=SIZE).save(f"{folder}/")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["talk"]
    assert (folder / "notes.txt").read_text() == "mine"


def test_several_files_are_those_that_are_written_alone(animation: Animation, tmp_path: Path) -> None:
    names = [f"a{suffix}" for suffix in (*LOSSLESS, ".mp4", ".png", ".svg", ".pdf", ".html", ".zip")]
    together = animation.save_all([resolve_target(tmp_path / name) for name in names])
    alone = tmp_path / "alone"
    alone.mkdir()
    for path in together:
        assert path.read_bytes() == animation.save(alone / path.name).read_bytes(), path.name


def test_several_files_are_drawn_once(animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from convviz.render.compositor import Compositor

    drawn: list[int] = []
    update = Compositor._update_cells
    monkeypatch.setattr(
        Compositor, "_update_cells", lambda self, frame: drawn.append(frame.number) or update(self, frame)
    )
    animation.save_all([resolve_target(tmp_path / f"a{suffix}") for suffix in (".gif", ".apng", ".zip")])
    assert drawn == list(range(1, 10))


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_an_animation_of_one_frame_shows_it(suffix: str, tmp_path: Path) -> None:
    animation = made(frames=1)
    with Image.open(animation.save(tmp_path / f"a{suffix}")) as image:
        assert (np.asarray(image.convert("RGB")) == composed(animation, 0)).all()


@pytest.mark.parametrize("suffix", LOSSLESS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_transparent_animation_is_the_opaque_one_without_its_background(
    suffix: str, theme: str, tmp_path: Path
) -> None:
    """On the background's colour it looks the same, and cells are opaque with the digits in them; no ghosts."""
    animation = made(theme=theme, transparent=True)
    with Image.open(animation.save(tmp_path / f"a{suffix}")) as image:
        for index in range(9):
            image.seek(index)
            check_transparent(animation, index, np.asarray(image.convert("RGBA")), hard=suffix == ".gif")


def check_transparent(animation: Animation, index: int, shown: np.ndarray[Any, Any], *, hard: bool) -> None:
    """Compare a frame with the opaque one; `hard`: its edges have no partial opacity."""
    wanted, alpha = composed(animation, index).astype(int), shown[..., 3:] / 255
    background = wanted[0, 0]
    assert set(np.unique(alpha)) == {0, 1} if hard else 8 < len(np.unique(alpha)) < 64
    assert alpha[0, 0] == 0
    assert 0.3 < (alpha == 0).mean() < 0.9
    on_background = shown[..., :3] * alpha + background * (1 - alpha)
    if not hard:
        assert np.abs(on_background - wanted).max() <= 20
    for grid in animation.display_list.layout.grids:
        for row in range(grid.rows):
            for col in range(grid.cols):
                cell = box_slices(grid.cell(row, col).box)
                assert (alpha[cell] == 1).all()
                assert np.abs(shown[cell][..., :3] - wanted[cell]).max() <= 20


@pytest.mark.parametrize("view", ["slide", "isometric"])
def test_a_transparent_still_is_the_opaque_one_without_its_background(view: str, tmp_path: Path) -> None:
    animation = made(transparent=True, view=view)
    shown = np.asarray(Image.open(animation.save(tmp_path / "a.png", frame=3)).convert("RGBA"))
    alpha, wanted = shown[..., 3:] / 255, composed(animation, 2).astype(int)
    assert alpha[0, 0] == 0
    differences = np.abs(shown[..., :3] * alpha + wanted[0, 0] * (1 - alpha) - wanted)
    assert differences.max() <= 80  # where an outline crosses an edge, the palette has only near colours
    assert (differences > 24).mean() < 1e-3
    white = '<rect x="0" y="0" width="640" height="360"'
    assert white not in animation.save(tmp_path / "a.svg").read_text()


def test_stills_may_be_transparent_and_videos_may_not(tmp_path: Path) -> None:
    animation = made(transparent=True)
    assert Image.open(animation.save(tmp_path / "a.png")).convert("RGBA").getextrema()[3] == (0, 255)
    assert '<rect x="0" y="0" width="640" height="360"' not in animation.save(tmp_path / "a.svg").read_text()
    assert '<rect x="0" y="0" width="640" height="360"' in made().save(tmp_path / "b.svg").read_text()
    for suffix in (".mp4", ".webm"):
        with pytest.raises(ExportError, match="cannot be transparent"):
            animation.save(tmp_path / f"a{suffix}")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_filmstrip_is_as_wide_as_the_picture_and_shows_every_chosen_frame(suffix: str, tmp_path: Path) -> None:
    path = animate(ConvTranspose(3, 3, 2, 1)).save(tmp_path / f"strip{suffix}", filmstrip=6)
    if suffix == ".png":
        with Image.open(path) as image:
            image.load()
            assert image.width == 1280
            assert image.height > 720
        return
    text = path.read_text() if suffix == ".svg" else poppler("pdftotext", "-layout", str(path), "-").decode()
    counters = [f"{number} / 25" for number in (1, 6, 11, 15, 20, 25)]
    spaced = " ".join(text.replace("</text>", " ").split())
    assert all(counter in spaced or counter.replace(" ", "") in spaced for counter in counters)
    assert spaced.count("Transposed convolution") <= 3, "one header for all"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"filmstrip": 0}, "filmstrip: expected 1 to 9 frames, got 0"),
        ({"filmstrip": 10}, "filmstrip: expected 1 to 9 frames, got 10"),
        ({"filmstrip": 3, "frame": 2}, "expected a frame or a filmstrip, got both"),
        ({"fps": 0}, "expected 1 to 60 frames per second, got 0"),
        ({"fps": 61}, "expected 1 to 60 frames per second, got 61"),
        ({"format": "gif"}, "a.png is a png, but the format is gif; use one of them"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    options: dict[str, Any], said: str, animation: Animation, tmp_path: Path
) -> None:
    with pytest.raises((PictureError, ExportError), match=said):
        animation.save(tmp_path / "a.png", **options)
    with pytest.raises(PictureError, match=r"filmstrip 3 is for stills, but a\.gif is an animation"):
        animation.save(tmp_path / "a.gif", filmstrip=3)
    assert not list(tmp_path.iterdir())


def test_a_format_names_what_the_name_does_not(animation: Animation, tmp_path: Path) -> None:
    with Image.open(animation.save(tmp_path / "poster", format="png")) as image:
        assert image.format == "PNG"
    with pytest.raises(ExportError, match=r"cannot write the format bmp; use \.gif"):
        animation.save(tmp_path / "poster", format="bmp")
    with pytest.raises(ExportError, match=r"frames are written as \.png, \.pdf or \.svg, not \.gif"):
        animation.save(f"{tmp_path}/frames/", format="gif")


@pytest.mark.parametrize("scale", [2, 3])
def test_a_scale_makes_the_same_picture_of_more_pixels(scale: int) -> None:
    plain, dense = made(size=(480, 360)).display_list.layout, made(size=(480, 360), scale=scale).display_list.layout
    assert dense.size == (480 * scale, 360 * scale)
    assert bool(dense.number_px) == bool(plain.number_px)
    for one, other in zip(plain.grids, dense.grids, strict=True):
        assert abs(other.pitch - scale * one.pitch) <= 4 * scale, "pitches are even numbers"
    lines = [[text.text for text in sheet.texts if text.style != "bracket"] for sheet in (plain, dense)]
    words, dense_words = (sorted(" ".join(one).split()) for one in lines)
    assert words == dense_words, "the texts of brackets may be longer or shorter, by the pixels that are rounded"
