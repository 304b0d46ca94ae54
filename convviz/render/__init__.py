"""Rendering: a laid-out scene to pixels, SVG and PDF. The only package that imports matplotlib."""
