"""The captions and text blocks of the view steps, and of the view image."""

from __future__ import annotations

from dataclasses import replace

from tests.claims.digits import NUMBER, check_value
from tests.claims.model import Model
from tests.claims.readers import panels
from tests.claims.readers.alt import SIDES
from tests.claims.readers.bias import check_bias
from tests.claims.readers.captions import reader
from tests.claims.readers.header import border_verb
from tests.claims.readers.steps import check_padding_cells
from tests.claims.reading import About, holds, pairs, per_axis, same, sizes


def check_z(z: str, about: About) -> None:
    same("z", per_axis(z, about.plain.count), tuple(s - 1 for s in about.plain.s))


def check_implicit(p: str, about: About) -> None:
    same("p′", pairs(p, about.plain.count), about.model.sizes("implicit"))


def check_added(a: str | None, about: About) -> None:
    """Check the output padding, which must be said if there is one."""
    same("a", per_axis(a or "0", about.plain.count), about.model.sizes("a"))


@panels.labels.says(
    r"z = s − 1 = (?P<z>[\d×]+)",
    rf"p′ = (?P<symbols>k − p − 1|d\(k − 1\) − p) = (?P<p>{SIDES})",
    r"s′ = 1",
    r"a = (?P<a>[\d×]+)",
)
def parameter(about: About, z: str = "", symbols: str = "", p: str = "", a: str = "") -> None:
    if z:
        check_z(z, about)
    if p:
        same("symbols", symbols, "k − p − 1" if set(about.plain.d) == {1} else "d(k − 1) − p")
        check_implicit(p, about)
    if a:
        check_added(a, about)


@reader.says(rf"New parameters(?:: z = (?P<z>[\d×]+), p′ = (?P<p>{SIDES}), and the window will move by 1)?")
def new_parameters(about: About, z: str | None, p: str | None) -> None:
    holds("the layer is transposed", about.plain.transposed)
    if z and p:
        check_z(z, about)
        check_implicit(p, about)


@reader.says(
    r"Insert z = (?P<z>[\d×]+) (?P<noun>zeros?)(?: between neighbours: (?P<before>[\d×]+) becomes (?P<after>[\d×]+))?"
)
def insert(about: About, z: str, noun: str, before: str | None, after: str | None) -> None:
    check_z(z, about)
    same("plural", noun, "zero" if z == "1" else "zeros")
    if before and after:
        same("sizes", (sizes(before), sizes(after)), (about.plain.i, about.model.sizes("spread")))


@reader.says(
    rf"(?P<verb>Pad|Crop|Pad and crop) by p′ = (?P<p>{SIDES})(?:, and add a = (?P<a>[\d×]+) at the end)?"
    r"(?:: (?P<before>[\d×]+) becomes (?P<after>[\d×]+))?"
    r"(?:, (?:(?P<full>and each window is full)|as p′ is negative where p is larger than (?P<most>k − 1|d\(k − 1\))))?"
)
def pad(
    about: About, verb: str, p: str, a: str | None, most: str | None, full: str | None, **becomes: str | None
) -> None:
    same("verb", verb.lower(), border_verb(about).partition(" by")[0])
    check_implicit(p, about)
    apart = adds_apart(about)
    if not apart:
        check_added(a, about)
    holds("a is not added twice", not (apart and a))
    if full:
        holds("there is a window", without_a(about).exists if apart else True)
    if becomes["before"]:
        true = walked_without_a(about) if apart else walked(about.model)
        same("sizes", tuple(map(sizes, becomes.values())), (about.model.sizes("spread"), true))
    if most:
        same("symbols", most, "k − 1" if set(about.plain.d) == {1} else "d(k − 1)")
        for axis in about.model.axes:
            for side, crop in zip(axis.implicit, (axis.before, axis.after), strict=True):
                same("p′ is negative", side < 0, crop > axis.reach - 1)


def walked(model: Model) -> tuple[int, ...]:
    """Return how many places windows walk over."""
    return tuple(axis.windows[-1][-1] - axis.windows[0][0] + 1 for axis in model.axes)


