"""From the name of a call to the layers of frameworks that it may mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from convviz.errors import ReadingError
from convviz.frameworks.names import ParsedName, unknown_framework
from convviz.frameworks.parse import flax, jax, keras, keras1, mlx, paddle, tensorflow, torch
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.other_kinds import other_kind
from convviz.frameworks.parse.syntax import truncate


class Module(NamedTuple):
    """The layers of a module by name, and the prefixes that a name may have."""

    specs: Mapping[str, LayerSpec]
    prefixes: Callable[[str], tuple[str, ...]]
    needs_prefix: bool = False
    """Whether a name without one of the prefixes is not looked up here unless the framework is given."""
    accepts: Callable[[Call], bool] = lambda _call: True
    """Whether a call with one of the prefixes, which other frameworks have, too, is of this one."""


MODULES: Mapping[ParsedName, tuple[Module, ...]] = {
    "torch": (Module(torch.SPECS, torch.prefixes),),
    "keras": (Module(keras1.SPECS, keras.prefixes), Module(keras.SPECS, keras.prefixes)),
    "jax": (
        Module(jax.SPECS, jax.prefixes),
        Module(flax.LINEN_SPECS, flax.linen_prefixes),
        Module(flax.NNX_SPECS, flax.nnx_prefixes),
    ),
    "tensorflow": (
        Module(tensorflow.NN_SPECS, tensorflow.nn_prefixes, True),
        Module(tensorflow.LAYERS_SPECS, tensorflow.layers_prefixes, True),
    ),
    "paddle": (Module(paddle.SPECS, paddle.prefixes, True, paddle.accepts),),
    "mlx": (Module(mlx.SPECS, mlx.prefixes, True),),
}
FOREIGN = {
    "slim": ("TF-Slim", "layers.Conv2D(8, 3, padding='same')"),
    "tf.contrib": ("TF-Slim", "layers.Conv2D(8, 3, padding='same')"),
    "hk": ("Haiku", "nn.Conv(8, (3, 3))"),
    "haiku": ("Haiku", "nn.Conv(8, (3, 3))"),
    "snt": ("Sonnet", "layers.Conv2D(8, 3, padding='same')"),
    "sonnet": ("Sonnet", "layers.Conv2D(8, 3, padding='same')"),
    "eqx": ("Equinox", "nn.Conv2d(3, 8, 3)"),
    "equinox": ("Equinox", "nn.Conv2d(3, 8, 3)"),
    "gluon": ("MXNet", "nn.Conv2d(3, 8, 3)"),
    "mx": ("MXNet", "nn.Conv2d(3, 8, 3)"),
    "mxnet": ("MXNet", "nn.Conv2d(3, 8, 3)"),
    "chainer": ("Chainer", "nn.Conv2d(3, 8, 3)"),
    "tflearn": ("TFLearn", "layers.Conv2D(8, 3, padding='same')"),
}
"""First words of a prefix → framework that is not read, and the nearest layer that is."""
SHARED_NAMES = ("Conv", "ConvTranspose")
"""Names of Flax that many projects give to layers of their own."""
HELPER_NAMES = ("conv", "max_pool", "avg_pool")
"""Names of JAX and Flax that many projects give to functions of their own."""
FLAX_WORDS = {
    "features",
    "in_features",
    "out_features",
    "kernel_dilation",
    "feature_group_count",
    "kernel_init",
    "rngs",
}


def is_layer(path: tuple[str, ...], framework: str | None) -> bool:
    """Return whether a dotted name may be that of a layer of a framework."""
    *words, name = path
    prefix = ".".join(words)
    if framework is not None:
        return any(name in module.specs for module in _modules(framework))
    known = [module for modules in MODULES.values() for module in modules if name in module.specs]
    if any(prefix in module.prefixes(name) for module in known):
        return True
    is_function = name in HELPER_NAMES or (bool(words) and name[:1].islower())
    is_own = is_function or len(words) > 1 or words[:1] in (["self"], ["cls"])
    has_other_prefix = bool(prefix) and any(
        prefix in module.prefixes(name) for modules in MODULES.values() for module in modules
    )
    return not is_own and not has_other_prefix and any(not module.needs_prefix for module in known)


def candidates(call: Call, framework: str | None) -> list[LayerSpec]:
    """Return the layers that a name may mean, only those of the framework that its prefix belongs to, if any.

    Raises `ReadingError` for a name that is no layer, and for one that may well be a layer of a project.
    """
    *words, name = call.path
    prefix = ".".join(words)
    modules = list(_modules(framework))
    matching = [module.specs for module in modules if prefix in module.prefixes(name) and module.accepts(call)]
    if not matching and framework is None:
        _check_foreign(call, prefix, name)
    chosen = framework is not None
    tables = matching or [module.specs for module in modules if chosen or not module.needs_prefix]
    specs = [table[name] for table in tables if name in table]
    if not matching and not chosen and name in HELPER_NAMES:
        raise ReadingError(
            f"{call.text} may be a function of your project; give the layer inside it, such as nn.Conv2d(3, 8, 3), "
            "or try --framework jax"
        )
    if not specs:
        raise _unknown_layer(call.text, name, {name: spec for table in tables for name, spec in table.items()})
    if not matching and not chosen and name in SHARED_NAMES and not _is_like_flax(call):
        raise ReadingError(
            f"{call.text} may be a layer of your project, and its arguments do not look like Flax's (features first, "
            f"a tuple as the kernel); give the layer inside it, such as nn.Conv2d(3, 8, 3), or try --framework jax"
        )
    accepted = [spec for spec in specs if spec.accepts(call)]
    if not accepted and name.startswith("Deconvolution"):
        nearest = "layers.Conv2DTranspose(8, 3, strides=2, padding='same')"
        raise ReadingError(
            f"{call.text} with rows and columns is Keras 1's, which is not read; the nearest is {nearest}"
        )
    return accepted or specs


def _modules(framework: str | None) -> Iterator[Module]:
    if framework is not None and framework not in MODULES:
        raise ReadingError(unknown_framework(framework, MODULES))
    for name, modules in MODULES.items():
        if framework in (None, name):
            yield from modules


def _check_foreign(call: Call, prefix: str, name: str) -> None:
    """Raise `ReadingError` for the prefix of a framework that is not read, and for one of no framework."""
    if prefix == "L" and name.startswith(("Convolution", "Deconvolution", "Dilated")):
        prefix = "chainer"
    for words in (prefix, prefix.split(".", maxsplit=1)[0], ".".join(prefix.split(".")[:2])):
        if words in FOREIGN:
            title, nearest = FOREIGN[words]
            raise ReadingError(f"{call.text} is a layer of {title}, which is not read; the nearest is {nearest}")
    if ("." in prefix or (prefix and name[:1].islower() and name not in HELPER_NAMES)) and not other_kind(name):
        raise ReadingError(
            f"no framework has the prefix {truncate(prefix)!r}; try --framework with one of {', '.join(MODULES)}"
        )


def _is_like_flax(call: Call) -> bool:
    """Return whether the arguments of a bare `Conv(…)` are those of Flax: a word of it, or a tuple as the kernel."""
    kernels: tuple[Any, ...] = (call.named.get("kernel_size"), *call.positional[1:3])
    return bool(FLAX_WORDS & set(call.named)) or any(isinstance(kernel, tuple) for kernel in kernels)


def _unknown_layer(text: str, name: str, specs: Mapping[str, LayerSpec]) -> ReadingError:
    kind = other_kind(name)
    if kind:
        return ReadingError(f"{text} is {kind}")
    titles = list(dict.fromkeys(key for key, modules in MODULES.items() for module in modules if name in module.specs))
    which = titles[0] if len(titles) == 1 else "with one of them"
    elsewhere = f"{name} is a name of {' and '.join(titles)}: try --framework {which}" if titles else ""
    same_letters = [other for other in specs if other.lower() == name.lower()]
    same_letters.sort(key=lambda other: other[0] != name[:1])
    close = same_letters or [other for other in get_close_matches(name, specs, 3, 0.8) if _is_misspelt(name, other)]
    if close:
        spec = specs[close[0]]
        remedy = f"did you mean {spec.name} ({spec.framework})?"
        return ReadingError(f"there is no layer {text}; {remedy}{f' {elsewhere}' * bool(elsewhere)}")
    if elsewhere:
        return ReadingError(f"there is no layer {text}; {elsewhere}")
    return ReadingError(f"expected a convolution, a transposed convolution or a pooling of a framework, got {text}")


MEANINGS = ("transpose", "max", "av", "lazy", "1d", "2d")
"""Parts of a name that change what a layer does."""


def _is_misspelt(name: str, other: str) -> bool:
    """Return whether a name is another one with a mistake in it, rather than that of another layer."""
    one, two = name.lower(), other.lower()
    return not one.endswith(two) and all((part in one) == (part in two) for part in MEANINGS)
