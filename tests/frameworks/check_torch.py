"""Run by hand, with torch installed: every size, refusal and value of a large sweep as PyTorch has it.

    python -m tests.frameworks.check_torch [random cases]
    python -m tests.frameworks.check_torch --write          (a sample of gradients, in tests/vectors/)

Exit code 1 and the first disagreements if there is any.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from random import Random
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.pooling import AvgPool, MaxPool
from tests.oracles import VECTORS

REASONS = (
    ("must be smaller than either stride or dilation", "output padding"),
    ("at most half of", "for pooling"),
    ("smaller than or equal to half", "for pooling"),
    ("greater than actual input size", "does not fit"),
    ("Padding size should be less than", "for reflect padding"),
    ("wrapping around more than once", "for circular padding"),
)
"""What PyTorch says, and what a sentence of ours must hold for the same reason. The rest depends on the kind."""
TOO_SMALL = ("Output size is too small", "Invalid computed output size")
Answer = Any
"""A size, an array, or the words that a refusal must hold."""


def of_torch(compute: Callable[[], torch.Tensor], too_small: str) -> Answer:
    try:
        return compute().numpy()
    except RuntimeError as error:
        for theirs, ours in REASONS:
            if theirs in str(error):
                return ours
        if any(words in str(error) for words in TOO_SMALL):
            return too_small
        raise


def agree(ours: Callable[[], Any], theirs: Answer, exact: bool = True) -> str:
    """How convviz agrees: `value` (or size, where it gives a tuple), `refusal` for the same reason, or not: ``.

    Of two bad axes PyTorch may name the one and convviz the other: then any refusal will do.
    """
    try:
        found = ours()
    except GeometryError as error:
        names_an_axis = str(error).startswith(("rows: ", "columns: "))
        return "refusal" if isinstance(theirs, str) and (theirs in str(error) or names_an_axis) else ""
    if isinstance(theirs, str):
        return ""
    if isinstance(found, tuple):
        return "value" if found == theirs.shape[-len(found) :] else ""
    close = np.array_equal(found, theirs) if exact else np.allclose(found, theirs, rtol=1e-12, atol=0)
    return "value" if found.shape == theirs.shape and close else ""


# Every size and refusal -----------------------------------------------------------------------------------------------

GRID = (range(1, 13), range(1, 8), range(1, 6), range(7), range(1, 4))


def line(cells: int) -> torch.Tensor:
    return torch.ones(1, 1, cells)


def conv_sizes() -> Iterator[tuple[str, str]]:
    for i, k, s, p, d in product(*GRID):
        theirs = of_torch(lambda i=i, k=k, s=s, p=p, d=d: functional.conv1d(line(i), line(k), None, s, p, d), "")
        yield str((i, k, s, p, d)), agree(lambda i=i, k=k, s=s, p=p, d=d: Conv((i,), k, s, p, d).output, theirs)


def transposed_sizes() -> Iterator[tuple[str, str]]:
    for i, k, s, p, d, a in product(*GRID, range(5)):

        def theirs(i: int = i, k: int = k, s: int = s, p: int = p, d: int = d, a: int = a) -> torch.Tensor:
            return functional.conv_transpose1d(line(i), line(k), None, s, p, a, 1, d)

        def ours(i: int = i, k: int = k, s: int = s, p: int = p, d: int = d, a: int = a) -> tuple[int, ...]:
            return ConvTranspose((i,), k, s, p, d, a).output

        yield str((i, k, s, p, d, a)), agree(ours, of_torch(theirs, "leaves no output"))


def pool_sizes() -> Iterator[tuple[str, str]]:
    for i, k, s, p, d, ceil in product(*GRID, (False, True)):

        def ours(i: int = i, k: int = k, s: int = s, p: int = p, d: int = d, ceil: bool = ceil) -> tuple[int, ...]:
            return MaxPool((i,), k, s, p, d, ceil).output

        def theirs(i: int = i, k: int = k, s: int = s, p: int = p, d: int = d, ceil: bool = ceil) -> torch.Tensor:
            return functional.max_pool1d(line(i), k, s, p, d, ceil_mode=ceil)

        yield f"max {(i, k, s, p, d, ceil)}", agree(ours, of_torch(theirs, "does not fit"))
        if d == 1:

            def mean(i: int = i, k: int = k, s: int = s, p: int = p, ceil: bool = ceil) -> torch.Tensor:
                return functional.avg_pool1d(line(i), k, s, p, ceil)

            def our_mean(i: int = i, k: int = k, s: int = s, p: int = p, ceil: bool = ceil) -> tuple[int, ...]:
                return AvgPool((i,), k, s, p, ceil_mode=ceil).output

            yield f"mean {(i, k, s, p, ceil)}", agree(our_mean, of_torch(mean, "does not fit"))


# Random values --------------------------------------------------------------------------------------------------------


class Dice:
    """Random parameters of one case."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.axes = self.random.choice((1, 2))

    def tuple(self, low: int, high: int) -> tuple[int, ...]:
        return tuple(self.random.randint(low, high) for _ in range(self.axes))

    def tensor(self, *shape: int) -> torch.Tensor:
        values = np.random.default_rng(self.random.randrange(2**32)).integers(-9, 10, shape)
        return torch.tensor(values, dtype=torch.float64)

    def channels(self) -> tuple[int, int, int]:
        """Groups, and the input and output channels of one group."""
        return self.random.randint(1, 3), self.random.randint(1, 3), self.random.randint(1, 3)


