"""The version of convviz."""

__version__ = "0.1.0"
