"""Layers that are no convolution and no pooling with a fixed window: what they are, for a refusal that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class OtherKind(NamedTuple):
    """A kind of layer that is not drawn."""

    names: str
    """Regular expression of the names of its classes and functions, without regard to case."""
    text: str
    """What it is, and what comes nearest."""


OTHER_KINDS = (
    OtherKind(
        r"upsample(_?(nearest|bilinear))?|upsampling(nearest|bilinear)?(1d|2d|3d)?|interpolate|resize(_\w+|2d)?",
        "an interpolation, which has no kernel of weights, so that it is not read; for one as a transposed convolution "
        "see convviz transposed -i 4 -k 4 -s 2 -p 1 --kernel-values bilinear",
    ),
    OtherKind(
        r"pad|\w*padding[123]d|(zero|constant|reflection|replication|circular)_?pad(ding)?[123]d|mirror_?pad",
        "padding; give it together with the convolution behind it, such as "
        "nn.Sequential(nn.ZeroPad2d(1), nn.Conv2d(3, 8, 3)) or F.conv2d(F.pad(x, (1, 1, 1, 1)), w)",
    ),
    OtherKind(
        r"\w*(conv|pool|convolution)\w*_?3d\w*|convolution3d|deconvolution3d|\w*3d",
        "a layer of three dimensions; expected a layer of one or two dimensions",
    ),
    OtherKind(
        r"adaptive_?(avg|max|average)_?pool(ing)?_?[12]d",
        "an adaptive pooling: it is given the output size, and its windows follow from the input and may differ in "
        "length; if the input is a multiple n of the output, it is a pooling with kernel n and stride n",
    ),
    OtherKind(
        r"global(_?(avg|average|max|lp))_?pool(ing)?(_?[12]d)?|reduce_?(mean|max)",
        "a global pooling: its window is the whole input, and each channel becomes one cell; it is a pooling whose "
        "kernel is the size of the input",
    ),
    OtherKind(r"(center_?)?crop(ping)?[123]?d?|chomp1?d?", "a crop: it cuts cells off at the ends"),
    OtherKind(r"max_?unpool(ing)?_?[12]?d?", "an unpooling: it puts values back where a max pooling found them"),
    OtherKind(r"(fractional_?max|lp|lp_|power_average_|fractional_max_)_?pool_?[12]?d?", "a pooling of another kind"),
    OtherKind(
        r"unfold|fold|extract_(image_)?patches|im2col|col2im",
        "a rearrangement of patches into columns (im2col) or back, without a kernel of weights",
    ),
    OtherKind(
        r"pixel_?(un)?shuffle|depth_?to_?space|space_?to_?depth|subpixel\w*",
        "a rearrangement of channels into cells or back (sub-pixel convolution, together with the convolution before "
        "it), without a kernel",
    ),
    OtherKind(
        r"separable_?conv(olution)?_?[12]d",
        "a depthwise and a pointwise convolution in a row; give one of the two, such as "
        "nn.Conv2d(8, 8, 3, groups=8) or nn.Conv2d(8, 16, 1)",
    ),
    OtherKind(
        r"depthwise_?conv(olution)?_?[12]d(_native)?",
        "a convolution with a kernel of its own for each channel; give it with groups, such as "
        "nn.Conv2d(8, 8, 3, groups=8)",
    ),
    OtherKind(
        r"deform(able)?_?conv(olution)?_?(2d)?", "a deformable convolution, whose cells under the kernel are learned"
    ),
    OtherKind(r"locally_?connected_?[12]d", "a layer with another kernel for each output cell"),
    OtherKind(r"(identity|flatten|(alpha_|spatial_)?dropout_?[12]?d?)", "a layer without a kernel"),
    OtherKind(r"\w*(batch|instance|group|layer)_?norm(alization)?(_?[12]d)?", "a normalization, without a kernel"),
    OtherKind(
        r"linear|dense|gemm|matmul",
        "a layer that connects each input with each output; "
        "expected a convolution, a transposed convolution or a pooling",
    ),
    OtherKind(r"(leaky_?|p)?relu6?|gelu|silu|sigmoid|tanh|softmax(2d)?|elu|swish", "an activation, without a kernel"),
)
CHANGES_SIZES = OTHER_KINDS[:10]
"""Kinds that a layer may be read next to, but whose own effect on the size is not drawn."""


def other_kind(name: str, kinds: Iterable[OtherKind] = OTHER_KINDS) -> str | None:
    """Return what a class, function or operator is that is not read, None if it is not known."""
    return next((kind.text for kind in kinds if re.fullmatch(kind.names, name, re.IGNORECASE | re.ASCII)), None)
