"""Words that choose how an animation moves."""

from __future__ import annotations

from typing import Literal, get_args

Motion = Literal["none", "steps", "smooth"]
MOTIONS: tuple[Motion, ...] = get_args(Motion)
