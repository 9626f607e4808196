"""DynamicFrame: a Spark DataFrame with Glue's record semantics.

Every transform also takes Glue's `transformation_ctx`, `info`, `stageThreshold` and `totalThreshold`; when more error
records than a threshold allows have come up, the transform raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from awsglue import choice, gluetypes, mapping, nesting, rows
from awsglue.paths import column, quote, resolve


class ResolveOption:
    """How toDF turns one choice field into a column: action is Project, KeepAsStruct or Cast, target a type's name."""

    def __init__(self, path: str, action: str, target: str | None = None) -> None:
        self.path, self.action, self.target = path, action, target


def _as_list(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


class DynamicFrame:
    """A distributed table of records whose fields need not all have one type."""

    def __init__(self, frame: DataFrame, glue_ctx: Any, name: str = "", errors: list[str] | None = None) -> None:
        self._frame = frame
        self.glue_ctx = glue_ctx
        self.name = name
        self._errors = errors or []

    # --- to and from Spark

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str = "") -> DynamicFrame:
        """Makes a DynamicFrame of a DataFrame."""
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: list[ResolveOption] | None = None) -> DataFrame:
        """The Spark DataFrame. Choices that no option names become structs, one field per type."""
        frame = self._frame
        specs = []
        for option in options or []:
            action = option.action.lower()
            if action == "keepasstruct":
                specs.append((option.path, "make_struct"))
            else:
                specs.append((option.path, f"{action}:{option.target}"))
        return choice.resolve_specs(frame, specs) if specs else frame

    def _with(self, frame: DataFrame, transformation_ctx: str = "", name: str = "") -> DynamicFrame:
        return DynamicFrame(frame, self.glue_ctx, name or transformation_ctx or self.name, list(self._errors))

    def _checked(self, stage_errors: list[str], stage_threshold: int, total_threshold: int) -> DynamicFrame:
        self._errors = self._errors + stage_errors
        if stage_threshold and len(stage_errors) > stage_threshold or total_threshold and len(self._errors) > total_threshold:
            raise RuntimeError(f"{len(self._errors)} error records, above the threshold; the last: {self._errors[-1]}")
        return self

    # --- looking

    def schema(self) -> gluetypes.StructType:
        """The schema as Glue types."""
        kind = gluetypes.from_spark(self._frame.schema)
        assert isinstance(kind, gluetypes.StructType)
        return kind

    def printSchema(self) -> None:
        """Prints the schema as a tree."""
        print(self.schema().treeString())

    def show(self, num_rows: int = 20) -> None:
        """Prints records as JSON, one a line."""
        for row in self._frame.limit(num_rows).toArrow().to_pylist():
            print(json.dumps(row, default=str))

    def count(self) -> int:
        return self._frame.count()

    def getNumPartitions(self) -> int:
        """Always 1: partitions are not visible through Spark Connect, and the engine splits work by itself."""
        return 1

    def errorsCount(self) -> int:
        """The error records of this transform and all before it."""
        return len(self._errors)

    def stageErrorsCount(self) -> int:
        return len(self._errors)

    def errorsAsDynamicFrame(self) -> DynamicFrame:
        """The error records: one column, `error`."""
        schema = T.StructType([T.StructField("error", T.StringType())])
        frame = self._frame.sparkSession.createDataFrame([(each,) for each in self._errors], schema)
        return DynamicFrame(frame, self.glue_ctx, f"{self.name}_errors")

    def assertErrorThreshold(self) -> None:
        if self._errors:
            raise RuntimeError(f"{len(self._errors)} error records; the last: {self._errors[-1]}")

    # --- fields

    def apply_mapping(
        self,
        mappings: Iterable[Any],
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Renames, casts, nests and drops fields by mapping tuples (source, source type, target, target type)."""
        return self._with(mapping.apply_mapping(self._frame, mappings, case_sensitive), transformation_ctx)

    applyMapping = apply_mapping

    def select_fields(self, paths: str | Iterable[str], transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self._with(mapping.select_paths(self._frame, _as_list(paths)), transformation_ctx)

    def drop_fields(self, paths: str | Iterable[str], transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self._with(mapping.drop_paths(self._frame, _as_list(paths)), transformation_ctx)

    def rename_field(self, oldName: str, newName: str, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self._with(mapping.rename_path(self._frame, oldName, newName), transformation_ctx)

    def resolveChoice(
        self,
        specs: list[tuple[str, str]] | None = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        catalog_id: str | None = None,
    ) -> DynamicFrame:
        """Resolves choice types: by `specs` (path, action) for named fields, or by one `choice` for all others."""
        if bool(specs) == bool(choice):
            raise Exception("resolveChoice needs exactly one of specs and choice")
        if specs:
            return self._with(_choice.resolve_specs(self._frame, list(specs)), transformation_ctx)
        if choice != "match_catalog":
            return self._with(_choice.resolve_all(self._frame, choice), transformation_ctx)
        if not database or not table_name:
            raise Exception("choice match_catalog needs database and table_name")
        wanted = _choice.catalog_types(self.glue_ctx.catalog_table(database, table_name, catalog_id))
        return self._with(_choice.match_catalog(self._frame, wanted), transformation_ctx)

    def drop_null_fields(self, transformation_ctx: str = "") -> DynamicFrame:
        """Drops the fields whose type is null (every value missing), inside structs too."""
        paths = nesting.null_paths(self._frame.schema)
        print("null_fields", paths)
        return self._with(mapping.drop_paths(self._frame, paths), transformation_ctx)

    def with_frame_schema(self, schema: Any) -> DynamicFrame:
        return self

    # --- records

    def filter(
        self,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Keeps the records for which f(record) is true."""
        frame, errors = rows.filter_rows(self._frame, f)
        return self._with(frame, transformation_ctx)._checked(["filter"] * errors, stageThreshold, totalThreshold)

    def map(
        self,
        f: Callable[[Any], Any],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Replaces each record by f(record)."""
        frame, errors = rows.map_rows(self._frame, f)
        return self._with(frame, transformation_ctx)._checked(errors, stageThreshold, totalThreshold)

    def join(
        self,
        paths1: str | Iterable[str],
        paths2: str | Iterable[str],
        frame2: DynamicFrame,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """Inner equality join. Of two fields of one name that both frames have, this frame's is kept."""
        left, right = self._frame.alias("l"), frame2._frame.alias("r")
        condition = None
        for one, other in zip(_as_list(paths1), _as_list(paths2), strict=True):
            pair = [self._path(self._frame, one, "l"), self._path(frame2._frame, other, "r")]
            equal = pair[0] == pair[1]
            condition = equal if condition is None else condition & equal
        taken = {field.name for field in self._frame.schema.fields}
        selected = [F.col(f"l.{quote(name)}") for name in self._frame.columns]
        selected += [F.col(f"r.{quote(name)}") for name in frame2._frame.columns if name not in taken]
        joined = left.join(right, condition, "inner").select(*selected)
        return self._with(joined, name=transformation_ctx or self.name + frame2.name)

    @staticmethod
    def _path(frame: DataFrame, path: str, side: str) -> Any:
        found = resolve(frame.schema, path, case_sensitive=False)
        if found is None:
            raise ValueError(f"no field {path!r} to join on; the frame has: {', '.join(frame.columns)}")
        return column([side, *found[0]])

    def union(self, other_frame: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        """Both frames' records, fields matched by name; a field that one lacks is null."""
        return self._with(self._frame.unionByName(other_frame._frame, allowMissingColumns=True), transformation_ctx)

    def mergeDynamicFrame(
        self, stage_dynamic_frame: DynamicFrame, primary_keys: list[str], transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        """The stage's records, and those of this frame whose primary key the stage does not have."""
        kept = self._frame.join(
            stage_dynamic_frame._frame.select(*map(quote, primary_keys)).distinct(), primary_keys, "left_anti"
        )
        return self._with(kept.unionByName(stage_dynamic_frame._frame, allowMissingColumns=True), transformation_ctx)

    def repartition(self, num_partitions: int, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self._with(self._frame.repartition(num_partitions), transformation_ctx)

    def coalesce(
        self, num_partitions: int, shuffle: bool = False, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return self._with(self._frame.coalesce(num_partitions), transformation_ctx)

    # --- shapes

    def relationalize(
        self,
        root_table_name: str,
        staging_path: str | None = None,
        options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
        **_: Any,
    ) -> DynamicFrameCollection:
        """Flattens structs and pivots arrays out into frames of their own, joined by `id` and `index`."""
        frames = nesting.relationalize(self._frame, root_table_name)
        return DynamicFrameCollection(
            {name: DynamicFrame(frame, self.glue_ctx, name) for name, frame in frames.items()}, self.glue_ctx
        )

    def unnest(self, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        """Makes fields of structs top-level columns, named by their path."""
        return self._with(nesting.flatten(self._frame), transformation_ctx)

    def unbox(self, path: str, format: str, transformation_ctx: str = "", *_: Any, **options: Any) -> DynamicFrame:
        """Reads a string field as JSON; its schema is found from the data unless `schema` (DDL text) is given."""
        if format != "json":
            from awsglue.errors import UnsupportedByMastic

            raise UnsupportedByMastic(f"unbox of format {format!r}", "Format json is.")
        name = quote(path)
        schema = options.get("schema")
        if schema is None:
            sample = self._frame.where(F.col(name).isNotNull()).select(F.col(name)).limit(1000).collect()
            merged = nesting.merged_json_schema([row[0] for row in sample])
        else:
            merged = gluetypes.spark_type(schema)
        return self._with(self._frame.withColumn(path, F.from_json(F.col(name), merged.simpleString())), transformation_ctx)

    def split_fields(
        self, paths: Iterable[str], name1: str, name2: str, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrameCollection:
        """Two frames: one with these fields, one with the rest."""
        wanted = list(paths)
        return DynamicFrameCollection(
            {
                name1: self._with(mapping.select_paths(self._frame, wanted), name=name1),
                name2: self._with(mapping.drop_paths(self._frame, wanted), name=name2),
            },
            self.glue_ctx,
        )

    def split_rows(
        self,
        comparison_dict: dict[str, dict[str, Any]],
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        """Two frames: the rows that pass every comparison (`{field: {">": 10}}`), and the rest."""
        operators: dict[str, Callable[[Any, Any], Any]] = {
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
            "=": lambda a, b: a == b,
            "!=": lambda a, b: a != b,
        }
        condition = F.lit(True)
        for path, comparisons in comparison_dict.items():
            found = resolve(self._frame.schema, path, case_sensitive=False)
            if found is None:
                raise ValueError(f"no field {path!r} to split by")
            for operator, value in comparisons.items():
                condition = condition & operators[operator](column(found[0]), F.lit(value))
        passes = F.coalesce(condition, F.lit(False))
        return DynamicFrameCollection(
            {
                name1: self._with(self._frame.where(passes), name=name1),
                name2: self._with(self._frame.where(~passes), name=name2),
            },
            self.glue_ctx,
        )

    def spigot(
        self, path: str, options: dict[str, Any] | None = None, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        """Writes sample records (`topk`, `prob`) as JSON to a path, and passes the frame on."""
        wanted = options or {}
        sample = self._frame
        if "prob" in wanted:
            sample = sample.sample(float(wanted["prob"]))
        sample.limit(int(wanted.get("topk", 100))).write.mode("append").json(path)
        return self._with(self._frame, transformation_ctx)

    def write(
        self,
        connection_type: str,
        connection_options: dict[str, Any] | None = None,
        format: str | None = None,
        format_options: dict[str, Any] | None = None,
        accumulator_size: int = 0,
    ) -> DynamicFrame:
        """Writes the frame; see GlueContext.write_dynamic_frame.from_options."""
        return self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options or {}, format, format_options or {}
        )


# The method's parameter `choice` hides the module of that name.
_choice = choice


class DynamicFrameCollection:
    """Named DynamicFrames."""

    def __init__(self, dynamic_frames: dict[str, DynamicFrame] | list[DynamicFrame], glue_ctx: Any) -> None:
        if not isinstance(dynamic_frames, dict):
            dynamic_frames = {frame.name: frame for frame in dynamic_frames}
        self._frames = dynamic_frames
        self._glue_ctx = glue_ctx

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def keys(self) -> Any:
        return self._frames.keys()

    def values(self) -> Any:
        return self._frames.values()

    def select(self, key: str, transformation_ctx: str = "") -> DynamicFrame:
        """The frame of that name; an empty one when there is none."""
        if key in self._frames:
            return self._frames[key]
        empty = self._glue_ctx.spark_session.createDataFrame([], T.StructType([]))
        return DynamicFrame(empty, self._glue_ctx, key)

    def map(
        self, callable: Callable[[DynamicFrame, Any], DynamicFrame], transformation_ctx: str = ""
    ) -> DynamicFrameCollection:
        return DynamicFrameCollection(
            {key: callable(frame, transformation_ctx) for key, frame in self._frames.items()}, self._glue_ctx
        )

    def flatmap(self, f: Callable[[DynamicFrame, Any], Any], transformation_ctx: str = "") -> DynamicFrameCollection:
        frames: dict[str, DynamicFrame] = {}
        for key, frame in self._frames.items():
            result = f(frame, transformation_ctx)
            parts = result._frames if isinstance(result, DynamicFrameCollection) else {"": result}
            frames.update({f"{key}_{name}" if name else key: part for name, part in parts.items()})
        return DynamicFrameCollection(frames, self._glue_ctx)
