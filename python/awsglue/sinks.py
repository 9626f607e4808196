"""Writing a DynamicFrame: files in S3 (always added to what is there, as in Glue), items in DynamoDB, and the catalog."""

from __future__ import annotations

from typing import Any

import boto3
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from awsglue.errors import UnsupportedByMastic
from awsglue.paths import quote
from awsglue.sources import FORMATS, is_true

_CODECS = {"uncompressed": "none", "none": "none"}

# How the catalog describes files of a format: input format, output format, SerDe. Hive's class names, which every reader
# of a Glue catalog goes by.
_TEXT_FORMATS = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
_STORAGE: dict[str, tuple[str, str, str]] = {
    "csv": (*_TEXT_FORMATS, "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
    "json": (*_TEXT_FORMATS, "org.openx.data.jsonserde.JsonSerDe"),
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "orc": (
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    ),
    "avro": (
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    ),
}


def write_files(frame: DataFrame, format: str | None, options: dict[str, Any], format_options: dict[str, Any]) -> None:
    """Adds part-files below `path`, in folders `key=value` for each of `partitionKeys`."""
    if not format:
        raise ValueError(f"a format is needed to write files: one of {', '.join(sorted(FORMATS))}")
    if format not in FORMATS:
        raise UnsupportedByMastic(f"writing format {format!r}", f"Supported: {', '.join(sorted(FORMATS))}.")
    if not options.get("path"):
        raise ValueError("the connection options name no 'path' to write to")
    writer = frame.write.format(FORMATS[format]).mode("append")
    keys = options.get("partitionKeys") or []
    if keys:
        writer = writer.partitionBy(*keys)
    compression = options.get("compression") or format_options.get("compression")
    if compression:
        writer = writer.option("compression", _CODECS.get(str(compression).lower(), str(compression).lower()))
    if format == "csv":
        writer = writer.option("header", str(is_true(format_options.get("writeHeader", True))).lower()).option(
            "sep", format_options.get("separator", ",")
        )
        character = str(format_options.get("quoteChar", '"'))
        writer = writer.option("quote", "\x00" if character == "-1" else character)
        if format_options.get("escaper"):
            writer = writer.option("escape", format_options["escaper"])
    writer.save(options["path"])


def write_items(frame: DataFrame, options: dict[str, Any]) -> None:
    """Puts each row as an item."""
    table = options.get("dynamodb.output.tableName")
    if not table:
        raise ValueError("the connection options name no table: give 'dynamodb.output.tableName'")
    frame.write.format("dynamodb").mode("append").option("dynamodb.output.tableName", table).save()


def write(
    frame: DataFrame, connection_type: str, options: dict[str, Any], format: str | None, format_options: dict[str, Any]
) -> None:
    """Writes a frame to a sink, by Glue's connection type."""
    kind = connection_type.lower()
    if kind in ("s3", "file"):
        write_files(frame, format, options, format_options)
    elif kind in FORMATS:
        write_files(frame, kind, options, format_options)
    elif kind == "dynamodb":
        write_items(frame, options)
    else:
        raise UnsupportedByMastic(f"the sink connection type {connection_type!r}", "Supported: s3, parquet, orc, dynamodb.")


def _glue() -> Any:
    return boto3.client("glue")


def _columns(frame: DataFrame, names: list[str]) -> list[dict[str, str]]:
    types = dict(frame.dtypes)
    return [{"Name": name.lower(), "Type": types[name]} for name in names]


def update_catalog(frame: DataFrame, database: str, table: str, path: str, format: str, keys: list[str], behavior: str) -> None:
    """Creates the catalog table of what was written, or brings it up to date, and adds the partitions that came up.

    `behavior` is UPDATE_IN_DATABASE (new columns are added to the table) or LOG (the table stays as it is).
    """
    glue = _glue()
    kind = FORMATS[format]
    input_format, output_format, library = _STORAGE[kind]
    data = [name for name in frame.columns if name not in keys]
    storage = {
        "Columns": _columns(frame, data),
        "Location": path,
        "InputFormat": input_format,
        "OutputFormat": output_format,
        "SerdeInfo": {"SerializationLibrary": library, "Parameters": {"serialization.format": "1"}},
        "Parameters": {"classification": kind},
    }
    table_input = {
        "Name": table,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": kind},
        "PartitionKeys": _columns(frame, keys),
        "StorageDescriptor": storage,
    }
    if kind == "csv":
        table_input["Parameters"] = {"classification": "csv", "skip.header.line.count": "1"}
    try:
        known = glue.get_table(DatabaseName=database, Name=table)["Table"]
    except glue.exceptions.EntityNotFoundException:
        glue.create_table(DatabaseName=database, TableInput=table_input)
    else:
        if behavior == "UPDATE_IN_DATABASE":
            old = {each["Name"]: each for each in known["StorageDescriptor"].get("Columns", [])}
            old.update({each["Name"]: each for each in _columns(frame, data)})
            storage["Columns"] = list(old.values())
            glue.update_table(DatabaseName=database, TableInput=table_input)
    if keys:
        _add_partitions(glue, frame, database, table, path, keys, storage)


def _add_partitions(
    glue: Any, frame: DataFrame, database: str, table: str, path: str, keys: list[str], storage: dict[str, Any]
) -> None:
    rows = frame.select(*[F.col(quote(key)).cast("string") for key in keys]).distinct().collect()
    inputs = []
    for row in rows:
        values = ["__HIVE_DEFAULT_PARTITION__" if value is None else value for value in row]
        folder = "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
        inputs.append({"Values": values, "StorageDescriptor": {**storage, "Location": f"{path.rstrip('/')}/{folder}/"}})
    for start in range(
        0, len(inputs), 100
    ):  # BatchCreatePartition takes 100 at a time; those that exist are reported, not failed
        glue.batch_create_partition(DatabaseName=database, TableName=table, PartitionInputList=inputs[start : start + 100])
