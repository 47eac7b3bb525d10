"""Offline training of small float image classifiers, exported as plain ONNX."""
