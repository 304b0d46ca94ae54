"""Folders of frames: which files in one convviz wrote, and how a new version takes the place of an older one.

`convviz.json` lists each file with a hash of its content. Nothing else in a folder is replaced or removed, nor is a
file that was changed.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from convviz.errors import ExportError
from convviz.files.partial import ASIDE

FRAME_PREFIX, PROVENANCE_FILE = "frame-", "convviz.json"
"""Names in a folder of frames: how those of the frames begin, and the file that says how they were made."""
FILES = "files"
"""Key of the list of files in `PROVENANCE_FILE`."""
MAX_PROVENANCE = 10_000_000
"""Bytes of a `PROVENANCE_FILE`."""


def file_hash(data: bytes) -> str:
    """Return the hash by which a file is recognized."""
    return hashlib.sha256(data).hexdigest()[:32]


def with_files(provenance: str, files: Mapping[str, str]) -> str:
    """Return the content of `PROVENANCE_FILE`: provenance as JSON, and the hash of each file."""
    return json.dumps({**json.loads(provenance or "{}"), FILES: dict(files)}, separators=(",", ":"))


def foreign_files(folder: Path) -> list[str]:
    """Return the names of what is in `folder` and not there as convviz wrote it; sorted."""
    listed = _listed_files(folder / PROVENANCE_FILE)
    own = {PROVENANCE_FILE} if listed else set()
    with os.scandir(folder) as entries:
        return sorted(one.name for one in entries if one.name not in own and not _is_listed(Path(one.path), listed))


def _listed_files(path: Path) -> Mapping[str, str]:
    """Return name → hash; empty if the file is missing or not from convviz."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_PROVENANCE:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    listed = found.get(FILES) if isinstance(found, dict) and "convviz" in found else None
    return listed if isinstance(listed, dict) else {}


def _is_listed(path: Path, listed: Mapping[str, str]) -> bool:
    if path.name not in listed or path.is_symlink() or not path.is_file():
        return False
    return file_hash(path.read_bytes()) == listed[path.name]


def check_own(folder: Path, shown: Path | None = None) -> None:
    """Raise `ExportError` if `folder` (which the message calls `shown`) holds anything that convviz did not write."""
    foreign = foreign_files(folder)
    if foreign:
        raise ExportError(
            f"the folder {shown or folder} holds other or changed files, such as {foreign[0]}; "
            "name a new or an empty one"
        )


def keep_modes(older: Path, new: Path) -> None:
    """Give a folder and its files the permissions of those that they replace."""
    for file in new.iterdir():
        if (older / file.name).is_file():
            shutil.copymode(older / file.name, file)
    shutil.copymode(older, new)


def replace_folder(new: Path, target: Path) -> None:
    """Give `new` the name of `target`, and remove the older folder of that name.

    The names are exchanged in one step where the system can do it. Otherwise the older folder is moved aside, and
    `clean_up` moves it back if the process is killed at that moment. Raises `ExportError`, and leaves `target` as it
    was, if somebody put a file there meanwhile.
    """
    if not target.exists():
        os.replace(new, target)
    elif _exchange(new, target):
        try:
            check_own(new, target)
        except BaseException:
            _exchange(new, target)
            raise
        shutil.rmtree(new, ignore_errors=True)
    else:
        _replace_in_two_steps(new, target)


def _replace_in_two_steps(new: Path, target: Path) -> None:
    aside = target.with_name(f"{ASIDE}{target.name}")
    with suppress(OSError):
        if not foreign_files(aside):
            shutil.rmtree(aside)  # the leftover of a run that was killed at its very end
    os.rename(target, aside)
    try:
        check_own(aside, target)
        os.rename(new, target)
    except BaseException:
        os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step (renameat2 of Linux, renamex_np of macOS); return False if that is impossible."""
    swap, here = 2, -100  # RENAME_EXCHANGE and RENAME_SWAP; AT_FDCWD
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            return bool(ctypes.CDLL(None).renameat2(here, names[0], here, names[1], swap) == 0)
        if sys.platform == "darwin":
            return bool(ctypes.CDLL(None).renamex_np(*names, swap) == 0)
    except (OSError, AttributeError):  # an older system, or another C library
        pass
    return False
