"""Readers of XML bodies and query forms (both are trees of nodes), writers of XML."""

from .model import Json, Member, Model, Operation
from .names import text

# S3 names the root of these answers otherwise than botocore's model can say.
S3_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAcl": "AccessControlPolicy",
    "GetObjectAcl": "AccessControlPolicy",
    "GetBucketTagging": "Tagging",
    "GetObjectTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetObjectAttributes": "GetObjectAttributesResponse",
}

# S3 answers a part of an object with 206; the model knows one status an operation.
PARTIAL_CONTENT = {"GetObject", "HeadObject"}


class TreeCode:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.query = model.protocol == "query" or model.listing.also_query

    def is_only_headers(self, name: str) -> bool:
        """An operation's end that has nothing in an XML body of its own."""
        ends = {end for o in self.model.operations for end in (o.request, o.response)}
        return not self.query and name in ends and not self.body_members(name)

    # Names on the wire.

    def element_name(self, reference: Json, fallback: str) -> str:
        return str(reference.get("locationName", fallback))

    def is_flat(self, shape: Json, reference: Json) -> bool:
        return bool(shape.get("flattened") or reference.get("flattened"))

    def list_name(self, shape: Json) -> str:
        return str(shape["member"].get("locationName", "member"))

    def body_members(self, structure: str) -> list[Member]:
        payload = self.model.shapes[structure].get("payload")
        return [m for m in self.model.members[structure] if "location" not in m.reference and m.name != payload]

    # Reading.

    def read_value(self, name: str, target: str, node: str, depth: int) -> list[str]:
        """Statements that read the node into the target, an lvalue that is there."""
        shape = self.model.shapes[name]
        kind = shape["type"]
        if kind == "structure":
            return [f"if (!read_node({node}, {target}, context)) return false;"]
        if kind == "list":
            return [f"{target}.clear();", *self.read_items(shape, target, node, depth)]
        if kind == "map":
            return [f"{target}.clear();", *self.read_entries(shape, target, node, depth)]
        function = "read_blob" if kind == "blob" else "read_scalar"
        return [f"if (!{function}({node}.text, {target}, context)) return false;"]

    def read_items(self, shape: Json, target: str, node: str, depth: int) -> list[str]:
        """The children of a list's own node. In a form every child is an item, whatever its number."""
        item = f"item_{depth}"
        lines = [f"for (const Node& {item} : {node}.children) {{"]
        if not self.query:
            lines.append(f"  if ({item}.name != {text(self.list_name(shape))}) continue;")
        return [*lines, *self.read_item(shape, target, item, depth), "}"]

    def read_item(self, shape: Json, target: str, item: str, depth: int) -> list[str]:
        value = f"value_{depth}"
        lines = [
            f"  const ReadContext::Step step_{depth}(context, {target}.size());",
            f"  auto& {value} = {target}.emplace_back();",
        ]
        return lines + [f"  {line}" for line in self.read_value(shape["member"]["shape"], value, item, depth + 1)]

    def read_entries(self, shape: Json, target: str, node: str, depth: int) -> list[str]:
        entry = f"entry_{depth}"
        return [f"for (const Node& {entry} : {node}.children) {{", *self.read_entry(shape, target, entry, depth), "}"]

    def read_entry(self, shape: Json, target: str, entry: str, depth: int) -> list[str]:
        key = self.element_name(shape["key"], "key")
        value = self.element_name(shape["value"], "value")
        lines = [
            f"  const Node* key_{depth} = {entry}.child({text(key)});",
            f"  const Node* held_{depth} = {entry}.child({text(value)});",
            f'  if (key_{depth} == nullptr || held_{depth} == nullptr) return context.fail("A map\'s entry needs a key and a value");',
            f"  auto& value_{depth} = {target}[key_{depth}->text];",
        ]
        return lines + [
            f"  {line}" for line in self.read_value(shape["value"]["shape"], f"value_{depth}", f"(*held_{depth})", depth + 1)
        ]

    def reader(self, name: str) -> str:
        lines = [
            f"bool read_node([[maybe_unused]] const Node& node, [[maybe_unused]] {name}& into,",
            "               [[maybe_unused]] ReadContext& context) {",
        ]
        members = [m for m in self.body_members(name) if not m.reference.get("xmlAttribute")]
        required = [m for m in self.body_members(name) if m.required]
        lines += [f"  bool seen_{m.field} = false;" for m in required]
        for m in self.model.members[name]:
            if m.reference.get("xmlAttribute"):
                lines.append("  for (const auto& [attribute, text] : node.attributes) {")
                wire = text(m.reference["locationName"])
                seen = f"seen_{m.field} = true; " if m.required else ""
                lines.append(
                    f"    if (attribute == {wire}) {{ {seen}if (!read_scalar(text, into.{m.field}, context)) return false; }}"
                )
                lines.append("  }")
        if members:
            lines.append("  for (const Node& child : node.children) {")
            for i, m in enumerate(members):
                lines += [f"    {line}" for line in self.read_member(m, first=i == 0)]
            lines.append("  }")
        if required:
            lines.append("  if (context.strict()) {")
            lines += [f"    if (!seen_{m.field}) context.missing({text(m.name)});" for m in required]
            lines.append("  }")
        return "\n".join([*lines, "  return true;", "}"])

    def read_member(self, m: Member, first: bool) -> list[str]:
        shape = self.model.shapes[m.shape]
        flat = self.is_flat(shape, m.reference)
        name = self.element_name(m.reference, m.name)
        if flat and shape["type"] == "list" and "locationName" in shape["member"] and not self.query:
            name = str(m.reference.get("locationName", shape["member"]["locationName"]))
        lines = [f"{'' if first else 'else '}if (child.name == {text(name)}) {{"]
        if m.required:
            lines.append(f"  seen_{m.field} = true;")
        lines.append(f"  const ReadContext::Step step(context, {text(m.name)});")
        target = "place_of_member"
        lines.append(f"  auto& {target} = {'*' if m.boxed else ''}place(into.{m.field});")
        if flat and shape["type"] == "list" and not self.query:
            lines += self.read_item(shape, target, "child", 1)
        elif flat and shape["type"] == "map" and not self.query:
            lines += self.read_entry(shape, target, "child", 1)
        elif self.query and not flat and shape["type"] in ("list", "map"):
            # `Tags.member.1` and `Attributes.entry.1`: one more level than XML has; a bare `Tags=` has none.
            inner = self.list_name(shape) if shape["type"] == "list" else "entry"
            read = self.read_items if shape["type"] == "list" else self.read_entries
            lines += [f"  {target}.clear();", f"  if (const Node* items = child.child({text(inner)}); items != nullptr) {{"]
            lines += [f"    {line}" for line in read(shape, target, "(*items)", 1)] + ["  }"]
        else:
            lines += [f"  {line}" for line in self.read_value(m.shape, target, "child", 1)]
        return [*lines, "}"]

    # Writing.

    def time_text(self, shape: Json, reference: Json, value: str, where: str) -> str:
        style = (
            reference.get("timestampFormat") or shape.get("timestampFormat") or ("rfc822" if where == "header" else "iso8601")
        )
        if style == "rfc822":
            return f"to_http_time({value})"
        if style == "unixTimestamp":
            return f"to_epoch_time({value})"
        return f"to_iso_time({value}, true)"

    def write_value(self, name: str, reference: Json, value: str, wire: str, depth: int) -> list[str]:
        """Statements that write one element (or, flattened, several)."""
        shape = self.model.shapes[name]
        kind = shape["type"]
        if kind == "structure":
            attributes = self.attributes(name, reference, value)
            opened = f"writer.open({text(wire)}{', ' + attributes if attributes else ''});"
            return [opened, f"write_xml({value}, writer);", f"writer.close({text(wire)});"]
        if kind in ("list", "map"):
            flat = self.is_flat(shape, reference)
            lines = self.write_items(shape, value, wire, flat, depth)
            return lines if flat else [f"writer.open({text(wire)});", *lines, f"writer.close({text(wire)});"]
        if kind == "timestamp":
            return [f"writer.element({text(wire)}, {self.time_text(shape, reference, value, 'body')});"]
        if kind == "blob":
            return [f"writer.element({text(wire)}, to_base64({value}));"]
        return [f"writer.value({text(wire)}, {value});"]

    def write_items(self, shape: Json, value: str, wire: str, flat: bool, depth: int) -> list[str]:
        if shape["type"] == "list":
            item = wire if flat else self.list_name(shape)
            inner = self.write_value(shape["member"]["shape"], shape["member"], f"item_{depth}", item, depth + 1)
            return [f"for (const auto& item_{depth} : {value}) {{", *[f"  {line}" for line in inner], "}"]
        key, held = self.element_name(shape["key"], "key"), self.element_name(shape["value"], "value")
        entry = wire if flat else "entry"
        inner = self.write_value(shape["value"]["shape"], shape["value"], f"held_{depth}", held, depth + 1)
        return [
            f"for (const auto& [key_{depth}, held_{depth}] : {value}) {{",
            f"  writer.open({text(entry)});",
            f"  writer.element({text(key)}, key_{depth});",
            *[f"  {line}" for line in inner],
            f"  writer.close({text(entry)});",
            "}",
        ]

    def attributes(self, name: str, reference: Json, value: str) -> str:
        """The expression of an element's attributes, or nothing."""
        namespace = reference.get("xmlNamespace") or self.model.shapes[name].get("xmlNamespace")
        parts: list[str] = []
        if isinstance(namespace, dict):
            prefix = ":" + namespace["prefix"] if "prefix" in namespace else ""
            parts.append(text(f' xmlns{prefix}="{namespace["uri"]}"'))
        for m in self.model.members[name]:
            if m.reference.get("xmlAttribute"):
                field = f"{value}.{m.field}" if m.required else f"{value}.{m.field}.value_or(std::string())"
                parts.append(f'{text(" " + m.reference["locationName"] + "=" + chr(34))} + XmlWriter::escape({field}) + "\\""')
        return f"std::string({parts[0]})" + "".join(" + " + p for p in parts[1:]) if parts else ""

    def writer(self, name: str) -> str:
        lines = [f"void write_xml([[maybe_unused]] const {name}& value, [[maybe_unused]] XmlWriter& writer) {{"]
        for m in self.body_members(name):
            if m.reference.get("xmlAttribute"):
                continue
            shape = self.model.shapes[m.shape]
            wire = self.element_name(m.reference, m.name)
            if self.is_flat(shape, m.reference) and shape["type"] == "list":
                wire = str(m.reference.get("locationName", shape["member"].get("locationName", m.name)))
            held = f"{'*' if m.boxed else ''}{'' if m.required else '*'}value.{m.field}"
            body = self.write_value(m.shape, m.reference, f"({held})" if "*" in held else held, wire, 1)
            if m.required:
                lines += [f"  {line}" for line in body]
            else:
                lines += [f"  if (value.{m.field}) {{", *[f"    {line}" for line in body], "  }"]
        return "\n".join([*lines, "}"])

    # Operations.

    def operation(self, op: Operation, checks: bool) -> str:
        struct = self.model.struct_names[op.name]
        lines = [f"const ServiceModel& {struct}::service() {{ return service_model(); }}"]
        lines.append(f"bool {struct}::read(IncomingCall& call, {op.request}& into, ReadContext& context) {{")
        lines += self.read_query(op) if self.query else self.read_rest(op)
        if checks:
            lines.append("  validate(into, context);")
        lines += ["  return true;", "}"]
        lines.append(f"void {struct}::write([[maybe_unused]] {op.response}& response, [[maybe_unused]] OutgoingCall& into) {{")
        lines += self.write_query(op) if self.query else self.write_rest(op)
        return "\n".join([*lines, "}"])

    def read_query(self, op: Operation) -> list[str]:
        return [
            "  auto form = parse_form(call.body);",
            "  if (!form) return context.fail(std::move(form).error().message);",
            "  if (!read_node(*form, into, context)) return false;",
        ]

    def write_query(self, op: Operation) -> list[str]:
        namespace = self.model.metadata.get("xmlNamespace", "")
        wrapper = op.raw.get("output", {}).get("resultWrapper")
        lines = [
            "  XmlWriter writer(into.body);",
            f"  writer.open({text(op.name + 'Response')}, {text(f' xmlns={chr(34)}{namespace}{chr(34)}') if namespace else '{}'});",
        ]
        if wrapper:
            lines.append(f"  writer.open({text(wrapper)});")
        lines.append("  write_xml(response, writer);")
        if wrapper:
            lines.append(f"  writer.close({text(wrapper)});")
        lines += [
            '  writer.open("ResponseMetadata");',
            '  writer.element("RequestId", into.request_id);',
            '  writer.close("ResponseMetadata");',
            f"  writer.close({text(op.name + 'Response')});",
        ]
        return lines

    def read_rest(self, op: Operation) -> list[str]:
        lines: list[str] = []
        shape = self.model.shapes[op.request]
        for m in self.model.members[op.request]:
            location = m.reference.get("location")
            wire = self.element_name(m.reference, m.name)
            kind = self.model.shapes[m.shape]["type"]
            if location == "headers":
                lines += [
                    f"  if (auto found = call.headers_with_prefix({text(wire.lower())}); !found.empty()) {{",
                    f"    into.{m.field} = std::move(found);",
                    "  }",
                ]
                continue
            if location is None:
                continue
            source = {
                "uri": f"call.label({text(wire)})",
                "querystring": f"call.parameter({text(wire)})",
                "header": f"call.header({text(wire.lower())})",
            }[location]
            lines.append(f"  if (const auto found = {source}; found) {{")
            if kind == "list":
                lines.append(f"    into.{m.field} = split_header_list(*found);")
            else:
                lines.append(f"    if (!read_scalar(*found, into.{m.field}, context)) return false;")
            lines.append(f"  }} else {{\n    context.missing({text(m.name)});\n  }}" if m.required else "  }")
        payload = shape.get("payload")
        if payload:
            lines += self.read_payload(next(m for m in self.model.members[op.request] if m.name == payload))
        elif self.body_members(op.request):
            lines += [
                "  if (!call.body.empty()) {",
                "    auto root = parse_xml(call.body);",
                "    if (!root) return context.fail(std::move(root).error().message);",
                "    if (!read_node(*root, into, context)) return false;",
                "  }",
            ]
        return lines

    def read_payload(self, m: Member) -> list[str]:
        shape = self.model.shapes[m.shape]
        if shape.get("streaming"):
            return [f"  into.{m.field} = std::move(call.stream);"]
        missing = [f"  else {{\n    context.missing({text(m.name)});\n  }}"] if m.required else []
        if shape["type"] != "structure":
            return [f"  if (!call.body.empty()) {{\n    into.{m.field} = std::string(call.body);\n  }}", *missing]
        return [
            "  if (!call.body.empty()) {",
            "    auto root = parse_xml(call.body);",
            "    if (!root) return context.fail(std::move(root).error().message);",
            f"    const ReadContext::Step step(context, {text(m.name)});",
            f"    if (!read_node(*root, place(into.{m.field}), context)) return false;",
            "  }",
            *missing,
        ]

    def write_rest(self, op: Operation) -> list[str]:
        lines: list[str] = []
        code = op.raw.get("http", {}).get("responseCode")
        if code and code != 200:
            lines.append(f"  into.status = {code};")
        for m in self.model.members[op.response]:
            lines += self.write_header(m)
            if m.name == "ContentRange" and op.name in PARTIAL_CONTENT:
                lines.append(f"  if (response.{m.field}) into.status = 206;")
        namespace = text(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')
        payload = self.model.shapes[op.response].get("payload")
        if payload:
            return lines + self.write_payload(next(m for m in self.model.members[op.response] if m.name == payload), namespace)
        if not self.body_members(op.response):
            return lines
        lines.append("  XmlWriter writer(into.body);")
        if op.name == "GetBucketLocation":
            # The one answer whose root element is itself the value.
            lines.append(f'  writer.open("LocationConstraint", {namespace});')
            lines.append("  writer.text(response.location_constraint.value_or(std::string()));")
            return [*lines, '  writer.close("LocationConstraint");']
        root = S3_ROOTS.get(op.name, op.name + "Result")
        return [
            *lines,
            f"  writer.open({text(root)}, {namespace});",
            "  write_xml(response, writer);",
            f"  writer.close({text(root)});",
        ]

    def write_header(self, m: Member) -> list[str]:
        location = m.reference.get("location")
        wire = self.element_name(m.reference, m.name)
        if location == "headers":
            prefix = text(wire)
            return [
                f"  if (response.{m.field}) {{",
                f"    for (const auto& [key, held] : *response.{m.field}) into.header({prefix} + key, held);",
                "  }",
            ]
        if location != "header":
            return []
        shape = self.model.shapes[m.shape]
        value = f"response.{m.field}" if m.required else f"*response.{m.field}"
        rendered = (
            self.time_text(shape, m.reference, value, "header")
            if shape["type"] == "timestamp"
            else f"XmlWriter::text_of({value})"
        )
        write = f"into.header({text(wire)}, {rendered});"
        return [f"  {write}"] if m.required else [f"  if (response.{m.field}) {write}"]

    def write_payload(self, m: Member, namespace: str) -> list[str]:
        shape = self.model.shapes[m.shape]
        if shape.get("streaming"):
            return [f"  into.stream = std::move(response.{m.field});"]
        value = f"response.{m.field}" if m.required else f"(*response.{m.field})"
        if shape["type"] != "structure":
            body = [f"into.body = {value};"]
        else:
            wire = self.element_name(m.reference, m.shape)
            body = [
                "XmlWriter writer(into.body);",
                f"writer.open({text(wire)}, {namespace});",
                f"write_xml({value}, writer);",
                f"writer.close({text(wire)});",
            ]
        if m.required:
            return [f"  {line}" for line in body]
        return [f"  if (response.{m.field}) {{", *[f"    {line}" for line in body], "  }"]
