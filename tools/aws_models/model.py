"""A botocore service model, cut down to what an operations.txt lists."""

import copy
import gzip
import json
import pathlib
import re
from dataclasses import dataclass, field
from typing import Any

import botocore

from .names import snake

Json = dict[str, Any]


@dataclass
class Override:
    """A shape whose C++ type is written by hand."""

    shape: str
    cpp_type: str
    header: str


@dataclass
class Listing:
    """What a service's operations.txt says.

    One operation a line; `#` starts a comment. Three kinds of directive:
        type AttributeValue = mastic::dynamodb::Value from "dynamodb/value.h"
        lenient JobCommand.PythonVersion          this member's own constraints are not checked
        also query                                forms are read and XML is written too, beside the model's JSON
    """

    operations: list[str] = field(default_factory=list)
    overrides: dict[str, Override] = field(default_factory=dict)
    lenient: set[tuple[str, str]] = field(default_factory=set)
    also_query: bool = False

    @staticmethod
    def read(path: pathlib.Path) -> "Listing":
        listing = Listing()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            if match := re.fullmatch(r'type\s+(\w+)\s*=\s*([\w:]+)\s+from\s+"([^"]+)"', line):
                listing.overrides[match[1]] = Override(match[1], match[2], match[3])
            elif match := re.fullmatch(r"lenient\s+(\w+)\.(\w+)", line):
                listing.lenient.add((match[1], match[2]))
            elif re.fullmatch(r"also\s+query", line):
                listing.also_query = True
            elif re.fullmatch(r"\w+", line):
                if line not in listing.operations:
                    listing.operations.append(line)
            else:
                raise SystemExit(f"{path}:{number}: neither an operation's name nor a directive: {line}")
        return listing


def load(service: str) -> Json:
    """The newest service-2.json of a service, with botocore's own additions merged in."""
    root = pathlib.Path(botocore.__file__).parent / "data" / service
    versions = sorted(p for p in root.iterdir() if any(p.glob("service-2.json*"))) if root.is_dir() else []
    if not versions:
        raise SystemExit(f"botocore {botocore.__version__} has no service model named {service}")
    folder = versions[-1]
    packed = folder / "service-2.json.gz"
    raw: Json = json.loads(
        gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / "service-2.json").read_bytes()
    )
    extras = folder / "service-2.sdk-extras.json"
    if extras.exists():
        merge(raw, json.loads(extras.read_bytes()).get("merge", {}))
    return raw


def merge(into: Json, other: Json) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = copy.deepcopy(value)


SCALARS = {
    "string": "std::string",
    "character": "std::string",
    "blob": "std::string",
    "integer": "int32_t",
    "long": "int64_t",
    "double": "double",
    "float": "double",
    "boolean": "bool",
    "timestamp": "Instant",
}


@dataclass
class Member:
    """One member of a structure."""

    name: str  # as the model spells it
    reference: Json  # {"shape": …, "location": …, …}
    required: bool
    boxed: bool = False

    @property
    def shape(self) -> str:
        return str(self.reference["shape"])

    @property
    def field(self) -> str:
        return snake(self.name)


@dataclass
class Operation:
    name: str
    raw: Json
    request: str
    response: str

    @property
    def struct(self) -> str:
        return self.name


