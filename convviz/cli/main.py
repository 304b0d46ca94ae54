"""The command line. Heavy imports wait until something is drawn."""

from __future__ import annotations

import io
import signal
import sys
import threading
import warnings
from functools import partial

import click

from convviz.cli.code import code
from convviz.cli.compare import compare
from convviz.cli.deck import deck
from convviz.cli.draw import LAYER_COMMANDS, preset, stack
from convviz.cli.explain import explain
from convviz.cli.explore import explore
from convviz.cli.gallery import gallery
from convviz.cli.groups import SectionedGroup
from convviz.cli.info import info
from convviz.cli.kinds import examples
from convviz.cli.layer import layer
from convviz.cli.site import site
from convviz.cli.solve import solve
from convviz.cli.terminal import echo
from convviz.cli.train import train
from convviz.cli.views import views
from convviz.version import __version__


@click.group(
    cls=SectionedGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "convviz transposed -i 3 -k 3 -s 2 -p 1 -o upsampling.gif",
        "convviz conv -i 5 -k 3 -s 2 -p 1 --theme dark -o conv.mp4",
        "convviz explain transposed -i 3 -k 3 -s 2 -p 1",
        "convviz layer 'nn.Conv2d(3, 64, 7, stride=2, padding=3)' -i 224",
    ),
)
@click.version_option(__version__, prog_name="convviz")
@click.pass_context
def main(context: click.Context) -> None:
    """Animate standard and transposed convolution for any input, kernel, stride and padding."""
    _end_cleanly_when_terminated()
    warnings.filterwarnings("ignore", "Image size .* could be decompression bomb")  # Pillow's; larger ones are refused
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if context.invoked_subcommand is None:
        echo(context.get_help())


def _end_cleanly_when_terminated() -> None:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does, which removes unfinished files; ignored signals stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
            click.get_current_context().call_on_close(partial(signal.signal, number, signal.SIG_DFL))


gallery.add_command(site)
main.add_section("Draw", *LAYER_COMMANDS, stack, train, preset)
main.add_section("Explain and compare", explain, layer, solve, compare, code)
main.add_section("Publish", explore, deck, gallery)
main.add_section("Inspect", views, info)
