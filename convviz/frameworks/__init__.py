"""Layers as the frameworks have them: parse code, generate code, connect to live layers, compare conventions."""
