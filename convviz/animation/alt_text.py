"""Alt text: a paragraph that says what a picture shows, for those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convviz.errors.printable import count_of
from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.frame_selection import ends_of_steps
from convviz.scene.model import Frame, Scene
from convviz.scene.timing import UNKNOWN
from convviz.text.formatting import MINUS, format_padding, format_per_axis, format_sizes
from convviz.text.lines import Equation
from convviz.views.descriptions import describe_view

AN = re.compile(r"8|11(?!\d)|18(?!\d)")
"""Numbers that are spoken with a vowel in front."""
SIZE_BADGES = tuple(f"{symbol} = " for symbol in "ikspdao")
"""How badges with the sizes of a layer begin, which an operation says in words."""
LONGEST_LINE = 120
"""In characters; a longer sum is shortened in its middle."""


def alt_text(layers: Sequence[Layer], view: str, scene: Scene, strip: int = 0) -> str:
    """What happens, to what, and how it ends; of a still what it shows, and of a filmstrip how many frames it has."""
    last = scene.frames[-1]
    ends = (scene.frames[index] for _, index in sorted(ends_of_steps(scene).items()))
    first = next((frame for frame in ends if _is_complete(frame, scene)), last)
    what = _subject(layers, view, scene)
    if len(scene.frames) == 1:
        step = f"Step {last.number} of {scene.steps} of {what}."
        return " ".join([step, *_shown(layers, view, scene), f"Here, {_says_now(last)}."])
    animation = f"{count_of(strip, 'frame')} of an animation" if strip else "Animation"
    steps = f"{animation} in {count_of(scene.steps, 'step')} of {what}."
    return " ".join([steps, *_shown(layers, view, scene), _course(first, last)])


def _course(first: Frame, last: Frame) -> str:
    """Say how it begins and ends, once if that is the same, and in a sentence whether captions are sentences or not."""
    if isinstance(first.caption, Equation) and isinstance(last.caption, Equation):
        begins, ends, only = "It begins with ", " and ends with ", "It ends with "
    else:
        begins, ends, only = "At first, ", "; at the end, ", "At the end, "
    opening = only if first.caption == last.caption else f"{begins}{_says(first)}{ends}"
    return f"{opening}{_says(last)}."


def _is_complete(frame: Frame, scene: Scene) -> bool:
    """Whether a frame shows a step as it ends, not one of the moments before."""
    is_last = frame.moment in (None, len(scene.moments) - 1)
    return is_last and not (isinstance(frame.caption, Equation) and frame.caption.right == UNKNOWN)


def _subject(layers: Sequence[Layer], view: str, scene: Scene) -> str:
    """What is shown; the parameters of an upsampling and of a comparison are not those of one layer."""
    if len(layers) > 1:
        return f"{len(layers)} layers in a row, {_chain(layers)}"
    if view == "upsample":
        return f"{scene.title.partition(': ')[2]} that upsample by {layers[0].stride[0]}: {scene.sizes}"
    if view == "compare":
        badges = ", ".join(badge.text for badge in scene.badges)
        return f"{layers[0].noun} in {scene.title.partition(' in ')[2]}, with {badges}"
    if view == "train":
        given = ", ".join(badge.text for badge in scene.badges if badge.text[:4] not in SIZE_BADGES)
        return f"{scene.title[0].lower()}{scene.title[1:]}: {_operation(layers[0]).partition(': ')[2]}; {given}"
    return _operation(layers[0])


def _operation(layer: Layer) -> str:
    """`a transposed convolution: a 3×3 kernel with stride 2 and padding 1 turns a 3×3 input into a 5×5 output`."""
    said = [f"stride {format_per_axis(layer.stride)}", f"padding {_padding(layer)}"]
    said += [f"dilation {format_per_axis(layer.dilation)}"] if set(layer.dilation) != {1} else []
    said += [f"output padding {format_per_axis(layer.output_padding)}"] if any(layer.output_padding) else []
    listed = f"{', '.join(said[:-1])} and {said[-1]}"
    turns = f"turns {_grid(layer.input)} input into {_grid(layer.output)} output"
    return f"{layer.noun}: {_grid(layer.kernel)} {layer.window_noun} with {listed} {turns}"


def _padding(layer: Layer) -> str:
    """Return the padding with its name and what it holds, if it holds no zeros: `1 (−∞)`."""
    remarks: list[str] = [layer.named_padding or ""]
    if any(map(any, layer.padding)):
        remarks.append(layer.padding_mode if layer.padding_mode != "zeros" else "")
        remarks.append(f"{MINUS}∞" if isinstance(layer, MaxPool) else "")
        remarks.append("not counted" if isinstance(layer, AvgPool) and not layer.count_include_pad else "")
    said = ", ".join(filter(None, remarks))
    return format_padding(layer.padding) + (f" ({said})" if said else "")


def _grid(shape: Sequence[int]) -> str:
    """`a 3×3`, `an 8×8`, `a 5-cell`."""
    words = format_sizes(shape) if len(shape) > 1 else f"{shape[0]}-cell"
    return f"{'an' if AN.match(words) else 'a'} {words}"


def _chain(layers: Sequence[Layer]) -> str:
    return f"from {_grid(layers[0].input)} input to {_grid(layers[-1].output)} output"


def _shown(layers: Sequence[Layer], view: str, scene: Scene) -> Iterator[str]:
    """The zeros that are inserted and padded, and what the view does."""
    axes = [axis for axis in layers[0].axes if isinstance(axis, ConvTransposeAxis)]
    if axes and len(layers) == 1 and view not in ("upsample", "compare", "train"):
        yield _as_convolution(axes)
    for part in view.split("+"):
        yield describe_view(part if len(layers) == 1 else "stack", layers[0])
    beside = [panel.caption for panel in scene.panels if panel.name in ("input", "kernel", "output")]
    if view == "overlap" and beside:
        yield f"Beside the counts: {', '.join(beside)}."
    if view == "compare":
        yield from (f"{panel.label}: {panel.caption}." for panel in scene.panels)


def _as_convolution(axes: Sequence[ConvTransposeAxis]) -> str:
    """Say which zeros a transposed convolution inserts, and what it pads or crops."""
    zeros = format_per_axis([axis.inserted_zeros for axis in axes])
    border = format_padding([axis.implicit_padding for axis in axes])
    sides = [side for axis in axes for side in axis.implicit_padding]
    crops = "" if min(sides) >= 0 else ", which crops" if max(sides) < 0 else ", which crops where it is negative"
    extra = format_per_axis([axis.output_padding for axis in axes]) if any(axis.output_padding for axis in axes) else ""
    more = f", and a = {extra} more at the end" if extra else ""
    return (
        f"Seen as a convolution with stride 1 and the flipped kernel, z = {zeros} "
        f"{'zero is' if zeros == '1' else 'zeros are'} inserted between neighbouring input cells, and the border is "
        f"p′ = {border}{crops}{more}."
    )


def _says(frame: Frame) -> str:
    line = frame.caption.fitted(LONGEST_LINE)
    return line if isinstance(frame.caption, Equation) else line[0].lower() + line[1:] if line[1:2].islower() else line


def _says_now(frame: Frame) -> str:
    """Return the caption of a still, which may show a moment before anything is computed."""
    caption = frame.caption
    if isinstance(caption, Equation) and caption.right == UNKNOWN and not caption.terms:
        return f"{caption.left} is not computed yet"
    return _says(frame)
