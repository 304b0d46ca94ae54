"""Each page runs and shows only its own script and style: its policy names their hashes, and nothing else is inline."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from convviz import Conv, animate, explore
from convviz.gallery.index_page import index_html


@pytest.mark.parametrize(
    "page",
    [animate(Conv(3, 2), size=(640, 360), title="<script>alert(1)</script>").page(), explore().html, index_html([])],
    ids=["player", "explorer", "gallery"],
)
def test_the_policy_allows_the_script_and_the_style_of_the_page_and_no_others(page: str) -> None:
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert "unsafe" not in policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        blocks = re.findall(rf"<{tag}\b([^>]*)>(.*?)</{tag}>", page, re.DOTALL)
        (run,) = (text for attributes, text in blocks if "application/json" not in attributes)
        assert rules[rule] == f"'sha256-{b64encode(sha256(run.encode()).digest()).decode()}'"
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r'\s(on\w+|style)\s*=\s*["\']', markup)
