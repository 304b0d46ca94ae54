"""Running ffmpeg: a pipe to it, its messages, and the words that it is started with.

It is run directly: imageio's writers check neither its exit code nor its messages, and report success when it is killed
or fails.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convviz.errors import ExportError
from convviz.files.temporary import temporary_file

if TYPE_CHECKING:
    from typing_extensions import Buffer


PIPE_BYTES = 2**20
"""Size of the pipe where it can be set: Linux has 64 kB by default, a twentieth of a frame."""


class _BrokenPipeToFfmpegError(Exception):
    """Raised when ffmpeg has ended; its exit code and messages give the reason."""


class FfmpegPipe:
    """The standard input of ffmpeg."""

    def __init__(self, stdin: IO[bytes]) -> None:
        self.stdin = stdin
        with suppress(ImportError, AttributeError, OSError):
            import fcntl

            fcntl.fcntl(stdin.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)  # type: ignore[attr-defined, unused-ignore]

    def write(self, data: Buffer) -> None:
        """Send one frame."""
        try:
            self.stdin.write(data)
        except OSError:
            raise _BrokenPipeToFfmpegError from None

    def close(self) -> None:
        """Signal the end of the frames; data that is still in a broken pipe is lost."""
        with suppress(OSError):
            self.stdin.close()


@contextmanager
def run_ffmpeg(command: list[str], path: Path) -> Iterator[FfmpegPipe]:
    """Run ffmpeg and yield a pipe to it; on exit the file is complete. Raises `ExportError` with ffmpeg's message."""
    with temporary_file() as messages:
        process = _start(command, messages)
        assert process.stdin
        pipe = FfmpegPipe(process.stdin)
        try:
            yield pipe
        except _BrokenPipeToFfmpegError:
            pass
        except BaseException:
            process.kill()
            raise
        finally:
            pipe.close()
            code = process.wait()
        if code or not path.stat().st_size:
            messages.seek(0)
            lines = messages.read().decode(errors="replace").strip().splitlines()
            raise ExportError(_failure(lines, code, path))


def _failure(lines: list[str], code: int, path: Path) -> str:
    """Return one sentence on ffmpeg's failure."""
    missing = next((line for line in lines if "Unknown encoder" in line), None)
    if missing:
        return (
            f"this ffmpeg cannot write {path.suffix[1:].upper()}: {missing.split('] ')[-1]}; "
            "unset IMAGEIO_FFMPEG_EXE to use the ffmpeg that imageio installs, or use .gif, .apng or .webp"
        )
    return f"ffmpeg failed with code {code}: {lines[-1] if lines else 'it printed no message'}"


def _start(command: list[str], messages: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ffmpeg in its own process group, so that Ctrl-C reaches only convviz, which then ends it."""
    words = encoded(command)
    group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}  # type: ignore[attr-defined]
    try:
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=messages, **group)
    except OSError as error:
        raise ExportError(f"a video needs ffmpeg, but {command[0]} cannot be run: {error.strerror}") from None


def ffmpeg_program() -> str:
    """Return the path of ffmpeg. Raises `ExportError` if there is none."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise ExportError(f"a video needs ffmpeg: {error}; pip install 'imageio[ffmpeg]' installs it") from None


def encoded(command: list[str]) -> list[str] | list[bytes]:
    """Return the words of a command as ffmpeg expects them, in UTF-8 whatever the encoding of file names is."""
    if os.name == "nt":
        return command
    return [word.encode("utf-8", "surrogateescape") for word in command]


def read_tags(path: Path) -> str:
    """Return the tags of a video as ffmpeg prints them. Raises `ExportError`, which tells a bad file from no ffmpeg."""
    command = [ffmpeg_program(), "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"]
    try:
        done = subprocess.run(encoded(command), capture_output=True, check=False)
    except OSError as error:
        raise ExportError(
            f"to read a video needs ffmpeg, but {command[0]} cannot be run: {error.strerror or error}"
        ) from None
    tags = done.stdout.decode("utf-8", "replace")
    if not tags.startswith(";FFMETADATA"):
        messages = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ExportError(
            f"ffmpeg cannot read {path}: {messages[-1]}"
            if messages
            else f"to read a video needs ffmpeg, but {command[0]} ended with code {done.returncode} and printed nothing"
        )
    return tags
