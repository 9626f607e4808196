"""The transform classes. `X.apply(frame = …)` does what the method of the same meaning does on the frame.

`from awsglue.transforms import *` gives exactly the names that Glue exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection


class GlueTransform:
    """The base of all transforms: calling an instance and the class method `apply` are the same."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(type(self).__name__)

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    @classmethod
    def describe(cls) -> str:
        return (cls.__doc__ or "").strip()


class ApplyMapping(GlueTransform):
    """Maps source fields and types to target fields and types."""

    def __call__(
        self,
        frame: DynamicFrame,
        mappings: Iterable[Any],
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        return frame.apply_mapping(mappings, case_sensitive, transformation_ctx)


class Coalesce(GlueTransform):
    """Reduces the number of partitions."""

    def __call__(
        self, frame: DynamicFrame, num_partitions: int, shuffle: bool = False, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.coalesce(num_partitions, shuffle, transformation_ctx)


class DropFields(GlueTransform):
    """Drops fields."""

    def __call__(
        self, frame: DynamicFrame, paths: str | Iterable[str], transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.drop_fields(paths, transformation_ctx)


class DropNullFields(GlueTransform):
    """Drops fields whose type is null."""

    def __call__(self, frame: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.drop_null_fields(transformation_ctx)


class ErrorsAsDynamicFrame(GlueTransform):
    """The error records of a frame."""

    def __call__(self, frame: DynamicFrame) -> DynamicFrame:
        return frame.errorsAsDynamicFrame()


class Filter(GlueTransform):
    """Keeps the records for which a function is true."""

    def __call__(
        self,
        frame: DynamicFrame,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.filter(f, transformation_ctx, info, stageThreshold, totalThreshold)


class FlatMap(GlueTransform):
    """Applies a transform to each frame of a collection."""

    def __call__(
        self,
        dfc: DynamicFrameCollection,
        BaseTransform: type[GlueTransform],
        frame_name: str,
        transformation_ctx: str = "",
        **base_kwargs: Any,
    ) -> DynamicFrameCollection:
        return dfc.flatmap(lambda frame, _: BaseTransform.apply(**{frame_name: frame}, **base_kwargs))


class Join(GlueTransform):
    """Joins two frames on equal keys."""

    def __call__(
        self,
        frame1: DynamicFrame,
        frame2: DynamicFrame,
        keys1: str | Iterable[str],
        keys2: str | Iterable[str],
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        return frame1.join(keys1, keys2, frame2, transformation_ctx)


class Map(GlueTransform):
    """Replaces each record by what a function gives for it."""

    def __call__(
        self,
        frame: DynamicFrame,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.map(f, False, transformation_ctx, info, stageThreshold, totalThreshold)


class MapToCollection(GlueTransform):
    """Applies a function to each frame of a collection."""

    def __call__(
        self, dfc: DynamicFrameCollection, callable: Callable[[DynamicFrame, Any], DynamicFrame], transformation_ctx: str = ""
    ) -> DynamicFrameCollection:
        return dfc.map(callable, transformation_ctx)


class Relationalize(GlueTransform):
    """Flattens structs and makes tables of arrays."""

    def __call__(
        self,
        frame: DynamicFrame,
        staging_path: str | None = None,
        name: str = "roottable",
        options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        return frame.relationalize(name, staging_path, options, transformation_ctx)


class RenameField(GlueTransform):
    """Renames a field."""

    def __call__(
        self, frame: DynamicFrame, old_name: str, new_name: str, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.rename_field(old_name, new_name, transformation_ctx)


class Repartition(GlueTransform):
    """Changes the number of partitions."""

    def __call__(
        self, frame: DynamicFrame, num_partitions: int, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.repartition(num_partitions, transformation_ctx)


class ResolveChoice(GlueTransform):
    """Resolves choice types."""

    def __call__(
        self,
        frame: DynamicFrame,
        specs: list[tuple[str, str]] | None = None,
        choice: str = "",
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        database: str | None = None,
        table_name: str | None = None,
        catalog_id: str | None = None,
    ) -> DynamicFrame:
        return frame.resolveChoice(specs, choice, database, table_name, transformation_ctx, catalog_id=catalog_id)


class SelectFields(GlueTransform):
    """Keeps fields."""

    def __call__(
        self, frame: DynamicFrame, paths: str | Iterable[str], transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.select_fields(paths, transformation_ctx)


class SelectFromCollection(GlueTransform):
    """One frame of a collection."""

    def __call__(self, dfc: DynamicFrameCollection, key: str, transformation_ctx: str = "") -> DynamicFrame:
        return dfc.select(key, transformation_ctx)


class Spigot(GlueTransform):
    """Writes sample records aside."""

    def __call__(
        self, frame: DynamicFrame, path: str, options: dict[str, Any] | None = None, transformation_ctx: str = ""
    ) -> DynamicFrame:
        return frame.spigot(path, options, transformation_ctx)


class SplitFields(GlueTransform):
    """Splits a frame by fields."""

    def __call__(
        self,
        frame: DynamicFrame,
        paths: Iterable[str],
        name1: str | None = None,
        name2: str | None = None,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        return frame.split_fields(paths, name1 or frame.name + "1", name2 or frame.name + "2", transformation_ctx)


class SplitRows(GlueTransform):
    """Splits a frame by comparisons of its records."""

    def __call__(
        self,
        frame: DynamicFrame,
        comparison_dict: dict[str, dict[str, Any]],
        name1: str = "frame1",
        name2: str = "frame2",
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        return frame.split_rows(comparison_dict, name1, name2, transformation_ctx)


class Unbox(GlueTransform):
    """Reads a string field as a document."""

    def __call__(
        self, frame: DynamicFrame, path: str, format: str, transformation_ctx: str = "", *_: Any, **options: Any
    ) -> DynamicFrame:
        return frame.unbox(path, format, transformation_ctx, **options)


class Union(GlueTransform):
    """The records of two frames."""

    def __call__(
        self, frame1: DynamicFrame, frame2: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame1.union(frame2, transformation_ctx)


class UnnestFrame(GlueTransform):
    """Makes fields of structs top-level."""

    def __call__(self, frame: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.unnest(transformation_ctx)


def get_transform(name: str) -> GlueTransform | None:
    """The transform of that name, or None."""
    return next((each() for each in transforms() if each.name() == name), None)


def transforms() -> list[type[GlueTransform]]:
    """All transform classes."""
    return GlueTransform.__subclasses__()


__all__ = [
    "ApplyMapping", "Coalesce", "DropFields", "DropNullFields", "ErrorsAsDynamicFrame", "Filter", "FlatMap", "Join", "Map",
    "MapToCollection", "Relationalize", "RenameField", "Repartition", "ResolveChoice", "SelectFields", "SelectFromCollection",
    "Spigot", "SplitFields", "SplitRows", "Unbox", "Union", "UnnestFrame",
]  # fmt: skip
