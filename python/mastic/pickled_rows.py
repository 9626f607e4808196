"""Plain Python functions (Spark's evaluation type 100), whose rows Spark pickles, over Arrow.

Spark's JVM pickles rows for pyspark.worker and reads pickled results. Here rows travel as Arrow for every kind of
function; this module stands in for the worker's pickle serializers. What the function sees and what becomes of its result
is Spark's: a result of another type than declared is NULL (not an error and not a cast, as with Arrow-optimised
functions), and anything becomes a string.
"""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import pyarrow as pa
from pyspark import worker
from pyspark.serializers import SpecialLengths, read_int, write_int
from pyspark.sql import types as t
from pyspark.sql.conversion import ArrowTableToRowsConversion
from pyspark.sql.pandas.serializers import ArrowStreamSerializer
from pyspark.sql.pandas.types import to_arrow_type
from pyspark.util import PythonEvalType, fail_on_stopiteration

_BATCHED = PythonEvalType.SQL_BATCHED_UDF
_genuine_read_udfs = worker.read_udfs
_genuine_read_udtf = worker.read_udtf
_table_function: dict[str, Any] = {}  # the settings of the task under way


def install() -> None:
    """Puts this module in the place of the worker's pickle serializers."""
    worker.read_udfs = read_udfs
    worker.read_udtf = read_udtf
    worker.BatchedSerializer = PickledTables
    # Tracebacks are cut down to the user's frames by the file that a frame is from.
    for function in (_evaluate, _batches, PickledTables.load_stream, PickledTables.dump_stream, column_maker):
        function.__code__ = function.__code__.replace(co_filename=worker.__file__)


