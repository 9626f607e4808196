"""The parts of tools/generate_aws_models.py: botocore's service models in, C++ out."""
