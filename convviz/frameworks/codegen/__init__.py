"""Layers to framework code."""
