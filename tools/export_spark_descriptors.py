"""Writes the file descriptors of Spark Connect's protocol, as the installed pyspark-client carries them.

Usage: export_spark_descriptors.py OUTPUT

The output is a serialized google.protobuf.FileDescriptorSet, dependencies first, for `protoc --descriptor_set_in`.
"""

import importlib
import os
import pathlib
import sys

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FileDescriptor

SPARK_MODULES = ("base", "catalog", "commands", "common", "expressions", "ml", "ml_common", "pipelines", "relations", "types")
RPC_MODULES = ("google.rpc.status_pb2", "google.rpc.error_details_pb2")


def collect(file: FileDescriptor, into: dict[str, descriptor_pb2.FileDescriptorProto]) -> None:
    """Adds `file` to `into`, after everything that it imports."""
    if file.name in into:
        return
    for dependency in file.dependencies:
        collect(dependency, into)
    proto = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(proto)
    into[file.name] = proto


def main(output: pathlib.Path) -> None:
    modules = [f"pyspark.sql.connect.proto.{name}_pb2" for name in SPARK_MODULES] + list(RPC_MODULES)
    files: dict[str, descriptor_pb2.FileDescriptorProto] = {}
    for module in modules:
        collect(importlib.import_module(module).DESCRIPTOR, files)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(descriptor_pb2.FileDescriptorSet(file=files.values()).SerializeToString())


if __name__ == "__main__":
    # pyspark.sql.connect looks for a Spark installation unless told that there is none to find.
    os.environ.setdefault("SPARK_HOME", "/nonexistent")
    main(pathlib.Path(sys.argv[1]))
