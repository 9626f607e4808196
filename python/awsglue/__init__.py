"""AWS Glue's Python interface on Spark Connect."""

from awsglue.dynamicframe import DynamicFrame

__all__ = ["DynamicFrame"]
