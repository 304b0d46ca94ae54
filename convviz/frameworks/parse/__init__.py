"""Code or ONNX models to layers."""
