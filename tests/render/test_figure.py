"""PDF: matplotlib's global settings change only while a file is written, also in threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import matplotlib

from convviz import Conv, animate
from convviz.raster import FileMetadata
from convviz.render.still import still_image


def test_threads_write_equal_pdfs_and_leave_the_settings() -> None:
    image = still_image(animate(Conv(3, 2), size=(640, 360)).display_list, 0, FileMetadata("title"))
    before = dict(matplotlib.rcParams)
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: image.pdf(), range(8)))
    assert len(files) == 1
    assert b"/Type3" not in files.pop()
    assert dict(matplotlib.rcParams) == before


def test_settings_of_the_user_do_not_change_a_pdf() -> None:
    image = still_image(animate(Conv(3, 2), size=(640, 360)).display_list, 0, FileMetadata("title"))
    plain = image.pdf()
    with matplotlib.rc_context({"pdf.compression": 0, "pdf.inheritcolor": True, "pdf.use14corefonts": True}):
        assert image.pdf() == plain
