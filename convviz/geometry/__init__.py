"""Integer geometry of one axis: sizes, zero insertion, padding and window positions."""
