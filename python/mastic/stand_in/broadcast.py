"""`pyspark.broadcast`: a value in the driver, which is where all functions over RDDs run."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

__all__ = ["Broadcast"]


class Broadcast(Generic[T]):
    def __init__(self, value: T) -> None:
        self._values = [value]

    @property
    def value(self) -> T:
        if not self._values:
            raise RuntimeError("Broadcast variable has been destroyed")
        return self._values[0]

    def unpersist(self, blocking: bool = False) -> None:
        """Nothing to do: there is no copy but the driver's."""

    def destroy(self, blocking: bool = False) -> None:
        self._values.clear()
