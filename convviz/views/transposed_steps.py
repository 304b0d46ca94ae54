"""The four steps of a transposed convolution: new parameters, insert zeros, pad by p′, slide with stride 1.

The kernel is flipped in the first step, output padding is added after p′ has padded, and a last frame says how
libraries compute the same without zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.layer import Layer
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.model import Cell, CellRole, Change, FloatingCell, Frame, Group, Panel, TextBlock
from convviz.text.formatting import format_padding, format_per_axis, format_sizes
from convviz.text.lines import Sentence
from convviz.views.brackets import input_brackets, spread_brackets
from convviz.views.cell_grids import BLANK, grid_shape
from convviz.views.header import describe_bias
from convviz.views.panels import kernel_panel
from convviz.views.staged_steps import Place, StagedSteps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

TURNING, SPREADING = 500, 500
"""Milliseconds in which the kernel turns, and in which the input spreads out, if a step is not shorter."""
KERNEL, SPREAD, PADDED = range(3)
SPREAD_SUM = "i + (i − 1)·z"
CLOSING = (
    "Libraries insert no zeros: they compute it as the gradient of a convolution (see --view scatter)",
    "Libraries insert no zeros (see --view scatter)",
    "Libraries insert no zeros",
)
"""The last caption."""


class TransposedSteps(StagedSteps):
    """New parameters, insert zeros, pad by p′, slide with stride 1."""

    def __init__(self, layer: Layer, values: LayerValues | None) -> None:
        super().__init__(layer, values)
        axes = [axis for axis in layer.axes if isinstance(axis, ConvTransposeAxis)]
        self.z = format_per_axis([axis.inserted_zeros for axis in axes])
        self.implicit_padding = format_padding([axis.implicit_padding for axis in axes])
        sides = [side for axis in axes for side in axis.implicit_padding]
        self.crops = min(sides) < 0
        self.verb = ("pad and crop" if max(sides) > 0 else "crop") if self.crops else "pad"
        self.a = format_per_axis(layer.output_padding) if any(layer.output_padding) else ""
        extended = [axis for axis in axes if axis.output_padding]
        self.adds_apart = bool(extended) and all(axis.implicit_padding[1] >= 0 for axis in extended)
        third = f"3  {self.verb} by p′{' and a' if self.a else ''}"
        self.tabs = ("1  new parameters", "2  insert z zeros", third, "4  slide, stride 1")
        bias = describe_bias(values)
        self.output = replace(self.output, caption=self.output.caption + (f", with {bias} added" if bias else ""))
        self.inner = self.inner_places()
        self.corner = self.inner[0]
        self.body = self._body()

    def _body(self) -> Group:
        layer, (top, left), (bottom, right) = self.layer, self.inner[0], self.inner[-1]
        symbols = "k − p − 1" if set(layer.dilation) == {1} else "d(k − 1) − p"
        lines = (f"z = s − 1 = {self.z}", f"p′ = {symbols} = {self.implicit_padding}", "s′ = 1")
        parameters = TextBlock((*lines, f"a = {self.a}") if self.a else lines)
        sizes = f"{format_sizes(layer.input)} → {self._spread_sizes()}"
        spread = ((BLANK,) * (right - left + 1),) * (bottom - top + 1)
        padded = ((BLANK,) * self.shape[1],) * self.shape[0]
        padded_sizes = f"{self._spread_sizes()} → {self._padded_sizes()}: {self._sum()}"
        return self.arranged(
            Group("column" if len(layer.axes) == 2 else "row", (parameters, self._unflipped_kernel())),
            Panel("spread", spread, f"{sizes}: {SPREAD_SUM}", caption_tab=1, brackets=spread_brackets(layer)),
            Panel("padded", padded, padded_sizes, caption_tab=2, brackets=input_brackets(layer)),
            self.output,
        )

    def _unflipped_kernel(self) -> Panel:
        """Return the kernel as it is given; its caption appears once it is flipped."""
        flipped = kernel_panel(self.layer, self.values)
        cells = tuple(row[::-1] for row in flipped.cells[::-1])
        return replace(flipped, cells=cells, caption_tab=1)

    def _flip_frames(self) -> Iterator[Frame]:
        """Yield the frame in which the kernel is flipped; one of a single weight stays as it is."""
        if prod(self.layer.kernel) > 1:
            cells = kernel_panel(self.layer, self.values).cells
            changes = (
                Change(KERNEL, row, col, cell) for row, line in enumerate(cells) for col, cell in enumerate(line)
            )
            axes = " in both directions" if len(self.layer.axes) == 2 else ""
            flip = f"Flip the kernel{axes}"
            caption = Sentence((f"{flip}: as it slides, the last weight comes first", flip))
            cells_together = self._floating_cells(apart=False)
            yield Frame(tuple(changes), (), caption, floating_cells=cells_together, motion=TURNING, turned=KERNEL)

    def _sum(self) -> str:
        """Return what is added on each axis: `+ 2p′ + a`."""
        same = all(before == after for before, after in self.layer.padding)
        return f"{'+ 2p′' if same else '+ p′₁ + p′₂'}{' + a' if self.a else ''}"

    def _sizes_without_a(self) -> str:
        """Return the padded sizes before output padding is added, if it has a frame of its own."""
        if not self.adds_apart:
            return self._padded_sizes()
        pairs = zip(self.layer.sliding_windows, self.layer.output_padding, strict=True)
        return format_sizes([window.padded_size - extra for window, extra in pairs])

    def _padded_sizes(self) -> str:
        return format_sizes([window.padded_size for window in self.layer.sliding_windows])

    def _spread_sizes(self) -> str:
        return format_sizes([window.zero_inserted_size for window in self.layer.sliding_windows])

    def shown(self) -> tuple[Panel, ...]:
        """Return the zero-inserted input, whose cells fade only after it is cropped."""
        return (Panel("spread", (tuple(map(self._unfaded, self.inner)),)),)

    def frames(self) -> LazySteps:
        """Return the frames of the four steps, and the last one."""
        return self.slid(self._derived_frames(), PADDED, (Frame((), (), Sentence(CLOSING), tab=3),))

    def _derived_frames(self) -> Iterator[Frame]:
        """Yield the frames of the first three steps."""
        yield Frame((), (), self._parameters_caption(), floating_cells=self._floating_cells(apart=False))
        yield from self._flip_frames()
        insert, pad = self._insert_caption(), self._pad_caption()
        apart = self._floating_cells(apart=True)
        yield Frame(self._spread(("input",)), (), insert, floating_cells=apart, tab=1, motion=SPREADING)
        yield Frame(self._spread(("inserted",)), (), insert, tab=1)
        yield Frame(tuple(Change(PADDED, *place, self._unfaded(place)) for place in self.inner), (), pad, tab=2)
        added = set(self._added_places())
        for ring in self.rings():
            places = [place for place in ring if place not in added]
            if places:
                yield Frame(self.placed(PADDED, places), (), pad, tab=2)
        if added:
            yield Frame(self.placed(PADDED, sorted(added)), (), self._add_caption(), tab=2)
        faded = self.faded(PADDED)
        if faded:
            yield Frame(faded, (), self._add_caption() if added else pad, tab=2)

    def _added_places(self) -> list[Place]:
        """List the places of the last rows and columns, which output padding adds, if it has a frame of its own."""
        if not self.adds_apart:
            return []
        extra = (0, *self.layer.output_padding)[-2:]
        starts = [size - count for size, count in zip(self.shape, extra, strict=True)]
        return [(row, col) for (row, col), _ in self.cells("padding") if row >= starts[0] or col >= starts[1]]

    def _add_caption(self) -> Sentence:
        add = f"Add a = {self.a} at the end"
        sizes = f"{add}: {self._sizes_without_a()} becomes {self._padded_sizes()}"
        return Sentence((f"{sizes}, and the output grows by a", sizes, add))

    def _unfaded(self, place: Place) -> Cell:
        cell = self.padded[place[0]][place[1]]
        return Cell(cell.role, cell.text)

    def _floating_cells(self, *, apart: bool) -> tuple[FloatingCell, ...]:
        """Return the input cells close together, or at their final places."""
        gaps = (0, *(window.gap for window in self.layer.sliding_windows))[-2:]
        top, left = self.corner
        shape = grid_shape(self.layer.input)
        floating = []
        for (row, col), cell in self.cells("input"):
            end = row - top, col - left
            axes = zip(end, gaps, shape, strict=True)
            starts = [last // (gap + 1) + (count - 1) * gap / 2 for last, gap, count in axes]
            now = [round(1000 * at) for at in (end if apart else starts)]
            floating.append(FloatingCell(SPREAD, now[0], now[1], Cell("input", cell.text)))
        return tuple(floating)

    def _spread(self, roles: Sequence[CellRole]) -> tuple[Change, ...]:
        """Write the cells of these roles to the zero-inserted input."""
        top, left = self.corner
        cells = (((row - top, col - left), self._unfaded((row, col))) for row, col in self.inner)
        return tuple(Change(SPREAD, *place, cell) for place, cell in cells if cell.role in roles)

    def _parameters_caption(self) -> Sentence:
        parameters = f"z = {self.z}, p′ = {self.implicit_padding}"
        return Sentence((f"New parameters: {parameters}, and the window will move by 1", "New parameters"))

    def _insert_caption(self) -> Sentence:
        insert = f"Insert z = {self.z} {'zero' if self.z == '1' else 'zeros'}"
        sizes = f"{format_sizes(self.layer.input)} becomes {self._spread_sizes()}"
        return Sentence((f"{insert} between neighbours: {sizes}", insert))

    def _pad_caption(self) -> Sentence:
        """Say what is padded or cropped, by how much, and why: `Pad by p′ = 1, and by a = 1 at the end: …`."""
        pad = f"{self.verb.capitalize()} by p′ = {self.implicit_padding}"
        pad += f", and add a = {self.a} at the end" if self.a and not self.adds_apart else ""
        sizes = f"{pad}: {self._spread_sizes()} becomes {self._sizes_without_a()}"
        kernel = "k − 1" if set(self.layer.dilation) == {1} else "d(k − 1)"
        negative = f"{sizes}, as p′ is negative where p is larger than {kernel}"
        if self.crops:
            return Sentence((negative, sizes, pad))
        output, added = self.layer.output, self.layer.output_padding
        has_window = not self.adds_apart or all(o > a for o, a in zip(output, added, strict=True))
        return Sentence((*([f"{sizes}, and each window is full"] if has_window else []), sizes, pad))
