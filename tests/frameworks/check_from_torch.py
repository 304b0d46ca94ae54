"""Run by hand, with torch installed: lines of code and live modules against what PyTorch makes of them.

    python -m tests.frameworks.check_from_torch [random cases]

The lines are run by PyTorch and read by convviz; sizes, numbers and refusals must agree. Exit code 1 otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from convviz import ConvvizError, from_torch
from convviz.frameworks.parse import torch as torch_parser
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parser import parse_code
from tests.frameworks.parse_cases import Code, Dice, output, report, same_signature, verdict

PLACES = {"nn": nn, "F": F, "torch": torch}


def signatures() -> Iterator[tuple[str, str]]:
    """The modules' own; those of functions are written in C, and their calls are tested below."""
    for name, spec in torch_parser.SPECS.items():
        if name[0].isupper():
            yield name, same_signature(spec.signature, getattr(nn, name).__init__, ("self",))


def _parameters(dice: Dice, axes: int, back: bool) -> tuple[dict[str, Any], tuple[int, int, int]]:
    groups, ins, outs = dice.randint(1, 2), dice.randint(1, 3), dice.randint(1, 3)
    padding: Any = dice.choice([dice.sizes(axes, 0, 3), dice.sizes(axes, 0, 1)])
    others = {
        "stride": dice.sizes(axes, 1, 3),
        "padding": padding if back or dice.random() < 0.8 else dice.choice(["same", "valid"]),
        "dilation": dice.sizes(axes, 1, 2),
        "groups": groups,
    }
    if back:
        others["output_padding"] = dice.sizes(axes, 0, 2)
    return others, (groups, ins, outs)


def module_line(dice: Dice, back: bool) -> tuple[str, tuple[int, ...]]:
    """A line with a convolution's module, and the shape of an input."""
    axes = dice.randint(1, 2)
    others, (groups, ins, outs) = _parameters(dice, axes, back)
    wrong = dice.random() < 0.05
    required = {
        "in_channels": groups * ins,
        "out_channels": groups * outs + wrong,
        "kernel_size": dice.sizes(axes, 1, 4),
    }
    others["bias"] = dice.random() < 0.5
    if dice.random() < 0.3:
        others["padding_mode"] = dice.choice(["zeros", "reflect", "replicate", "circular"])
    name = f"nn.{'ConvTranspose' if back else 'Conv'}{axes}d"
    order = torch_parser.SPECS[name[3:]].signature.positional
    size = (1, groups * ins, *[dice.randint(1, 7) for _ in range(axes)])
    return dice.line(name, required, others, order), size


def module(seed: int, back: bool) -> tuple[str, str]:
    """The numbers of a module whose line was read, and of the module itself through `from_torch`."""
    dice = Dice(seed)
    line, size = module_line(dice, back)
    x = dice.array(*size)
    made: list[nn.Module] = []

    def theirs() -> np.ndarray:
        built = eval(line, PLACES).double()
        for parameter in built.parameters():
            parameter.data = torch.tensor(dice.array(*parameter.shape))
        made.append(built)
        return built(torch.tensor(x)).detach().numpy()

    def ours(parsed: Any) -> np.ndarray:
        live = made[0]
        bias = None if live.bias is None else live.bias.detach().numpy()
        return output(parsed, x, live.weight.detach().numpy(), bias)

    said = verdict(line, ParseHints(input=size[2:]), theirs, ours)
    if said == "value":
        alive = from_torch(made[0], torch.tensor(x))
        if not np.array_equal(alive(), made[0](torch.tensor(x)).detach().numpy()[0]):
            said = "from_torch gives other numbers"
    return f"{line} on {size}", said


def wanted(seed: int) -> tuple[str, str]:
    """`output_size` in the call of a transposed convolution."""
    dice = Dice(seed)
    axes, k, s, p = dice.randint(1, 2), dice.randint(1, 4), dice.randint(1, 4), dice.randint(0, 2)
    cells = tuple(dice.randint(1, 6) for _ in range(axes))
    size = tuple(max(1, (i - 1) * s - 2 * p + k + dice.randint(-1, s)) for i in cells)
    shape = dice.choice([size, (1, 1, *size)])
    line = f"nn.ConvTranspose{axes}d(1, 1, {k}, stride={s}, padding={p}, bias=False)(x, output_size={shape})"
    x, w = dice.array(1, 1, *cells), dice.array(1, 1, *[k] * axes)

    def theirs() -> np.ndarray:
        kind = nn.ConvTranspose1d if axes == 1 else nn.ConvTranspose2d
        built = kind(1, 1, k, stride=s, padding=p, bias=False).double()
        built.weight.data = torch.tensor(w)
        return built(torch.tensor(x), output_size=shape).detach().numpy()

    return f"{line} on {cells}", verdict(line, ParseHints(input=cells), theirs, lambda parsed: output(parsed, x, w))


