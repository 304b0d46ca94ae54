"""The versions of convviz and of the libraries that its pixels depend on."""

from __future__ import annotations

__version__ = "0.1.0"
LIBRARIES = ("matplotlib", "numpy", "pillow")


def versions() -> str:
    """Return `convviz 0.1.0 matplotlib 3.10.0 …`."""
    from importlib.metadata import version

    return " ".join([f"convviz {__version__}", *(f"{name} {version(name)}" for name in LIBRARIES)])
