"""ApplyMapping: each mapping names a source field, its type, a target field and its type.

Documented rules: a source that does not exist is dropped without a word; names match without case unless asked; a dot
nests the target or reaches into the source's structs; back-quotes keep a dot; a value that cannot be cast becomes null.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from awsglue.gluetypes import spark_type
from awsglue.paths import column, quote, resolve, split_path


class _Node(dict[str, Any]):
    """A struct that is being built: field name → Column or _Node, in the order of the mappings."""


def _normalize(mapping: Any) -> tuple[str, str | None, str, str | None]:
    if not isinstance(mapping, tuple):
        raise TypeError(f"each mapping must be a tuple, not {type(mapping).__name__}: {mapping!r}")
    match mapping:
        case (source, source_type, target, target_type):
            return source, source_type, target, target_type
        case (source, kind, target):
            return source, kind, target, kind
        case (source, target):
            return source, None, target, None
    raise TypeError(f"a mapping has 2, 3 or 4 parts: {mapping!r}")


def _place(root: _Node, names: list[str], value: Column) -> None:
    for name in names[:-1]:
        inner = root.setdefault(name, _Node())
        if not isinstance(inner, _Node):
            inner = root[name] = _Node()
        root = inner
    root[names[-1]] = value


def _build(node: _Node) -> list[Column]:
    return [(F.struct(*_build(value)) if isinstance(value, _Node) else value).alias(name) for name, value in node.items()]


def apply_mapping(frame: DataFrame, mappings: Iterable[Any], case_sensitive: bool = False) -> DataFrame:
    """The frame with just the mapped fields. Raises ValueError when no mapping's source exists."""
    root = _Node()
    schema = frame.schema
    for mapping in mappings:
        source, _, target, target_type = _normalize(mapping)
        found = resolve(schema, source, case_sensitive)
        if found is None:
            continue
        names, kind = found
        value = column(names)
        if target_type is not None:
            wanted = spark_type(target_type)
            if wanted.simpleString() != kind.simpleString():
                value = value.try_cast(wanted)
        _place(root, split_path(target), value)
    if not root:
        raise ValueError(f"no mapping names a field of the frame, which has: {', '.join(frame.columns)}")
    return frame.select(*_build(root))


def drop_paths(frame: DataFrame, paths: Iterable[str]) -> DataFrame:
    """The frame without these fields; unknown ones are passed over."""
    for path in paths:
        found = resolve(frame.schema, path, case_sensitive=False)
        if found is None:
            continue
        names = found[0]
        if len(names) == 1:
            frame = frame.select(*[F.col(quote(field.name)) for field in frame.schema.fields if field.name != names[0]])
        else:
            inner = ".".join(quote(name) for name in names[1:])
            frame = frame.withColumn(names[0], F.col(quote(names[0])).dropFields(inner))
    return frame


def select_paths(frame: DataFrame, paths: Iterable[str]) -> DataFrame:
    """The frame with only these fields, nested ones kept inside their structs; unknown ones are passed over."""
    root = _Node()
    for path in paths:
        found = resolve(frame.schema, path, case_sensitive=False)
        if found is not None:
            _place(root, found[0], column(found[0]))
    if not root:
        raise ValueError(f"none of these fields exists: {', '.join(paths)}")
    return frame.select(*_build(root))


def rename_path(frame: DataFrame, old: str, new: str) -> DataFrame:
    """The frame with one field under another name, at its place when both are top-level."""
    found = resolve(frame.schema, old, case_sensitive=False)
    if found is None:
        return frame
    names, target = found[0], split_path(new)
    if len(names) == 1 and len(target) == 1:
        return frame.select(
            *[F.col(quote(f.name)).alias(target[0] if f.name == names[0] else f.name) for f in frame.schema.fields]
        )
    value = column(names)
    moved = frame.select("*", value.alias("__moved")) if len(names) > 1 else frame.withColumnRenamed(names[0], "__moved")
    moved = drop_paths(moved, [old]) if len(names) > 1 else moved
    root = _Node({field.name: F.col(quote(field.name)) for field in moved.schema.fields if field.name != "__moved"})
    if len(target) > 1 and target[0] in root:
        inner = ".".join(quote(name) for name in target[1:])
        root[target[0]] = root[target[0]].withField(inner, F.col("__moved"))
    else:
        _place(root, target, F.col("__moved"))
    return moved.select(*_build(root))
