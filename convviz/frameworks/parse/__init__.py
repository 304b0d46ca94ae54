"""Framework code and ONNX models to layers."""
