"""The versions of convviz and of the libraries that its pixels depend on."""

from __future__ import annotations

from functools import cache

__version__ = "0.1.0"
LIBRARIES = ("matplotlib", "numpy", "pillow")


@cache
def versions() -> str:
    """Return `convviz 0.1.0 matplotlib 3.10.0 …`; reading the metadata of packages is slow, so it is done once."""
    from importlib.metadata import version

    return " ".join([f"convviz {__version__}", *(f"{name} {version(name)}" for name in LIBRARIES)])
