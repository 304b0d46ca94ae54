"""Matplotlib's drawing modules once more, with its default settings in place of those of the process.

Settings (`rcParams`) come from a matplotlibrc in the working directory or from the user's code, and the backends read
them from nowhere else. Pictures must not depend on them, and to set them while drawing would change what other threads
draw. So these modules are executed a second time, under names of their own, with imports that lead to the defaults.
Nothing of the process is changed; fonts that are registered here are unknown elsewhere.
"""

from __future__ import annotations

import builtins
import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

import matplotlib

__all__ = ["RendererAgg", "copy_of", "font_manager", "pdf_module"]
OVERRIDES = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "pdf.inheritcolor": False,
}
"""Settings that are not matplotlib's defaults: it embeds Type 3 fonts, which some publishers refuse."""
COPIED = ("font_manager", "backends._backend_pdf_ps", "backends.backend_agg", "backends.backend_pdf")
"""The modules of matplotlib that read settings while they draw."""
FOR_MATH = ("_mathtext", "mathtext", "textpath")
"""Modules of which copies are made only for each other, as they take time: they draw mathematics."""
_copies: dict[str, ModuleType] = {}
_copying = RLock()


class _Proxy:
    """A module, some of whose attributes are others."""

    def __init__(self, module: ModuleType, replaced: Mapping[str, Any]) -> None:
        self._module, self._replaced = module, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced[name] if name in self._replaced else getattr(self._module, name)


def copy_of(name: str) -> Any:
    """Return the copy of `matplotlib.{name}`, made on first use."""
    with _copying:
        if name not in _copies:
            _copies[name] = _execute(name)
        return _copies[name]


def _execute(name: str) -> ModuleType:
    original = importlib.util.find_spec(f"matplotlib.{name}")
    assert original
    assert original.origin
    spec = importlib.util.spec_from_file_location(f"matplotlib.{name}_of_convviz", original.origin)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
    sys.modules[spec.name] = module  # where dataclasses and matplotlib's decorators look it up
    spec.loader.exec_module(module)
    return module


def _import(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: tuple[str, ...] | None = (),
    level: int = 0,
) -> Any:
    """Import as the statement does, but give copies of what is copied, and a matplotlib with default settings."""
    module = builtins.__import__(name, globals, locals, fromlist or (), level)
    root, _, inside = module.__name__.partition(".")
    if root != "matplotlib":
        return module
    for_math = (globals or {}).get("__name__") in [f"matplotlib.{one}_of_convviz" for one in FOR_MATH]
    copied = (*COPIED, *FOR_MATH) if for_math else COPIED
    if inside in copied:
        return copy_of(inside)
    wanted = {one.rpartition(".")[2]: one for one in copied if one.rpartition(".")[0] == inside}
    replaced = {last: copy_of(path) for last, path in wanted.items() if last in (fromlist or ())}
    if not inside:
        replaced["rcParams"] = {**dict(matplotlib.rcParamsDefault), **OVERRIDES}
    return _Proxy(module, replaced)


if TYPE_CHECKING:
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import RendererAgg
else:
    font_manager = copy_of("font_manager")
    RendererAgg = copy_of("backends.backend_agg").RendererAgg


@cache
def pdf_module() -> Any:
    """Return the copy of the module that writes PDFs, without the hatches of matplotlib, which pictures do not have.

    Each graphics context takes the colour of its hatch from the settings of the process.
    """
    module = copy_of("backends.backend_pdf")
    contexts = module.GraphicsContextPdf
    contexts.commands = tuple((names, command) for names, command in contexts.commands if "_hatch" not in names)
    return module