def walked_without_a(about: About) -> tuple[int, ...]:
    """Return how many places there are before a is added; where there is no window then, those of the padding."""
    bare = without_a(about)
    return walked(bare) if bare.exists else tuple(axis.spread + sum(axis.implicit) for axis in about.model.axes)


def without_a(about: About) -> Model:
    padding = tuple((axis.before, axis.after) for axis in about.model.axes)
    return Model(replace(about.plain, a=(0,) * about.plain.count, p=padding))


def adds_apart(about: About) -> bool:
    """Whether output padding adds zeros, instead of cropping less: then it has a frame of its own."""
    added = [axis for axis in about.model.axes if axis.a]
    return bool(added) and all(axis.implicit[1] >= 0 for axis in added)


@reader.says(
    r"Add a = (?P<a>[\d×]+) at the end"
    r"(?:: (?P<before>[\d×]+) becomes (?P<after>[\d×]+)(?P<grows>, and the output grows by a)?)?"
)
def add(about: About, a: str, before: str | None, after: str | None, grows: str | None) -> None:
    holds("a has a frame of its own", adds_apart(about))
    check_added(a, about)
    if before and after:
        same("sizes", (sizes(before), sizes(after)), (walked_without_a(about), walked(about.model)))
    if grows:
        added = per_axis(a, about.plain.count)
        bare = [next(iter(without_a(about.alone(n)).o), 0) for n in range(about.plain.count)]
        same("output", tuple(x + y for x, y in zip(bare, added, strict=True)), about.model.o)


@reader.says(r"Flip the kernel(?P<both> in both directions)?(?P<why>: as it slides, the last weight comes first)?")
def flip(about: About, both: str | None, why: str | None) -> None:
    holds("the kernel of a transposed layer is flipped", about.plain.transposed)
    same("directions", bool(both), about.plain.count == 2)
    (panel,) = (panel for panel in about.scene.panels if panel.name == "kernel")
    before = [cell.text for row in panel.cells for cell in row]
    after = [change.cell.text for change in about.frame.changes]
    same("the kernel, flipped", after, before[::-1])
    if why and about.values.visible:
        end = tuple(k - 1 for k in about.plain.k)
        check_value("the first weight", after[0], about.values.shown.kernel(0, True)[end])


@reader.says(rf"Pad by p = (?P<p>{SIDES}) with (?P<cells>.+?)(?: around the input)?")
def pad_forward(about: About, p: str, cells: str) -> None:
    same("p", pairs(p, about.plain.count), tuple((axis.before, axis.after) for axis in about.model.axes))
    check_padding_cells(cells, about)


@reader.says("pad", r"p = 0: no padding", r"p = 0; (?P<over>the last window hangs over the end)")
def no_padding(about: About, over: str | None = None) -> None:
    if over:
        holds("a window hangs over the end", any(about.model.sizes("beyond")))


@reader.says(r"Faded cells take no part: (?P<reasons>.+)")
def faded(about: About, reasons: str) -> None:
    from tests.claims.readers.legend import check_faded

    check_faded(reasons, about)


# Image ---------------------------------------------------------------------------------------------------------------


@panels.labels.says(r"(?P<bias>bias.*)")
def bias_block(about: About, bias: str) -> None:
    check_bias(bias, about)


@panels.labels.says(r"kernel (?P<size>[\d×]+)(?P<flipped>, flipped)?", r"(?P<flipped>flipped)")
def kernel_block(about: About, size: str = "", flipped: str | None = None) -> None:
    same("the kernel is flipped", bool(flipped), about.plain.transposed)
    if size:
        same("kernel", sizes(size), about.plain.k)


@panels.labels.says(rf"[\u2007 ]*{NUMBER}(?:[\u2007 ]+{NUMBER})*")
def kernel_row(about: About) -> None:
    """Numbers of the kernel, which `signs.check_sliding` compares."""
    holds("the layer has a kernel", not about.plain.pools)
