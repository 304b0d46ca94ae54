"""Live layers: stand-ins with the attributes of PyTorch's and Keras's, as neither is needed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import convviz
from convviz import Conv, ConvTranspose, MaxPool, ReadingError, from_keras, from_torch


class Stand:
    """Whatever attributes a case needs."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Tensor:
    """A tensor that must be detached and moved before it is numbers."""

    def __init__(self, values: Any, step: int = 0) -> None:
        self.values, self.step, self.shape = np.asarray(values), step, np.shape(values)

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError("can't convert a cuda tensor that requires grad")

    def detach(self) -> Tensor:
        return Tensor(self.values, 1)

    def cpu(self) -> Tensor:
        assert self.step == 1, "detach first"
        return Tensor(self.values, 2)

    def numpy(self) -> np.ndarray:
        assert self.step == 2, "bring it to the CPU first"
        return self.values


class Conv2d(Stand):
    pass


class ConvTranspose2d(Stand):
    pass


class Conv1d(Stand):
    pass


class MaxPool2d(Stand):
    pass


class Tied(ConvTranspose2d):
    pass


class Conv2D(Stand):
    pass


class Conv2DTranspose(Stand):
    pass


class AveragePooling2D(Stand):
    pass


W = np.arange(4 * 3 * 2 * 2, dtype=float).reshape(4, 3, 2, 2)
PLAIN: dict[str, Any] = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1, "padding_mode": "zeros"}


def up(**others: Any) -> ConvTranspose2d:
    """ConvTranspose2d(4, 6, 2, stride=2, groups=2)."""
    given = {**PLAIN, "stride": (2, 2), "groups": 2, "output_padding": (0, 0), "kernel_size": (2, 2)}
    return ConvTranspose2d(
        **{**given, "in_channels": 4, "out_channels": 6, "weight": Tensor(W), "bias": None, **others}
    )


def down(**others: Any) -> Conv2d:
    """Conv2d(3, 4, 2)."""
    given = {**PLAIN, "kernel_size": (2, 2), "in_channels": 3, "out_channels": 4}
    return Conv2d(**{**given, "weight": Tensor(W), "bias": Tensor([1.0, 2, 3, 4]), **others})


def test_the_layer_and_its_weights_are_those_of_the_module() -> None:
    live = from_torch(up(), 3)
    assert live.layer == ConvTranspose(3, 2, 2)
    assert live.weights is not None
    assert np.array_equal(live.weights, W)
    assert (live.bias, live.groups, live.channel, live.out_channel, live.x) == (None, 2, 0, 0, None)


@pytest.mark.parametrize(
    ("given", "size"),
    [
        (3, (3, 3)),
        ((3, 5), (3, 5)),
        ([3, 5], (3, 5)),
        ((4, 3, 5), (3, 5)),
        ((1, 4, 3, 5), (3, 5)),
        (np.int64(3), (3, 3)),
    ],
)
def test_the_input_may_be_a_size_or_a_shape(given: Any, size: tuple[int, ...]) -> None:
    assert from_torch(up(), given).layer.input == size


def test_the_input_may_be_values() -> None:
    x = np.arange(4 * 9.0).reshape(1, 4, 3, 3)
    live = from_torch(up(), Tensor(x))
    assert np.array_equal(live(), ConvTranspose(3, 2, 2)(x[0], W, groups=2))
    assert from_torch(up(), x[0, 0].tolist()).layer.input == (3, 3)


def test_the_picture_shows_the_chosen_channels() -> None:
    x = np.arange(4 * 9.0).reshape(4, 3, 3)
    shown = from_torch(up(), x, out_channel=4).animate()
    assert shown.scene.title == "ConvTranspose2d: channel 3 of 4 → 5 of 6", "the first channel of the second group"
    cells = [cell for row in shown.scene.panels[0].cells for cell in row]
    assert {float(cell.text) for cell in cells if cell.role == "input"} == set(x[2].ravel())
    kernel = [cell.text for row in shown.scene.panels[1].cells for cell in row]
    assert [float(text) for text in kernel] == W[2, 1, ::-1, ::-1].ravel().tolist(), "flipped, as it slides"
    every = from_torch(down(), x[:3], channel="all", out_channel=1).animate()
    assert {"input channel 1", "input channel 3"} <= set(re.findall(r"input channel \d+", str(every.scene)))
    assert "output channel 2 of 4" in str(every.scene)


def test_the_bias_is_added_where_all_that_feeds_it_is_summed() -> None:
    assert from_torch(down(), 3)._values()["bias"] is None
    one = down(in_channels=1, weight=Tensor(W[:, :1]))
    assert from_torch(one, 3, out_channel=2)._values()["bias"] == [3]
    assert from_torch(down(), 3, channel="all")._values()["bias"].tolist() == [1, 2, 3, 4]


def test_a_class_that_computes_by_itself_is_not_taken_for_its_base() -> None:
    class SameConv2d(Conv2d):
        def forward(self, x: Any) -> Any:
            """Pad before the convolution, as wrappers of EfficientNet do."""

    def renamed() -> type:
        class Conv2d(SameConv2d):
            pass

        return Conv2d

    class ConvTranspose2d(Conv2d):
        """As the transposed layers of Keras 2 are derived from the others."""

        def forward(self, x: Any) -> Any:
            """Compute the transposed convolution."""

    assert isinstance(from_torch(ConvTranspose2d(**up().__dict__), 3).layer, ConvTranspose)
    for made in (SameConv2d, renamed()):
        with pytest.raises(ReadingError, match=r"has a forward\(\) of its own.*into a plain Conv2d"):
            from_torch(made(), 8)


