"""What a picture's pixels depend on, beside its parameters: the versions of convviz and of the libraries that draw."""

from __future__ import annotations

from importlib.metadata import version

from convviz.version import __version__

LIBRARIES = ("matplotlib", "numpy", "pillow")


def versions() -> str:
    """`convviz 0.1.0 matplotlib 3.10.0 …`."""
    return " ".join([f"convviz {__version__}", *(f"{name} {version(name)}" for name in LIBRARIES)])
