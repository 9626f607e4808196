"""Glue's connection and format options → a Spark reader.

Option names and defaults are those of "Connection types and options" and "Data format options" in the AWS Glue Developer
Guide. Values may be strings ("false") as well as Python's own.
"""

from __future__ import annotations

import json
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from awsglue import bookmarks
from awsglue.bookmarks import Bookmark
from awsglue.errors import UnsupportedByMastic
from awsglue.paths import quote

# Format names that Glue has for what Spark calls otherwise.
FORMATS = {"csv": "csv", "json": "json", "parquet": "parquet", "glueparquet": "parquet", "orc": "orc", "avro": "avro"}

# What can be read but, as with Glue, not written.
READABLE = {**FORMATS, "xml": "xml"}

# Options that only steer AWS's own execution: accepted, without effect on the result.
_WITHOUT_EFFECT = {
    "optimizePerformance", "useGlueParquetWriter", "groupFiles", "groupSize", "boundedFiles", "boundedSize", "maxBand",
    "maxFilesInBand", "batchSize", "useS3ListImplementation", "jobBookmarkKeys", "jobBookmarkKeysSortOrder", "encryptionType",
    "minPartitions", "targetPartitions", "inferSchema",
}  # fmt: skip


def is_true(value: Any) -> bool:
    """Glue's booleans: True, "true", "True"."""
    return str(value).lower() == "true"


def paths_of(options: dict[str, Any]) -> list[str]:
    """The paths that connection options name: `paths` (a list, or its JSON text), else `path`."""
    value = options.get("paths", options.get("path"))
    if value is None:
        raise ValueError("the connection options name no path: give 'paths' (a list) or 'path'")
    if isinstance(value, str):
        value = json.loads(value) if value.lstrip().startswith("[") else [value]
    return [str(path) for path in value]


def read_new_files(
    spark: SparkSession, format: str | None, options: dict[str, Any], format_options: dict[str, Any], mark: Bookmark, ctx: str
) -> DataFrame:
    """Reads the files that the bookmark has not seen; none are a frame without rows."""
    roots = paths_of(options)
    chosen = mark.select(ctx, roots)
    if not chosen.found:
        return read_files(spark, format, options, format_options)
    if not chosen.new:
        return read_files(spark, format, options, format_options).where("false")
    chosen_options = {**options, "paths": chosen.new}
    if len(roots) == 1:  # names in the path below it are columns still
        chosen_options["basePath"] = roots[0]
    return read_files(spark, format, chosen_options, format_options)


def read_new_of_table(spark: SparkSession, table: dict[str, Any], mark: Bookmark, ctx: str) -> DataFrame:
    """The same for a catalog table whose files lie in S3."""
    storage = table.get("StorageDescriptor", {})
    kind = table.get("Parameters", {}).get("classification", "")
    name = f"`{table['DatabaseName']}`.`{table['Name']}`"
    chosen = mark.select(ctx, [storage["Location"]])
    if not chosen.found:
        return spark.read.table(name)
    if not chosen.new:
        return spark.read.table(name).where("false")
    if kind not in FORMATS:
        raise UnsupportedByMastic(f"a job bookmark over a table of the classification {kind!r}")
    columns = storage.get("Columns", []) + table.get("PartitionKeys", [])
    reader = spark.read.format(FORMATS[kind]).schema(", ".join(f"{quote(each['Name'])} {each['Type']}" for each in columns))
    reader = reader.option("basePath", storage["Location"])
    if kind == "csv":
        settings = storage.get("SerdeInfo", {}).get("Parameters", {})
        header = str(settings.get("skip.header.line.count", table["Parameters"].get("skip.header.line.count", "0"))) != "0"
        reader = reader.option("sep", settings.get("separatorChar") or settings.get("field.delim") or ",")
        reader = reader.option("quote", settings.get("quoteChar", '"')).option("header", str(header).lower())
    return reader.load(chosen.new)


def read_files(spark: SparkSession, format: str | None, options: dict[str, Any], format_options: dict[str, Any]) -> DataFrame:
    """Reads files of one format below the given paths."""
    if not format:
        raise ValueError(f"a format is needed to read files: one of {', '.join(sorted(READABLE))}")
    if format not in READABLE:
        raise UnsupportedByMastic(f"reading format {format!r}", f"Supported: {', '.join(sorted(READABLE))}.")
    reader = spark.read.format(READABLE[format])
    if is_true(options.get("recurse", False)):
        reader = reader.option("recursiveFileLookup", "true")
    if options.get("basePath"):
        reader = reader.option("basePath", options["basePath"])
    for name in ("exclusions",):
        if options.get(name):
            raise UnsupportedByMastic(f"the connection option {name!r}")
    if format == "csv":
        return _read_csv(reader, options, format_options)
    if format == "json":
        return _read_json(reader, options, format_options)
    if format == "xml":
        return _read_xml(reader, options, format_options)
    return reader.load(paths_of(options))


