"""Code for the backward pass: a snippet of a layer, and what its framework needs to compute the gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import Snippet, channels_first, channels_last
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool

INDENT = "    "
SHARED = "# Equal maxima of a window share its gradient here; with a pooling layer the first one gets all of it."


def torch(layer: Layer, forward: Snippet) -> Snippet:
    """Return the lines with PyTorch's autograd, which keeps the gradients beside the tensors."""
    at = _after_input(forward)
    head, rest = forward[:at], [line.replace(", bias=False", "") for line in forward[at:]]
    found = "dx = x.grad" if isinstance(layer, Pool) else "dx, dw, db = x.grad, layer.weight.grad, layer.bias.grad"
    backward = ["dy = torch.randn_like(y)  # dL/dy", "y.backward(dy)"]
    return [*head, "x.requires_grad_()", *rest, *backward, f"{found}  # {_shapes(layer, channels_first)}"]


def keras(layer: Layer, forward: Snippet) -> Snippet:
    """Return the lines with TensorFlow's tape, which records what Keras computes.

    The bias is added at the end: a bias in the layer would miss zeros that are appended behind it.
    """
    at = _after_input(forward)
    imports = forward.index("import keras") + 1
    head = [*forward[:imports], "import tensorflow as tf  # the backend of Keras", *forward[imports:at]]
    definitions = [line for line in forward[at:] if _is_definition(line)]
    computed = [line for line in forward[at:] if not _is_definition(line)]
    notes = [SHARED] if any("keras.ops.max(" in line for line in computed) else []
    variables, found = "x", "dx"
    if not isinstance(layer, Pool):
        definitions.append("b = tf.Variable([0.0])  # bias")
        computed.append("y = y + b")
        variables, found = "[x, layer.kernel, b]", "dx, dw, db"
    shapes = _shapes(layer, channels_last, lambda shape: (*shape, 1, 1))
    return [
        *notes,
        *head,
        f"dy = keras.random.normal({channels_last(layer.output)})  # dL/dy",
        *definitions,
        "with tf.GradientTape() as tape:",
        f"{INDENT}tape.watch(x)",
        *(INDENT + line for line in computed),
        f"{found} = tape.gradient(y, {variables}, output_gradients=dy)  # {shapes}",
    ]


def _is_definition(line: str) -> bool:
    """Whether a line of Keras code defines a layer or a function, and computes nothing."""
    return "= keras.layers." in line or not line or line.startswith(("def ", INDENT))


def jax(layer: Layer, forward: Snippet) -> Snippet:
    """Return the lines with `jax.grad`, of the loss L = Σ y dL/dy, whose gradient with respect to y is dL/dy.

    Raises `GeometryError` for a dilated max pooling, whose gradient JAX does not compute.
    """
    if isinstance(layer, MaxPool) and set(layer.dilation) != {1}:
        raise GeometryError("JAX computes no gradient of a max pooling with dilation; use torch or keras")
    at = _after_input(forward) + (not isinstance(layer, Pool))
    names = "x" if isinstance(layer, Pool) else "x, w, b"
    added = [] if isinstance(layer, Pool) else ["y = y + b"]
    arguments = "" if isinstance(layer, Pool) else ", argnums=(0, 1, 2)"
    found, given = ("dx", "x") if isinstance(layer, Pool) else ("dx, dw, db", "x, w, 0.0")
    return [
        *forward[:at],
        f"dy = jax.random.normal(jax.random.key(2), {channels_first(layer.output)})  # dL/dy",
        "",
        f"def loss({names}):",
        *(INDENT + line for line in (*forward[at:], *added, "return (y * dy).sum()")),
        "",
        f"{found} = jax.grad(loss{arguments})({given})  # {_shapes(layer, channels_first, bias='()')}",
    ]


def _after_input(forward: Snippet) -> int:
    """Return the number of the line behind the input."""
    return next(number for number, line in enumerate(forward, start=1) if line.startswith("x = "))


def _shapes(
    layer: Layer,
    with_channels: Callable[[tuple[int, ...]], str],
    of_kernel: Callable[[tuple[int, ...]], tuple[int, ...]] | None = None,
    bias: str = "(1,)",
) -> str:
    """Return the shapes of the gradients: those of the input, the kernel and the bias."""
    if isinstance(layer, Pool):
        return with_channels(layer.input)
    kernel = str(of_kernel(layer.kernel)) if of_kernel else with_channels(layer.kernel)
    return ", ".join([with_channels(layer.input), kernel, bias])


BACKWARD: Mapping[str, Callable[[Layer, Snippet], Snippet]] = {"torch": torch, "keras": keras, "jax": jax}


def with_gradients(layer: Layer, framework: str, forward: Snippet) -> Snippet:
    """Return a snippet that computes the gradients, too. Raises `GeometryError` where a framework has no autograd."""
    if framework not in BACKWARD:
        raise GeometryError(f"{framework} computes no gradients; expected one of {', '.join(BACKWARD)}")
    return BACKWARD[framework](layer, forward)
