"""JAX: `lax.conv_transpose`, `lax.conv_general_dilated` and their short forms.

JAX flips the kernel of a transposed convolution unless `transpose_kernel=True`, and padding in numbers applies to the
zero-inserted input: (p, q) crops d(k−1) − p cells before and d(k−1) − q after.
"""

from __future__ import annotations

from convviz.errors import ReadingError
from convviz.frameworks.names import TITLES
from convviz.frameworks.parse.arguments import Arguments, Signature, format_argument
from convviz.frameworks.parse.channels import Count, Groups, check_groups, format_shape, groups_note, times_groups
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.jax_padding import Padding, padding_argument, padding_name
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer, effective_kernels
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import Symbol
from convviz.geometry.padding import PADDING_MODES, PADDING_RULES, PaddingModeName
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer

DimensionNumbers = tuple[str, str]
"""Letters of the axes of lhs and rhs: N batch, C channels, O and I output and input channels, H and W sizes."""
TRANSPOSED_AXES: dict[int, DimensionNumbers] = {1: ("NHC", "HIO"), 2: ("NHWC", "HWIO")}
CONV_AXES: dict[int, DimensionNumbers] = {1: ("NCH", "OIH"), 2: ("NCHW", "OIHW")}
FLIPPED_KERNEL = (
    "JAX flips the kernel unless transpose_kernel=True: each input cell adds a copy rotated by 180°, and over the "
    "zero-inserted input the kernel slides as given"
)


