"""Choice types: a field whose records differ in type.

Spark has no such type. A choice is kept as a struct with one field per alternative, named by the alternative's Glue type
(`long`, `string`, …), of which at most one is set, and a mark in the column's metadata. `make_struct` is then merely
taking the mark away. The rules are those of DynamicFrame.resolveChoice in the AWS Glue Developer Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType

from awsglue.gluetypes import spark_type
from awsglue.paths import quote, resolve, split_path

MARK = "glue.choice"
ACTIONS = ("make_cols", "make_struct", "match_catalog")


def is_choice(field: StructField) -> bool:
    """Whether the column is a choice."""
    return isinstance(field.dataType, StructType) and bool((field.metadata or {}).get(MARK))


def choices(frame: DataFrame) -> list[StructField]:
    """The top-level columns of the frame that are choices."""
    return [field for field in frame.schema.fields if is_choice(field)]


def _alternatives(field: StructField) -> list[StructField]:
    assert isinstance(field.dataType, StructType)
    return list(field.dataType.fields)


def _cast(field: StructField, target: DataType) -> Column:
    parts = [F.col(f"{quote(field.name)}.{quote(each.name)}") for each in _alternatives(field)]
    return F.coalesce(*[part.try_cast(target) for part in parts]).alias(field.name)


def _project(field: StructField, target: str) -> Column:
    wanted = spark_type(target).simpleString()
    for each in _alternatives(field):
        if each.name == target or each.dataType.simpleString() == wanted:
            return F.col(f"{quote(field.name)}.{quote(each.name)}").alias(field.name)
    return F.lit(None).cast(spark_type(target)).alias(field.name)


def _columns(field: StructField, action: str) -> list[Column]:
    if action == "make_cols":
        return [
            F.col(f"{quote(field.name)}.{quote(each.name)}").alias(f"{field.name}_{each.name}") for each in _alternatives(field)
        ]
    if action == "make_struct":
        return [F.col(quote(field.name)).alias(field.name, metadata={})]
    kind, _, target = action.partition(":")
    if kind == "cast":
        return [_cast(field, spark_type(target))]
    if kind == "project":
        return [_project(field, target)]
    raise ValueError(f"Invalid action {action!r}: expected cast:<type>, project:<type>, make_cols or make_struct")


def resolve_specs(frame: DataFrame, specs: list[tuple[str, str]]) -> DataFrame:
    """Resolves the named fields. A `cast:` applies to any field, choice or not, as in Glue; other actions to choices only."""
    actions = {}
    for path, action in specs:
        found = resolve(frame.schema, path.removesuffix("[]"), case_sensitive=False)
        if found is None:
            continue
        if len(found[0]) > 1:
            frame = _cast_nested(frame, found[0], action)
        else:
            actions[found[0][0]] = action
    selected: list[Column] = []
    for field in frame.schema.fields:
        action = actions.get(field.name, "")
        if action and is_choice(field):
            selected += _columns(field, action)
        elif action and action.startswith("cast:"):
            selected.append(F.col(quote(field.name)).try_cast(spark_type(action[5:])).alias(field.name))
        else:
            selected.append(F.col(quote(field.name)))
    return frame.select(*selected)


def _cast_nested(frame: DataFrame, names: list[str], action: str) -> DataFrame:
    if not action.startswith("cast:"):
        return frame
    inner = ".".join(quote(name) for name in names[1:])
    value = F.col(".".join(quote(name) for name in names)).try_cast(spark_type(action[5:]))
    return frame.withColumn(names[0], F.col(quote(names[0])).withField(inner, value))


def resolve_all(frame: DataFrame, action: str) -> DataFrame:
    """Resolves every choice by one action."""
    selected: list[Column] = []
    for field in frame.schema.fields:
        selected += _columns(field, action) if is_choice(field) else [F.col(quote(field.name))]
    return frame.select(*selected)


def match_catalog(frame: DataFrame, wanted: Mapping[str, str]) -> DataFrame:
    """Casts each column that the catalog table has to the catalog's type. `wanted` maps lower-case names to type texts."""
    specs = [
        (quote(field.name), f"cast:{wanted[field.name.lower()]}")
        for field in frame.schema.fields
        if field.name.lower() in wanted
    ]
    return resolve_specs(frame, specs)


def catalog_types(table: Mapping[str, Any]) -> dict[str, str]:
    """Column names and types of a Glue table as GetTable gives it, partition keys included."""
    columns = [*table.get("StorageDescriptor", {}).get("Columns", []), *table.get("PartitionKeys", [])]
    return {split_path(each["Name"])[-1].lower(): each["Type"] for each in columns}
