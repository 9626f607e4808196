"""Readers and writers of JSON."""

from .model import Model, Operation
from .names import text
from .tree_code import TreeCode

KINDS = {
    "string": "Text",
    "character": "Text",
    "blob": "Blob",
    "integer": "Integer",
    "long": "Long",
    "double": "Double",
    "float": "Double",
    "boolean": "Boolean",
    "timestamp": "Time",
    "structure": "Structure",
}


def kind(model: Model, name: str) -> str:
    """How the runtime's templates name a shape: `kind::List<kind::Text>`."""
    shape = model.shapes[name]
    if name in model.listing.overrides:
        return "kind::Structure"
    if shape["type"] == "list":
        return f"kind::List<{kind(model, shape['member']['shape'])}>"
    if shape["type"] == "map":
        return f"kind::Map<{kind(model, shape['value']['shape'])}>"
    if shape["type"] == "timestamp" and shape.get("timestampFormat") == "iso8601":
        return "kind::IsoTime"
    return "kind::" + KINDS[shape["type"]]


def wire_name(model: Model, structure: str, member: str) -> str:
    return str(model.shapes[structure]["members"][member].get("locationName", member))


def writer(model: Model, name: str) -> str:
    lines = [f"void write_json([[maybe_unused]] const {name}& value, JsonWriter& writer) {{", "  writer.open_object();"]
    for member in model.members[name]:
        wire = text(wire_name(model, name, member.name))
        lines.append(f"  write_member<{kind(model, member.shape)}>({wire}, value.{member.field}, writer);")
    return "\n".join([*lines, "  writer.close_object();", "}"])


def reader(model: Model, name: str) -> str:
    members = model.members[name]
    required = [m for m in members if m.required]
    lines = [f"bool read_json(JsonValue& value, [[maybe_unused]] {name}& into, ReadContext& context) {{"]
    lines += [f"  bool seen_{m.field} = false;" for m in required]
    lines.append("  ObjectReader fields(value, context);")
    lines.append("  while (fields.next()) {")
    by_length: dict[int, list[str]] = {}
    for m in members:
        wire = wire_name(model, name, m.name)
        seen = f", seen_{m.field}" if m.required else ""
        call = f"read_member<{kind(model, m.shape)}>(fields, {text(wire)}, into.{m.field}{seen})"
        by_length.setdefault(len(wire), []).append(
            f"        if (fields.key() == {text(wire)}) {{ if (!{call}) return false; }}"
        )
    if by_length:
        lines.append("    switch (fields.key().size()) {")
        for length in sorted(by_length):
            branches = by_length[length]
            lines.append(f"      case {length}:")
            lines.append(branches[0])
            lines += [b.replace("if (fields", "else if (fields", 1) for b in branches[1:]]
            lines.append("        break;")
        lines += ["      default: break;", "    }"]
    lines += ["  }", "  if (fields.failed()) return false;"]
    if required:
        lines.append("  if (context.strict()) {")
        lines += [f"    if (!seen_{m.field}) context.missing({text(wire_name(model, name, m.name))});" for m in required]
        lines.append("  }")
    return "\n".join([*lines, "  return true;", "}"])


def operation_of_two(model: Model, op: Operation, checks: bool) -> str:
    """An operation that comes as a form or as JSON. The dispatcher has put the form's content type into the answer."""
    tree = TreeCode(model)
    struct = model.struct_names[op.name]
    check = ["  validate(into, context);"] if checks else []
    return "\n".join(
        [
            f"const ServiceModel& {struct}::service() {{ return service_model(); }}",
            f"bool {struct}::read(IncomingCall& call, {op.request}& into, ReadContext& context) {{",
            '  if (call.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded")) {',
            *[f"  {line}" for line in tree.read_query(op)],
            "  } else {",
            "    const auto reader = [](JsonValue& json, void* place, ReadContext& reading) {",
            f"      return read_json(json, *static_cast<{op.request}*>(place), reading);",
            "    };",
            "    if (!read_json_body(call, &into, reader, context)) return false;",
            "  }",
            *check,
            "  return true;",
            "}",
            f"void {struct}::write([[maybe_unused]] {op.response}& response, OutgoingCall& into) {{",
            '  if (into.content_type == "text/xml") {',
            *[f"  {line}" for line in tree.write_query(op)],
            "    return;",
            "  }",
            "  JsonWriter writer(into.body);",
            "  write_json(response, writer);",
            "}",
        ]
    )


def operation(model: Model, struct: str, request: str, response: str, checks: bool) -> str:
    check = "\n  validate(into, context);" if checks else ""
    return f"""const ServiceModel& {struct}::service() {{ return service_model(); }}
bool {struct}::read(IncomingCall& call, {request}& into, ReadContext& context) {{
  const auto reader = [](JsonValue& json, void* place, ReadContext& reading) {{
    return read_json(json, *static_cast<{request}*>(place), reading);
  }};
  if (!read_json_body(call, &into, reader, context)) return false;{check}
  return true;
}}
void {struct}::write({response}& response, OutgoingCall& into) {{
  JsonWriter writer(into.body);
  write_json(response, writer);
}}"""
