"""Glue's data types as Python objects, and how they correspond to Spark's.

The classes, their `typeName()` and `jsonValue()` follow the documented interface of `awsglue.gluetypes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyspark.sql import types as T


class DataType:
    """A Glue type. `properties` is free-form and travels with the type."""

    type_name = ""

    def __init__(self, properties: dict[str, Any] | None = None) -> None:
        self.properties = properties or {}

    @classmethod
    def typeName(cls) -> str:
        return cls.type_name or cls.__name__.lower()

    def jsonValue(self) -> Any:
        return {"dataType": self.typeName()}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(str(self.jsonValue()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.jsonValue()})"


class BinaryType(DataType):
    type_name = "binary"


class BooleanType(DataType):
    type_name = "boolean"


class ByteType(DataType):
    type_name = "byte"


class DateType(DataType):
    type_name = "date"


class DoubleType(DataType):
    type_name = "double"


class FloatType(DataType):
    type_name = "float"


class IntegerType(DataType):
    type_name = "int"


class LongType(DataType):
    type_name = "long"


class NullType(DataType):
    type_name = "null"


class ShortType(DataType):
    type_name = "short"


class StringType(DataType):
    type_name = "string"


class TimestampType(DataType):
    type_name = "timestamp"


class TimestampNTZType(DataType):
    type_name = "timestamp_ntz"


class UnknownType(DataType):
    type_name = "unknown"


class DecimalType(DataType):
    type_name = "decimal"

    def __init__(self, precision: int = 10, scale: int = 2, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.precision, self.scale = precision, scale

    def jsonValue(self) -> Any:
        return {"dataType": "decimal", "precision": self.precision, "scale": self.scale}


class ArrayType(DataType):
    type_name = "array"

    def __init__(self, elementType: DataType | None = None, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.elementType = elementType or UnknownType()

    def jsonValue(self) -> Any:
        return {"dataType": "array", "elementType": self.elementType.jsonValue()}


class SetType(ArrayType):
    type_name = "set"

    def jsonValue(self) -> Any:
        return {"dataType": "set", "elementType": self.elementType.jsonValue()}


class MapType(DataType):
    type_name = "map"

    def __init__(self, valueType: DataType | None = None, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.valueType = valueType or UnknownType()

    def jsonValue(self) -> Any:
        return {"dataType": "map", "valueType": self.valueType.jsonValue()}


class ChoiceType(DataType):
    type_name = "choice"

    def __init__(self, choices: Iterable[DataType] = (), properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.choices = {each.typeName(): each for each in choices}

    def jsonValue(self) -> Any:
        return {"dataType": "choice", "choices": [each.jsonValue() for each in self.choices.values()]}


class Field:
    """A named member of a struct."""

    def __init__(self, name: str, dataType: DataType, properties: dict[str, Any] | None = None) -> None:
        self.name, self.dataType, self.properties = name, dataType, properties or {}

    def jsonValue(self) -> Any:
        return {"name": self.name, "container": self.dataType.jsonValue()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and (self.name, self.dataType) == (other.name, other.dataType)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Field({self.name}, {self.dataType!r})"


class StructType(DataType):
    type_name = "struct"

    def __init__(self, fields: Iterable[Field] = (), properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.fields = list(fields)

    @property
    def field_map(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def add(self, field: Field) -> StructType:
        self.fields.append(field)
        return self

    def hasField(self, name: str) -> bool:
        return name in self.field_map

    def getField(self, name: str) -> Field:
        return self.field_map[name]

    def jsonValue(self) -> Any:
        return {"dataType": "struct", "fields": [field.jsonValue() for field in self.fields]}

    def treeString(self) -> str:
        """The text of DynamicFrame.printSchema: no nullability, the alternatives of a choice as its children."""
        return "root\n" + "".join(_tree(field.name, field.dataType, "") for field in self.fields)


def _tree(name: str, kind: DataType, indent: str) -> str:
    text = f"{indent}|-- {name}: {kind.typeName()}\n"
    deeper = indent + "|    "
    if isinstance(kind, StructType):
        text += "".join(_tree(field.name, field.dataType, deeper) for field in kind.fields)
    elif isinstance(kind, ArrayType):
        text += _tree("element", kind.elementType, deeper)
    elif isinstance(kind, MapType):
        text += _tree("value", kind.valueType, deeper)
    elif isinstance(kind, ChoiceType):
        text += "".join(f"{deeper}|-- {each}\n" for each in kind.choices)
    return text


_SIMPLE: dict[type[T.DataType], type[DataType]] = {
    T.BinaryType: BinaryType,
    T.BooleanType: BooleanType,
    T.ByteType: ByteType,
    T.DateType: DateType,
    T.DoubleType: DoubleType,
    T.FloatType: FloatType,
    T.IntegerType: IntegerType,
    T.LongType: LongType,
    T.NullType: NullType,
    T.ShortType: ShortType,
    T.StringType: StringType,
    T.TimestampType: TimestampType,
    T.TimestampNTZType: TimestampNTZType,
}


def from_spark(kind: T.DataType, choice: bool = False) -> DataType:
    """The Glue type of a Spark type. `choice`: the struct is a choice's representation."""
    if isinstance(kind, T.DecimalType):
        return DecimalType(kind.precision, kind.scale)
    if isinstance(kind, T.ArrayType):
        return ArrayType(from_spark(kind.elementType))
    if isinstance(kind, T.MapType):
        return MapType(from_spark(kind.valueType))
    if isinstance(kind, T.StructType):
        if choice:
            return ChoiceType(from_spark(field.dataType) for field in kind.fields)
        return StructType(
            Field(field.name, from_spark(field.dataType, bool((field.metadata or {}).get("glue.choice"))))
            for field in kind.fields
        )
    return _SIMPLE.get(type(kind), UnknownType)()


# Glue's names where Spark SQL has another, or a default that differs.
_NAMES = {
    "long": "bigint",
    "byte": "tinyint",
    "short": "smallint",
    "integer": "int",
    "null": "void",
    "decimal": "decimal(10,2)",
}


def spark_type(text: str) -> T.DataType:
    """The Spark type of a type's text in a mapping, a cast or the catalog: 'long', 'decimal(10,2)', 'struct<a:int>'."""
    name = text.strip()
    return T.DataType.fromDDL(_NAMES.get(name.lower(), name))
