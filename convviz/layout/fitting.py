"""Fit the body of a scene: one cell size for all grids, as large as the picture allows.

The body is a tree of rows and columns. Each node is measured as a width and as heights above and below its centre
line; the nodes of a row share that line, with captions below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from convviz.layout.boxes import CAPITALS, Grid
from convviz.layout.brackets import BracketSetter
from convviz.layout.charts import ChartSetter
from convviz.layout.lens import measure_lens, measure_middle_below, place_lens, place_middle_below
from convviz.layout.line_widths import bracket_distance, gap, outline
from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.operators import measure_operator, operator_style
from convviz.layout.panel_captions import place_caption
from convviz.layout.planes import measure_planes, place_planes
from convviz.layout.table import measure_table, place_table
from convviz.layout.text_block import measure_text_block, text_block_lines
from convviz.layout.typography import TooSmallError, Typography, ascent, line_height
from convviz.scene.model import Chart, Group, Node, Operator, Panel, PlaneStack, TextBlock

SMALLEST_OBLIQUE_PITCH = 4
"""Smallest pitch of oblique cells, which are flatter than others."""
LEAST_DISTANCE = 0.6
"""Smallest distance of grids side by side, in cells: closer ones look like one grid."""
LENS_SPACING, LENS_CAPTION = 20, 88
"""Largest spacing, and width of captions, in a magnified group, in pixels of the 1280×720 design."""


@dataclass(frozen=True, slots=True)
class FitAttempt:
    """One attempt to fit a body: a cell size, a spacing, and the width of captions."""

    typography: Typography
    pitch: int
    """Pixels from cell to cell."""
    spacing: int
    """Pixels between neighbours in a row."""
    body_width: int
    caption_width: int
    """Captions wrap at this width, or at that of their grid."""
    flat_stacks: bool = False
    """Whether the planes of a stack are side by side."""
    captions_beside: bool = False
    """Whether the captions of labelled panels are on their right, not below."""
    lens_pitch: int = 0
    """Pixels from cell to cell in magnified groups."""

    def extent(self, panel: Panel) -> tuple[int, int]:
        """Width and height of the cells of a panel. Raises `TooSmallError` if oblique ones are too small."""
        if not panel.oblique:
            return panel.cols * self.pitch, panel.rows * self.pitch
        if self.pitch < SMALLEST_OBLIQUE_PITCH:
            raise TooSmallError("oblique cells")
        box = ObliqueGrid(0, 0, panel.rows, panel.cols, self.pitch).box
        return box.w, box.h

    @property
    def vertical_spacing(self) -> int:
        """Pixels between neighbours in a column."""
        outlines = 2 * outline(self.pitch, self.typography.unit) + 1
        return max(6, outlines, round(self.spacing * 0.6))

    def distance(self, left: Node, right: Node) -> int:
        """Pixels between two neighbours in a row."""
        if isinstance(left, Operator | TextBlock) or isinstance(right, Operator | TextBlock):
            return self.spacing
        return self.between_grids

    @property
    def between_grids(self) -> int:
        """Pixels between two grids in a row."""
        return max(self.spacing, round(LEAST_DISTANCE * self.pitch))

    def distances(self, group: Group) -> list[int]:
        """Pixels between the children of a row."""
        return [self.distance(*neighbours) for neighbours in pairwise(group.children)]

    def measure(self, node: Node) -> MeasuredNode:
        """Measure `node` and everything in it."""
        if isinstance(node, Panel):
            return self._measure_panel(node)
        if isinstance(node, TextBlock):
            return measure_text_block(self.typography, node)
        if isinstance(node, Chart):
            return MeasuredNode(node, *ChartSetter(self).size(node))
        if isinstance(node, PlaneStack):
            return measure_planes(self, node)
        if isinstance(node, Operator):
            return measure_operator(self.typography, node)
        measure = measure_lens if node.magnified else measure_middle_below
        return measure(self, node) if node.magnified or node.middle_below else self.measure_group(node)

    def inside_lens(self) -> FitAttempt:
        """Return the attempt for what is in a magnified group."""
        spacing, width = self.typography.scaled(LENS_SPACING), self.typography.scaled(LENS_CAPTION)
        return replace(self, pitch=self.lens_pitch, spacing=min(self.spacing, spacing), caption_width=width)

    def measure_group(self, group: Group) -> MeasuredNode:
        """Measure a row or a column."""
        children = tuple(self.measure(child) for child in group.children)
        if group.table:
            return measure_table(self, group, children)
        widest, spaces = max(child.width for child in children), len(children) - 1
        if group.direction == "column":
            height = sum(child.height for child in children) + spaces * self.vertical_spacing
            return MeasuredNode(group, widest, height // 2, height - height // 2, children)
        width = sum(child.width for child in children) + sum(self.distances(group))
        above, below = max(child.above for child in children), max(child.below for child in children)
        if group.equal_widths:
            width = self.width_of_slots(group, children)
        elif group.align_captions:
            captions = max(child.below - self._grid_below(child) for child in children)
            below = max(self._grid_below(child) for child in children) + captions
        return MeasuredNode(group, width, above, below, children)

    def width_of_slots(self, group: Group, children: Sequence[MeasuredNode]) -> int:
        """Width of a row of slots of equal width, at least that of the body."""
        distance = max(self.distances(group), default=self.spacing)
        return max(len(children) * (max(child.width for child in children) + distance), self.body_width)

    def _grid_below(self, measured: MeasuredNode) -> int:
        """Height of a panel's grid below the centre line, without the caption."""
        if not isinstance(measured.node, Panel):
            return measured.below
        height = self.extent(measured.node)[1]
        return height - height // 2

    def _measure_panel(self, panel: Panel) -> MeasuredNode:
        fonts = self.typography
        width, height = self.extent(panel)
        lines: list[str] = []
        if panel.caption:
            lines = fonts.wrap(panel.caption, "panel caption", max(width, self.caption_width))
        caption = fonts.scaled(12) + len(lines) * line_height(fonts.px("panel caption")) if lines else 0
        labelled = panel.label and not panel.oblique
        label = fonts.text_width(panel.label, "panel label") + fonts.scaled(24) if labelled else 0
        widths = [fonts.text_width(line, "panel caption") for line in lines]
        widest = max([width + 2 * label, *widths])
        half = line_height(fonts.px("panel label")) // 2 + 1 if labelled else 0
        if lines and self.is_beside(panel):
            widest = width + 2 * max(label, *(one + fonts.scaled(24) for one in widths))
            half, caption = max(half, (len(lines) * line_height(fonts.px("panel caption")) + 1) // 2), 0
        above, below = max(height // 2, half), max(height - height // 2, half)
        free = (widest - width) // 2
        room = self.brackets.room(panel, 0 if labelled else free)
        left, right = max(0, room.left - free, room.beside + label - free), max(0, room.right - free)
        below = max(below + caption, height - height // 2 + room.bottom)
        lengths = widest + left + right, above + room.top, below
        return MeasuredNode(panel, *lengths, lines=tuple(lines), top=room.top, left=left, right=right)

    @property
    def brackets(self) -> BracketSetter:
        """What sets the brackets, outside the halo of the window."""
        return BracketSetter(self.typography, self.pitch, bracket_distance(self.pitch, self.typography.unit))

    def is_beside(self, panel: Panel) -> bool:
        """Whether the caption of a panel is on its right."""
        return bool(self.captions_beside and panel.label and not panel.oblique)

    def place(self, measured: MeasuredNode, x: int, centre: int, placed: Placement, low: int = 0) -> None:
        """Place a node: left edge at `x`, its centre line at `centre`, and its caption `low` below that or lower."""
        node = measured.node
        if isinstance(node, Panel):
            self._place_panel(measured, node, x, centre, placed, low)
        elif isinstance(node, Operator):
            style = operator_style(node)
            baseline = centre - measured.above + ascent(self.typography.px(style))
            placed.texts.append(self.typography.text(node.text, style, x, baseline))
        elif isinstance(node, TextBlock):
            placed.texts += text_block_lines(self.typography, node, x, centre - measured.above)
        elif isinstance(node, Chart):
            ChartSetter(self).place(node, x, centre - measured.above, placed.charts, placed.texts)
        elif isinstance(node, PlaneStack):
            place_planes(self, node, x, centre - measured.above, placed)
        elif node.magnified:
            place_lens(self, measured, x, centre, placed)
        elif node.middle_below:
            place_middle_below(self, measured, x, centre, placed)
        else:
            self.place_group(measured, node, x, centre, placed)

    def place_group(self, measured: MeasuredNode, group: Group, x: int, centre: int, placed: Placement) -> None:
        """Place a row, a column or a table."""
        children = measured.children
        if group.table:
            place_table(self, measured, group, x, centre - measured.above, placed)
        elif group.direction == "column":
            top = centre - measured.above
            for child in children:
                self.place(child, x + (measured.width - child.width) // 2, top + child.above, placed)
                top += child.height + self.vertical_spacing
        else:
            low = max(self._grid_below(child) for child in children) if group.align_captions else 0
            for child, left in zip(children, self.lefts(measured, group), strict=True):
                self.place(child, x + left, centre, placed, low)

    def lefts(self, measured: MeasuredNode, group: Group) -> list[int]:
        """Left edges of the children of a row, from the left edge of the row."""
        children = measured.children
        if group.equal_widths:
            slot = measured.width // len(children)
            return [index * slot + (slot - child.width) // 2 for index, child in enumerate(children)]
        steps = (child.width + distance for child, distance in zip(children, self.distances(group), strict=False))
        return list(accumulate(steps, initial=0))

    def _place_panel(
        self, measured: MeasuredNode, panel: Panel, x: int, centre: int, placed: Placement, low: int
    ) -> None:
        """Place the grid on even pixels (for sharp edges in videos), its caption below, its label on the left."""
        fonts, px, pitch = self.typography, self.typography.px("panel caption"), self.pitch
        width, height = self.extent(panel)
        x, above = x + measured.left, measured.above - measured.top
        left, top = (
            (x + (measured.width - measured.left - measured.right - width) // 2) // 2 * 2,
            (centre - above) // 2 * 2,
        )
        grid: Grid | ObliqueGrid
        if panel.oblique:
            grid = ObliqueGrid(left, top, panel.rows, panel.cols, pitch)
        else:
            grid = Grid(left, top, panel.rows, panel.cols, pitch, 0 if panel.seamless else gap(pitch))
        placed.grids.append(grid)
        if isinstance(grid, Grid) and panel.brackets:
            free = (measured.width - measured.left - measured.right - width) // 2
            brackets, texts = self.brackets.place(panel, grid, 0 if panel.label else free)
            placed.brackets += brackets
            placed.texts += texts
        baseline = max(centre - height // 2 + height, centre + low) + fonts.scaled(12) + ascent(px)
        if self.is_beside(panel):
            baseline = top + (grid.box.h - len(measured.lines) * line_height(px)) // 2 + ascent(px)

        def left_edge(length: int) -> int:
            return grid.box.right + fonts.scaled(24) if self.is_beside(panel) else left + grid.box.w // 2 - length // 2

        limit = max(width, self.caption_width)
        placed.texts += place_caption(panel, measured.lines, limit, left_edge, baseline, fonts)
        if panel.label and not panel.oblique:
            start = left - self.brackets.room(panel, 0).beside - fonts.scaled(24)
            start -= fonts.text_width(panel.label, "panel label")
            drop = round(CAPITALS * fonts.px("panel label") / 2)
            placed.texts.append(fonts.text(panel.label, "panel label", start, top + grid.box.h // 2 + drop))
