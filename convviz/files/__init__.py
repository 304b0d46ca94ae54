"""Files on disk: atomic writes, and TOML with line numbers."""
