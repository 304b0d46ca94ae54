"""Windows, stamps and padding of one axis in plain loops: sizes are counted, and padding by name is tried from zero."""

from __future__ import annotations

Pair = tuple[int, int]


def reach(k: int, d: int) -> int:
    """Cells from the first to the last tap, counted."""
    return len(range(0, (k - 1) * d + 1)) if k else 0


def fitting(size: int, k: int, s: int, d: int) -> list[list[int]]:
    """The windows that fit into `size` cells, each as the cells under its taps."""
    found, start = [], 0
    while start + (k - 1) * d < size:
        found.append([start + tap * d for tap in range(k)])
        start += s
    return found


def named_padding(name: str, i: int, k: int, s: int, d: int) -> Pair:
    """Padding before and after of a convolution by TensorFlow's names, ONNX's `same_lower`, and `full`, `half`."""
    if name == "full":
        return (k - 1) * d, (k - 1) * d
    if name == "half":
        return reach(k, d) // 2, reach(k, d) // 2
    total = 0
    while name != "valid" and len(fitting(i + total, k, s, d)) < len(range(0, i, s)):
        total += 1
    small, large = total // 2, total - total // 2
    return (large, small) if name == "same_lower" else (small, large)


def named_crop(name: str, i: int, k: int, s: int, d: int) -> tuple[Pair, int]:
    """The crop of a transposed convolution by TensorFlow's names, and the zeros appended.

    `same` gives i·s cells, an odd one cropped at the end; `valid` all that the stamps reach, and at least i·s.
    """
    full = len(stamped(i, k, s, d))
    if name in ("full", "half"):
        return named_padding(name, i, k, s, d), 0
    if name == "valid":
        return (0, 0), max(i * s - full, 0)
    crop = max(full - i * s, 0)
    small, large = crop // 2, crop - crop // 2
    return ((large, small) if name == "same_lower" else (small, large)), max(i * s - full, 0)


def stamped(i: int, k: int, s: int, d: int) -> list[list[tuple[int, int]]]:
    """For each cell of the full output the pairs (input cell, tap) that meet there."""
    full: list[list[tuple[int, int]]] = []
    for cell in range(i):
        for tap in range(k):
            place = cell * s + tap * d
            while len(full) <= place:
                full.append([])
            full[place].append((cell, tap))
    return full