def parse_conv_transpose(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `lax.conv_transpose`, with channels last unless `dimension_numbers` differ."""
    operands = _Operands(arguments, hints, TRANSPOSED_AXES, swap_channels=arguments.flag("transpose_kernel"))
    sizes = {
        "input": operands.input,
        "kernel": operands.kernel,
        "stride": arguments.sizes("strides", operands.axes, "stride"),
        "dilation": arguments.sizes_or_ones("rhs_dilation", operands.axes, "dilation"),
    }
    padding = padding_argument(arguments, operands.axes)
    if arguments.flag("use_consistent_padding"):
        padding = _consistent_padding(arguments, padding, effective_kernels(sizes["kernel"], sizes["dilation"]))
    return operands.parsed(spec, transposed_layer(sizes, padding), flipped=not arguments["transpose_kernel"])


def _consistent_padding(arguments: Arguments, padding: Padding, kernels: Sizes) -> Padding:
    """Return padding that crops the output, as in the other frameworks, as JAX's: of the zero-inserted input."""
    if not isinstance(padding, str):
        return tuple((ke - 1 - before, ke - 1 - after) for ke, (before, after) in zip(kernels, padding, strict=True))
    if padding not in ("SAME", "VALID"):
        raise arguments.invalid("padding", "'SAME', 'VALID' or pairs (before, after) with use_consistent_padding")
    return padding


def parse_conv(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `lax.conv_general_dilated`; `lhs_dilation` makes it a transposed convolution."""
    operands = _Operands(arguments, hints, CONV_AXES)
    if arguments["batch_group_count"] not in (None, 1):
        raise ReadingError("batch_group_count splits the batch, which is not drawn; remove it")
    groups = arguments.groups("feature_group_count") if "feature_group_count" in arguments.defaults else 1
    sizes = {
        "input": operands.input,
        "kernel": operands.kernel,
        "stride": arguments.sizes("window_strides", operands.axes, "stride"),
    }
    padding = padding_argument(arguments, operands.axes)
    input_dilation = arguments.sizes_or_ones("lhs_dilation", operands.axes, "stride")
    sizes["dilation"] = arguments.sizes_or_ones("rhs_dilation", operands.axes, "dilation")
    layer, flipped = dilated_layer(sizes, padding, input_dilation)
    return operands.parsed(spec, layer, flipped, groups)


class _Operands:
    """Sizes and channels of `lhs` and `rhs`, whose shapes come from the code or the hints."""

    def __init__(
        self,
        arguments: Arguments,
        hints: ParseHints,
        defaults: dict[int, DimensionNumbers],
        swap_channels: bool = False,
    ) -> None:
        lhs, rhs = arguments.shape("lhs"), arguments.shape("rhs") or hints.weight
        if rhs is None:
            name = format_argument(arguments["rhs"])
            raise ReadingError(f"the shape of rhs={name} is unknown; try --weight 3,3,64,32")
        self.axes = len(rhs) - 2
        if self.axes not in defaults:
            raise ReadingError(f"expected rhs with 3 or 4 axes, as one or two dimensions are drawn, got {len(rhs)}")
        self._rhs = rhs
        self._arguments = arguments
        self._lhs_axes, rhs_axes = _dimension_numbers(arguments, defaults[self.axes])
        self.kernel = tuple(rhs[index] for index in _spatial_axes(rhs_axes))
        self.in_channels, self.out_channels = rhs[rhs_axes.index("I")], rhs[rhs_axes.index("O")]
        if swap_channels:
            self.in_channels, self.out_channels = self.out_channels, self.in_channels
        cells, self._lhs_channels = None, None
        if lhs is not None:
            if len(lhs) != len(rhs):
                raise ReadingError(f"expected lhs and rhs with as many axes, got {len(lhs)} and {len(rhs)}")
            cells = tuple(lhs[index] for index in _spatial_axes(self._lhs_axes))
            self._lhs_channels = lhs[self._lhs_axes.index("C")]
        self.input = hints.input_size(self.axes, cells)

    def parsed(self, spec: LayerSpec, layer: Layer, flipped: bool = False, groups: Groups = 1) -> ParsedLayer:
        in_channels: Count = times_groups(self.in_channels, groups)
        if isinstance(groups, Symbol) and self._lhs_channels is not None:
            in_channels, groups = self._lhs_channels, self._lhs_channels // self.in_channels
        if self._lhs_channels not in (None, in_channels):
            raise ReadingError(f"expected lhs with {in_channels} channels, as rhs has, got {self._lhs_channels}")
        check_groups(groups, channels=self.out_channels)
        return ParsedLayer(
            *(spec.framework, spec.name, layer, in_channels, self.out_channels, groups),
            channels_last=self._lhs_axes.endswith("C"),
            flipped=flipped,
            notes=(FLIPPED_KERNEL,) * flipped + groups_note("feature_group_count", groups, in_channels),
            arguments=self._arguments.text,
            weight_shape=format_shape(*self._rhs),
        )


def _dimension_numbers(arguments: Arguments, default: DimensionNumbers) -> DimensionNumbers:
    """Return the letters of the axes of lhs and rhs. Raises `ReadingError`."""
    value = arguments["dimension_numbers"]
    if value is None:
        return default
    strings = (*default, default[0])
    letters = [sorted(axes) for axes in strings]
    if not isinstance(value, tuple) or [sorted(v) if isinstance(v, str) else None for v in value] != letters:
        raise arguments.invalid("dimension_numbers", f"three strings such as {strings}")
    return value[0], value[1]


def _spatial_axes(letters: str) -> list[int]:
    """Return the positions of the spatial axes, rows first."""
    return [letters.index(letter) for letter in "HW" if letter in letters]


def transposed_layer(sizes: dict[str, Sizes], padding: Padding) -> Layer:
    """Return the layer of `lax.conv_transpose`; only 'SAME' and 'VALID' in capitals are padding of its output."""
    if padding in ("SAME", "VALID"):
        assert isinstance(padding, str)
        name = padding_name(padding)
        return build_layer(lambda: ConvTranspose(padding=name, **sizes))
    ones = (1,) * len(sizes["input"])
    return dilated_layer(sizes | {"stride": ones}, padding, sizes["stride"], is_transposed=True)[0]


def dilated_layer(
    sizes: dict[str, Sizes], padding: Padding, input_dilation: Sizes, is_transposed: bool = False
) -> tuple[Layer, bool]:
    """Return a convolution over an input with zeros inserted, and whether it is transposed, with a flipped kernel."""
    if not is_transposed and set(input_dilation) == {1}:
        return conv_layer(sizes, padding), False
    if set(sizes["stride"]) != {1}:
        raise ReadingError("a stride together with zeros between the input cells is neither kind of layer; use one")
    kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
    if isinstance(padding, str):
        if set(input_dilation) != {1}:
            raise ReadingError(f"JAX refuses padding={padding!r} with zeros between input cells; use pairs of numbers")
        rule = PADDING_RULES[padding_name(padding)]
        padding = tuple(rule(i, ke, 1) for i, ke in zip(sizes["input"], kernels, strict=True))
    crops = [(ke - 1 - before, ke - 1 - after) for ke, (before, after) in zip(kernels, padding, strict=True)]
    if min(before for before, _ in crops) < 0:
        raise ReadingError(
            f"padding={padding} puts zeros before the output, which is not drawn; use at most {min(kernels) - 1}"
        )
    sides = tuple((before, max(after, 0)) for before, after in crops)
    output_padding = tuple(max(-after, 0) for _, after in crops)
    sizes = sizes | {"stride": input_dilation, "output_padding": output_padding}
    return build_layer(lambda: ConvTranspose(padding=sides, **sizes)), True


def conv_layer(sizes: dict[str, Sizes], padding: Padding, mode: PaddingModeName = "zeros") -> Layer:
    """Return a convolution with padding that is not negative."""
    if not isinstance(padding, str) and min(map(min, padding)) < 0:
        raise ReadingError(f"padding={padding} is negative: JAX crops the input, which is not drawn; use 0 or more")
    checked = padding_name(padding) if isinstance(padding, str) else padding
    try:
        return build_layer(lambda: Conv(padding=checked, padding_mode=mode, **sizes))
    except ReadingError as error:
        raise ReadingError(f"{error}{_jax_result(sizes, checked, mode)}") from None


def _jax_result(sizes: dict[str, Sizes], padding: Padding, mode: str) -> str:
    """Return what JAX does with a convolution that convviz refuses, in parentheses."""
    kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
    for axis, (i, ke) in enumerate(zip(sizes["input"], kernels, strict=True)):
        sides = PADDING_RULES[padding](i, ke, sizes["stride"][axis]) if isinstance(padding, str) else padding[axis]
        largest = PADDING_MODES[mode].largest(i)
        if largest is not None and max(sides) > largest:
            return " (JAX repeats the input, which is not drawn)"
        if i + sum(sides) < ke:
            return " (JAX gives an empty array)"
    return ""


PRECISION = "precision=None, preferred_element_type=None"
SIGNATURES = {
    "conv_transpose": (
        "lhs, rhs, strides, padding, rhs_dilation=None, dimension_numbers=None, transpose_kernel=False, "
        f"{PRECISION}, use_consistent_padding=False"
    ),
    "conv_general_dilated": (
        "lhs, rhs, window_strides, padding, lhs_dilation=None, rhs_dilation=None, dimension_numbers=None, "
        f"feature_group_count=1, batch_group_count=1, {PRECISION}, out_sharding=None"
    ),
    "conv": f"lhs, rhs, window_strides, padding, {PRECISION}",
    "conv_with_general_padding": f"lhs, rhs, window_strides, padding, lhs_dilation, rhs_dilation, {PRECISION}",
}


def _spec(name: str, signature: str) -> LayerSpec:
    kind, make = ("transposed", parse_conv_transpose) if name == "conv_transpose" else ("conv", parse_conv)
    return LayerSpec(TITLES["jax"], f"lax.{name}", kind, Signature(signature), make, input="lhs")


SPECS = {name: _spec(name, signature) for name, signature in SIGNATURES.items()}
"""Layers by name."""


def prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name."""
    return ("lax", "jax.lax")
