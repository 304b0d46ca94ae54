from __future__ import annotations

import gc
import inspect
from functools import partialmethod

from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from tests.profile import scaled
from tests.web.browser import chromium

__all__ = ["chromium"]

slow_is_fine = [HealthCheck.filter_too_much, HealthCheck.too_slow]
settings.register_profile(
    "convviz", max_examples=scaled(100), deadline=None, derandomize=True, suppress_health_check=slow_is_fine
)
settings.load_profile("convviz")

gc.set_threshold(50_000, 20, 50)  # scenes are trees: to look for cycles so often took a tenth of the time

if "mix_stderr" in inspect.signature(CliRunner).parameters:  # click 8.1 joins both streams unless it is told not to
    CliRunner.__init__ = partialmethod(CliRunner.__init__, mix_stderr=False)  # type: ignore[method-assign, assignment]
    Result.output = property(lambda result: result.stdout + result.stderr)  # type: ignore[method-assign, assignment]