def whole(tensor: torch.Tensor | None) -> Any:
    return None if tensor is None else tensor.numpy().astype(np.int64)


def conv_value(dice: Dice) -> str:
    groups, ins, outs = dice.channels()
    i, k, s, d = dice.tuple(1, 9), dice.tuple(1, 4), dice.tuple(1, 3), dice.tuple(1, 3)
    mode = dice.random.choice(["zeros", "zeros", "reflect", "replicate", "circular"])
    p: Any = dice.random.choice([dice.tuple(0, 4), dice.tuple(0, 2), "same", "valid"])
    s = (1,) * dice.axes if p == "same" else s
    x, w = dice.tensor(dice.random.randint(1, 2), groups * ins, *i), dice.tensor(groups * outs, ins, *k)
    bias = dice.random.choice([None, dice.tensor(groups * outs)])

    def theirs() -> torch.Tensor:
        kind = nn.Conv1d if dice.axes == 1 else nn.Conv2d
        module = kind(groups * ins, groups * outs, k, s, p, d, groups, bias is not None, mode, dtype=torch.float64)
        module.weight.data = w
        if bias is not None:
            module.bias.data = bias
        return module(x).detach()

    given = of_torch(theirs, "")
    return agree(lambda: Conv(i, k, s, p, d, mode)(whole(x), whole(w), whole(bias), groups), given)


def transposed_value(dice: Dice) -> str:
    groups, ins, outs = dice.channels()
    i, k, s, p, d = dice.tuple(1, 6), dice.tuple(1, 4), dice.tuple(1, 4), dice.tuple(0, 4), dice.tuple(1, 3)
    a = dice.tuple(0, 3)
    x, w = dice.tensor(dice.random.randint(1, 2), groups * ins, *i), dice.tensor(groups * ins, outs, *k)
    bias = dice.random.choice([None, dice.tensor(groups * outs)])
    compute = functional.conv_transpose1d if dice.axes == 1 else functional.conv_transpose2d
    theirs = of_torch(lambda: compute(x, w, bias, s, p, a, groups, d), "leaves no output")
    return agree(lambda: ConvTranspose(i, k, s, p, d, a)(whole(x), whole(w), whole(bias), groups), theirs)


def max_value(dice: Dice) -> str:
    i, k, s, p, d = dice.tuple(1, 9), dice.tuple(1, 4), dice.tuple(1, 4), dice.tuple(0, 2), dice.tuple(1, 2)
    ceil, x = dice.random.random() < 0.5, dice.tensor(2, dice.random.randint(1, 3), *i)
    compute = functional.max_pool1d if dice.axes == 1 else functional.max_pool2d
    theirs = of_torch(lambda: compute(x, k, s, p, d, ceil_mode=ceil), "does not fit")
    return agree(lambda: MaxPool(i, k, s, p, d, ceil)(whole(x)), theirs)


def mean_value(dice: Dice) -> str:
    i, k, s, p = dice.tuple(1, 9), dice.tuple(1, 4), dice.tuple(1, 4), dice.tuple(0, 2)
    ceil, include = dice.random.random() < 0.5, dice.random.random() < 0.5
    x = dice.tensor(2, dice.random.randint(1, 3), *i)
    compute = functional.avg_pool1d if dice.axes == 1 else functional.avg_pool2d
    theirs = of_torch(lambda: compute(x, k, s, p, ceil, include), "does not fit")
    return agree(lambda: AvgPool(i, k, s, p, ceil_mode=ceil, count_include_pad=include)(whole(x)), theirs, exact=False)


def module_of(dice: Dice, layer: Conv | ConvTranspose, groups: int, ins: int, outs: int) -> nn.Module:
    """PyTorch's module of a layer, with random weights."""
    given: dict[str, Any] = {"stride": layer.stride, "dilation": layer.dilation, "groups": groups}
    given["padding"] = tuple(before for before, _ in layer.padding)
    kinds = [nn.Conv1d, nn.Conv2d] if isinstance(layer, Conv) else [nn.ConvTranspose1d, nn.ConvTranspose2d]
    more = {"padding_mode": layer.padding_mode} if isinstance(layer, Conv) else {"output_padding": layer.output_padding}
    module = kinds[dice.axes - 1](groups * ins, groups * outs, layer.kernel, dtype=torch.float64, **given, **more)
    module.weight.data, module.bias.data = dice.tensor(*module.weight.shape), dice.tensor(groups * outs)
    return module