class Model:
    """The shapes that the listed operations reach, in an order that C++ can declare them in."""

    def __init__(self, service: str, listing: Listing, namespace: str) -> None:
        self.service = service
        self.namespace = namespace
        self.listing = listing
        self.raw = load(service)
        self.shapes: Json = self.raw["shapes"]
        self.metadata: Json = self.raw["metadata"]
        # S3's model says of the member that it streams, others say it of the shape: here it is always the shape's.
        for shape in list(self.shapes.values()):
            for member in shape.get("members", {}).values():
                if member.get("streaming"):
                    self.shapes[member["shape"]]["streaming"] = True
        self.protocol = self.wire_protocol()
        self.operations = [self.operation(name) for name in listing.operations]
        self.inputs = self.reach([o.request for o in self.operations])
        self.outputs = self.reach([o.response for o in self.operations])
        self.members: dict[str, list[Member]] = {}
        structures = [s for s in self.shapes if s in self.inputs | self.outputs and self.is_structure(s)]
        for name in structures:
            self.members[name] = self.read_members(name)
        self.structures = self.order(structures)
        taken = set(self.structures)
        self.struct_names = {o.name: o.name + "Operation" if o.name in taken else o.name for o in self.operations}

    def wire_protocol(self) -> str:
        for protocol in self.metadata.get("protocols", [self.metadata["protocol"]]):
            if protocol in ("json", "query", "rest-xml"):
                return str(protocol)
        raise SystemExit(f"{self.service}: no reader for the protocol {self.metadata['protocol']}")

    def operation(self, name: str) -> Operation:
        raw = self.raw["operations"].get(name)
        if raw is None:
            raise SystemExit(f"{self.service} has no operation named {name}")
        return Operation(name, raw, self.end(raw, "input", name + "Request"), self.end(raw, "output", name + "Response"))

    def end(self, raw: Json, which: str, fallback: str) -> str:
        """The shape of an operation's input or output; an empty one is made where the model has none."""
        if which in raw:
            return str(raw[which]["shape"])
        self.shapes.setdefault(fallback, {"type": "structure", "members": {}})
        return fallback

    def reach(self, roots: list[str]) -> set[str]:
        found: set[str] = set()
        todo = list(roots)
        while todo:
            name = todo.pop()
            if name in found:
                continue
            found.add(name)
            if name in self.listing.overrides:
                continue
            shape = self.shapes[name]
            if shape.get("eventstream"):
                raise SystemExit(f"{self.service}: event streams are not generated ({name})")
            todo += [m["shape"] for m in shape.get("members", {}).values()]
            todo += [shape[key]["shape"] for key in ("member", "key", "value") if isinstance(shape.get(key), dict)]
        return found

    def is_structure(self, name: str) -> bool:
        return self.shapes[name]["type"] == "structure" and name not in self.listing.overrides

    def read_members(self, name: str) -> list[Member]:
        shape = self.shapes[name]
        required = set(shape.get("required", []))
        members = [Member(m, reference, m in required) for m, reference in shape.get("members", {}).items()]
        fields = [m.field for m in members]
        if len(fields) != len(set(fields)):
            raise SystemExit(f"{self.service}: two members of {name} have the same C++ name")
        # Constraints put those that are required first, so that designated initialisers read naturally.
        return members

    def elements(self, name: str) -> list[str]:
        """The structures that a shape holds by value: through lists and maps, not through structures."""
        if name in self.listing.overrides:
            return []
        shape = self.shapes[name]
        if shape["type"] == "structure":
            return [name]
        if shape["type"] == "list":
            return self.elements(shape["member"]["shape"])
        return self.elements(shape["value"]["shape"]) if shape["type"] == "map" else []

    def needs(self, name: str) -> set[str]:
        return {e for m in self.members[name] for e in self.elements(m.shape)}

    def order(self, structures: list[str]) -> list[str]:
        """Parts before wholes. Inside a cycle, a direct member is boxed and a list or map need not wait."""
        reached = {s: self.closure(s) for s in structures}
        done: list[str] = []
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen:
                return
            seen.add(name)
            for member in self.members[name]:
                for part in self.elements(member.shape):
                    if name in reached[part]:
                        member.boxed = member.boxed or self.is_structure(member.shape)
                        if part == name or not self.is_structure(member.shape):
                            continue
                    visit(part)
            done.append(name)

        for name in structures:
            visit(name)
        return done

    def closure(self, name: str) -> set[str]:
        found: set[str] = set()
        todo = list(self.needs(name))
        while todo:
            part = todo.pop()
            if part not in found:
                found.add(part)
                todo += self.needs(part)
        return found

    def is_readable(self, structure: str) -> bool:
        """A hand-made type that only answers hold needs no reader, and neither does what holds it."""
        return structure in self.inputs or all(o in self.inputs for o in self.overrides_in(structure))

    def is_writable(self, structure: str) -> bool:
        return structure in self.outputs or all(o in self.outputs for o in self.overrides_in(structure))

    def overrides_in(self, structure: str) -> set[str]:
        return self.reach([structure]) & set(self.listing.overrides)

    def cpp_type(self, name: str, structure: str = "") -> str:
        if name in self.listing.overrides:
            return self.listing.overrides[name].cpp_type
        shape = self.shapes[name]
        kind = shape["type"]
        if kind == "list":
            return f"std::vector<{self.cpp_type(shape['member']['shape'])}>"
        if kind == "map":
            return f"std::map<std::string, {self.cpp_type(shape['value']['shape'])}>"
        if kind == "structure":
            return name
        if kind == "blob" and shape.get("streaming"):
            return "IncomingBody" if structure in self.inputs else "OutgoingBody"
        return SCALARS[kind]

    def member_type(self, structure: str, member: Member) -> str:
        bare = self.cpp_type(member.shape, structure)
        if member.boxed:
            bare = f"Box<{bare}>"
        if bare in ("IncomingBody", "OutgoingBody"):
            return bare  # Empty is how an absent body arrives.
        return bare if member.required else f"std::optional<{bare}>"
