"""Words that choose how an animation moves."""

from __future__ import annotations

from typing import Literal, get_args

Motion = Literal["none", "steps", "smooth"]
MOTIONS: tuple[Motion, ...] = get_args(Motion)
Pace = Literal["story", "even"]
"""How fast steps follow each other: told in moments and then faster, or all alike."""
PACES: tuple[Pace, ...] = get_args(Pace)
