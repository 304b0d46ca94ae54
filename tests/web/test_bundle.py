"""The bundler: modules with names of their own, run by Node; what it cannot bundle it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convviz.web import bundle as bundler
from convviz.web.bundle import BundleError, bundle, joined, module_paths, parse
from convviz.web.shorten import Variable
from tests.web.test_player_twins import node

ENTRIES = ("player/main.js", "explorer/main.js", "gallery/main.js")
JS = Path(bundler.__file__).parent / "js"


def printed(tmp_path: Path, **modules: str) -> str:
    """What a bundle of these modules prints, each after those that it imports."""
    script = joined([parse(f"{name}.js", text) for name, text in modules.items()])
    whole = tmp_path / "whole.mjs"
    whole.write_text(script, encoding="utf-8")
    return node(str(whole)).strip()


def test_modules_may_use_the_same_private_name(tmp_path: Path) -> None:
    one = 'const name = "one";\nexport const first = () => name;'
    two = 'const name = "two";\nexport const second = () => name;'
    main = 'import { first } from "./one.js";\nimport { second } from "./two.js";\nconst name = 3;\n'
    assert printed(tmp_path, one=one, two=two, main=main + "console.log(first(), second(), name);") == "one two 3"


def test_every_form_of_export_and_import(tmp_path: Path) -> None:
    forms = """
        /** A comment that says `export const nothing = 1;` */
        export function plain() { return 1; }
        export async function later() { return 2; }
        export function* several() { yield 3; }
        export class Kind { value = 4; }
        export const held = 5; // export const nothing = 1;
        const own = 6, other = 7;
        export { own, other as renamed };
    """
    forms = re.sub(r"^ +", "", forms, flags=re.MULTILINE)
    again = 'export { plain, held as kept } from "./forms.js";\nexport * from "./more.js";'
    main = """import { later, several, Kind, own as mine, renamed } from './forms.js'
import * as all from "./forms.js";
import {
  plain, kept, extra,
} from "./again.js";
import "./effect.js";
console.log(plain(), typeof later, ...several(), new Kind().value);
console.log(all.held, mine, renamed, kept, extra, globalThis.seen);"""
    modules = {"forms": forms, "more": "export const extra = 8;", "again": again, "effect": "globalThis.seen = 9;"}
    assert printed(tmp_path, **modules, main=main).split() == ["1", "function", *"345675", "8", "9"]


def test_strings_templates_and_regular_expressions_stay_as_they_are(tmp_path: Path) -> None:
    text = r"""
const a = "// no comment /* here */ \" import";
const b = `two  spaces
  and a line ${[1, 2].map((one) => `<${one}>`).join("")} // stays
export`;
const c = "a/b//c".replace(/[/"'`]+/g, "-").replace(/\//, "") + 8 / 2 / 2;
console.log(JSON.stringify([a, b, c]));
"""
    expected = r'["// no comment /* here */ \" import","two  spaces\n  and a line <1><2> // stays\nexport","a-b-c2"]'
    assert printed(tmp_path, main=text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("export default 1;", "cannot be bundled"),
        ("export let moving = 1;", "cannot be bundled"),
        ("export const { a } = {};", "cannot be bundled"),
        ('import one from "./one.js";', "cannot be bundled"),
        ('const one = import("./one.js");', "cannot be bundled"),
        ("if (true) {\nimport.meta;\n}", "cannot be bundled"),
        ('import { a } from "./one.js"; a();', "cannot be bundled"),
        ("const a = 1; export { a };", "cannot be bundled"),
        ('import * from "./one.js";', "no name"),
        ("export *;", "no name"),
        ('import { a-b } from "./one.js";', "'a-b' is no name"),
        ('import { a } from "lodash";', "is no module of this package"),
        ('import { a } from "../../one.js";', "is no module of this package"),
        ("const a = `x", "does not end"),
        ('const a = "x', "does not end"),
        ("const a = (1];", "closes no bracket"),
        ("const a = (1;", "is not closed"),
        ("{}\n/x/.test(1);", "may divide or begin"),
    ],
)
def test_what_it_cannot_bundle_it_refuses(text: str, words: str) -> None:
    with pytest.raises(BundleError, match=rf"folder/main\.js, .*{words}"):
        parse("folder/main.js", text)


def test_a_name_that_nothing_exports_is_refused() -> None:
    one, main = parse("one.js", "export const a = 1;"), parse("main.js", 'import { b } from "./one.js";')
    with pytest.raises(BundleError, match=r"main\.js needs b, which one\.js does not export"):
        joined([one, main])


def test_a_circle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"js/a.js": 'import "./b.js";', "js/b.js": 'import "./c.js";', "js/c.js": 'import "./a.js";'}
    monkeypatch.setattr(bundler, "source", texts.__getitem__)
    with pytest.raises(BundleError, match=r"in a circle: a\.js → b\.js → c\.js → a\.js"):
        module_paths("a.js")


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_bundle_is_a_script(entry: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mjs"
    whole.write_text(bundle(entry), encoding="utf-8")
    node("--check", str(whole))
    assert "/**" not in bundle(entry)


def test_every_module_is_in_a_bundle_and_every_import_and_export_is_used() -> None:
    bundled = {path for entry in ENTRIES for path in module_paths(entry)}
    assert bundled == {path.relative_to(JS).as_posix() for path in JS.rglob("*.js")}
    modules = [parse(path, (JS / path).read_text(encoding="utf-8")) for path in sorted(bundled)]
    tested = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.mjs"))
    taken = {(name.module, name.there) for module in modules for name in module.imports}
    for module in modules:
        names = [name.here for name in module.imports]
        used = {part.name for part in module.parts if isinstance(part, Variable)}
        assert [name for name in names if name not in used] == [], module.path
        given = [name.here for name in module.exports if (module.path, name.here) not in taken]
        assert [name for name in given if not re.search(rf"\b{name}\b", tested)] == [], module.path
