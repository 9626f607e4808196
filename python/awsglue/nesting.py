"""Flattening: structs into columns, arrays into tables of their own, and schemas of JSON text."""

from __future__ import annotations

import json
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from awsglue.paths import column, quote


def null_paths(schema: T.StructType, prefix: str = "") -> list[str]:
    """The paths of all fields of the null type."""
    paths = []
    for field in schema.fields:
        path = prefix + (quote(field.name) if "." in field.name else field.name)
        if isinstance(field.dataType, T.NullType):
            paths.append(path)
        elif isinstance(field.dataType, T.StructType):
            paths += null_paths(field.dataType, path + ".")
    return paths


def _leaves(schema: T.StructType, names: list[str]) -> list[tuple[list[str], T.DataType]]:
    found = []
    for field in schema.fields:
        path = [*names, field.name]
        if isinstance(field.dataType, T.StructType):
            found += _leaves(field.dataType, path)
        else:
            found.append((path, field.dataType))
    return found


def flatten(frame: DataFrame) -> DataFrame:
    """Each field inside a struct becomes a column named by its path, `a.b`."""
    return frame.select(*[column(path).alias(".".join(path)) for path, _ in _leaves(frame.schema, [])])


def relationalize(frame: DataFrame, root: str) -> dict[str, DataFrame]:
    """Tables without nesting.

    An array column a of table t holds, in t, a number; table `t_a` has a row for each element with that number as `id`,
    its position as `index`, and the element as `a.val` (a struct's fields as `a.val.f`). Maps stay as they are.
    """
    tables: dict[str, DataFrame] = {}
    flat = flatten(frame)
    arrays = [field for field in flat.schema.fields if isinstance(field.dataType, T.ArrayType)]
    if not arrays:
        return {root: flat}
    numbered = flat.withColumn("__row", F.monotonically_increasing_id() + F.lit(1))
    selected: list[Column] = []
    for field in flat.schema.fields:
        if not isinstance(field.dataType, T.ArrayType):
            selected.append(F.col(quote(field.name)))
            continue
        selected.append(F.when(F.col(quote(field.name)).isNotNull(), F.col("__row")).alias(field.name))
        exploded = numbered.select(F.col("__row").alias("id"), F.posexplode(F.col(quote(field.name))).alias("index", "val"))
        element = exploded.select("id", "index", F.struct(F.col("val").alias("val")).alias("e"))
        inner = element.select("id", "index", F.col("e.val").alias(f"{field.name}.val"))
        for name, table in relationalize(inner, f"{root}_{field.name}").items():
            tables[name] = table
    return {root: numbered.select(*selected), **tables}


def merged_json_schema(texts: list[str | None]) -> T.DataType:
    """The schema that all the JSON texts fit; where they differ, string."""
    kind: T.DataType = T.NullType()
    for text in texts:
        if text is None:
            continue
        try:
            kind = _merge(kind, _schema_of(json.loads(text)))
        except ValueError:
            continue
    return kind


def _schema_of(value: Any) -> T.DataType:
    if value is None:
        return T.NullType()
    if isinstance(value, bool):
        return T.BooleanType()
    if isinstance(value, int):
        return T.LongType()
    if isinstance(value, float):
        return T.DoubleType()
    if isinstance(value, list):
        element: T.DataType = T.NullType()
        for each in value:
            element = _merge(element, _schema_of(each))
        return T.ArrayType(element)
    if isinstance(value, dict):
        return T.StructType([T.StructField(name, _schema_of(each)) for name, each in value.items()])
    return T.StringType()


def _merge(one: T.DataType, other: T.DataType) -> T.DataType:
    if one == other or isinstance(other, T.NullType):
        return one
    if isinstance(one, T.NullType):
        return other
    if {type(one), type(other)} == {T.LongType, T.DoubleType}:
        return T.DoubleType()
    if isinstance(one, T.ArrayType) and isinstance(other, T.ArrayType):
        return T.ArrayType(_merge(one.elementType, other.elementType))
    if isinstance(one, T.StructType) and isinstance(other, T.StructType):
        fields = {field.name: field.dataType for field in one.fields}
        for field in other.fields:
            fields[field.name] = _merge(fields.get(field.name, T.NullType()), field.dataType)
        return T.StructType([T.StructField(name, kind) for name, kind in fields.items()])
    return T.StringType()
