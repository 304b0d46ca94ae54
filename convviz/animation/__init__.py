"""From a layer and options to an animation that can be saved."""
