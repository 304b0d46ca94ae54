"""What each sentence claims, by family. Nothing here imports from convviz: a reader does not know how it was made."""