def gradient_case(dice: Dice) -> dict[str, Any] | None:
    """The gradients that autograd sends to input, kernel and bias of a random layer; None if it does not exist."""
    kind = dice.random.choice(["conv", "transposed", "maxpool", "avgpool"])
    i, k, s, d = dice.tuple(2, 5), dice.tuple(1, 3), dice.tuple(1, 3), dice.tuple(1, 2)
    p = dice.tuple(0, 1 if kind.endswith("pool") else 2)
    given: dict[str, Any] = {"input": i, "kernel": k, "stride": s, "padding": p}
    if kind == "conv":
        given |= {"dilation": d, "padding_mode": dice.random.choice(["zeros", "zeros", *NOT_ZEROS])}
    elif kind == "transposed":
        given |= {"dilation": d, "output_padding": dice.tuple(0, 1)}
    else:
        given["ceil_mode"] = dice.random.random() < 0.5
        given |= {"dilation": d} if kind == "maxpool" else {"count_include_pad": dice.random.random() < 0.5}
    try:
        layer: Any = KINDS[kind](**given)
    except GeometryError:
        return None
    groups, ins, outs = dice.channels()
    case: dict[str, Any] = {"kind": kind, "arguments": given}
    x = dice.tensor(dice.random.randint(1, 2), groups * ins, *i)
    if kind.endswith("pool"):
        x = (x / 4).round()  # ties
        y, module = pooled_by_torch(layer, x.requires_grad_()), None
    else:
        module = module_of(dice, layer, groups, ins, outs)
        y = module(x.requires_grad_())
        case |= {"groups": groups, "w": listed(module.weight)}
    dy = dice.tensor(*y.shape)
    y.backward(dy)
    case |= {"x": listed(x), "dy": listed(dy), "dx": listed(x.grad, exact=kind != "avgpool")}
    return case | ({"dw": listed(module.weight.grad), "db": listed(module.bias.grad)} if module else {})


NOT_ZEROS = ("reflect", "replicate", "circular")
KINDS = {"conv": Conv, "transposed": ConvTranspose, "maxpool": MaxPool, "avgpool": AvgPool}


def pooled_by_torch(layer: Any, x: torch.Tensor) -> torch.Tensor:
    p, one = tuple(before for before, _ in layer.padding), len(layer.input) == 1
    if isinstance(layer, MaxPool):
        compute = functional.max_pool1d if one else functional.max_pool2d
        return compute(x, layer.kernel, layer.stride, p, layer.dilation, ceil_mode=layer.ceil_mode)
    mean = functional.avg_pool1d if one else functional.avg_pool2d
    return mean(x, layer.kernel, layer.stride, p, layer.ceil_mode, layer.count_include_pad)


def listed(tensor: torch.Tensor, exact: bool = True) -> Any:
    values = tensor.detach().numpy()
    return (values.astype(np.int64) if exact else values).tolist()


def gradients(dice: Dice) -> str:
    case = gradient_case(dice)
    if case is None:
        return "refusal"
    layer: Any = KINDS[case["kind"]](**case["arguments"])
    if case["kind"] == "avgpool":
        return "value" if np.allclose(layer.gradient_input(case["dy"]), case["dx"], rtol=1e-12, atol=1e-12) else ""
    if case["kind"] == "maxpool":
        return "value" if layer.gradient_input(case["dy"], case["x"]).tolist() == case["dx"] else ""
    found = {
        "dx": layer.gradient_input(case["dy"], case["w"], case["groups"]),
        "dw": layer.gradient_weight(case["x"], case["dy"], case["groups"]),
        "db": layer.gradient_bias(case["dy"]),
    }
    return "value" if all(found[name].tolist() == case[name] for name in found) else ""


def write_gradients(count: int) -> None:
    """Write a sample of small cases for the tests."""
    cases = (gradient_case(Dice(seed)) for seed in range(100000))
    small = (case for case in cases if case and np.size(case["x"]) <= 40 and np.size(case["dy"]) <= 50)
    kept = [next(small) for _ in range(count)]
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in kept)
    VECTORS.joinpath("torch_gradients.json").write_text(f'{{"torch": "{torch.__version__}", "layers": [\n{text}\n]}}\n')


def values(check: Callable[[Dice], str], count: int) -> Iterator[tuple[str, str]]:
    for seed in range(count):
        yield f"seed {seed}", check(Dice(seed))


def main(count: int) -> int:
    checks: dict[str, Iterable[tuple[str, str]]] = {
        "convolution, sizes": conv_sizes(),
        "transposed convolution, sizes": transposed_sizes(),
        "pooling, sizes": pool_sizes(),
        "convolution, values": values(conv_value, count),
        "transposed convolution, values": values(transposed_value, count),
        "max pooling, values": values(max_value, count),
        "average pooling, values": values(mean_value, count),
        "gradients": values(gradients, count),
    }
    failed = 0
    for name, cases in checks.items():
        seen: Counter[str] = Counter()
        wrong = []
        for case, holds in cases:
            seen[holds] += 1
            wrong += [] if holds else [case]
        hold = seen["value"] + seen["refusal"]
        print(f"{hold:6} of {seen.total():6} hold, {seen['refusal']:6} of them refusals: {name}")
        for case in wrong[:5]:
            print(f"       not: {case}")
        failed += len(wrong)
    print(f"torch {torch.__version__}: " + (f"{failed} disagree" if failed else "all hold"))
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write_gradients(90)
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
