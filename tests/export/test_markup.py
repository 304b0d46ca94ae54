"""Texts in files: XML is well-formed whatever a text holds, and addresses name files of any name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from PIL import Image

from convviz import Conv, animate
from convviz.export.formats import export
from convviz.raster import FileMetadata
from convviz.render.compositor import frame_stream
from convviz.render.still import still_image
from convviz.web.embed import html

HOSTILE = 'a\x07\x1b\x00b & <c> "d" \ufffe \uffff \ud800 \u202e'
KEPT = 'a\ufffd\ufffd\ufffdb & <c> "d" \ufffd \ufffd \ufffd \u202e'


@pytest.fixture(scope="module")
def metadata() -> FileMetadata:
    return FileMetadata(HOSTILE, HOSTILE, HOSTILE)


def test_an_svg_is_well_formed(metadata: FileMetadata) -> None:
    drawn = animate(Conv(3, 2), size=(320, 240))
    root = ElementTree.fromstring(still_image(drawn.display_list, 0, metadata).svg().encode("utf-8"))
    texts = {child.tag.partition("}")[2]: child.text for child in root}
    assert [texts[name] for name in ("title", "desc", "metadata")] == [KEPT] * 3


def test_the_xmp_of_a_webp_is_well_formed(metadata: FileMetadata, tmp_path: Path) -> None:
    drawn = animate(Conv(3, 2), size=(320, 240), frames=1)
    with Image.open(export(frame_stream(drawn.display_list, metadata), tmp_path / "a.webp")) as image:
        described = ElementTree.fromstring(image.info["xmp"])[0][0]
    assert set(described.attrib.values()) == {KEPT}


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_name_that_is_not_utf_8_is_quoted_byte_for_byte() -> None:
    name = os.fsdecode(b"a \xff#.gif")
    (address,) = re.findall('src="([^"]*)"', html(name, "alt", (1, 1)))
    assert unquote_to_bytes(address) == b"a \xff#.gif"
