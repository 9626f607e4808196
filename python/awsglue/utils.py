"""getResolvedOptions: a job's arguments, as AWS Glue documents it.

The rules that scripts rely on: unknown arguments are passed over; every option asked for is required; `--name value` and
`--name=value` both work; `-` in a name becomes `_` in the result; a prefix of a name is accepted before Glue 6.0; the
result also holds the reserved options, None when they are absent.
"""

from __future__ import annotations

import argparse
import os
from typing import Any, NoReturn

# Filled by the last call, for transforms that take a default from the job's arguments (Relationalize: TempDir).
_global_args: dict[str, Any] = {}

_BOOKMARK_CHOICES = ["job-bookmark-enable", "job-bookmark-disable", "job-bookmark-pause"]
_CONTINUATION_CHOICES = ["continuation-enabled", "continuation-readonly", "continuation-ignore"]
_ENCRYPTION_CHOICES = ["sse-s3"]

# Reserved: a script may read them, but may not ask for them.
_RESERVED = (
    "job-bookmark-option",
    "continuation-option",
    "job-bookmark-from",
    "job-bookmark-to",
    "encryption-type",
    "enable-data-lineage",
)
_ALWAYS_PRESENT = ("JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION")


class GlueArgumentError(Exception):
    """A job argument is missing or has a value that is not allowed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def _accepts_prefixes() -> bool:
    version = os.environ.get("GLUE_VERSION", "5.0")
    return float(version) < 6.0 if version.replace(".", "", 1).isdigit() else False


def _add_reserved(parser: _Parser, wanted: set[str]) -> None:
    bookmarks = parser.add_mutually_exclusive_group()
    bookmarks.add_argument("--job-bookmark-option", choices=_BOOKMARK_CHOICES)
    bookmarks.add_argument("--continuation-option", choices=_CONTINUATION_CHOICES)
    parser.add_argument("--job-bookmark-from")
    parser.add_argument("--job-bookmark-to")
    parser.add_argument("--encryption-type", choices=_ENCRYPTION_CHOICES)
    parser.add_argument("--enable-data-lineage")
    for name in _ALWAYS_PRESENT:
        if name not in wanted:
            parser.add_argument(f"--{name}")
    for name in ("RedshiftTempDir", "TempDir"):
        if name not in wanted:
            parser.add_argument(f"--{name}")


def _settle_bookmark(values: dict[str, Any]) -> None:
    option = values.pop("continuation_option", None)
    if option is not None:  # the names of Glue's first years
        values["job_bookmark_option"] = {
            "continuation-enabled": "job-bookmark-enable",
            "continuation-readonly": "job-bookmark-pause",
            "continuation-ignore": "job-bookmark-disable",
        }[option]
    elif values.get("job_bookmark_option") is None:
        values["job_bookmark_option"] = "job-bookmark-disable"
    has_from, has_to = values.get("job_bookmark_from") is not None, values.get("job_bookmark_to") is not None
    if values["job_bookmark_option"] != "job-bookmark-pause":
        if has_from or has_to:
            raise RuntimeError("--job-bookmark-from and --job-bookmark-to need --job-bookmark-option job-bookmark-pause")
    elif has_from != has_to:
        raise RuntimeError("--job-bookmark-from and --job-bookmark-to must be given together")


def getResolvedOptions(args: list[str], options: list[str], allow_abbrev: bool | None = None) -> dict[str, Any]:
    """Resolves the options named in `options` from `args` (usually sys.argv; its first element is the script).

    Returns a dict with each option asked for, and the reserved ones under their names with `_` for `-`.
    Raises GlueArgumentError for a missing option or a value that is not allowed, RuntimeError when `options` names a
    reserved argument.
    """
    names = [option.lstrip("-") for option in options]
    reserved = [name for name in names if name in _RESERVED]
    if reserved:
        raise RuntimeError(f"Using reserved arguments {reserved}")
    parser = _Parser(allow_abbrev=_accepts_prefixes() if allow_abbrev is None else allow_abbrev, add_help=False)
    _add_reserved(parser, set(names))
    for name in dict.fromkeys(names):
        parser.add_argument(f"--{name}", required=True)
    values = vars(parser.parse_known_args(list(args[1:]))[0])
    _settle_bookmark(values)
    # Either spelling of the temporary folder serves both.
    shared = values.get("TempDir") or values.get("RedshiftTempDir")
    values["TempDir"] = values.get("TempDir") or shared
    values["RedshiftTempDir"] = values.get("RedshiftTempDir") or shared
    _global_args.clear()
    _global_args.update(values)
    return values
