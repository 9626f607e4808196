"""`pyspark.rdd`: an RDD that is a list in the driver, computed when an action asks for it.

Functions run in the driver, not in workers: a script that maps over millions of rows wants DataFrames.
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mastic.stand_in.unsupported import unsupported

if TYPE_CHECKING:
    from mastic.stand_in.context import SparkContext

T = TypeVar("T")
U = TypeVar("U")

__all__ = ["RDD"]


class RDD(Generic[T]):
    def __init__(self, compute: Callable[[], Iterable[T]], context: SparkContext | None, partitions: int = 1) -> None:
        self._compute = compute
        self._context = context
        self._partitions = partitions
        self._kept: list[T] | None = None
        self._keep = False
        self._name: str | None = None

    @property
    def context(self) -> SparkContext:
        from mastic.stand_in.context import SparkContext

        return self._context or SparkContext.getOrCreate()

    ctx = context

    def _then(self, compute: Callable[[list[T]], Iterable[U]]) -> RDD[U]:
        return RDD(lambda: compute(self.collect()), self._context, self._partitions)

    # --- transformations ---

    def map(self, f: Callable[[T], U], preservesPartitioning: bool = False) -> RDD[U]:
        return self._then(lambda values: map(f, values))

    def flatMap(self, f: Callable[[T], Iterable[U]], preservesPartitioning: bool = False) -> RDD[U]:
        return self._then(lambda values: (inner for value in values for inner in f(value)))

    def filter(self, f: Callable[[T], bool]) -> RDD[T]:
        return self._then(lambda values: filter(f, values))

    def mapPartitions(self, f: Callable[[Iterator[T]], Iterable[U]], preservesPartitioning: bool = False) -> RDD[U]:
        return self._then(lambda values: f(iter(values)))

    def mapPartitionsWithIndex(
        self, f: Callable[[int, Iterator[T]], Iterable[U]], preservesPartitioning: bool = False
    ) -> RDD[U]:
        return self._then(lambda values: f(0, iter(values)))

    def distinct(self, numPartitions: int | None = None) -> RDD[T]:
        return self._then(dict.fromkeys)

    def union(self, other: RDD[T]) -> RDD[T]:
        return self._then(lambda values: [*values, *other.collect()])

    __add__ = union

    def intersection(self, other: RDD[T]) -> RDD[T]:
        return self._then(lambda values: [value for value in dict.fromkeys(values) if value in set(other.collect())])

    def subtract(self, other: RDD[T], numPartitions: int | None = None) -> RDD[T]:
        return self._then(lambda values: [value for value in values if value not in set(other.collect())])

    def cartesian(self, other: RDD[U]) -> RDD[tuple[T, U]]:
        return self._then(lambda values: [(left, right) for left in values for right in other.collect()])

    def zip(self, other: RDD[U]) -> RDD[tuple[T, U]]:
        return self._then(lambda values: zip(values, other.collect(), strict=True))

    def zipWithIndex(self) -> RDD[tuple[T, int]]:
        return self._then(lambda values: ((value, index) for index, value in enumerate(values)))

    zipWithUniqueId = zipWithIndex

    def keyBy(self, f: Callable[[T], U]) -> RDD[tuple[U, T]]:
        return self.map(lambda value: (f(value), value))

    def groupBy(self, f: Callable[[T], U], numPartitions: int | None = None) -> RDD[tuple[U, Iterable[T]]]:
        return self.keyBy(f).groupByKey()

    def sortBy(self, keyfunc: Callable[[T], Any], ascending: bool = True, numPartitions: int | None = None) -> RDD[T]:
        return self._then(lambda values: sorted(values, key=keyfunc, reverse=not ascending))

    def glom(self) -> RDD[list[T]]:
        return self._then(lambda values: [values])

    def coalesce(self, numPartitions: int, shuffle: bool = False) -> RDD[T]:
        return RDD(self.collect, self._context, min(numPartitions, self._partitions) or numPartitions)

    def repartition(self, numPartitions: int) -> RDD[T]:
        return RDD(self.collect, self._context, numPartitions)

    # --- transformations of pairs ---

    def keys(self: RDD[tuple[Any, Any]]) -> RDD[Any]:
        return self.map(lambda pair: pair[0])

    def values(self: RDD[tuple[Any, Any]]) -> RDD[Any]:
        return self.map(lambda pair: pair[1])

    def mapValues(self: RDD[tuple[Any, Any]], f: Callable[[Any], Any]) -> RDD[tuple[Any, Any]]:
        return self.map(lambda pair: (pair[0], f(pair[1])))

    def flatMapValues(self: RDD[tuple[Any, Any]], f: Callable[[Any], Iterable[Any]]) -> RDD[tuple[Any, Any]]:
        return self.flatMap(lambda pair: ((pair[0], value) for value in f(pair[1])))

    def groupByKey(self: RDD[Any], numPartitions: int | None = None) -> RDD[Any]:
        return self._then(lambda pairs: _grouped(pairs).items())

    def reduceByKey(self: RDD[Any], func: Callable[[Any, Any], Any], numPartitions: int | None = None) -> RDD[Any]:
        return self._then(lambda pairs: ((key, functools.reduce(func, values)) for key, values in _grouped(pairs).items()))

    def sortByKey(
        self: RDD[Any],
        ascending: bool = True,
        numPartitions: int | None = None,
        keyfunc: Callable[[Any], Any] = lambda key: key,
    ) -> RDD[Any]:
        return self.sortBy(lambda pair: keyfunc(pair[0]), ascending)

    def join(self: RDD[Any], other: RDD[Any], numPartitions: int | None = None) -> RDD[Any]:
        def joined(pairs: list[Any]) -> Iterator[Any]:
            others = _grouped(other.collect())
            return ((key, (left, right)) for key, left in pairs for right in others.get(key, ()))

        return self._then(joined)

    # --- actions ---

    def collect(self) -> list[T]:
        if self._kept is not None:
            return self._kept
        values = list(self._compute())
        if self._keep:
            self._kept = values
        return values

    def toLocalIterator(self, prefetchPartitions: bool = False) -> Iterator[T]:
        return iter(self.collect())

    def take(self, num: int) -> list[T]:
        return self.collect()[:num]

    def first(self) -> T:
        values = self.collect()
        if not values:
            raise ValueError("RDD is empty")
        return values[0]

    def count(self) -> int:
        return len(self.collect())

    def isEmpty(self) -> bool:
        return not self.collect()

    def sum(self: RDD[Any]) -> Any:
        return sum(self.collect())

    def max(self: RDD[Any], key: Callable[[Any], Any] | None = None) -> Any:
        return max(self.collect(), key=key)

    def min(self: RDD[Any], key: Callable[[Any], Any] | None = None) -> Any:
        return min(self.collect(), key=key)

    def mean(self: RDD[Any]) -> float:
        values = self.collect()
        return float(sum(values) / len(values))

    def top(self: RDD[Any], num: int, key: Callable[[Any], Any] | None = None) -> list[Any]:
        return heapq.nlargest(num, self.collect(), key or _itself)

    def takeOrdered(self: RDD[Any], num: int, key: Callable[[Any], Any] | None = None) -> list[Any]:
        return heapq.nsmallest(num, self.collect(), key or _itself)

    def reduce(self, f: Callable[[T, T], T]) -> T:
        values = self.collect()
        if not values:
            raise ValueError("Can not reduce() empty RDD")
        return functools.reduce(f, values)

    def fold(self, zeroValue: T, op: Callable[[T, T], T]) -> T:
        return functools.reduce(op, self.collect(), zeroValue)

    def aggregate(self, zeroValue: U, seqOp: Callable[[U, T], U], combOp: Callable[[U, U], U]) -> U:
        return functools.reduce(seqOp, self.collect(), zeroValue)

    def countByValue(self) -> dict[T, int]:
        return dict(Counter(self.collect()))

    def countByKey(self: RDD[Any]) -> dict[Any, int]:
        return dict(Counter(pair[0] for pair in self.collect()))

    def collectAsMap(self: RDD[Any]) -> dict[Any, Any]:
        return dict(self.collect())

    def lookup(self: RDD[Any], key: Any) -> list[Any]:
        return [value for found, value in self.collect() if found == key]

    def foreach(self, f: Callable[[T], None]) -> None:
        for value in self.collect():
            f(value)

    def foreachPartition(self, f: Callable[[Iterator[T]], None]) -> None:
        f(iter(self.collect()))

    # --- the rest ---

    def toDF(self, schema: Any = None, sampleRatio: float | None = None) -> Any:
        from pyspark.sql import SparkSession

        return SparkSession.builder.getOrCreate().createDataFrame(self.collect(), schema)

    def saveAsTextFile(self, path: str, compressionCodecClass: str | None = None) -> None:
        lines = self.map(lambda value: (value if isinstance(value, str) else str(value),))
        lines.toDF("value string").write.text(path)

    def cache(self) -> RDD[T]:
        self._keep = True
        return self

    def persist(self, storageLevel: Any = None) -> RDD[T]:
        return self.cache()

    def unpersist(self, blocking: bool = False) -> RDD[T]:
        self._keep, self._kept = False, None
        return self

    @property
    def is_cached(self) -> bool:
        return self._keep

    def getNumPartitions(self) -> int:
        return self._partitions

    def setName(self, name: str) -> RDD[T]:
        self._name = name
        return self

    def name(self) -> str | None:
        return self._name

    def checkpoint(self) -> None:
        self.cache()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise unsupported(f"RDD.{name}")


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _itself(value: Any) -> Any:
    return value
