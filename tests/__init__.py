"""Tests, laid out as the package is."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
VECTORS = TESTS / "vectors"
