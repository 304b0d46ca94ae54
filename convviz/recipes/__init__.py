"""Options as data: command-line options or TOML to animations."""
