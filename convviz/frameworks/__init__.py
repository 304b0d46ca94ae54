"""Layers as the frameworks have them: read from a line of code, taken from a live layer, written, compared."""