def read_udfs(pickle_serializer: Any, infile: IO[bytes], eval_type: int, runner_conf: Any, eval_conf: Any) -> Any:
    if eval_type != _BATCHED:
        return _genuine_read_udfs(pickle_serializer, infile, eval_type, runner_conf, eval_conf)
    functions = []
    for index in range(read_int(infile)):
        # As an Arrow-optimised function it comes without a wrapper for each row.
        function, positions, names, return_type = worker.read_single_udf(
            pickle_serializer, infile, PythonEvalType.SQL_ARROW_BATCHED_UDF, runner_conf, index
        )
        function, offsets = worker.wrap_kwargs_support(function, positions, names)
        functions.append((function, offsets, return_type))
    serializer = ArrowStreamSerializer(write_start_stream=True)

    def evaluate(_: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _batches(functions, eval_conf.input_type, runner_conf.binary_as_bytes, batches)

    return evaluate, None, serializer, serializer


def _columns(batch: pa.RecordBatch, converters: list[Any]) -> list[list[Any]]:
    columns = []
    for column, convert in zip(batch.itercolumns(), converters, strict=False):
        values = column.to_pylist()
        columns.append(values if convert is None else list(map(convert, values)))
    return columns


def _converters(input_type: t.StructType, binary_as_bytes: bool) -> list[Any]:
    return [
        ArrowTableToRowsConversion._create_converter(field.dataType, none_on_identity=True, binary_as_bytes=binary_as_bytes)
        for field in input_type.fields
    ]


def _batches(
    functions: list[tuple[Any, Any, t.DataType]],
    input_type: t.StructType,
    binary_as_bytes: bool,
    batches: Iterable[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    converters = _converters(input_type, binary_as_bytes)
    makers = [column_maker(return_type) for _, _, return_type in functions]
    names = [f"_{index}" for index in range(len(functions))]
    for batch in batches:
        columns = _columns(batch, converters)
        arrays = []
        for (function, offsets, return_type), make in zip(functions, makers, strict=False):
            results = _evaluate(function, [columns[offset] for offset in offsets], batch.num_rows)
            if return_type.needConversion():
                results = list(map(return_type.toInternal, results))
            arrays.append(make(results))
        yield pa.RecordBatch.from_arrays(arrays, names)


def _evaluate(function: Any, arguments: list[list[Any]], rows: int) -> list[Any]:
    if not arguments:
        checked = fail_on_stopiteration(function)
        return [checked() for _ in range(rows)]
    results = list(map(function, *arguments))
    if len(results) < rows:
        # A StopIteration of the function's own ended the loop: say so, by the row that it came from.
        fail_on_stopiteration(function)(*(argument[len(results)] for argument in arguments))
    return results


def read_udtf(pickle_serializer: Any, infile: IO[bytes], eval_type: int, runner_conf: Any, eval_conf: Any) -> Any:
    _table_function.update(runner=runner_conf, evaluation=eval_conf)
    return _genuine_read_udtf(pickle_serializer, infile, eval_type, runner_conf, eval_conf)


class PickledTables:
    """Rows in, for each row a tuple of rows out: a batch of its own, empty or not."""

    def __init__(self, *_: object) -> None:
        pass

    def load_stream(self, stream: IO[bytes]) -> Iterator[tuple[Any, ...]]:
        converters = _converters(_table_function["evaluation"].input_type, _table_function["runner"].binary_as_bytes)
        for batch in pa.ipc.open_stream(stream):
            columns = _columns(batch, converters)
            yield from zip(*columns, strict=False) if columns else [()] * batch.num_rows

    def dump_stream(self, results: Iterable[Any], stream: IO[bytes]) -> None:
        text = _table_function["evaluation"].get("mastic.result_type", lower_str=False)
        fields = t.StructType.fromJson(json.loads(text)).fields
        makers = [column_maker(field.dataType) for field in fields]
        schema = pa.schema([pa.field(field.name, to_arrow_type(field.dataType, timezone="UTC")) for field in fields])
        writer = None
        try:
            for rows in results:
                columns = [[None if row is None else row[index] for row in rows] for index in range(len(fields))]
                arrays = [make(column) for make, column in zip(makers, columns, strict=False)]
                if writer is None:
                    write_int(SpecialLengths.START_ARROW_STREAM, stream)
                    writer = pa.RecordBatchStreamWriter(stream, schema)
                if fields:
                    writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
                else:
                    writer.write_batch(pa.RecordBatch.from_struct_array(pa.array([{}] * len(rows), pa.struct([]))))
        finally:
            if writer is not None:
                writer.close()


def column_maker(data_type: t.DataType) -> Callable[[Any], pa.Array]:
    """What makes an Arrow array of a function's results."""
    arrow_type = to_arrow_type(data_type, timezone="UTC")
    convert = converter(data_type)
    plain = _plain_types.get(type(data_type))

    def make(values: Any) -> pa.Array:
        # Most functions give what they declare; one look at the types of a batch saves one at each value.
        if plain is not None and set(map(type, values)) <= plain:
            try:
                return pa.array(values, type=arrow_type)
            except (pa.ArrowInvalid, OverflowError):
                pass
        return pa.array([None if value is None else convert(value) for value in values], type=arrow_type)

    return make


_none = type(None)
_plain_types: dict[type, set[type]] = {
    t.BooleanType: {bool, _none},
    t.ByteType: {int, _none},
    t.ShortType: {int, _none},
    t.IntegerType: {int, _none},
    t.LongType: {int, _none},
    t.FloatType: {float, _none},
    t.DoubleType: {float, _none},
    t.StringType: {str, _none},
    t.BinaryType: {bytes, _none},
    t.DateType: {int, _none},
    t.TimestampType: {int, _none},
    t.TimestampNTZType: {int, _none},
}


class PickleException(Exception):
    """What Spark's unpickler raises for an object of a class that it does not know; the engine makes Java's of it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"expected zero arguments for construction of ClassDict (for {name})")


def _other(value: Any) -> None:
    """A value of another type than declared is NULL, unless Spark could not even unpickle it."""
    if isinstance(value, t.Row):
        raise PickleException("pyspark.sql.types._create_row")
    if type(value).__module__ == "numpy":
        raise PickleException("numpy.dtype")
    return


def _wrapped(bits: int) -> Callable[[Any], Any]:
    """Java's narrowing of a long; what is no long is NULL."""
    half = 1 << (bits - 1)

    def convert(value: Any) -> Any:
        if type(value) is not int or not -(1 << 63) <= value < 1 << 63:
            return _other(value)
        return (value + half) % (half * 2) - half

    return convert


def _of_type(*kinds: type) -> Callable[[Any], Any]:
    return lambda value: value if type(value) in kinds else _other(value)


def _binary(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if isinstance(value, (bytes, bytearray)) else _other(value)


def _decimal(data_type: t.DecimalType) -> Callable[[Any], Any]:
    step = decimal.Decimal(1).scaleb(-data_type.scale)
    context = decimal.Context(prec=76, rounding=decimal.ROUND_HALF_UP)

    def convert(value: Any) -> Any:
        if not isinstance(value, decimal.Decimal) or not value.is_finite():
            return _other(value)
        rounded = value.quantize(step, context=context)
        return rounded if len(rounded.as_tuple().digits) <= data_type.precision else None

    return convert


def converter(data_type: t.DataType) -> Callable[[Any], Any]:
    """Spark's EvaluatePython.makeFromJava; the value is not None, dates and timestamps are numbers already."""
    if isinstance(data_type, t.UserDefinedType):
        return converter(data_type.sqlType())
    if isinstance(data_type, t.BooleanType):
        return _of_type(bool)
    for kind, bits in ((t.ByteType, 8), (t.ShortType, 16), (t.IntegerType, 32), (t.LongType, 64), (t.DateType, 32)):
        if isinstance(data_type, kind):
            return _wrapped(bits)
    if isinstance(data_type, (t.TimestampType, t.TimestampNTZType, t.DayTimeIntervalType)):
        return _wrapped(64)
    if isinstance(data_type, t.YearMonthIntervalType):
        return _wrapped(32)
    if isinstance(data_type, t.FractionalType) and not isinstance(data_type, t.DecimalType):
        return _of_type(float)
    if isinstance(data_type, t.DecimalType):
        return _decimal(data_type)
    if isinstance(data_type, (t.StringType, t.CharType, t.VarcharType)):
        return java_text
    if isinstance(data_type, t.BinaryType):
        return _binary
    if isinstance(data_type, t.ArrayType):
        element = _nullable(converter(data_type.elementType))
        return lambda value: [element(v) for v in value] if type(value) in (list, tuple) else _other(value)
    if isinstance(data_type, t.MapType):
        key, item = _nullable(converter(data_type.keyType)), _nullable(converter(data_type.valueType))
        return lambda value: [(key(k), item(v)) for k, v in value.items()] if isinstance(value, dict) else _other(value)
    if isinstance(data_type, t.StructType):
        return _structure(data_type)
    return lambda value: value


def _nullable(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _structure(data_type: t.StructType) -> Callable[[Any], Any]:
    fields = [_nullable(converter(field.dataType)) for field in data_type.fields]

    def convert(value: Any) -> Any:
        if not isinstance(value, (tuple, list)):
            return _other(value)
        if len(value) != len(fields):
            raise ValueError(
                "Input row doesn't have expected number of values required by the schema. "
                f"{len(fields)} fields are required while {len(value)} values are provided."
            )
        return tuple(field(part) for field, part in zip(fields, value, strict=False))

    return convert


def java_text(value: Any) -> str:
    """Object.toString of what Spark makes of a Python value."""
    if isinstance(value, str):
        return value
    _other(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{java_text(k)}={java_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, float):
        return _java_number(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(value)
    return str(value)


def _java_number(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value) if "e" not in repr(value) else f"{value:f}"
    mantissa, _, exponent = f"{decimal.Decimal(repr(value)):E}".partition("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"