def test_derived_classes_and_padding_by_name_are_understood() -> None:
    assert from_torch(Tied(**up().__dict__), 3).name == "Tied"
    assert from_torch(down(padding="same"), 4).layer == Conv(4, 2, padding="same")
    line = Conv1d(**{**down().__dict__, "kernel_size": (2,), "stride": (1,), "padding": (0,), "dilation": (1,)})
    line.weight = Tensor(W[:, :, 0])
    assert from_torch(line, 5).layer == Conv((5,), 2)


def test_a_pooling_has_no_weights() -> None:
    pool = MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, return_indices=False, ceil_mode=True)
    x = np.arange(2 * 25.0).reshape(2, 5, 5)
    live = from_torch(pool, x, out_channel=1)
    assert live.weights is None
    assert np.array_equal(live(), MaxPool(5, 2, ceil_mode=True)(x))
    assert np.array_equal(live._values()["x"], x[1])
    assert live.animate().scene.steps == 9
    assert from_torch(pool, 5).animate().scene.steps == 9
    with pytest.raises(ReadingError, match="expected an input channel from 0 to 1, got 2"):
        from_torch(pool, x, out_channel=2)


def test_keras_has_channels_last() -> None:
    kernel = np.arange(3 * 2 * 4 * 5.0).reshape(3, 2, 4, 5)
    layer = Conv2D(
        **{"filters": 5, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "data_format": "channels_last"},
        **{"dilation_rate": (1, 1), "groups": 1, "use_bias": True, "kernel": kernel, "bias": np.ones(5), "built": True},
    )
    x = np.arange(6 * 7 * 4.0).reshape(1, 6, 7, 4)
    live = from_keras(layer, x)
    assert live.layer == Conv((6, 7), (3, 2), (2, 1), "same")
    assert live.weights is not None
    assert live.weights[2, 3, 1, 0] == kernel[1, 0, 3, 2]
    assert live().shape == (5, 3, 7)
    assert from_keras(layer, (1, 6, 7, 4)).layer.input == (6, 7)
    turned = Conv2DTranspose(**{**layer.__dict__, "output_padding": None, "kernel": kernel.swapaxes(2, 3)})
    back = from_keras(turned, 3)
    assert back.layer == ConvTranspose(3, (3, 2), (2, 1), "same")
    assert back.weights is not None
    assert back.weights.shape == (4, 5, 3, 2)
    first = Conv2D(**{**layer.__dict__, "data_format": "channels_first"})
    assert from_keras(first, (1, 4, 6, 7)).layer.input == (6, 7)
    layer.built = False
    with pytest.raises(ReadingError, match="the layer is not built and has no weights yet"):
        from_keras(layer, 6)


def test_a_pooling_of_keras() -> None:
    pool = AveragePooling2D(pool_size=(2, 2), strides=(2, 2), padding="same", data_format="channels_last")
    x = np.arange(5 * 5 * 3.0).reshape(5, 5, 3)
    assert from_keras(pool, x)().shape == (3, 3, 3)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: from_torch(Stand(), 3), "expected a layer of PyTorch (Conv1d, "),
        (lambda: from_keras(up(), 3), "AveragePooling2D), got ConvTranspose2d"),
        (
            lambda: from_torch(up(weight=Tensor(W)), (1, 2, 3, 4, 5)),
            "expected an input (H, W) for nn.ConvTranspose2d",
        ),
        (lambda: from_torch(up(), np.ones((2, 4, 3, 3))), "expected one input, which a picture shows, got 2"),
        (lambda: from_torch(up(), np.ones((5, 3, 3))), "expected an input with 4 channels for ConvTranspose2d, got 5"),
        (lambda: from_torch(up(), (1, 5, 3, 3)), "expected an input with 4 channels for ConvTranspose2d, got 5"),
        (lambda: from_torch(up(), "x"), "the values of input cannot be read"),
        (lambda: from_torch(up(), 3, out_channel=6), "expected an output channel from 0 to 5, got 6"),
        (lambda: from_torch(up(), 3, channel=4), "expected an input channel from 0 to 3, got 4"),
        (
            lambda: from_torch(up(), 3, channel=3),
            "expected input channel 0 to 1 for output channel 0",
        ),
        (
            lambda: from_torch(up(), 3, channel="every"),
            "a number, 'first' or 'all', got 'every'",
        ),
        (lambda: from_torch(up(weight=None), 3), "expected weights for a kernel of 2×2, got none"),
        (lambda: from_torch(up(weight=object()), 3), "the values of weight cannot be read"),
        (lambda: from_torch(down(), 1), "kernel 2 does not fit"),
        (lambda: from_torch(up(), 0), "input 0 is too small"),
        (from_torch(up(), 3), "expected input values, got only a size"),
    ],
)
def test_what_cannot_be_shown_is_refused(make: Any, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        make()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_names_are_public() -> None:
    assert {"from_torch", "from_keras", "ReadingError"} <= set(convviz.__all__)
