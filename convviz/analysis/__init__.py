"""What follows from a layer: explanations, diagnostics, and layers that reach a given size."""
