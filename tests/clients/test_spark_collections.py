"""Arrays, maps, lambdas, JSON, variants, aggregates, windows and generators: Spark 4.2's own answers to these queries."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

# Query, and its rows as Python prints them.
ANSWERS: list[tuple[str, list[str]]] = [
    (
        "select array_append(array(1,null), null), array_insert(array(1,2,3), 7, 9), array_insert(array(1,2,3), -6, 9)",
        [
            ("([1, None, None], [1, 2, 3, None, None, None, 9], [9, None, None, 1, 2, 3])"),
        ],
    ),
    (
        "select array_distinct(array(1,null,2,1,null)), array_except(array(1,2,2,null,3,null), array(2,4)), arr"
        "ay_intersect(array(1,2,2,null,3,null), array(2,null,3))",
        [
            ("([1, None, 2], [1, None, 3], [2, None, 3])"),
        ],
    ),
    (
        "select arrays_overlap(array(1,2), array(2)), arrays_overlap(array(1,null), array(2)), arrays_overlap(a"
        "rray(1), array(2)), arrays_overlap(array(), array(null)), arrays_overlap(array(1,null), array(1))",
        [
            ("(True, None, False, False, True)"),
        ],
    ),
    (
        "select slice(array(1,2,3,4), 2, 2), slice(array(1,2,3,4), -2, 2), slice(array(1,2,3), 5, 1), slice(arr"
        "ay(1,2,3), -5, 2), slice(array(1,2,3), 2, 100), slice(array(1,2), 1, 0)",
        [
            ("([2, 3], [3, 4], [], [], [2, 3], [])"),
        ],
    ),
    (
        "select sequence(1,5), sequence(5,1), sequence(1,10,3), sequence(1L,3), sequence(3,3), sequence(10,1,-4)",
        [
            ("([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [1, 4, 7, 10], [1, 2, 3], [3], [10, 6, 2])"),
        ],
    ),
    (
        "select array_sort(array('bc','ab','dc'), (l,r) -> case when l < r then 1 when l > r then -1 else 0 end)",
        [
            ("(['dc', 'bc', 'ab'],)"),
        ],
    ),
    (
        "select aggregate(array(1,2,3), named_struct('s',0,'n',0), (a,x) -> named_struct('s',a.s+x,'n',a.n+1), a -> a.s / a.n)",
        [
            ("(2.0,)"),
        ],
    ),
    (
        "select zip_with(array(1,2,3), array(10), (x,y) -> (y,x))",
        [
            ("([Row(y=10, x=1), Row(y=None, x=2), Row(y=None, x=3)],)"),
        ],
    ),
    (
        "select transform(a, x -> x + b) from values (array(1,2), 10), (array(3), 20), (null, 1) t(a,b)",
        [
            ("([11, 12],)"),
            ("([23],)"),
            ("(None,)"),
        ],
    ),
    (
        "select map_zip_with(map(1,1), map(1L,2), (k,x,y) -> x)",
        [
            ("({1: 1},)"),
        ],
    ),
    (
        "select transform_keys(map(1,2,3,4), (k,v) -> k+v), transform_keys(map('a',1), (k,v) -> upper(k)), tran"
        "sform_values(map(1,2), (k,v) -> k+v), transform_values(map('a',null), (k,v) -> k)",
        [
            ("({3: 2, 7: 4}, {'A': 1}, {1: 3}, {'a': 'a'})"),
        ],
    ),
    (
        "select map_from_entries(array(struct(1,'a'),struct(2,null))), map_from_entries(array(struct(1,'a'),null))",
        [
            ("({1: 'a', 2: None}, None)"),
        ],
    ),
    (
        'select parse_json(\'{"b":1,"a":[true,null,"x",1.5,1e3,12345678901,0.10,-5]}\')',
        [
            (
                "(VariantVal(b'\\x02\\x02\\x01\\x00\\x02\\x001\\x0c\\x01\\x03\\x08\\x00\\x01\\x02\\x04\\n\\x13\\x1c\"$"
                "\\x04\\x00\\x05x \\x01\\x0f\\x00\\x00\\x00\\x1c\\x00\\x00\\x00\\x00\\x00@\\x8f@\\x185\\x1c\\xdc\\xdf\\"
                "x02\\x00\\x00\\x00 \\x02\\n\\x00\\x00\\x00\\x0c\\xfb', b'\\x01\\x02\\x00\\x01\\x02ba'),)"
            ),
        ],
    ),
    (
        "select variant_get(parse_json('{\"a\":1,\"b\":{\"c\":[1,2]}}'), '$.b.c[1]', 'int'), variant_get(parse_"
        "json('{\"a\":1}'), '$.z', 'int'), variant_get(parse_json('{\"a\":1}'), '$.a'), variant_get(parse"
        "_json('{\"a b\":1}'), '$[\"a b\"]', 'string')",
        [
            ("(2, None, VariantVal(b'\\x0c\\x01', b'\\x01\\x00\\x00'), '1')"),
        ],
    ),
    (
        'select schema_of_variant(parse_json(\'{"b":1,"a":[1,2.5,"x"],"c":null,"d":[1,2.5],"e":[],"f":1e3,"g":t'
        'rue,"h":[{"x":1},{"y":2}]}\')), schema_of_variant(parse_json(\'null\')), schema_of_variant(parse_json('
        "'12.345')), schema_of_variant(parse_json('[1,null]')), schema_of_variant(null)",
        [
            (
                "('OBJECT<a: ARRAY<VARIANT>, b: BIGINT, c: VOID, d: ARRAY<DECIMAL(21,1)>, e: ARRAY<VOID>, f: DOUBLE, g:"
                " BOOLEAN, h: ARRAY<OBJECT<x: BIGINT, y: BIGINT>>>', 'VOID', 'DECIMAL(5,3)', 'ARRAY<BIGINT>', None)"
            ),
        ],
    ),
    (
        'select * from variant_explode(parse_json(\'{"a": true, "b": 3.14}\'))',
        [
            ("(0, 'a', VariantVal(b'\\x04', b'\\x01\\x02\\x00\\x01\\x02ab'))"),
            ("(1, 'b', VariantVal(b' \\x02:\\x01\\x00\\x00', b'\\x01\\x02\\x00\\x01\\x02ab'))"),
        ],
    ),
    (
        "select from_json('{\"a\":\"x\",\"b\":2}', 'a INT, b INT'), from_json('{\"a\":1.5}', 'a INT'), from_jso"
        "n('{\"a\":99999999999}', 'a INT'), from_json('bad', 'a INT'), from_json('{\"a\":1', 'a INT')",
        [
            ("(Row(a=None, b=2), Row(a=None), Row(a=None), Row(a=None), Row(a=None))"),
        ],
    ),
    (
        "select from_json('[1,2,null]', 'array<int>'), from_json('{\"a\":1,\"b\":null}', 'map<string,int>')"
        ', from_json(\'[{"a":1},{"a":2}]\', \'array<struct<a:int>>\'), from_json(\'[{"a":1},{"a":2}]\', \'a int'
        "'), from_json('{\"a\":1}', 'array<struct<a:int>>'), from_json('5', 'array<int>'), from_json('["
        "]', 'a int')",
        [
            ("([1, 2, None], {'a': 1, 'b': None}, [Row(a=1), Row(a=2)], Row(a=None), [Row(a=1)], None, Row(a=None))"),
        ],
    ),
    (
        'select get_json_object(\'[{"f1":1,"f2":"a"},{"f1":2}]\', \'$[*].f1\'), get_json_object(\'[{"f1":1,"f2"'
        ":\"a\"},{\"f1\":2}]', '$[*].f2'), get_json_object('[1,2,3]', '$[*]'), get_json_object('{\"a\":[1,2]}"
        "', '$.a[*]'), get_json_object('{\"a\":[{\"b\":[1,2]},{\"b\":[3]}]}', '$.a[*].b[*]'), get_json_object("
        "'{\"a\":[[1,2],[3]]}', '$.a[*][*]'), get_json_object('{\"a\":{\"x\":1,\"y\":2}}', '$.a.*')",
        [
            ("('[1,2]', '\"a\"', '[1,2,3]', '[1,2]', '[[1,2],[3]]', '[1,2,3]', None)"),
        ],
    ),
    (
        'select schema_of_json(\'{"a":1,"b":[1.5,"x"],"c":{"d":null},"e":true}\'), schema_of_json(\'[{"a":1},{"'
        "b\":2.5}]'), schema_of_json('1'), schema_of_json('\"x\"'), schema_of_json('[]'), schema_of_json('"
        "{\"a\":12345678901234567890}'), schema_of_json('{\"a\":1.5}', map('prefersDecimal','true')), schema"
        "_of_json('{}')",
        [
            (
                "('STRUCT<a: BIGINT, b: ARRAY<STRING>, c: STRUCT<d: STRING>, e: BOOLEAN>', 'ARRAY<STRUCT<a: BIGINT, b: "
                "DOUBLE>>', 'BIGINT', 'STRING', 'ARRAY<STRING>', 'STRUCT<a: DECIMAL(20,0)>', 'STRUCT<a: DECIMAL(2,1)>',"
                " 'STRUCT<>')"
            ),
        ],
    ),
    (
        "select kurtosis(x), skewness(x), stddev(x), stddev_pop(x), variance(x), var_pop(x), std(x), stddev_sam"
        "p(x), var_samp(x) from values (1),(2),(10),(3) t(x)",
        [
            (
                "(-0.7696000000000001, 1.0182337649086284, 4.08248290463863, 3.5355339059327378, 16.666666666666668, 12"
                ".5, 4.08248290463863, 4.08248290463863, 16.666666666666668)"
            ),
        ],
    ),
    (
        "select regr_avgx(y,x), regr_avgy(y,x), regr_count(y,x), regr_intercept(y,x), regr_r2(y,x), regr_slope("
        "y,x), regr_sxx(y,x), regr_sxy(y,x), regr_syy(y,x) from values (1,2),(2,4),(3,7),(null,1),(4,null) t(x,"
        "y)",
        [
            ("(2.0, 4.333333333333333, 3, -0.666666666666667, 0.9868421052631579, 2.5, 2.0, 5.0, 12.666666666666666)"),
        ],
    ),
    (
        "select percentile(x, 0.5), percentile(x, array(0.25,0.75)), percentile(x, 0.3, f), median(x) from valu"
        "es (1,1),(2,2),(10,1),(null,1) t(x,f)",
        [
            ("(2.0, [1.5, 6.0], 1.9, 2.0)"),
        ],
    ),
    (
        "select percentile_approx(x, 0.5), percentile_approx(x, array(0.1,0.9), 100), approx_percentile(x, 0.5,"
        " 10) from values (1),(2),(10),(null) t(x)",
        [
            ("(2, [1, 10], 2)"),
        ],
    ),
    (
        "select approx_count_distinct(id), approx_count_distinct(id, 0.1), approx_count_distinct(cast(id as str"
        "ing)), approx_count_distinct(id*1.5D) from range(100000)",
        [
            ("(95546, 102065, 97299, 96257)"),
        ],
    ),
    (
        "select max_by(x,y), min_by(x,y), max_by(x,y,2), min_by(x,y,2) from values ('a',1),('b',3),('c',2),('d',null) t(x,y)",
        [
            ("('b', 'a', ['b', 'c'], ['a', 'c'])"),
        ],
    ),
    (
        "select listagg(x, ',') within group (order by x desc), listagg(x) within group (order by x) from value"
        "s ('a'),('b'),('c') t(x)",
        [
            ("('c,b,a', 'abc')"),
        ],
    ),
    (
        "select try_sum(x) from values (9223372036854775807),(1) t(x)",
        [
            ("(None,)"),
        ],
    ),
    (
        "select hex(count_min_sketch(x, 0.5d, 0.5d, 1)) from values (1),(2),(1) t(x)",
        [
            (
                "('0000000100000000000000030000000100000004000000005D8D6AB900000000000000000000000000000002000000000000"
                "00010000000000000000',)"
            ),
        ],
    ),
    (
        "select hex(hll_sketch_agg(x)) from values (1),(2) t(x)",
        [
            ("('0201070C030002082BF2FB06862FF90D000000000000000000000000000000000000000000000000',)"),
        ],
    ),
    (
        "select x, lag(x) over (order by x), lead(x) over (order by x), lag(x, 2) over (order by x), lead(x, 1,"
        " 99) over (order by x), lag(x, 1, -1) over (order by x), lag(x, -1) over (order by x), lag(x, 0) over "
        "(order by x) from values (1),(2),(3) t(x)",
        [
            ("(1, None, 2, None, 2, -1, 2, 1)"),
            ("(2, 1, 3, None, 3, 1, 3, 2)"),
            ("(3, 2, None, 1, 99, 2, None, 3)"),
        ],
    ),
    (
        "select a+b, count(*) from values (1,2) t(a,b) group by b+a",
        [
            ("(3, 1)"),
        ],
    ),
    (
        "select id, explode(map(id, 'x')) as (k, v) from range(2)",
        [
            ("(0, 0, 'x')"),
            ("(1, 1, 'x')"),
        ],
    ),
    (
        "select id, x from range(2) lateral view outer explode(array()) t as x",
        [
            ("(0, None)"),
            ("(1, None)"),
        ],
    ),
]

# Query, and the condition under which it fails.
FAILURES: list[tuple[str, str | None]] = [
    ("select array_append(array('a'), 1)", "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES"),
    ("select map(1,2,1,3)", "DUPLICATED_MAP_KEY"),
    ("select sequence(1,5,-1)", None),
    ("select transform_keys(map(1,2), (k,v) -> null)", "NULL_MAP_KEY"),
    ("select stack(2, 1, 'a', 2, 'b', 3, 'c')", "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES"),
    ("select parse_json('{a}')", "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"),
    ("select variant_get(parse_json('{\"a\":\"x\"}'), '$.a', 'int')", "INVALID_VARIANT_CAST"),
    ("select from_json('bad', 'a INT', map('mode','FAILFAST'))", "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"),
    ("select percentile(x, 1.5) from values (1) t(x)", "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"),
    ("select sum(distinct id) over () from range(2)", "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    session.conf.set("spark.sql.ansi.enabled", "true")
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def shortened(text: str) -> str:
    """Floating point to twelve digits: the last ones depend on how the rows were shared among threads, in Spark too."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda found: f"{float(found.group()):.12g}", text)


@pytest.mark.parametrize(("query", "rows"), ANSWERS)
def test_answers_are_sparks(spark: SparkSession, query: str, rows: list[str]) -> None:
    assert [shortened(repr(tuple(row))) for row in spark.sql(query).collect()] == [shortened(row) for row in rows]


@pytest.mark.parametrize(("query", "condition"), FAILURES)
def test_failures_are_sparks(spark: SparkSession, query: str, condition: str | None) -> None:
    with pytest.raises(PySparkException) as raised:
        spark.sql(query).collect()
    assert raised.value.getCondition() == condition, str(raised.value)
