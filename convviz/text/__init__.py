"""Numbers and layers to text, and back."""
