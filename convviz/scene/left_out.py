"""Leave a panel out of a scene, where there is no room for it."""

from __future__ import annotations

from dataclasses import replace

from convviz.scene.model import Frame, Group, Node, Operator, Panel, Scene

PRODUCTS = "products"
"""Name of the panel of products, which is left out if cells would become too small."""
SUM = Operator("Σ")
"""The sign behind the panel of products."""


def has_products(scene: Scene) -> bool:
    """Whether a scene has a panel of products."""
    return any(panel.name == PRODUCTS for panel in scene.panels)


def without_products(scene: Scene) -> Scene:
    """Return the scene without its panel of products, and without the sign of their sum."""
    names = [panel.name for panel in scene.panels]
    if PRODUCTS not in names:
        return scene
    dropped = names.index(PRODUCTS)
    body = _without(scene.body)
    assert isinstance(body, Group)
    return replace(scene, body=body, frames=tuple(_renumbered(frame, dropped) for frame in scene.frames))


def _without(node: Node) -> Node:
    """Return a node without products; a group of which one child is left becomes that child."""
    if not isinstance(node, Group) or not any(panel.name == PRODUCTS for panel in node.panels()):
        return node
    kept = tuple(
        _without(child)
        for child in node.children
        if child != SUM and not (isinstance(child, Panel) and child.name == PRODUCTS)
    )
    return kept[0] if len(kept) == 1 else replace(node, children=kept)


def _renumbered(frame: Frame, dropped: int) -> Frame:
    """Return the frame of a scene without guide lines, without the changes and marks of a panel."""
    assert not frame.guides

    def number(panel: int) -> int:
        return panel - (panel > dropped)

    return replace(
        frame,
        changes=tuple(replace(one, panel=number(one.panel)) for one in frame.changes if one.panel != dropped),
        marks=tuple(replace(one, panel=number(one.panel)) for one in frame.marks if one.panel != dropped),
        floating_cells=tuple(
            replace(one, panel=number(one.panel)) for one in frame.floating_cells if one.panel != dropped
        ),
        arrows=tuple(replace(one, panel=number(one.panel)) for one in frame.arrows if one.panel != dropped),
        connectors=tuple(
            replace(one, upper=number(one.upper), lower=number(one.lower))
            for one in frame.connectors
            if dropped not in (one.upper, one.lower)
        ),
    )