def _read_csv(reader: Any, options: dict[str, Any], format_options: dict[str, Any]) -> DataFrame:
    with_header = is_true(format_options.get("withHeader", False))
    quote_character = format_options.get("quoteChar", '"')
    reader = (
        reader.option("header", str(with_header).lower())
        # `seperator` is a typing error that scripts carry and Glue lets pass.
        .option("sep", format_options.get("separator", format_options.get("seperator", ",")))
        .option("quote", "" if str(quote_character) == "-1" else quote_character)
        .option("multiLine", str(is_true(format_options.get("multiline", format_options.get("multiLine", False)))).lower())
    )
    if format_options.get("escaper"):
        reader = reader.option("escape", format_options["escaper"])
    if is_true(format_options.get("skipFirst", False)) and not with_header:
        reader = reader.option("skipRows", "1")
    frame = reader.load(paths_of(options))
    if with_header:
        return frame
    return frame.toDF(*[f"col{index}" for index in range(len(frame.columns))])


def _read_xml(reader: Any, options: dict[str, Any], format_options: dict[str, Any]) -> DataFrame:
    if not format_options.get("rowTag"):
        raise ValueError("the format options name no 'rowTag': the element that is a record")
    if "withSchema" in format_options:
        raise UnsupportedByMastic("the format option 'withSchema' of xml")
    reader = reader.option(
        "ignoreSurroundingSpaces", str(is_true(format_options.get("ignoreSurroundingSpaces", False))).lower()
    )
    for name in ("rowTag", "encoding", "attributePrefix", "valueTag"):
        if name in format_options:
            reader = reader.option(name, str(format_options[name]))
    if is_true(format_options.get("excludeAttribute", False)):
        reader = reader.option("excludeAttribute", "true")
    if is_true(format_options.get("treatEmptyValuesAsNulls", False)):
        reader = reader.option("nullValue", "")
    return reader.load(paths_of(options))


def _read_json(reader: Any, options: dict[str, Any], format_options: dict[str, Any]) -> DataFrame:
    multiline = is_true(format_options.get("multiline", format_options.get("multiLine", False)))
    path = format_options.get("jsonPath")
    frame = reader.option("multiLine", str(multiline or bool(path)).lower()).load(paths_of(options))
    if not path or path in ("$", "$[*]"):
        return frame
    # `$.Records[*]`: each element of the array at that path is a record.
    names = path.removeprefix("$.").removesuffix("[*]").split(".")
    if any("[" in name or not name for name in names):
        raise UnsupportedByMastic(f"the JSON path {path!r}", "Paths such as '$.Records[*]' are.")
    inner = F.col(".".join(quote(name) for name in names))
    exploded = frame.select(F.explode(inner).alias("record")) if path.endswith("[*]") else frame.select(inner.alias("record"))
    return exploded.select("record.*")


def read_dynamodb(spark: SparkSession, options: dict[str, Any]) -> DataFrame:
    """Reads a DynamoDB table's items."""
    table = options.get("dynamodb.input.tableName") or options.get("dynamodb.tableArn", "").rpartition("/")[2]
    if not table:
        raise ValueError("the connection options name no table: give 'dynamodb.input.tableName'")
    reader = spark.read.format("dynamodb").option("dynamodb.input.tableName", table)
    for name in ("dynamodb.throughput.read.percent", "dynamodb.splits"):
        if name in options:
            reader = reader.option(name, str(options[name]))
    return reader.load()


def read(
    spark: SparkSession,
    connection_type: str,
    options: dict[str, Any],
    format: str | None,
    format_options: dict[str, Any],
    ctx: str = "",
) -> DataFrame:
    """The frame of a source, by Glue's connection type; `ctx` is its transformation_ctx, under which bookmarks know it."""
    settings = {key: value for key, value in options.items() if key not in _WITHOUT_EFFECT}
    kind = connection_type.lower()
    mark = bookmarks.for_source(ctx)
    if mark is not None and kind in ("s3", *FORMATS):
        return read_new_files(spark, format if kind == "s3" else kind, settings, format_options, mark, ctx)
    if kind in ("s3", "file"):
        return read_files(spark, format, settings, format_options)
    if kind in FORMATS:  # parquet and orc are connection types too
        return read_files(spark, kind, settings, format_options)
    if kind == "dynamodb":
        return read_dynamodb(spark, settings)
    raise UnsupportedByMastic(f"the source connection type {connection_type!r}", "Supported: s3, parquet, orc, dynamodb.")
