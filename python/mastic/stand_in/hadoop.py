"""`_jsc.hadoopConfiguration()`: settings that scripts make through the JVM. The session gets them as `spark.hadoop.NAME`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mastic.stand_in.unsupported import unsupported


class HadoopConfiguration:
    def __init__(self, publish: Callable[[str, str], None]) -> None:
        self._publish = publish
        self._values: dict[str, str] = {}

    def set(self, name: str, value: Any, source: str | None = None) -> None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        self._values[name] = text
        self._publish(f"spark.hadoop.{name}", text)

    setInt = setLong = setFloat = setDouble = setBoolean = set

    def get(self, name: str, default: str | None = None) -> str | None:
        return self._values.get(name, default)

    def getInt(self, name: str, default: int) -> int:
        return int(self._values.get(name, default))

    def getBoolean(self, name: str, default: bool) -> bool:
        return self._values[name] == "true" if name in self._values else default

    def unset(self, name: str) -> None:
        self._values.pop(name, None)

    def iterator(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._values.items()))

    __iter__ = iterator


class JavaSparkContext:
    """As much of `SparkContext._jsc` as scripts use."""

    def __init__(self, configuration: HadoopConfiguration) -> None:
        self._configuration = configuration

    def hadoopConfiguration(self) -> HadoopConfiguration:
        return self._configuration

    def sc(self) -> JavaSparkContext:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(f"SparkContext._jsc.{name}")


class Jvm:
    """`_jvm` and `_gateway`: there is no JVM; whatever is called of it says so by name."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Jvm(f"{self._path}.{name}")

    def __call__(self, *arguments: Any) -> Any:
        raise unsupported(self._path)