def function(seed: int) -> tuple[str, str]:
    """Functions, with shapes in the code, or as names."""
    dice = Dice(seed)
    axes, back = dice.randint(1, 2), dice.random() < 0.5
    others, (groups, ins, outs) = _parameters(dice, axes, back)
    kernel = [dice.randint(1, 4) for _ in range(axes)]
    leading = (groups * ins, outs) if back else (groups * outs, ins)
    x, w = dice.array(1, groups * ins, *[dice.randint(1, 7) for _ in range(axes)]), dice.array(*leading, *kernel)
    b = dice.choice([None, dice.array(groups * outs)])
    plain = dice.random() < 0.5
    shapes = {
        "input": Code("x" if plain else f"torch.randn{x.shape}"),
        "weight": Code("w" if plain else f"torch.zeros({w.shape})"),
        "bias": None if b is None else Code("b"),
    }
    shapes["groups"] = others.pop("groups")
    name = f"conv_transpose{axes}d" if back else f"conv{axes}d"
    prefix = dice.choice(["F", "torch", "torch.nn.functional"])
    order = torch_parser.SPECS[name].signature.positional
    line = dice.line(f"{prefix}.{name}", shapes, others, order)
    run = line.replace(str(shapes["input"]), "x").replace(str(shapes["weight"]), "w")
    tensors = {"x": torch.tensor(x), "w": torch.tensor(w), "b": None if b is None else torch.tensor(b)}
    hints = ParseHints(x.shape[2:], w.shape) if plain else ParseHints()
    return line, verdict(
        *(line, hints, lambda: eval(run, {**PLACES, **tensors}).numpy()),
        lambda parsed: output(parsed, x, w, b),
    )


def pooling(seed: int) -> tuple[str, str]:
    """Poolings of both forms."""
    dice = Dice(seed)
    axes, mean, functional = dice.randint(1, 2), dice.random() < 0.5, dice.random() < 0.5
    others = {"stride": dice.sizes(axes, 1, 4), "padding": dice.sizes(axes, 0, 2), "ceil_mode": dice.random() < 0.5}
    others |= {"count_include_pad": dice.random() < 0.5} if mean else {"dilation": dice.sizes(axes, 1, 2)}
    required: dict[str, Any] = {"kernel_size": dice.sizes(axes, 1, 4)}
    name = f"{'avg' if mean else 'max'}_pool{axes}d" if functional else f"{'Avg' if mean else 'Max'}Pool{axes}d"
    required = {"input": Code("x"), **required} if functional else required
    line = dice.line(
        ("F." if functional else "nn.") + name, required, others, torch_parser.SPECS[name].signature.positional
    )
    x = dice.array(1, 2, *[dice.randint(1, 9) for _ in range(axes)])
    run = line if functional else f"{line}(x)"

    def theirs() -> np.ndarray:
        return eval(run, {**PLACES, "x": torch.tensor(x)}).numpy()

    said = verdict(line, ParseHints(x.shape[2:]), theirs, lambda parsed: output(parsed, x, None))
    if said == "value" and not functional:
        live = from_torch(eval(line, PLACES), torch.tensor(x))
        said = said if np.allclose(live(), theirs()[0]) else "from_torch gives other numbers"
    return f"{line} on {x.shape}", said


def printed(seed: int) -> tuple[str, str]:
    """What `print(model)` says of a module means the same layer as the module."""
    dice = Dice(seed)
    line, size = module_line(dice, seed % 2 == 0)
    try:
        live = eval(line, PLACES)
        expected = from_torch(live, size[2:]).layer
    except (ConvvizError, ValueError, RuntimeError):
        return line, "refusal"
    parsed = parse_code(f"  (up): {live}", ParseHints(size[2:]))
    return str(live), "value" if parsed.layer == expected else f"another layer, {parsed.layer}"


def main(count: int) -> int:
    seeds = range(count)
    checks = {
        "signatures of modules": signatures(),
        "convolution modules": (module(seed, False) for seed in seeds),
        "transposed convolution modules": (module(seed, True) for seed in seeds),
        "output_size": (wanted(seed) for seed in seeds),
        "functions": (function(seed) for seed in seeds),
        "poolings": (pooling(seed) for seed in seeds),
        "printed modules": (printed(seed) for seed in seeds),
    }
    return 1 if report(checks, f"torch {torch.__version__}") else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
