"""The frames of steps, of which some are built only when they are asked for: a long story shows few of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from convviz.scene.frames import Change, Frame

Changes = tuple[Change, ...]


class LazySteps:
    """Frames that exist, then `count` frames that are built on demand, then again frames that exist.

    `frame` takes a number from 0 to `count` − 1; the frames that it returns have the same tab and no duration.
    `changes` takes the same number and returns the changes of that frame alone.
    """

    def __init__(
        self,
        before: Iterable[Frame],
        count: int = 0,
        frame: Callable[[int], Frame] | None = None,
        changes: Callable[[int], Changes] | None = None,
        after: Iterable[Frame] = (),
    ) -> None:
        self.before, self.after = tuple(before), tuple(after)
        self._count, self._frame, self._changes = count, frame, changes

    def __len__(self) -> int:
        return len(self.before) + self._count + len(self.after)

    def __iter__(self) -> Iterator[Frame]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index: int) -> Frame:
        built = self._built(index)
        if built is None:
            return self.before[index] if index < len(self.before) else self.after[index - len(self)]
        assert self._frame
        return self._frame(built)

    def changes(self, index: int) -> Changes:
        """Return the changes of a frame."""
        built = self._built(index)
        return self[index].changes if built is None or self._changes is None else self._changes(built)

    def durations(self) -> tuple[int, ...]:
        """Return the durations of all frames; 0 for those without one."""
        before, after = ([frame.duration for frame in frames] for frames in (self.before, self.after))
        return (*before, *(0,) * self._count, *after)

    def tab_starts(self) -> frozenset[int]:
        """Return the indices of frames, but the first, whose tab is not that of the frame before."""
        first = len(self.before)
        edges = {index for index in range(1, len(self)) if not first < index < first + self._count}
        return frozenset(index for index in edges if self[index].tab != self[index - 1].tab)

    def _built(self, index: int) -> int | None:
        """Return the number of a frame among those that are built, or None. Raises `IndexError` beyond the end."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = index - len(self.before)
        return number if 0 <= number < self._count else None
