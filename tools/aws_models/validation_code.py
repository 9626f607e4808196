"""Checks of lengths, ranges, patterns and enums."""

import ctypes
import ctypes.util
import re
from functools import cache

from .model import Json, Member, Model
from .names import snake, text

UNBOUNDED_MIN = "INT64_MIN"
UNBOUNDED_MAX = "INT64_MAX"


def translate(pattern: str) -> str:
    """Java's escapes to PCRE2's: a pair of surrogates is one character there."""
    pattern = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\x{10000}-\x{10FFFF}")
    return re.sub(r"\\u([0-9A-Fa-f]{4})", r"\\x{\1}", pattern)


@cache
def compiles(pattern: str) -> bool:
    """Whether PCRE2 takes the pattern; the build links the same library."""
    library = ctypes.util.find_library("pcre2-8")
    if library is None:
        raise SystemExit("libpcre2-8 is missing: run 'make setup'")
    pcre2 = ctypes.CDLL(library)
    pcre2.pcre2_compile_8.restype = ctypes.c_void_p
    code, offset = ctypes.c_int(), ctypes.c_size_t()
    utf = 0x00080000
    encoded = translate(pattern).encode()
    compiled = pcre2.pcre2_compile_8(
        ctypes.c_char_p(encoded), ctypes.c_size_t(len(encoded)), utf, ctypes.byref(code), ctypes.byref(offset), None
    )
    if compiled:
        pcre2.pcre2_code_free_8(ctypes.c_void_p(compiled))
    return bool(compiled)


def matches_everything(pattern: str) -> bool:
    return pattern in (".*", r"[\s\S]*", r"^[\s\S]*$", r"[\S\s]*")


