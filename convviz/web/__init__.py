"""Everything that ends in a browser: pages, scripts, styles and the code to embed them."""
