from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.profile import scaled
from tests.web.browser import chromium

__all__ = ["chromium"]

slow_is_fine = [HealthCheck.filter_too_much, HealthCheck.too_slow]
settings.register_profile(
    "convviz", max_examples=scaled(100), deadline=None, derandomize=True, suppress_health_check=slow_is_fine
)
settings.load_profile("convviz")
