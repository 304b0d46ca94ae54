"""A small gallery with real pictures, to look at its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from convviz.gallery.entry import Entry
from convviz.gallery.pages import README, readme_page, site_pages, write_page

SIZE = (320, 200)
HOSTILE = (
    "</article><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"> {{script}} `*_[a](b)"
)


def entry(name: str, kind: str, view: str = "slide", **others: str | None) -> Entry:
    made = Entry(
        name=name,
        kind=kind,
        view=view,
        title=f"The title of {name}",
        caption=f"What {name} teaches.",
        alt=f"A window moves in {name}.",
        command=f"convviz {kind} -i 3 -o {name}.gif",
        file=f"{name}.gif",
        poster=f"{name}.png",
        size=SIZE,
        explorer=None,
        theme="light",
    )
    return replace(made, **others)  # type: ignore[arg-type]


ENTRIES = [
    entry("plain", "conv", explorer="conv&i=5&k=3&s=1&p=1"),
    entry("stamps", "transposed", "scatter", explorer="transposed&i=3&k=3&s=2&p=1&view=scatter"),
    entry("up", "transposed", caption="Zeros go between the cells."),
    entry("largest", "maxpool"),
    entry("Odd_name-2", "preset", "slide+matrix"),
    entry("hostile", "conv", title=HOSTILE, caption=HOSTILE, alt=HOSTILE, command=f"convviz conv --title '{HOSTILE}'"),
]
FILES = tuple(name for one in ENTRIES for name in (one.file, one.poster))


def texts(entries: Sequence[Entry]) -> dict[str, bytes]:
    """All pages by name: that of the gallery's folder, and those of its site."""
    return {README: readme_page(entries), **site_pages(entries)}


def write_pages(folder: Path) -> list[Path]:
    """All pages of these entries."""
    return [write_page(name, content, folder) for name, content in texts(ENTRIES).items()]


def make(folder: Path) -> Path:
    """The gallery in `folder`, and its index."""
    for place, one in enumerate(ENTRIES):
        frames = [Image.new("P", SIZE, place * 2 + step) for step in range(2)]
        for frame in frames:
            frame.putpalette([20 * value % 256 for value in range(768)])
        frames[0].save(folder / one.file, save_all=True, append_images=frames[1:], duration=200, loop=0)
        frames[0].save(folder / one.poster)
    write_pages(folder)
    return folder / "index.html"
