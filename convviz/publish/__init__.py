"""Export for platforms such as PowerPoint, Beamer and GitHub."""
