"""In-between frames: what glides, how far it has come, and what waits until it arrives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import hypot

import pytest

from convviz import Conv, ConvTranspose, animate
from convviz.animation.in_betweens import sampling
from convviz.export.formats import resolve_target
from convviz.layers.layer import Layer
from convviz.scene.model import (
    Arrow,
    Cell,
    Change,
    Connector,
    FloatingCell,
    Frame,
    GuideLine,
    Mark,
    Scene,
    Timing,
)
from convviz.scene.motion import Glide
from convviz.scene.sampling import Sampling, shown_durations, shown_frames
from convviz.text.lines import Sentence

CAPTION = Sentence(("step",))
WRITTEN = Change(1, 0, 2, Cell("output", "7"))
BEFORE = Frame((), (Mark(0, (0, 1), (0, 1), highlighted=True), Mark(1, (0,), (0,))), CAPTION, number=1)
AFTER = Frame((WRITTEN,), (Mark(0, (0, 1), (4, 5), highlighted=True), Mark(1, (0,), (2,))), CAPTION, number=2)
PROGRESS = [number / 20 for number in range(1, 20)]


def place(mark: Mark) -> tuple[float, float]:
    """Where the upper left corner of a mark is drawn, in cells."""
    return mark.rows[0] + mark.shift[0] / 1000, mark.cols[0] + mark.shift[1] / 1000


def test_the_window_goes_all_the_way_slowly_at_both_ends() -> None:
    glide = Glide(BEFORE, AFTER)
    cols = [0.0, *(place(glide.at(progress).marks[0])[1] for progress in PROGRESS), 4.0]
    speeds = [after - before for before, after in pairwise(cols)]
    assert all(speed > 0 for speed in speeds)
    assert speeds[0] == pytest.approx(min(speeds), abs=0.01) == pytest.approx(speeds[-1], abs=0.01)
    assert speeds[:10] == sorted(speeds[:10])
    assert cols[10] == 2.0, "half of the time, half of the way"


def test_the_tint_changes_half_way_and_all_else_on_arrival() -> None:
    early, late = (Glide(BEFORE, AFTER).at(progress) for progress in (0.49, 0.5))
    assert [mark.cols for mark in early.marks] == [(0, 1), (0,)]
    assert [mark.cols for mark in late.marks] == [(4, 5), (2,)]
    for frame in (early, late):
        assert (frame.changes, frame.number, frame.caption) == ((), 1, CAPTION)


def test_a_new_row_is_reached_on_a_straight_line() -> None:
    after = replace(AFTER, marks=(Mark(0, (3, 4), (0, 1), highlighted=True),))
    before = replace(BEFORE, marks=(Mark(0, (0, 1), (6, 7), highlighted=True),))
    for progress in PROGRESS:
        row, col = place(Glide(before, after).at(progress).marks[0])
        assert 2 * row == pytest.approx(6 - col, abs=0.01)


def test_the_ghost_waits_where_the_window_leaves() -> None:
    """The last window of the next step, and no ghost of the step before; guide lines keep their ends."""
    ghost = Mark(0, (0, 1), (8, 9), role="last")
    before = replace(
        BEFORE, marks=(ghost, *BEFORE.marks), guides=(GuideLine(1, 2),), arrows=(Arrow(0, (0, 0), (0, 9), "s"),)
    )
    after = replace(AFTER, marks=(*AFTER.marks, replace(ghost, cols=(0, 1))), guides=(GuideLine(0, 1),))
    frame = Glide(before, after).at(0.7)
    assert [(mark.role, mark.cols, mark.shift[1] != 0) for mark in frame.marks] == [
        ("last", (0, 1), False),
        ("window", (4, 5), True),
        ("window", (2,), True),
    ]
    assert [(frame.marks[one.start].panel, frame.marks[one.end].panel) for one in frame.guides] == [(0, 1)]
    assert frame.arrows == ()


def test_marks_of_other_shapes_stay() -> None:
    after = replace(AFTER, marks=(Mark(0, (0, 1, 2), (4, 5), highlighted=True), Mark(1, (0,), (0,))))
    assert not Glide(BEFORE, after).moves


def test_a_thrifty_glide_moves_only_large_windows() -> None:
    before, after = (replace(one, connectors=(Connector(0, 1, one.number),)) for one in (BEFORE, AFTER))
    whole, thrifty = Glide(before, after).at(0.3), Glide(before, after, thrifty=True).at(0.3)
    assert [mark.shift != (0, 0) for mark in whole.marks] == [True, True]
    assert [mark.shift != (0, 0) for mark in thrifty.marks] == [True, False]
    assert whole.connectors[0].shift > 0
    assert thrifty.connectors == before.connectors


@pytest.mark.parametrize(
    ("windows", "motion", "count"), [(1, 200, 3), (2, 200, 1), (3, 100, 1), (9, 200, 1), (1, 80, 1), (2, 80, 0)]
)
def test_a_thrifty_file_draws_few_outlines(windows: int, motion: int, count: int) -> None:
    before, after = (
        replace(one, motion=motion, marks=tuple(Mark(panel, (0, 1), (col,)) for panel in range(windows)))
        for col, one in enumerate((BEFORE, AFTER))
    )
    assert Sampling(Fraction(60), thrifty=True).count(Glide(before, after, thrifty=True)) == count
    assert Sampling(Fraction(60)).count(Glide(before, after)) == motion // 60


def test_a_gif_with_a_lens_draws_few_lines_with_and_without_motion() -> None:
    """Those to the lens, which quick steps of other files have."""
    target = resolve_target("a.gif")
    for motion in ("none", "smooth"):
        scene = animate(Conv(30, 3), motion=motion).scene  # type: ignore[arg-type]
        assert scene.lens
        shown = [one.frame for one in shown_frames(scene, sampling(scene, target, None)) if one.arrived]
        quick = [bool(frame.guides) for frame, key in zip(shown, scene.frames, strict=True) if key.duration < 200]
        assert quick
        assert not any(quick)
        total = sum(frame.duration for frame in scene.frames)
        assert sum(shown_durations(scene, sampling(scene, target, None))) == total
        assert sampling(scene, resolve_target("a.webp"), None) is None or motion == "smooth"
        assert all(frame.guides for frame in scene.frames)


def kernel(*places: tuple[int, int]) -> tuple[FloatingCell, ...]:
    return tuple(FloatingCell(2, 1000 * row, 1000 * col, Cell("kernel", "1")) for row, col in places)


def test_a_kernel_turns_about_its_centre() -> None:
    """All cells keep their distance from it; after a half of the way they have made a quarter of a turn."""
    places = [(row, col) for row in range(2) for col in range(3)]
    flipped = tuple(Change(2, row, col, Cell("kernel", f"{row}{col}")) for row, col in places)
    after = replace(BEFORE, changes=(WRITTEN, *flipped), turned=2)
    for progress in PROGRESS:
        frame = Glide(BEFORE, after).at(progress)
        assert [(one.panel, one.row, one.col, one.cell.role) for one in frame.changes] == [
            (2, row, col, "blank") for row, col in places
        ]
        for (row, col), now in zip(places, frame.floating_cells, strict=True):
            assert now.cell.text == f"{row}{col}"
            way = hypot(1000 * row - 500, 1000 * col - 1000)
            assert hypot(now.row - 500, now.col - 1000) == pytest.approx(way, abs=1)
    first = Glide(BEFORE, after).at(0.001).floating_cells[0]
    assert (first.row, first.col) == pytest.approx((1000, 2000), abs=2), "it starts where it was before the flip"
    quarter = Glide(BEFORE, after).at(0.5).floating_cells[2]
    assert (quarter.row, quarter.col) == (-500, 500), "clockwise, from the lower left to the upper right"
    assert not Glide(BEFORE, replace(after, turned=None)).moves


def test_cells_spread_on_straight_lines() -> None:
    before = replace(BEFORE, marks=(), floating_cells=kernel((0, 0), (0, 1), (0, 2)))
    after = replace(before, floating_cells=kernel((0, 0), (0, 3), (0, 6)))
    for progress in PROGRESS:
        cols = [cell.col for cell in Glide(before, after).at(progress).floating_cells]
        assert cols[0] == 0
        assert cols[2] == pytest.approx(2 * cols[1], abs=2)


def test_the_sum_drops_into_its_cell() -> None:
    """In the last moment alone, from above, and only what belongs to the output."""
    after = replace(AFTER, marks=BEFORE.marks, changes=(WRITTEN, Change(3, 0, 0, Cell("product"))), moment=3)
    drops = [Glide(BEFORE, after, moments=4).at(progress).floating_cells for progress in PROGRESS]
    assert {(cell.panel, cell.col, cell.cell.text) for (cell,) in drops} == {(1, 2000, "7")}
    rows = [cell.row for (cell,) in drops]
    assert -1000 < rows[0] < rows[-1] < 0
    assert rows == sorted(rows)
    assert not Glide(BEFORE, replace(after, moment=2), moments=4).moves


@pytest.fixture(scope="module")
def scene() -> Scene:
    return animate(ConvTranspose(3, 3, 2, 1), pace="even", motion="smooth").scene


@pytest.mark.parametrize("interval", [Fraction(30), Fraction(1000, 30), Fraction(60), Fraction(201)])
def test_the_animation_lasts_as_long_as_without_motion(scene: Scene, interval: Fraction) -> None:
    frames = list(shown_frames(scene, Sampling(interval)))
    assert tuple(one.frame.duration for one in frames) == shown_durations(scene, Sampling(interval))
    assert sum(one.frame.duration for one in frames) == sum(frame.duration for frame in scene.frames)
    assert [replace(one.frame, duration=0) for one in frames if one.arrived] == [
        replace(frame, duration=0) for frame in scene.frames
    ]
    assert all(one.frame.duration >= int(interval) for one in frames)
    assert len(frames) == len(scene.frames) + 24 * int(200 / interval)


def test_a_coarse_glide_has_two_frames(scene: Scene) -> None:
    assert len(list(shown_frames(replace(scene, coarse=True), Sampling(Fraction(30))))) == 25 + 24 * 2


@pytest.mark.parametrize(("step", "motion"), [(600, 200), (900, 200), (300, 100), (40, 13)])
def test_a_short_step_glides_for_a_third_of_it(step: int, motion: int) -> None:
    frames = Timing(step, 0, glide=200).timed([BEFORE, AFTER])
    assert frames[1].motion == motion
    assert Timing(step, 0).timed([BEFORE, AFTER])[1].motion == 0


def test_a_view_may_say_how_long_a_glide_takes() -> None:
    long = replace(AFTER, motion=500)
    assert Timing(600, 0, glide=200).timed([BEFORE, long])[1].motion == 500
    assert Timing(300, 0, glide=200).timed([BEFORE, long])[1].motion == 250
    assert Timing(600, 0).timed([BEFORE, long])[1].motion == 0


@pytest.mark.parametrize("seconds", [0.6, 0.33, 0.1, 0.05])
@pytest.mark.parametrize(("layer", "view"), [(Conv(4, 3), "slide"), (ConvTranspose(2, 3, 2), "steps")])
def test_no_frame_is_so_short_that_browsers_slow_it_down(layer: Layer, view: str, seconds: float) -> None:
    """What is shown for 10 ms or less plays for 100 ms."""
    scene = animate(layer, view, step=seconds).scene
    assert any(frame.motion for frame in scene.frames)
    assert min(shown_durations(scene, Sampling(Fraction(30)))) > 10


def test_no_motion_cuts() -> None:
    assert not any(frame.motion for frame in animate(Conv(5, 3), motion="none").scene.frames)


def products(*factors: tuple[int, int]) -> tuple[Change, ...]:
    """The products of a window in one row of panel 2, below their factors; the last cell is a zero."""
    cells = [Cell("product", str(one * other), note=f"{one}·{other}") for one, other in factors]
    return tuple(Change(2, 0, col, cell) for col, cell in enumerate([*cells, Cell("inserted", "0")]))


def test_products_travel_to_the_sum_one_after_the_other() -> None:
    before = replace(BEFORE, moment=1, caption=Sentence(("y = 3·2 + 4·2 + 5·1 = ?",)))
    after = replace(AFTER, marks=before.marks, changes=products((3, 2), (4, 2), (5, 1)), moment=2)
    glide = Glide(before, after, moments=4)
    assert glide.moves
    left, shares = [], {"6": [0], "8": [0], "5": [0]}
    for progress in PROGRESS:
        frame = glide.at(progress)
        assert frame.changes == after.changes[:3], "products stay where they are, and copies travel"
        assert (frame.moment, frame.caption) == (2, before.caption), "the sum is known when the products are there"
        for one in frame.floating_cells:
            assert (one.panel, one.row, one.cell.note) == (2, 0, "")
            assert one.col == 1000 * ["6", "8", "5"].index(one.cell.text)
            shares[one.cell.text].append(one.share)
            left += [one.cell.text] if one.cell.text not in left else []
    assert left == ["6", "8", "5"]
    assert all(share == sorted(set(share)) and 900 < share[-1] < 1000 for share in shares.values())
    assert [one.cell.text for one in glide.at(0.05).floating_cells] == ["6"]
    assert [one.cell.text for one in glide.at(0.95).floating_cells] == ["5"]
    for still in (Glide(before, after, moments=4, thrifty=True), Glide(before, replace(after, moment=1), moments=4)):
        assert not still.moves


def test_the_sum_is_where_its_sign_is_drawn() -> None:
    """Half of the way is half of the distance, and the whole way ends in the middle of Σ, also in a tall picture."""
    for size in ((1280, 720), (720, 1280)):
        layout = animate(Conv(4, 3), pace="story", size=size).display_list.layout
        (sign,) = (text for text in layout.texts if text.text == "Σ")
        for row, col in ((0, 0), (2, 1)):
            cell = FloatingCell(2, 1000 * row, 1000 * col, Cell("product", "7"))
            start, half, end = (layout.floating_cell(replace(cell, share=share)).box for share in (0, 500, 1000))
            assert start == layout.grids[2].cell(row, col)
            assert sign.box.x <= end.x + end.w / 2 <= sign.box.right
            assert sign.box.y <= end.y + end.h / 2 <= sign.box.bottom
            assert end.x + end.w / 2 == pytest.approx(sign.x + sign.width / 2, abs=1)
            assert (2 * half.x, 2 * half.y) == pytest.approx((start.x + end.x, start.y + end.y), abs=2)


def test_a_story_gives_the_products_time_to_travel() -> None:
    scene = animate(Conv(4, 3), pace="story").scene
    told = [frame for frame in scene.frames if frame.moment == scene.moments.index("add")]
    assert {frame.motion for frame in told} == {600}
    assert all(frame.motion <= frame.duration for frame in scene.frames)
    even = animate(Conv(4, 3), pace="story", motion="none").scene
    assert {frame.motion for frame in even.frames} == {0}