class Checks:
    """The validators of one service's request structures."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.patterns: dict[str, str] = {}
        self.enums: dict[str, str] = {}
        self.skipped: set[str] = set()
        self.checked = self.find_checked()

    def find_checked(self) -> set[str]:
        """The input structures that have something to check, themselves or in their parts."""
        found: set[str] = set()
        grown = True
        while grown:
            grown = False
            for name in self.model.structures:
                if name in found or name not in self.model.inputs:
                    continue
                if any(self.has_checks(m.shape, found) for m in self.model.members[name] if not self.is_lenient(name, m)):
                    found.add(name)
                    grown = True
        return found

    def is_lenient(self, structure: str, member: Member) -> bool:
        return (structure, member.name) in self.model.listing.lenient

    def has_checks(self, name: str, checked: set[str]) -> bool:
        if name in self.model.listing.overrides:
            return False
        shape = self.model.shapes[name]
        kind = shape["type"]
        if kind == "structure":
            return name in checked
        if shape.get("streaming"):
            return False
        if self.own_checks(shape, "x"):
            return True
        if kind == "list":
            return self.has_checks(shape["member"]["shape"], checked)
        if kind == "map":
            return self.has_checks(shape["key"]["shape"], checked) or self.has_checks(shape["value"]["shape"], checked)
        return False

    def own_checks(self, shape: Json, value: str) -> list[str]:
        kind = shape["type"]
        lines = []
        low, high = shape.get("min"), shape.get("max")
        if kind in ("list", "map") and self.bounds(low, high):
            lines.append(f"context.check_size({value}.size(), {self.bounds(low, high)});")
        elif kind in ("string", "blob") and self.bounds(low, high):
            lines.append(f"context.check_length({value}, {self.bounds(low, high)});")
        elif kind in ("integer", "long") and (low is not None or high is not None):
            lines.append(f"context.check_range(int64_t{{{value}}}, {self.limit(low, -1)}, {self.limit(high, 1)});")
        elif kind in ("double", "float") and (low is not None or high is not None):
            lines.append(f"context.check_range({value}, {self.real(low, '-')}, {self.real(high, '')});")
        if kind == "string" and "enum" in shape:
            lines.append(f"context.check_enum({value}, {self.enum(shape['enum'])});")
        if kind == "string" and "pattern" in shape and not matches_everything(shape["pattern"]):
            if compiles(shape["pattern"]):
                lines.append(f"context.check_pattern({value}, {self.pattern(shape['pattern'])});")
            else:
                self.skipped.add(shape["pattern"])
        return lines

    @staticmethod
    def limit(value: int | None, sign: int) -> str:
        if value is None:
            return UNBOUNDED_MAX if sign > 0 else UNBOUNDED_MIN
        return str(int(value)) if abs(int(value)) < 2**63 - 1 else (UNBOUNDED_MAX if value > 0 else UNBOUNDED_MIN)

    @staticmethod
    def real(value: float | None, sign: str) -> str:
        return f"{sign}std::numeric_limits<double>::infinity()" if value is None else repr(float(value))

    def bounds(self, low: int | None, high: int | None) -> str:
        """Empty when they exclude nothing."""
        if not low and high is None:
            return ""
        return f"{self.limit(low or 0, -1)}, {self.limit(high, 1)}"

    def pattern(self, pattern: str) -> str:
        return self.patterns.setdefault(pattern, f"pattern_{len(self.patterns)}")

    def enum(self, values: list[str]) -> str:
        key = "\n".join(sorted(values))
        return self.enums.setdefault(key, f"enum_{len(self.enums)}")

    def tables(self) -> str:
        """Enums and patterns, as constants that every file of the service sees."""
        lines = []
        for key, name in self.enums.items():
            values = key.split("\n")
            lines.append(f"inline constexpr std::string_view {name}[] = {{{', '.join(text(v) for v in values)}}};")
        for pattern, name in self.patterns.items():
            lines.append(f"inline const Pattern {name}{{{text(pattern)}, {text(translate(pattern))}}};")
        for pattern in sorted(self.skipped):
            lines.append(f"// Not checked, since PCRE2 does not compile it: {pattern}")
        return "\n".join(lines)

    def declarations(self) -> str:
        return "\n".join(
            f"void validate(const {s}& value, ReadContext& context);" for s in self.model.structures if s in self.checked
        )

    def validator(self, name: str) -> str:
        lines = [f"void validate(const {name}& value, ReadContext& context) {{"]
        for member in self.model.members[name]:
            if self.is_lenient(name, member) or not self.has_checks(member.shape, self.checked):
                continue
            field = f"value.{member.field}"
            body = self.check(member.shape, f"*{field}" if member.boxed and member.required else field, 1, member)
            step = f"const ReadContext::Step step(context, {text(member.name)});"
            if member.required:
                lines += ["  {", f"    {step}", *[f"    {b}" for b in body], "  }"]
            else:
                inner = self.check(member.shape, f"**{field}" if member.boxed else f"(*{field})", 1, member)
                lines += [f"  if ({field}) {{", f"    {step}", *[f"    {b}" for b in inner], "  }"]
        return "\n".join([*lines, "}"])

    def check(self, name: str, value: str, depth: int, member: Member) -> list[str]:
        if not self.has_checks(name, self.checked):
            return []
        shape = self.model.shapes[name]
        if shape["type"] == "structure":
            return [f"validate({value}, context);"]
        lines = self.own_checks(shape, value)
        if shape["type"] == "list" and self.has_checks(shape["member"]["shape"], self.checked):
            index = f"index_{depth}"
            inner = self.check(shape["member"]["shape"], f"{value}[{index}]", depth + 1, member)
            lines.append(f"for (std::size_t {index} = 0; {index} < {value}.size(); ++{index}) {{")
            lines.append(f"  const ReadContext::Step step_{depth}(context, {index});")
            lines += [f"  {line}" for line in inner] + ["}"]
        if shape["type"] == "map":
            keys = self.check(shape["key"]["shape"], f"key_{depth}", depth + 1, member)
            values = self.check(shape["value"]["shape"], f"value_{depth}", depth + 1, member)
            if keys or values:
                lines.append(f"for ([[maybe_unused]] const auto& [key_{depth}, value_{depth}] : {value}) {{")
                lines.append(f"  const auto step_{depth} = ReadContext::Step::of_key(context, key_{depth});")
                lines += [f"  {line}" for line in keys + values] + ["}"]
        return lines


def service_table(model: Model) -> str:
    """The ServiceModel of a service: all its operations, listed here or not."""
    listed = set(model.listing.operations)
    rows = []
    for name in sorted(model.raw["operations"]):
        raw = model.raw["operations"][name]
        http = raw.get("http", {})
        streams = streams_in(model, raw)
        uri = http.get("requestUri", "/")
        rows.append(
            f"    {{{text(name)}, {text(http.get('method', 'POST'))}, {text(uri)}, "
            f"{str(name in listed).lower()}, {str(streams).lower()}}},"
        )
    meta = model.metadata
    protocol = {"json": "json", "query": "query", "rest-xml": "rest_xml"}[model.protocol]
    namespace = str(meta.get("xmlNamespace", "http://s3.amazonaws.com/doc/2006-03-01/" if model.service == "s3" else ""))
    values = [
        text(model.service),
        text(str(meta.get("signingName") or meta["endpointPrefix"])),
        f"Protocol::{protocol}",
        text(meta.get("jsonVersion", "")),
        text(meta.get("targetPrefix", "")),
        text(meta["apiVersion"]),
        text(namespace),
        "operations",
    ]
    return "\n".join(
        [
            "namespace {",
            "constexpr OperationModel operations[] = {",
            *rows,
            "};",
            f"constexpr ServiceModel model_of_{snake(model.service)} = {{{', '.join(values)}}};",
            "}  // namespace",
            f"const ServiceModel& service_model() {{ return model_of_{snake(model.service)}; }}",
        ]
    )


def streams_in(model: Model, raw: Json) -> bool:
    shape = model.shapes.get(raw.get("input", {}).get("shape", ""), {})
    payload = shape.get("payload")
    return bool(payload and model.shapes[shape["members"][payload]["shape"]].get("streaming"))
