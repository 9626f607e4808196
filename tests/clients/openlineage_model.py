"""Checks events against OpenLineage's own model: the classes that its project generates from its JSON schemas.

Stricter than the schemas in one respect: a member that a facet's schema does not name is a mistake here.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
import types
import typing
from typing import Any

import attr
import openlineage.client.generated as generated
from openlineage.client.generated import base

_FACETS: dict[str, type] = {}
for _module in pkgutil.iter_modules(generated.__path__):
    for _class in vars(importlib.import_module(f"{generated.__name__}.{_module.name}")).values():
        if isinstance(_class, type) and hasattr(_class, "_get_schema"):
            _FACETS[_class._get_schema()] = _class

# A run facet of Mastic's own says so by the schema of facets in general.
_OWN_FACET = base.RunFacet._get_schema()


def check_event(event: dict[str, Any]) -> base.RunEvent:
    """Builds the event's object, which fails for what the model forbids."""
    assert event["schemaURL"] == base.RunEvent._get_schema()
    built = _build(base.RunEvent, event, "event")
    assert isinstance(built, base.RunEvent)
    return built


def _build(wanted: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(wanted)
    if origin is types.UnionType or origin is typing.Union:
        choices = [each for each in typing.get_args(wanted) if each is not type(None)]
        return None if value is None else _build(choices[0], value, where)
    if origin is list:
        assert isinstance(value, list), where
        return [_build(typing.get_args(wanted)[0], each, f"{where}[{index}]") for index, each in enumerate(value)]
    if origin is dict:
        assert isinstance(value, dict), where
        return {name: _build(typing.get_args(wanted)[1], each, f"{where}.{name}") for name, each in value.items()}
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return wanted(value)
    if isinstance(wanted, type) and issubclass(wanted, base.BaseFacet):
        return _facet(value, where)
    if isinstance(wanted, type) and attr.has(wanted):
        return _object(wanted, value, where)
    assert isinstance(value, wanted), f"{where}: {value!r} is no {wanted}"
    return value


def _facet(value: dict[str, Any], where: str) -> Any:
    assert value["_producer"].startswith("https://"), where
    if value["_schemaURL"] == _OWN_FACET:
        return value
    assert value["_schemaURL"] in _FACETS, f"{where}: {value['_schemaURL']}"
    return _object(_FACETS[value["_schemaURL"]], value, where)


def _object(wanted: type, value: dict[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(wanted)
    fields = {field.name: field for field in attr.fields(wanted)}  # type: ignore[arg-type]
    unknown = set(value) - set(fields)
    assert not unknown, f"{where}: {wanted.__name__} has no {unknown}"
    arguments = {}
    for name, field in fields.items():
        if name not in value:
            assert field.default is not attr.NOTHING, f"{where}: {wanted.__name__} needs {name}"
            continue
        built = _build(hints[name], value[name], f"{where}.{name}")
        if field.init:
            arguments[field.alias] = built
    return wanted(**arguments)
