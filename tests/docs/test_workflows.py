"""The workflows: valid, with no more rights than they need, and about commands that exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from convviz.cli.main import main
from tests import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WRITES = {("pages", "deploy"): {"pages": "write", "id-token": "write"}}
"""Jobs that may do more than read."""


def loaded(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"]]


def check(path: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_there_are_three() -> None:
    assert [path.stem for path in WORKFLOWS] == ["gallery", "pages", "test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_schema_is_kept(path: Path) -> None:
    done = check(path)
    assert done.returncode == 0, done.stdout


def test_a_fault_is_seen(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    assert check(broken).returncode == 1


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_few_and_runs_do_not_pile_up(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {}) == WRITES.get((path.stem, name), {})
        assert int(job["timeout-minutes"]) <= 60


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_githubs_own_at_a_major_version(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


def assert_is_command(words: list[str]) -> None:
    """Commands, commands of groups, and options that exist."""
    command: click.Command = main
    while isinstance(command, click.Group):
        assert words[0] in command.commands, words
        command = command.commands[words.pop(0)]
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= known, words


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_is_run_is_there(path: Path) -> None:
    """Targets of make, commands of convviz and files of tests."""
    lines = "\n".join(step.get("run", "") for step in steps(path))
    for target in re.findall(r"^make (\w+)", lines, re.MULTILINE):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    for line in re.findall(r"^convviz (.+)$", lines, re.MULTILINE):
        assert_is_command(shlex.split(line))
    for name in re.findall(r"tests/\w+\.py|gallery/\w+\.txt", lines):
        assert (ROOT / name).exists()


def test_what_make_runs_is_there() -> None:
    lines = re.findall(r"^\t\$\(BIN\)/convviz (.+)$", MAKEFILE, re.MULTILINE)
    assert lines
    for line in lines:
        assert_is_command(shlex.split(line))


def test_the_oldest_versions_are_those_that_the_package_allows() -> None:
    """On the oldest Python; a newer one may need newer libraries."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    allowed = dict(
        re.findall(r'^    "(\w+)(?:\[\w+\])?>=([\d.]+)",$', project.partition("[project.opt")[0], re.MULTILINE)
    )
    pins = re.findall(
        r"^(\w+)==([\d.]+)(?:; python_version < .*)?$", (ROOT / "tests/oldest.txt").read_text(), re.MULTILINE
    )
    assert {name: version for name, version in pins if name in allowed} == {
        name: version if version.count(".") > 1 else f"{version}.0" for name, version in allowed.items()
    }
    assert set(allowed) == {"click", "imageio", "matplotlib", "numpy", "pillow"}
