"""Launcher for a checkout: `python cli.py …` does what `convviz …` does after an install."""

from convviz.cli.main import main

if __name__ == "__main__":
    main()
