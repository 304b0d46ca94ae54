"""Every sentence about a layer, read back: a small parser of the sentences, and a model that counts cells one by one.

`plain.py` draws random layers, `model.py` places their windows, `sayings.py` collects what convviz says about them, and
`readers/` check each claim in it. A sentence that no reader understands fails.
"""
