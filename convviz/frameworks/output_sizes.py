"""What each framework's output padding chooses for a transposed convolution, in words."""

from __future__ import annotations

from convviz.analysis.size_notes import MOST_LISTED, OutputPaddingNote
from convviz.geometry.axis import ConvTransposeAxis
from convviz.geometry.padding import default_output

WITHOUT_OUTPUT_PADDING = ("JAX", "Flax")
"""How the titles of frameworks without output padding begin."""


def keras_output_sizes(padding: str) -> OutputPaddingNote:
    """Return the note for Keras: o = (i − 1)s + ke + a, for `same` 2·⌊ke/2⌋ fewer; without a, what the name gives."""

    def note(axis: ConvTransposeAxis) -> str:
        kernel, stride = axis.effective_kernel, axis.stride
        crop = kernel // 2 * 2 if padding == "same" else 0
        smallest = (axis.input - 1) * stride + kernel - crop
        given = [f"{a} gives {smallest + a}" for a in range(stride) if smallest + a >= 1]
        if len(given) > MOST_LISTED:
            given = [*given[: MOST_LISTED - 1], "…", given[-1]]
        default = default_output(padding, axis.input, kernel, stride)
        return f"Keras's output_padding chooses: {', '.join(given)}, and None gives {default}"

    return OutputPaddingNote(note, padding)


def required_output_size() -> OutputPaddingNote:
    """Return the note for a function that is given the output size, as those of `tf.nn` are."""
    return OutputPaddingNote(lambda axis: f"output_shape chooses, here {axis.output}")


def no_output_padding(framework: str) -> OutputPaddingNote:
    """Return the note for a framework without output padding."""
    return OutputPaddingNote(lambda axis: f"{framework} has no output padding, and gives {axis.output}")
