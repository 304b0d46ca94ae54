"""Random questions for the other texts: stacks, `convviz solve`, `convviz compare`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.claims import code as codes
from tests.claims import flax_onnx, sayings, shown
from tests.claims import plain as plains
from tests.claims.checking import drawn, located
from tests.claims.model import Model
from tests.claims.plain import Plain
from tests.claims.readers import comparison, lanes, remarks, skips, solutions, stacks, together
from tests.claims.readers.calls import RefusedError
from tests.claims.reading import About

MOST_CELLS = 81
"""Output cells of a layer whose values are compared, or whose receptive fields are traced."""


def check_chain(seed: int) -> None:
    """Check the texts of one to three random layers in a row."""
    plains_, layers = chain(Random(seed))
    scene = sayings.stack_of(layers)
    traced = stacks.Chain(tuple(map(Model, plains_)), scene)
    command = f"convviz stack of {' | '.join(plain.command() for plain in plains_)}"
    located(seed, command, lambda: stacks.check(traced))
    if len(layers) > 1:
        located(seed, f"{command} --alt", lambda: stacks.check_alt(sayings.alt_of(layers, "stack", scene), traced))


def chain(random: Random) -> tuple[list[Plain], list[sayings.Layer]]:
    """Draw layers of which each takes the output of the one before."""
    chosen: list[Plain] = []
    layers: list[sayings.Layer] = []
    count = random.randint(1, 3)
    while len(layers) < count:
        plain = plains.draw(random)
        if layers and plain.count != chosen[0].count:
            continue
        plain = replace(plain, i=layers[-1].output) if layers else plain
        layer = sayings.layer_of(plain)
        if layer is not None and prod(layer.output) <= MOST_CELLS:
            chosen.append(plain)
            layers.append(layer)
    return chosen, layers


def check_question(seed: int) -> None:
    """Check the answer to a random question for sizes."""
    random = Random(seed)
    count, is_transposed, square = random.choice((1, 2, 2)), random.random() < 0.5, random.random() < 0.5

    def sizes() -> tuple[int, ...]:
        first = random.randint(1, 30)
        return (first,) * count if square else tuple(random.randint(1, 30) for _ in range(count))

    i, o = sizes(), sizes()
    words = ["solve", *(["--1d"] if count == 1 else []), *(["--transposed"] if is_transposed else [])]
    words += ["--input", "x".join(map(str, i)), "--output", "x".join(map(str, o)), "--limit", random.choice("348")]
    for letter in "ksp":
        words += [f"-{letter}", str(random.randint(1, 4))] if random.random() < 0.15 else []
    text = sayings.printed(*words)
    located(seed, f"convviz {' '.join(words)}", lambda: solutions.check(text.rstrip("\n"), i, o, is_transposed))


def check_comparison(seed: int) -> None:
    """Check the comparison of a random convolution of either kind in all frameworks."""
    random = Random(seed)
    plain, layer = drawn(random, ("conv", "transposed"))
    if plain.mode != "zeros" or prod(layer.output) > MOST_CELLS:
        return
    text, x, w = sayings.comparison_of(layer, seed % 7)
    located(seed, f"convviz compare {plain.command()} --seed {seed % 7}", lambda: comparison.check(text, plain, x, w))


def check_lanes(seed: int) -> None:
    """Check the picture of the comparison of a random 1-D convolution of either kind."""
    random = Random(seed)
    plain, layer = drawn(random, ("conv", "transposed"))
    if plain.mode != "zeros" or plain.count != 1:
        return
    made = sayings.lanes_of(layer, seed % 7)
    if made is not None:
        scene, calls, x, w = made
        located(seed, f"convviz compare {plain.command()} -o x.png", lambda: lanes.check(scene, calls, plain, x, w))
        alt = sayings.alt_of(layer, "compare", scene)
        located(seed, f"alt text of convviz compare {plain.command()}", lambda: lanes.check_alt(alt, scene, plain))


def check_code(seed: int) -> None:
    """Check the text on a random call of PyTorch, Keras or JAX."""
    random = Random(seed)
    code, plain, named = taken(lambda: codes.draw(random))
    words = ["layer", code.call, "-i", "x".join(map(str, plain.i))]
    if code.title == "JAX":
        words += ["--weight", ",".join(map(str, (*plain.k, *code.channels)))]
    check_words(seed, words, code, plain, named)


def check_flax(seed: int) -> None:
    """Check the text on a random call of Flax."""
    random = Random(seed)
    code, plain, named = taken(lambda: flax_onnx.flax(random, plains.draw(random)))
    check_words(seed, ["layer", code.call, "-i", "x".join(map(str, plain.i))], code, plain, named)


def check_onnx(seed: int) -> None:
    """Check the text on a node of a random ONNX model."""
    random = Random(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        code, plain, named = taken(lambda: flax_onnx.onnx(random, replace(plains.draw(random), mode="zeros"), path))
        check_words(seed, ["layer", str(path), "--node", "node"], code, plain, named)


def taken(make: Callable[[], codes.Drawn]) -> codes.Drawn:
    """Draw until framework and convviz take the layer."""
    while True:
        try:
            drawn = make()
        except RefusedError:
            continue
        if sayings.layer_of(drawn[1]) is not None:
            return drawn


def check_words(seed: int, words: list[str], code: codes.Code, plain: Plain, named: str) -> None:
    text = sayings.printed(*words)
    about = About(Model(plain), framework=code.title, named=named)
    located(seed, f"convviz {' '.join(words)}", lambda: remarks.check(text.rstrip("\n"), code, about))


def check_together(seed: int) -> None:
    """Check two views of a random layer in one picture."""
    random = Random(seed)
    plain, layer = drawn(random)
    if prod(layer.output) > MOST_CELLS or prod(layer.input) > MOST_CELLS:
        return
    views = random.sample(sorted(sayings.VIEWS), 2)
    numbers = replace(shown.draw(random, plain), shaded=False, lens=False)  # which views side by side are not
    scenes = [sayings.scene_of(layer, view, numbers) for view in ("+".join(views), *views)]
    if None in scenes:
        return
    model = Model(plain)
    values = shown.Values(model, numbers)
    one, other = (About(model, view=v, scene=s, values=values) for v, s in zip(views, scenes[1:], strict=True))
    both = "+".join(views)
    command = f"convviz {plain.command()} --view {both}"
    located(seed, command, lambda: together.check(scenes[0], one, other))
    alt = sayings.alt_of(layer, both, scenes[0])
    located(seed, f"{command} --alt", lambda: together.check_alt(alt, scenes[0], one, other))


def check_skips(seed: int) -> None:
    """Check the text on the skip connections of a random chain that goes down and up again."""
    random = Random(seed)
    count = random.choice((1, 2))
    chosen = [*(down(random, count) for _ in range(2)), *(up(random, count) for _ in range(random.choice((1, 2, 2))))]
    size = tuple(random.randint(20, 60) for _ in range(count))
    layers = []
    for number, plain in enumerate(chosen):
        chosen[number] = replace(plain, i=layers[-1].output if layers else size)
        layers.append(sayings.layer_of(chosen[number]))
        if layers[-1] is None:
            return
    text = sayings.matched_text(layers)
    if not text:
        return
    command = f"convviz stack --match of {' | '.join(plain.command() for plain in chosen)}"
    located(seed, command, lambda: skips.check(text, chosen))


def down(random: Random, count: int) -> Plain:
    """Draw a convolution or a pooling with stride 2 or 3."""
    kind, k, s = random.choice(("conv", "maxpool")), random.choice((2, 3, 4)), random.choice((2, 2, 3))
    p = random.randint(0, k // 2)
    return Plain(kind, (1,) * count, (k,) * count, (s,) * count, (1,) * count, ((p, p),) * count)


def up(random: Random, count: int) -> Plain:
    """Draw a transposed convolution with stride 2 or 3."""
    k, s = random.choice((2, 3, 4)), random.choice((2, 2, 3))
    p, a = random.randint(0, 1), random.choice((None, 0, 1))
    added = None if a is None else (a,) * count
    return Plain("transposed", (1,) * count, (k,) * count, (s,) * count, (1,) * count, ((p, p),) * count, added)
