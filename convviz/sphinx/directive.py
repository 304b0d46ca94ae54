"""A Sphinx extension: animations in the words of the command line, drawn while the pages are built.

    extensions = ["convviz.sphinx"]

    .. convviz:: transposed -i 3 -k 3 -s 2 -p 1
       :view: scatter
       :caption: Each input cell stamps the kernel.

The argument is what follows `convviz` on the command line; its long options may stand below it, too. `:alt:`,
`:caption:`, `:width:`, `:align:`, `:class:`, `:figclass:` and `:name:` are those of `figure`; `:player:` shows a page
with controls in the place of a GIF. Pages get GIFs, light and dark where no theme is asked for, and stills for readers
who want no motion; every other format gets a still.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from convviz.errors import ConvvizError
from convviz.sphinx.cache import CachedPicture
from convviz.sphinx.command_line import long_options
from convviz.version import __version__, versions
from convviz.web import embed

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

WORDS = long_options()
"""The options of a directive that are words of the command line, and whether each is a flag."""
CACHE = "convviz"
"""The folder among the doctrees that keeps what is drawn."""
STILLS = {"application/pdf": ".pdf", "image/png": ".png"}
"""What builders other than HTML may show, the best first."""
log = logging.getLogger(__name__)


class Picture(nodes.General, nodes.Element):
    """An animation in a page; what it becomes is known when the page is written."""


class Convviz(SphinxDirective):
    """The directive."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **{name: directives.flag if flag else directives.unchanged_required for name, flag in WORDS.items()},
        "alt": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "width": lambda text: directives.length_or_percentage_or_unitless(text, "px"),
        "align": lambda text: directives.choice(text, ("left", "center", "right")),
        "class": directives.class_option,
        "figclass": directives.class_option,
        "name": directives.unchanged,
        "player": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """A figure with the picture in it; an error of the directive for words that cannot be drawn."""
        folder = Path(self.env.doc2path(self.env.docname)).parent
        try:
            kept = CachedPicture(self._words(), folder, _cache(self.env))
            about = kept.about()
        except (ConvvizError, OSError, ValueError) as error:
            raise self.error(f"convviz: {error}") from None
        for complaint in about.complaints:
            log.warning("convviz: %s", complaint, location=self.get_location(), type="convviz")
        for file in kept.files:
            self.env.note_dependency(str(file))
        picture = Picture(words=kept.words, folder=str(folder), alt=self.options.get("alt", about.alt), size=about.size)
        picture["player"] = "player" in self.options
        picture["width"] = self.options.get("width", "")
        picture["classes"] += self.options.get("class", [])
        return [self._figure(picture)]

    def _words(self) -> list[str]:
        """The words of the command line. Raises `ValueError` for a quotation that does not end."""
        words = shlex.split(self.arguments[0])
        for name, value in self.options.items():
            if name in WORDS:
                words.append(f"--{name}" if WORDS[name] else f"--{name}={value}")
        return words

    def _figure(self, picture: Picture) -> nodes.figure:
        figure = nodes.figure("", picture, classes=self.options.get("figclass", []))
        self.set_source_info(figure)
        self.set_source_info(picture)
        if "align" in self.options:
            figure["align"] = self.options["align"]
        if "caption" in self.options:
            inline, messages = self.state.inline_text(self.options["caption"], self.lineno)
            caption = nodes.caption("", "", *inline)
            self.set_source_info(caption)
            figure += [caption, *messages]
        self.add_name(figure)
        return figure


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the pictures of a page for the present builder; what cannot be drawn leaves a warning and its alt text."""
    for picture in list(doctree.findall(Picture)):
        made: nodes.Node = nodes.paragraph("", picture["alt"])
        try:
            kept = CachedPicture(picture["words"], Path(picture["folder"]), _cache(app.env))
            if _moves(app.builder):
                picture["files"] = [_given(app, docname, file) for file in _moving(kept, picture["player"])]
                continue
            made = _still(app, docname, kept, picture)
        except ConvvizError as error:
            log.warning("convviz: %s", error, location=picture, type="convviz")
        picture.replace_self(made)


def _cache(env: BuildEnvironment) -> Path:
    return Path(env.doctreedir) / CACHE


def _moves(builder: Builder) -> bool:
    """Whether what is built is shown by a browser; readers of e-books promise less."""
    return isinstance(builder, StandaloneHTMLBuilder) and not builder.name.startswith("epub")


def _moving(kept: CachedPicture, player: bool) -> Iterator[Path]:
    """The page, or GIF and poster of each look."""
    if player:
        yield from kept.drawn("", ".html")
        return
    for look in kept.looks:
        yield from kept.drawn(look, ".gif", ".png")


def _given(app: Sphinx, docname: str, file: Path) -> str:
    """Give a file to the builder; returns the name under which it lies among the images."""
    name = app.env.images.add_file(docname, str(file))
    app.builder.images[str(file)] = name
    return name


def _still(app: Sphinx, docname: str, kept: CachedPicture, picture: Picture) -> nodes.image:
    image = _image(picture)
    ending = next((STILLS[kind] for kind in STILLS if kind in app.builder.supported_image_types), "")
    if ending:
        (file,) = kept.drawn(kept.looks[0], ending)
        _given(app, docname, file)
        image["uri"], image["candidates"] = str(file), {"*": str(file)}
    return image


def _image(picture: Picture) -> nodes.image:
    """An image with no file yet, which says its alt text."""
    image = nodes.image(alt=picture["alt"], uri="", candidates={"?": ""}, classes=picture["classes"])
    image.source, image.line = picture.source, picture.line
    if picture["width"]:
        image["width"] = picture["width"]
    return image


def visit_html(writer: Any, picture: Picture) -> None:
    """The picture as HTML."""
    names = [posixpath.join(writer.builder.imgpath, name) for name in picture["files"]]
    width, height = picture["size"]
    classes = {"class": " ".join(["convviz", *picture["classes"]])}
    if picture["player"]:
        look = embed.framed(picture["width"] or f"{width}px", picture["size"])
        writer.body.append(embed.page(names[0], picture["alt"], {**classes, **look}) + "\n")
    else:
        wide = f"width: {picture['width']}; " if picture["width"] else ""
        look = {"width": width, "height": height, "style": f"{wide}max-width: 100%; height: auto"}
        looks = [name.removesuffix(".gif") for name in names if name.endswith(".gif")]
        writer.body.append(embed.themed(looks, picture["alt"], {**classes, **look}) + "\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls: the directive, and how its pictures are written. Other versions draw everything anew."""
    app.add_config_value("convviz_versions", versions(), "env")
    app.add_node(Picture, html=(visit_html, None))
    app.add_directive("convviz", Convviz)
    app.connect("doctree-resolved", resolve)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
