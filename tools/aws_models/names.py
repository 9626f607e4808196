"""How a model's names become C++ names."""

import re

# Words that the splitting rule below would cut in the wrong place.
WHOLE_WORDS = {
    "SSEKMS": "SseKms",
    "ETag": "Etag",
    "DynamoDB": "Dynamodb",
    "MongoDB": "Mongodb",
    "OAuth": "Oauth",
    "IPv": "Ipv",
    "IAMRole": "IamRole",
}

KEYWORD_LINES = (
    "alignas alignof and asm auto bool break case catch char class concept const consteval constexpr const_cast continue "
    "co_await co_return co_yield decltype default delete do double else enum explicit export extern false float for friend "
    "goto if inline int long mutable namespace new noexcept not nullptr operator or private protected public register "
    "requires return short signed sizeof static struct switch template this throw true try typedef typeid typename union "
    "unsigned using virtual void volatile wchar_t while xor "
)
KEYWORDS = frozenset(KEYWORD_LINES.split())


def snake(name: str) -> str:
    """`DatabaseName` → `database_name`, `SSEKMSKeyId` → `sse_kms_key_id`; a C++ keyword gets a trailing underscore."""
    for word, instead in WHOLE_WORDS.items():
        name = name.replace(word, instead)
    name = re.sub(r"[^A-Za-z0-9]", "_", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    # `ChecksumCRC32C`, `ChecksumCRC64NVME`: a digit inside a run of capitals does not end the word.
    name = re.sub(r"(?<=[A-Z]\d)_(?=[A-Z](?![a-z]))|(?<=[A-Z]\d\d)_(?=[A-Z](?![a-z]))", "", name)
    name = name.lower()
    return name + "_" if name in KEYWORDS else name


def text(value: str) -> str:
    """A C++ string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    # A hexadecimal escape would swallow the digits that follow it, so an octal one of fixed length is used.
    return '"' + "".join(c if 32 <= ord(c) < 127 else "".join(f"\\{b:03o}" for b in c.encode()) for c in escaped) + '"'
