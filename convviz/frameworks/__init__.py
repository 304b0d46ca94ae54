"""Layers in the words of PyTorch, Keras, JAX and ONNX."""
