"""Short names for variables: the same results, run by Node and by the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from convviz.web.bundle import BundleError, joined, module_paths, parse
from convviz.web.shorten import GLOBALS, KEYWORDS, Variable, short_names
from tests.web.test_bundle import ENTRIES, JS, printed

FORMS = r"""
class Base { constructor(total) { this.total = total; } }
class Grid extends Base {
  #hidden = 4;
  total = 1;
  twice = (total) => { return { total: 2 * total }; };
  static of({ total: given = 5, ...others }, [first, , last] = [1, 2, 3]) {
    const { total } = new Grid(given);
    return { total, given, first, last, ...others, ["key" + first]: last };
  }
  get hidden() { return this.#hidden; }
  set hidden(hidden) { this.#hidden = hidden; }
  async later(name) { return { name, async again(name) { return name; }, get here() { return name; } }; }
  * several(several) { yield* [several, several + 1]; }
}
const kind = (total) => (total > 1 ? total : -total), other = { kind, total: kind };
function choose(kind, { total = kind } = {}) {
  switch (kind) {
    case "grid": return `${total}${`<${[kind].map((each) => `${{ each }.each}`)}>`}`;
    default: {
      const held = kind ? { kind } : { total };
      return JSON.stringify(held);
    }
  }
}
const grid = new Grid(3);
grid.hidden = 7;
const { length } = [1, 2];
const parent = "own", top = length;
console.log(JSON.stringify(Grid.of({ total: 8, left: 9 })), grid.total, grid.twice(4).total, grid.hidden);
console.log(choose("grid"), choose("grid", { total: 6 }), choose(""), other.kind(1), other.total(2), top, parent);
console.log(...grid.several(1), typeof choose, [..."ab"].map((each, index) => each + index).join("/"));
grid.later("x").then(async (found) => console.log(found.name, await found.again("y"), found.here));
"""


def test_what_is_computed_stays_the_same(tmp_path: Path) -> None:
    assert printed(tmp_path, forms=FORMS).splitlines() == [
        '{"total":1,"given":8,"first":1,"last":3,"left":9,"key1":3} 1 8 7',
        'grid<grid> 6<grid> {"total":""} -1 2 2 own',
        "1 2 function a0/b1",
        "x y x",
    ]


def test_a_name_at_the_top_hides_neither_another_module_nor_a_local_name(tmp_path: Path) -> None:
    one = 'const shared = "one";\nexport const given = (top) => shared + top;\n'
    one += "const length = 3;\nexport const size = length;"
    two = 'import { given as shared } from "./one.js";\nexport const taken = (given) => shared(given);'
    main = 'import { taken } from "./two.js";\nimport { size } from "./one.js";\nconst given = 5;\n'
    main += "const shown = (size) => [size, taken(given)];\nconsole.log(...shown(size), typeof length);"
    assert printed(tmp_path, one=one, two=two, main=main) == "3 one5 undefined"


def test_names_are_short_in_order_of_their_use_and_no_words_of_the_language() -> None:
    keys = [("", f"n{number}") for number in range(3000)] + [("", "n7")] * 2 + [("one.js", "n7")]
    names = short_names(keys)
    assert names["", "n7"] == "a"
    assert len(set(names.values())) == len(names) == 3001
    assert not set(names.values()) & (KEYWORDS | GLOBALS)
    assert max(map(len, names.values())) == 3


def test_it_refuses_what_could_be_a_block_or_an_object() -> None:
    with pytest.raises(BundleError, match=r"main\.js, a \{ after 'name' may begin a block or an object"):
        parse("main.js", "const a = name {};")


def test_variables_are_gone_and_properties_stay() -> None:
    script = joined(
        [parse("main.js", "const total = { total: 1 };\nconst { total: held } = total;\nheld.total(total);")]
    )
    assert re.fullmatch(r"const (\w)=\{total:1\};\nconst\{total:(\w)\}=\1;\n\2\.total\(\1\);", script)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_name_that_the_browser_defines_is_taken_for_a_variable_by_mistake(entry: str, chromium: Browser) -> None:
    modules = [parse(path, (JS / path).read_text(encoding="utf-8")) for path in module_paths(entry)]
    names = {part.name for module in modules for part in module.parts if isinstance(part, Variable)}
    page = chromium.new_page()
    defined = page.evaluate("(names) => names.filter((name) => name in window)", sorted(names))
    page.close()
    assert len(names) > 20
    assert set(defined) <= GLOBALS
