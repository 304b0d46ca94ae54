"""Boxes and roles to pixels, SVG and PDF. The only package that imports matplotlib."""
