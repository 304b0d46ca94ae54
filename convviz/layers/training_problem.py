"""What a layer has to learn: the output of a target kernel for an example input, with noise if it is wanted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import GeometryError
from convviz.errors.arguments import instance, real_number, whole_number
from convviz.errors.printable import shown
from convviz.layers.arrays import array_of_shape, as_array, shape_text
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.layers.examples import example_kernel
from convviz.layers.kernel_difference import centred
from convviz.layers.kernels import FIXED_KERNELS, KERNEL_NAMES, named_kernel
from convviz.layers.training import LARGEST_VALUE, Problem, check_name

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST_INPUT_VALUE = 2
"""Inputs are whole numbers from −2 to 2: with a mean of 0, one rate suits all taps."""
TARGETS = tuple(sorted([*KERNEL_NAMES, "blur", "edge", "random"]))
"""Named kernels; `blur` is `gaussian`, `edge` is −1 around a centre that makes the sum 0, `random` holds digits."""


def training_problem(
    layer: ConvLayer, target: ArrayLike | str, *, seed: int = 0, noise: float = 0.0, x: ArrayLike | None = None
) -> Problem:
    """Return what `layer` has to learn: the output of the kernel `target`, a name or values of the layer's size.

    A named kernel of another size than the layer's has the same centre. `noise` is the standard deviation of what is
    added to the target output; `seed` chooses it, the input, unless `x` is given, and the kernel `random`. Raises
    `GeometryError` for an unknown name, values that are no kernel of the layer, and noise that is negative or not
    finite.
    """
    instance("layer", layer, ConvLayer)
    deviation, number = real_number("noise", noise), whole_number("seed", seed)
    if not 0 <= deviation < math.inf:
        raise GeometryError(f"noise: expected 0 or more, got {shown(noise)}; try 0.1")
    if layer.padding_mode != "zeros":
        raise GeometryError(f"expected padding with zeros for a training, got {layer.padding_mode}; use zeros")
    random = np.random.RandomState(number % 2**32)  # its numbers are the same in all versions of numpy
    values = random.randint(-LARGEST_INPUT_VALUE, LARGEST_INPUT_VALUE + 1, layer.input)
    given = values if x is None else array_of_shape("input", x, layer.input)
    kernel = _target_kernel(layer, target, number)
    y = output_of(layer, _moderate("input", given), _moderate("target", kernel))
    noisy = _moderate("output", y + deviation * random.standard_normal(layer.output))
    return Problem(layer, given, noisy, kernel, deviation)


def _moderate(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Return values that can be squared. Raises `GeometryError`."""
    if values.size and float(np.abs(values).max()) > LARGEST_VALUE:
        raise GeometryError(f"{name} values: expected up to {LARGEST_VALUE:g}, got larger ones; use smaller numbers")
    return values


def _target_kernel(layer: ConvLayer, target: ArrayLike | str, seed: int) -> NDArray[Any]:
    """Return the values of a target kernel: of a fixed size, of that of an upsampling, or of the layer's."""
    shape = layer.kernel
    if not isinstance(target, str):
        values = as_array("target", target)
        if values.shape != shape:
            raise GeometryError(
                f"target: expected {shape_text(shape)} numbers, the size of the layer's kernel, "
                f"got {shape_text(values.shape)}; use other numbers or another k"
            )
        return values.astype(float)
    check_name("target", target, TARGETS)
    if target == "random":
        return np.asarray(example_kernel(shape, seed), dtype=float)
    if target == "edge":
        return _edge_kernel(shape)
    if target in FIXED_KERNELS:
        if len(shape) != 2:
            raise GeometryError(f"target: expected a kernel for one axis, got {target} for two; try edge or gaussian")
        shape = (len(FIXED_KERNELS[target]), len(FIXED_KERNELS[target][0]))
    elif target == "bilinear" and isinstance(layer, ConvTranspose):
        shape = tuple(2 * factor - factor % 2 for factor in layer.stride)
    return np.asarray(named_kernel("gaussian" if target == "blur" else target, shape), dtype=float)


def _edge_kernel(shape: tuple[int, ...]) -> NDArray[Any]:
    """Return −1 everywhere and n − 1 in the middle of n taps, so that constant inputs give 0."""
    kernel = -np.ones(shape)
    kernel[tuple(size // 2 for size in shape)] = kernel.size - 1
    return kernel


def output_of(layer: ConvLayer, x: NDArray[Any], kernel: NDArray[Any]) -> NDArray[Any]:
    """Return the output of a kernel of any size whose centre is that of the layer's kernel."""
    sizes = tuple(max(pair) for pair in zip(layer.kernel, kernel.shape, strict=True))
    padding = []
    for size, own, (before, after) in zip(sizes, layer.kernel, layer.padding, strict=True):
        padding.append((before + (size - own) // 2, after + size - own - (size - own) // 2))
    given: dict[str, Any] = {"input": layer.input, "kernel": sizes, "stride": layer.stride}
    given |= {"padding": tuple(padding), "dilation": layer.dilation}
    if isinstance(layer, ConvTranspose):
        return ConvTranspose(**given, output_padding=layer.output_padding)(x, centred(kernel, sizes))
    return Conv(**given)(x, centred(kernel, sizes))
