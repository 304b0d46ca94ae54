"""`python -m convviz` runs the command line."""

from convviz.cli.main import main

if __name__ == "__main__":
    main(prog_name="convviz")
