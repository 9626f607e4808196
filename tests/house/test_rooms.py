"""The house's own rules, checked like any other behaviour: arrows between rooms, self-description, size."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# A room may include itself and the rooms named here, nothing else. Longest folder first when matching.
MAY_INCLUDE: dict[str, set[str]] = {
    "base": set(),
    "aws": {"base"},
    "engine": {"base", "dynamodb"},  # of dynamodb only item_codec.h: the bytes in which items travel, no code of that room
    "spark/plan": {"base"},
    "spark/sql": {"base", "spark/plan"},
    "spark/functions": {"base", "spark/plan"},
    "spark/analyze": {"base", "engine", "spark/plan", "spark/sql", "spark/functions"},
    "spark/lower": {"base", "engine", "spark/plan", "spark/functions"},
    "spark/connect": {
        "base",
        "engine",
        "spark/plan",
        "spark/sql",
        "spark/functions",
        "spark/analyze",
        "spark/lower",
        "lineage",
    },
    "lineage": {"base", "spark/plan"},
    "s3": {"base", "aws"},
    "dynamodb": {"base", "aws"},
    "logs": {"base", "aws"},
    "cloudwatch": {"base", "aws"},
    "announce": {"base", "aws"},
    "events": {"base", "aws"},
    "iam": {"base", "aws"},
    "sts": {"base", "aws", "iam"},
    "ssm": {"base", "aws"},
    "secretsmanager": {"base", "aws"},
    "kms": {"base", "aws"},
    "ecr": {"base", "aws"},
    "resourcegroupstaggingapi": {"base", "aws"},
    "cloudformation": {"base", "aws"},
    "jobs": {"base"},
    "console": {"base", "aws"},
    "classify": {"base"},
    "glue": {"base", "aws", "classify", "s3", "dynamodb", "jobs", "logs"},
    "access": {"base", "engine", "lineage", "s3", "dynamodb", "glue"},
    "command_line": {"base"},
}

# Between services only these headers are public.
PUBLIC_HEADERS = {
    "s3/s3.h",
    "dynamodb/dynamodb.h",
    "glue/glue.h",
    "logs/logs.h",
    "jobs/jobs.h",
    "iam/iam.h",
    "dynamodb/item_codec.h",
    "dynamodb/value.h",
}
SERVICES = {"s3", "dynamodb", "logs", "jobs", "glue", "iam"}


def sources() -> list[pathlib.Path]:
    return sorted(path for suffix in ("*.h", "*.cpp") for path in SOURCE.rglob(suffix))


def room_of(path: str) -> str | None:
    return next((room for room in sorted(MAY_INCLUDE, key=len, reverse=True) if path.startswith(room + "/")), None)


def own_includes(path: pathlib.Path) -> list[str]:
    return [name for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE) if (SOURCE / name).exists()]


def test_includes_go_one_way() -> None:
    wrong = []
    for path in sources():
        room = room_of(str(path.relative_to(SOURCE)))
        if room is None:
            continue  # main.cpp and program/ know every room
        for included in own_includes(path):
            target = room_of(included)
            if target is None or target == room:
                continue
            if path.name.endswith("_test.cpp") and included == "dynamodb/item_codec.h":
                continue
            if target not in MAY_INCLUDE[room]:
                wrong.append(f"{path.relative_to(ROOT)} includes {included}")
            elif room == "engine" and target == "dynamodb" and included != "dynamodb/item_codec.h":
                wrong.append(f"{path.relative_to(ROOT)} includes {included}; the engine may know item_codec.h alone")
            elif target in SERVICES and included not in PUBLIC_HEADERS:
                wrong.append(f"{path.relative_to(ROOT)} includes {included}, which is not that room's public header")
    assert wrong == []


def test_only_two_rooms_know_duckdb() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r'^#include [<"]duckdb', path.read_text(), re.MULTILINE)
        and room_of(str(path.relative_to(SOURCE))) not in {"engine", "spark/lower"}
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted(MAY_INCLUDE))
def test_each_room_opens_with_a_short_readme(room: str) -> None:
    if not any((SOURCE / room).glob("*")):
        pytest.skip(f"{room} is not built yet")
    lines = (SOURCE / room / "README.md").read_text().splitlines()
    assert 3 <= len(lines) <= 20


def test_links_in_documents_lead_somewhere() -> None:
    broken = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]:
        if "node_modules" in document.parts:
            continue
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.relative_to(ROOT)} → {target}")
    assert broken == []


def test_headers_say_what_they_are() -> None:
    silent = [str(path.relative_to(ROOT)) for path in SOURCE.rglob("*.h") if not path.read_text().startswith(("//", "/*"))]
    assert silent == []
