"""One node of an ONNX graph as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convviz.frameworks.names import CLASS_NAMES

Shape = tuple[Any, ...]
"""Whole numbers, or names of symbolic sizes."""
OPERATORS: Mapping[str, str] = {
    **{operator: kind for kind, operator in CLASS_NAMES["onnx"].items()},
    "QLinearConv": "conv",
    "ConvInteger": "conv",
}
"""Operator → kind of layer."""
SHOWN_ATTRIBUTES = (
    *("kernel_shape", "strides", "pads", "auto_pad", "dilations", "group", "output_padding", "output_shape"),
    *("ceil_mode", "count_include_pad"),
)
LETTERS = {
    **{"kernel_shape": "k", "strides": "s", "pads": "p", "dilations": "d", "group": "g", "output_padding": "a"},
    **{"output_shape": "output ", "auto_pad": "", "ceil_mode": "ceil_mode", "count_include_pad": "count_include_pad"},
}
"""Attribute → what its value follows in a table, as in `conv k3 s2 p1`."""
DEFAULTS = {"auto_pad": "NOTSET", "group": 1, "ceil_mode": 0, "count_include_pad": 0}
"""Attribute → its default; strides and dilations are 1, pads and output_padding 0."""
MAX_LABEL_LENGTH = 60
"""Longest name that is printed as part of a command."""


@dataclass(frozen=True)
class Node:
    """One node of a graph, with what is known of its tensors."""

    number: str
    """Index in the graph; in a body `3.then_branch.0`."""
    name: str
    operator: str
    attributes: dict[str, Any]
    output: str
    """Name of its output."""
    input_shape: Shape | None
    output_shape: Shape | None
    is_output_given: bool
    """Whether the file says `output_shape`, rather than that it was inferred."""
    weight_shape: Shape | None
    weight: Any
    """Values of the weights, None if they cannot be had or were not asked for."""
    bias: Any
    has_bias: bool
    without_weight: str
    """Why there are no values, after "the weights are"."""
    without_bias: str

    @property
    def label(self) -> str:
        """Its name, else the name of its output."""
        return self.name or self.output

    @property
    def key(self) -> str:
        """What `--node` takes: its label, or its number if that is shorter by far, or plainer."""
        is_plain = self.label.isprintable() and self.label.isascii() and len(self.label) <= MAX_LABEL_LENGTH
        return self.label if is_plain and self.label and not self.label[0].isdigit() else self.number

    @property
    def kind(self) -> str:
        """Kind of layer: `conv`, `transposed`, `maxpool` or `avgpool`."""
        return OPERATORS[self.operator]

    @property
    def text(self) -> str:
        """Attributes that affect the layer, as text."""
        given = [name for name in SHOWN_ATTRIBUTES if name in self.attributes]
        return ", ".join(f"{name}={_shown(self.attributes[name])}" for name in given)

    @property
    def shown_attributes(self) -> dict[str, Any]:
        """Attributes that affect the layer, as numbers, lists of numbers, or text."""
        given = {name: self.attributes[name] for name in SHOWN_ATTRIBUTES if name in self.attributes}
        return {name: value if _is_plain(value) else printable(str(value)) for name, value in given.items()}

    @property
    def short_text(self) -> str:
        """Attributes that differ from their defaults, in the notation of a stack: `k7 s2 p3`."""
        kernel = {"kernel_shape": self.weight_shape[2:]} if self.weight_shape else {}
        given = {name: value for name, value in {**kernel, **self.attributes}.items() if not self._is_default(name)}
        return " ".join(LETTERS[name] + _short(name, given[name]) for name in LETTERS if name in given)

    def _is_default(self, name: str) -> bool:
        value = self.attributes.get(name)
        ones, zeros = name in ("strides", "dilations"), name in ("pads", "output_padding")
        if isinstance(value, tuple) and (ones or zeros):
            return all(entry == int(ones) for entry in value)
        return name in DEFAULTS and value == DEFAULTS[name]


def _is_plain(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, tuple) and all(isinstance(entry, int) for entry in value))


def _short(name: str, value: Any) -> str:
    """Return a value in few characters: one number if all are equal, nothing for a flag."""
    if name in ("ceil_mode", "count_include_pad"):
        return ""
    if not isinstance(value, tuple) or not value:
        return _shown(value)
    if len(set(value)) == 1:
        return str(value[0])
    half = len(value) // 2
    sides = [f"{before},{after}" for before, after in zip(value[:half], value[half:], strict=False)]
    return "x".join(sides if name == "pads" else map(str, value))


def _shown(value: Any) -> str:
    text = printable(str(value))
    return text if len(text) <= MAX_LABEL_LENGTH else text[: MAX_LABEL_LENGTH - 1] + "…"


def printable(text: str) -> str:
    """Return text whose control characters are written as escapes: `\\x1b`."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def to_python(value: Any) -> Any:
    """Return bytes as text and sequences as tuples."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
