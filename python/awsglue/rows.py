"""Python functions over records: Filter and Map.

Rows come to the driver as Arrow, the function sees each as a DynamicRecord, and what stays goes back as Arrow. The
documented rules: in a filter, KeyError, ValueError and TypeError drop the record, any other exception keeps it as an
error record; in a map, an exception or None makes an error record, which is absent from the output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame


class DynamicRecord(dict[str, Any]):
    """A record: a dict whose fields can also be read and set as attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]


def _record(row: dict[str, Any]) -> DynamicRecord:
    return DynamicRecord({name: DynamicRecord(value) if isinstance(value, dict) else value for name, value in row.items()})


def filter_rows(frame: DataFrame, function: Callable[[Any], Any]) -> tuple[DataFrame, int]:
    """Keeps the rows for which the function is true. Gives the frame and the number of error records."""
    table = frame.toArrow()
    errors = 0
    keep = []
    for batch in table.to_batches():
        for row in batch.to_pylist():
            try:
                keep.append(bool(function(_record(row))))
            except (KeyError, ValueError, TypeError):
                keep.append(False)
            except Exception:  # noqa: BLE001 - the rule: any other exception makes an error record
                keep.append(False)
                errors += 1
    kept = table.filter(pa.array(keep, pa.bool_()))
    return _from_arrow(frame, kept, "filter"), errors


def map_rows(frame: DataFrame, function: Callable[[Any], Any]) -> tuple[DataFrame, list[str]]:
    """Replaces each row by what the function gives. Gives the frame and the messages of the error records."""
    results: list[dict[str, Any]] = []
    errors: list[str] = []
    for batch in frame.toArrow().to_batches():
        for row in batch.to_pylist():
            try:
                result = function(_record(row))
            except Exception as error:  # noqa: BLE001 - the rule: an exception makes an error record
                errors.append(f"{type(error).__name__}: {error}")
                continue
            if result is None:
                errors.append("the function returned None")
                continue
            results.append(dict(result))
    if not results:
        return frame.limit(0), errors
    names = list(dict.fromkeys(name for result in results for name in result))
    table = pa.Table.from_pydict({name: [result.get(name) for result in results] for name in names})
    return _come_from(frame, frame.sparkSession.createDataFrame(table), "map"), errors


def _come_from(frame: DataFrame, made: DataFrame, how: str) -> DataFrame:
    """Says of rows that were made here from which frame's they were, so that lineage does not begin in the driver.

    A hint: who does not know it passes the rows on.
    """
    plan = getattr(frame, "_plan", None)
    return made.hint("mastic_lineage", how, plan._plan_id) if plan is not None else made


def _from_arrow(frame: DataFrame, table: pa.Table, how: str) -> DataFrame:
    if table.num_rows == 0:
        return frame.limit(0)
    return _come_from(frame, frame.sparkSession.createDataFrame(table, schema=frame.schema), how)
