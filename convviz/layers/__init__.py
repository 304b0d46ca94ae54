"""Layers as products of axes, and the values of their cells."""
