"""Accessibility by axe-core, which knows the rules of WCAG and how browsers compute names, roles and contrasts."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page: the rule, and the elements that break it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]} {node['failureSummary']}" for one in found for node in one["nodes"]]
