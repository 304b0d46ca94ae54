"""Scene × size → boxes in whole pixels."""
