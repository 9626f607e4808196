"""Field paths as Glue writes them: `a.b` is field b of struct a, and back-quotes keep a dot inside one name."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType


def split_path(path: str) -> list[str]:
    """Splits a path into names: 'a.`b.c`' gives ['a', 'b.c']."""
    names, current, quoted = [], "", False
    for character in path:
        if character == "`":
            quoted = not quoted
        elif character == "." and not quoted:
            names.append(current)
            current = ""
        else:
            current += character
    names.append(current)
    return names


def quote(name: str) -> str:
    """A name as Spark SQL reads it, whatever it holds."""
    return "`" + name.replace("`", "``") + "`"


def find_field(schema: StructType, name: str, case_sensitive: bool = True) -> StructField | None:
    """The field of that name, or None. Without case, an exact match wins over the first that differs in case only."""
    for field in schema.fields:
        if field.name == name:
            return field
    if case_sensitive:
        return None
    return next((field for field in schema.fields if field.name.lower() == name.lower()), None)


def resolve(schema: StructType, path: str, case_sensitive: bool = True) -> tuple[list[str], DataType] | None:
    """The names of a path as the schema writes them, and the type found there; None when there is no such field.

    A whole name that holds dots is preferred over a walk into structs, since sources may yield such columns.
    """
    whole = find_field(schema, path.strip("`"), case_sensitive)
    if whole is not None:
        return [whole.name], whole.dataType
    names: list[str] = []
    kind: DataType = schema
    for part in split_path(path):
        if not isinstance(kind, StructType):
            return None
        field = find_field(kind, part, case_sensitive)
        if field is None:
            return None
        names.append(field.name)
        kind = field.dataType
    return names, kind


def column(names: list[str]) -> Column:
    """The column at a resolved path."""
    return F.col(".".join(quote(name) for name in names))
