"""What each framework makes of the same parameters: its call, what it pads or crops, and which values come out."""
