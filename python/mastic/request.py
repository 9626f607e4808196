"""What the server asks the zygote for: the run that a driver is to be made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Request:
    run: str
    folder: Path  # The run's: stdout, stderr and outcome are written here.
    script: str  # Its path.
    working_folder: str
    memory_limit_bytes: int  # 0: none.
    arguments: list[str]
    python_path: list[str]
    environment: dict[str, str]

    @classmethod
    def read(cls, strings: Iterator[str]) -> Request:
        """In the order of `src/jobs/zygote.cpp`; a list comes behind its length."""
        run, folder, script, working_folder, memory = (next(strings) for _ in range(5))
        arguments, python_path, names, values = (_read_list(strings) for _ in range(4))
        environment = dict(zip(names, values, strict=True))
        return cls(run, Path(folder), script, working_folder, int(memory), arguments, python_path, environment)


def _read_list(strings: Iterator[str]) -> list[str]:
    return [next(strings) for _ in range(int(next(strings)))]
