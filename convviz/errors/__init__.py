"""What convviz refuses, as exceptions whose text is one sentence a user can act on."""

from __future__ import annotations

from convviz.errors.printable import visible


class ConvvizError(Exception):
    """Base of all errors that convviz raises on purpose; the CLI turns it into exit code 2."""

    def __str__(self) -> str:
        """Return the sentence; control characters of names and titles are pictures of themselves."""
        return visible(super().__str__())


class GeometryError(ConvvizError, ValueError):
    """Parameters or values that no layer can have."""


class PictureError(ConvvizError, ValueError):
    """A picture that cannot be drawn: too large a grid, too many frames, an unknown view or theme."""


class ExportError(ConvvizError, OSError):
    """A file that cannot be written: unknown suffix, missing folder, failing encoder."""


class ReadingError(ConvvizError, ValueError):
    """Code, or a model file, from which no layer can be read."""


class ArgumentError(GeometryError, PictureError, ReadingError, TypeError):
    """An argument of a wrong type. It is a `TypeError`, and also each of the errors that a function documents."""
