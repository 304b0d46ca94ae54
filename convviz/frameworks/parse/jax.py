"""JAX: `lax.conv_transpose`, `lax.conv_general_dilated` and their short forms.

JAX's transposed convolution stamps the kernel turned by 180° unless `transpose_kernel=True`, and padding in numbers
is that of the zero-inserted input: (p, q) crops d(k−1) − p before and d(k−1) − q after.
"""

from __future__ import annotations

from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature, shown
from convviz.frameworks.parse.call import Name
from convviz.frameworks.parse.parsed_layer import LayerSpec, ParsedLayer, ParseHints, Sizes, built, divided, tensor
from convviz.geometry.padding import PADDING_RULES, PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer

FRAMEWORK = "JAX"
PREFIXES = ("lax", "jax.lax")
Pads = str | tuple[PaddingPair, ...]
TURNED = (
    "the kernel is stamped turned by 180°, as JAX does unless transpose_kernel=True; over the inserted zeros it slides "
    "as it was written"
)
LATE = "precision=None, preferred_element_type=None"

SPECS = {1: ("NHC", "HIO"), 2: ("NHWC", "HWIO")}


def transposed(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`lax.conv_transpose`: channels last unless `dimension_numbers` says otherwise."""
    facts = _Arrays(given, asked, SPECS, swapped=given.flag("transpose_kernel"))
    axes = facts.axes
    stride = given.sizes("strides", axes, "stride")
    dilation = several(given, "rhs_dilation", axes, "dilation")
    pads = padding_of(given, axes)
    consistent = given.flag("use_consistent_padding")
    if consistent and isinstance(pads, str) and pads not in ("SAME", "VALID"):
        raise given.wrong("padding", "'SAME', 'VALID' or pairs, which use_consistent_padding takes")
    if consistent and not isinstance(pads, str):
        pads = tuple(
            (d * (k - 1) - before, d * (k - 1) - after)
            for (before, after), k, d in zip(pads, facts.kernel, dilation, strict=True)
        )
    layer = stamped(facts.cells, facts.kernel, stride, dilation, pads)
    return facts.found(row, layer, flipped=not given["transpose_kernel"])


def general(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`lax.conv_general_dilated`: with `lhs_dilation` a transposed convolution of the turned kernel."""
    facts = _Arrays(given, asked, {1: ("NCH", "OIH"), 2: ("NCHW", "OIHW")})
    axes = facts.axes
    if given["batch_group_count"] not in (None, 1):
        raise ReadingError("batch_group_count splits the batch, which a picture does not show; leave it out")
    groups = given.groups("feature_group_count") if "feature_group_count" in given.defaults else 1
    layer, flipped = dilated(
        facts.cells,
        facts.kernel,
        given.sizes("window_strides", axes, "stride"),
        padding_of(given, axes),
        several(given, "lhs_dilation", axes, "stride"),
        several(given, "rhs_dilation", axes, "dilation"),
    )
    return facts.found(row, layer, flipped, groups)


class _Arrays:
    """The cells, kernel and channels of `lhs` and `rhs`, whose shapes the code or the options say."""

    def __init__(
        self, given: Arguments, asked: ParseHints, specs: dict[int, tuple[str, str]], swapped: bool = False
    ) -> None:
        left, right = given.shape("lhs"), given.shape("rhs") or asked.weight
        if right is None:
            raise ReadingError(f"the shape of rhs={shown(given['rhs'])} is not known; give it: --weight 3,3,64,32")
        self.axes = len(right) - 2
        if self.axes not in specs:
            raise ReadingError(f"rhs has {len(right)} sizes; expected 3 or 4, as convviz draws one and two dimensions")
        self._right = right
        self._given, self._specs = given, self._numbers(given, specs[self.axes])
        lhs, rhs = self._specs
        self.kernel = tuple(right[place] for place in _spatial(rhs, "IO"))
        self.inputs, self.outputs = right[rhs.index("I")], right[rhs.index("O")]
        if swapped:
            self.inputs, self.outputs = self.outputs, self.inputs
        size, self.channels = None, None
        if left is not None:
            if len(left) != len(right):
                raise ReadingError(f"lhs has {len(left)} sizes and rhs {len(right)}; expected as many")
            size, self.channels = tuple(left[place] for place in _spatial(lhs, "NC")), left[lhs.index("C")]
        self.cells = asked.cells(self.axes, size)

    def _numbers(self, given: Arguments, plain: tuple[str, str]) -> tuple[str, str]:
        """How the axes of lhs and rhs are called."""
        value = given["dimension_numbers"]
        if value is None:
            return plain
        sorts = [sorted(spec) for spec in (plain[0], plain[1], plain[0])]
        if not (
            isinstance(value, tuple) and [sorted(spec) if isinstance(spec, str) else None for spec in value] == sorts
        ):
            raise given.wrong("dimension_numbers", f"three texts such as {(*plain, plain[0])}")
        return value[0], value[1]

    def found(self, row: LayerSpec, layer: Layer, flipped: bool = False, groups: int = 1) -> ParsedLayer:
        if self.channels is not None and self.channels != self.inputs * groups:
            raise ReadingError(
                f"lhs has {self.channels} channels, but rhs takes {self.inputs * groups}; change one of them"
            )
        divided(groups, channels=self.outputs)
        last = self._specs[0].index("C") == len(self._specs[0]) - 1

        return ParsedLayer(
            *(row.framework, row.name, layer, self.inputs * groups, self.outputs, groups, False, last, flipped),
            notes=(TURNED,) if flipped else (),
            said=self._given.text,
            weight=tensor(*self._right),
        )


def _spatial(spec: str, others: str) -> list[int]:
    """Where the spatial axes stand, rows first."""
    return [spec.index(letter) for letter in "HW" if letter in spec and letter not in others]


def padding_of(given: Arguments, axes: int) -> Pads:
    """Padding by name, or (before, after) for each axis."""
    value = given["padding"]
    if isinstance(value, Name) and "Padding" in value.text:
        value = value.text.rpartition(".")[2]
    if isinstance(value, str):
        return value
    pairs = value if isinstance(value, tuple) else ()
    if len(pairs) != axes or not all(is_pair(pair) for pair in pairs):
        raise given.wrong("padding", f"'SAME', 'VALID' or {axes} pair{'s' * (axes > 1)} (before, after)")
    return tuple(pairs)


def is_pair(value: Any) -> bool:
    """Whether a value is (before, after)."""
    return isinstance(value, tuple) and len(value) == 2 and all(type(side) is int for side in value)


def several(given: Arguments, name: str, axes: int, parameter: str) -> Sizes:
    """One number for each axis, 1 where nothing is given."""
    return (1,) * axes if given[name] is None else given.sizes(name, axes, parameter)


def named(name: str) -> str:
    """A padding's name as convviz has it."""
    plain = name.lower()
    if plain not in ("same", "valid", "same_lower"):
        raise ReadingError(f"padding={name!r} is not 'SAME', 'SAME_LOWER', 'VALID' or pairs (before, after)")
    return plain


def stamped(input: Sizes, kernel: Sizes, stride: Sizes, dilation: Sizes, pads: Pads) -> Layer:
    """`lax.conv_transpose`; 'SAME' and 'VALID' in capitals are the transposed ones."""
    if pads in ("SAME", "VALID"):
        assert isinstance(pads, str)
        name = pads.lower()
        return built(lambda: ConvTranspose(input, kernel, stride, name, dilation))
    return dilated(input, kernel, (1,) * len(input), pads, stride, dilation, transposed=True)[0]


def dilated(
    input: Sizes, kernel: Sizes, stride: Sizes, pads: Pads, spread: Sizes, dilation: Sizes, transposed: bool = False
) -> tuple[Layer, bool]:
    """A convolution over an input with zeros inserted, and whether it became a transposed one, of the turned kernel."""
    if not transposed and set(spread) == {1}:
        return forward(input, kernel, stride, pads, dilation), False
    if set(stride) != {1}:
        raise ReadingError("a stride together with zeros between the input cells is neither kind of layer; use one")
    reaches = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if isinstance(pads, str):
        if set(spread) != {1}:
            raise ReadingError(f"JAX refuses padding={pads!r} with zeros between input cells; use pairs of numbers")
        pads = tuple(
            PADDING_RULES[named(pads)](i, effective_kernel, 1)
            for i, effective_kernel in zip(input, reaches, strict=True)
        )
    crops = [
        (effective_kernel - 1 - p, effective_kernel - 1 - q)
        for effective_kernel, (p, q) in zip(reaches, pads, strict=True)
    ]
    if min(before for before, _ in crops) < 0:
        largest = min(reaches) - 1
        raise ReadingError(
            f"padding={pads} puts zeros in front of the output, which is not drawn; use at most {largest}"
        )
    sides = tuple((before, max(after, 0)) for before, after in crops)
    extra = tuple(max(-after, 0) for _, after in crops)
    return built(lambda: ConvTranspose(input, kernel, spread, sides, dilation, extra)), True


def forward(input: Sizes, kernel: Sizes, stride: Sizes, pads: Pads, dilation: Sizes, mode: str = "zeros") -> Layer:
    """A convolution, whose padding is never negative."""
    padding = named(pads) if isinstance(pads, str) else pads
    if not isinstance(pads, str) and min(min(sides) for sides in pads) < 0:
        raise ReadingError(f"padding={pads} is negative: JAX crops the input, which is not drawn; use 0 or more")
    try:
        return built(lambda: Conv(input, kernel, stride, padding, dilation, mode))
    except ReadingError as error:
        differs = {
            "does not fit": "gives an empty array",
            " is too large for ": "goes around again, which is not drawn",
        }
        theirs = [f" (JAX {does})" for words, does in differs.items() if words in str(error)]
        raise ReadingError(f"{error}{''.join(theirs)}") from None


ROWS = {
    "conv_transpose": LayerSpec(
        FRAMEWORK,
        "lax.conv_transpose",
        Signature(
            "lhs, rhs, strides, padding, rhs_dilation=None, dimension_numbers=None, transpose_kernel=False, "
            f"{LATE}, use_consistent_padding=False"
        ),
        transposed,
    ),
    "conv_general_dilated": LayerSpec(
        FRAMEWORK,
        "lax.conv_general_dilated",
        Signature(
            "lhs, rhs, window_strides, padding, lhs_dilation=None, rhs_dilation=None, dimension_numbers=None, "
            f"feature_group_count=1, batch_group_count=1, {LATE}, out_sharding=None"
        ),
        general,
    ),
    "conv": LayerSpec(FRAMEWORK, "lax.conv", Signature(f"lhs, rhs, window_strides, padding, {LATE}"), general),
    "conv_with_general_padding": LayerSpec(
        FRAMEWORK,
        "lax.conv_with_general_padding",
        Signature(f"lhs, rhs, window_strides, padding, lhs_dilation, rhs_dilation, {LATE}"),
        general,
    ),
}
"""Name → layer."""


def prefixes(_name: str) -> tuple[str, ...]:
    """What may stand before a name."""
    return PREFIXES
