"""A Sphinx extension: animations in the words of the command line, drawn during the build.

    extensions = ["convviz.sphinx"]

    .. convviz:: transposed -i 3 -k 3 -s 2 -p 1
       :view: scatter
       :caption: Each input cell stamps the kernel.

The argument is what follows `convviz` on the command line; long options may also be options of the directive. `:alt:`,
`:caption:`, `:width:`, `:align:`, `:class:`, `:figclass:` and `:name:` are those of `figure`; `:player:` embeds a page
with controls instead of a GIF, and `explore conv -i 5` embeds the explorer. HTML pages get GIFs, light and dark unless
a theme is given, and stills for readers who prefer reduced motion; other formats get a still.
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
from convviz.sphinx.command_line import page_options
from convviz.version import __version__, versions
from convviz.web import embed

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

PAGE_OPTIONS = page_options()
"""Option of the directive that is also one of the command line → whether it is a flag."""
CACHE = "convviz"
"""The folder of drawn pictures inside the doctree folder."""
STILLS = {"application/pdf": ".pdf", "image/png": ".png"}
"""Image type of a builder → suffix of a still, best first."""
log = logging.getLogger(__name__)


class Picture(nodes.General, nodes.Element):
    """An animation in a page; a builder decides which files show it."""


class Convviz(SphinxDirective):
    """The directive `convviz`."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **{name: directives.flag if flag else directives.unchanged_required for name, flag in PAGE_OPTIONS.items()},
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
        """Return a figure with the picture, or raise a directive error if it cannot be drawn."""
        folder = Path(self.env.doc2path(self.env.docname)).parent
        try:
            cached = CachedPicture(self._words(), folder, _cache(self.env))
            description = cached.describe()
        except (ConvvizError, OSError, ValueError) as error:
            raise self.error(f"convviz: {error}") from None
        for text in description.warnings:
            log.warning("convviz: %s", text, location=self.get_location(), type="convviz")
        for file in cached.files:
            self.env.note_dependency(str(file))
        alt = self.options.get("alt", description.alt)
        picture = Picture(words=cached.words, folder=str(folder), alt=alt, size=description.size)
        picture["still_alt"] = self.options.get("alt", description.still_alt)
        picture["player"] = "player" in self.options or cached.command.explores
        picture["width"] = self.options.get("width", "")
        picture["classes"] += self.options.get("class", [])
        return [self._figure(picture)]

    def _words(self) -> list[str]:
        """Return the words of the command line. Raises `ValueError` for a quotation without an end."""
        words = shlex.split(self.arguments[0])
        for name, value in self.options.items():
            if name in PAGE_OPTIONS:
                words.append(f"--{name}" if PAGE_OPTIONS[name] else f"--{name}={value}")
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
    """Draw the pictures of a page for the builder; one that cannot be drawn leaves a warning and its alt text."""
    for picture in list(doctree.findall(Picture)):
        replacement: nodes.Node = nodes.paragraph("", picture["alt"])
        try:
            cached = CachedPicture(picture["words"], Path(picture["folder"]), _cache(app.env))
            if _shows_animations(app.builder):
                picture["files"] = [_add_image(app, docname, file) for file in _animated(cached, picture["player"])]
                continue
            replacement = _still(app, docname, cached, picture)
        except ConvvizError as error:
            log.warning("convviz: %s", error, location=picture, type="convviz")
        picture.replace_self(replacement)


def _cache(env: BuildEnvironment) -> Path:
    return Path(env.doctreedir) / CACHE


def _shows_animations(builder: Builder) -> bool:
    """Whether browsers show the result; e-book readers may not show animations."""
    return isinstance(builder, StandaloneHTMLBuilder) and not builder.name.startswith("epub")


def _animated(cached: CachedPicture, player: bool) -> Iterator[Path]:
    """Yield the page with a player, or GIF and still of each theme."""
    if player:
        yield from cached.draw("", ".html")
        return
    for theme in cached.themes:
        yield from cached.draw(theme, ".gif", ".png")


def _add_image(app: Sphinx, docname: str, file: Path) -> str:
    """Let the builder copy a file; return its name among the images."""
    name = app.env.images.add_file(docname, str(file))
    app.builder.images[str(file)] = name
    return name


def _still(app: Sphinx, docname: str, cached: CachedPicture, picture: Picture) -> nodes.image:
    image = _image(picture)
    ending = next((STILLS[kind] for kind in STILLS if kind in app.builder.supported_image_types), "")
    if ending:
        (file,) = cached.draw(cached.themes[0], ending)
        _add_image(app, docname, file)
        image["uri"], image["candidates"], image["alt"] = str(file), {"*": str(file)}, picture["still_alt"]
    return image


def _image(picture: Picture) -> nodes.image:
    """Return an image without a file, with the alt text."""
    image = nodes.image(alt=picture["alt"], uri="", candidates={"?": ""}, classes=picture["classes"])
    image.source, image.line = picture.source, picture.line
    if picture["width"]:
        image["width"] = picture["width"]
    return image


def visit_html(writer: Any, picture: Picture) -> None:
    """Write the picture as HTML."""
    names = [posixpath.join(writer.builder.imgpath, name) for name in picture["files"]]
    width, height = picture["size"]
    classes = {"class": " ".join(["convviz", *picture["classes"]])}
    if picture["player"]:
        attributes = embed.framed(picture["width"] or f"{width}px", picture["size"])
        writer.body.append(embed.page(names[0], picture["alt"], {**classes, **attributes}) + "\n")
    else:
        width_rule = f"width: {picture['width']}; " if picture["width"] else ""
        attributes = {"width": width, "height": height, "style": f"{width_rule}max-width: 100%; height: auto"}
        bases = [name.removesuffix(".gif") for name in names if name.endswith(".gif")]
        writer.body.append(embed.themed(bases, picture["alt"], {**classes, **attributes}) + "\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx; other versions of the libraries cause a complete rebuild."""
    app.add_config_value("convviz_versions", versions(), "env")
    app.add_node(Picture, html=(visit_html, None))
    app.add_directive("convviz", Convviz)
    app.connect("doctree-resolved", resolve)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
