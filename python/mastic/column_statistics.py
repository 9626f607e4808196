"""The script of a column statistics task: a table's columns → their statistics, in the catalog.

One pass over the table. Types that have no statistics in Glue (structures, lists, maps) are passed over.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import boto3
from awsglue.utils import getResolvedOptions
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import (
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    TimestampType,
)

_AT_ONCE = 25  # UpdateColumnStatisticsForTable takes no more
Aggregates = dict[str, Callable[[Column], Column]]

_NULLS: Aggregates = {"NumberOfNulls": lambda column: F.sum(F.when(column.isNull(), 1).otherwise(0))}
_DISTINCT: Aggregates = {**_NULLS, "NumberOfDistinctValues": lambda column: F.count_distinct(column)}
_RANGE: Aggregates = {**_DISTINCT, "MinimumValue": F.min, "MaximumValue": F.max}
_LENGTHS: Aggregates = {
    "MaximumLength": lambda column: F.max(F.length(column)),
    "AverageLength": lambda column: F.avg(F.length(column)),
}
_TRUTHS: Aggregates = {
    **_NULLS,
    "NumberOfTrues": lambda column: F.sum(F.when(column, 1).otherwise(0)),
    "NumberOfFalses": lambda column: F.sum(F.when(~column, 1).otherwise(0)),
}

# Spark's type → Glue's kind of statistics, and what is asked of the column.
_KINDS: list[tuple[type[DataType] | tuple[type[DataType], ...], str, Aggregates]] = [
    (BooleanType, "BOOLEAN", _TRUTHS),
    ((DateType, TimestampType), "DATE", _RANGE),
    (DecimalType, "DECIMAL", _RANGE),
    ((FloatType, DoubleType), "DOUBLE", _RANGE),
    ((ByteType, ShortType, IntegerType, LongType), "LONG", _RANGE),
    (StringType, "STRING", {**_DISTINCT, **_LENGTHS}),
    (BinaryType, "BINARY", {**_NULLS, **_LENGTHS}),
]


def kind_of(data_type: DataType) -> tuple[str, Aggregates] | None:
    return next(((kind, aggregates) for types, kind, aggregates in _KINDS if isinstance(data_type, types)), None)


def to_wire(kind: str, member: str, value: Any) -> Any:
    """A figure as the API has it; None for one that there is not: the minimum of no values."""
    if value is None:
        return 0 if member.startswith("Number") or member.endswith("Length") else None
    if member not in ("MinimumValue", "MaximumValue"):
        return float(value) if member == "AverageLength" else int(value)
    if kind == "DECIMAL":
        number = Decimal(value)
        scale = max(0, -int(number.as_tuple().exponent))
        unscaled = int(number.scaleb(scale))
        return {"Scale": scale, "UnscaledValue": unscaled.to_bytes((unscaled.bit_length() + 8) // 8, "big", signed=True)}
    if kind == "DATE" and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time(), datetime.UTC)
    return value


def main() -> None:
    args = getResolvedOptions(sys.argv, ["DATABASE", "TABLE", "COLUMNS", "SAMPLE"])
    spark = SparkSession.builder.getOrCreate()
    frame = spark.read.table(f"`{args['DATABASE']}`.`{args['TABLE']}`")
    if float(args["SAMPLE"]) < 100:
        frame = frame.sample(float(args["SAMPLE"]) / 100)
    wanted = set(args["COLUMNS"].split(","))
    kinds = {field.name: kind_of(field.dataType) for field in frame.schema.fields if field.name.lower() in wanted}
    asked = [
        aggregate(F.col(f"`{name}`")).alias(f"{name}:{member}")
        for name, kind in kinds.items()
        if kind
        for member, aggregate in kind[1].items()
    ]
    figures = frame.agg(*asked).collect()[0].asDict() if asked else {}
    statistics = []
    types = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    for name, kind in kinds.items():
        if kind is None:
            print(f"{name}: a column of the type {types[name]} has no statistics")
            continue
        values = {member: to_wire(kind[0], member, figures[f"{name}:{member}"]) for member in kind[1]}
        data = {member: value for member, value in values.items() if value is not None}
        of_kind = f"{kind[0].capitalize()}ColumnStatisticsData"
        statistics.append(
            {
                "ColumnName": name,
                "ColumnType": types[name],
                "AnalyzedTime": datetime.datetime.now(datetime.UTC),
                "StatisticsData": {"Type": kind[0], of_kind: data},
            }
        )
    glue = boto3.client("glue")
    for first in range(0, len(statistics), _AT_ONCE):
        answer = glue.update_column_statistics_for_table(
            DatabaseName=args["DATABASE"], TableName=args["TABLE"], ColumnStatisticsList=statistics[first : first + _AT_ONCE]
        )
        if answer.get("Errors"):
            raise RuntimeError(f"statistics were refused: {answer['Errors'][0]['Error']}")
    print(f"statistics of {len(statistics)} columns")
