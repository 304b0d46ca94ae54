"""The command `convviz`, also as `python -m convviz`."""

from __future__ import annotations


def run() -> None:
    """Run the command line. Ctrl-C ends it without a traceback, also while modules are imported."""
    try:
        from convviz.cli.main import main
    except KeyboardInterrupt:
        raise SystemExit("Aborted!") from None
    main(prog_name="convviz")


if __name__ == "__main__":
    run()
