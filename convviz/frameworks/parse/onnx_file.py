"""An ONNX model file, and the weights that it keeps in files next to it. Only files in the model's folder are read."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.onnx_node import printable, to_python

MAX_WEIGHT_BYTES = 2**28
"""Largest tensor whose values are read."""


class NoValuesError(Exception):
    """Values that cannot be had; the text says why, after "the weights are"."""


def load(path: Path) -> Any:
    """Return the model in a file, without the weights outside of it. Raises `ReadingError`."""
    try:
        import onnx
    except ImportError:
        raise ReadingError("reading a model needs the package onnx, which is missing; pip install onnx") from None
    if not path.is_file():
        raise ReadingError(f"the model {path} does not exist" if not path.exists() else f"{path} is not a file")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise ReadingError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception:  # protobuf's error class depends on the installed implementation
        raise ReadingError(f"{path} is not an ONNX model, or it is broken; export it again") from None
    if not model.graph.node:
        raise ReadingError(f"{path} has no nodes; export the model again")
    return model


def read_values(tensor: Any, folder: Path) -> Any:
    """Return the values of a tensor as float64, also those in a file in `folder`. Raises `NoValuesError`."""
    import numpy as np
    import onnx

    try:
        size = prod(tensor.dims) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    except (KeyError, TypeError, ValueError):
        raise NoValuesError("of an unknown type") from None
    if min(tensor.dims, default=1) < 1 or not 0 < size <= MAX_WEIGHT_BYTES:
        raise NoValuesError(f"too large to be shown ({size / 2**20:.0f} MB)" if size > 0 else "empty")
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        tensor = _internal(tensor, _external_bytes(tensor, folder, size))
    try:
        with np.errstate(invalid="ignore"):
            values = onnx.numpy_helper.to_array(tensor).astype(float)
    except (KeyError, TypeError, ValueError):
        raise NoValuesError("damaged") from None
    if not np.isfinite(values).all():
        raise NoValuesError("not all finite")
    return values


def _internal(tensor: Any, data: bytes) -> Any:
    """Return a copy of a tensor that holds its data."""
    import onnx

    return onnx.TensorProto(data_type=tensor.data_type, dims=tensor.dims, raw_data=data)


def _external_bytes(tensor: Any, folder: Path, size: int) -> bytes:
    """Return the bytes of a tensor from a file inside of `folder`, not through links out of it."""
    entries = {to_python(entry.key): to_python(entry.value) for entry in tensor.external_data}
    location = entries.get("location", "")
    try:
        root = folder.resolve()
        path = (root / location).resolve()
        is_inside = bool(location) and path.is_relative_to(root) and path != root
        offset, length = int(entries.get("offset") or 0), int(entries.get("length") or size)
    except (OSError, RuntimeError, ValueError):
        raise NoValuesError("in a file that cannot be found") from None
    if not is_inside:
        raise NoValuesError("in a file outside of the model's folder, which is not read")
    if not path.is_file():
        raise NoValuesError(f"in {printable(Path(location).name)}, which is missing")
    if offset < 0 or length < size:
        raise NoValuesError("damaged")
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data: bytes = file.read(size)
    except (OSError, OverflowError) as error:
        raise NoValuesError(
            f"in {printable(path.name)}, which cannot be read: {getattr(error, 'strerror', None)}"
        ) from None
    if len(data) < size:
        raise NoValuesError(f"in {printable(path.name)}, which is too short")
    return data
