"""What test_awsglue.py runs as a job: one line of JSON for each thing it looks at."""

import json
import sys

import boto3
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "bucket"])
sc = SparkContext()
glue = GlueContext(sc)
spark = glue.spark_session
job = Job(glue)
job.init(args["JOB_NAME"], args)


def tell(name, value):
    print("RESULT " + json.dumps([name, value], default=str), flush=True)


def rows(frame):
    return [row.asDict(recursive=True) for row in frame.toDF().collect()]


people = DynamicFrame.fromDF(
    spark.createDataFrame(
        [(1, "Ada", "36", ("x", 1)), (2, "Bob", "none", ("y", 2))],
        "id bigint, name string, age string, place struct<city:string,zip:int>",
    ),
    glue,
    "people",
)
mapped = ApplyMapping.apply(
    frame=people,
    mappings=[
        ("id", "long", "key", "string"),
        ("NAME", "string", "who.name", "string"),
        ("age", "string", "who.age", "int"),
        ("place.city", "string", "city", "string"),
        ("missing", "string", "missing", "string"),
    ],
)
tell("apply_mapping", rows(mapped))
tell("select_fields", people.select_fields(["id", "place.zip"]).toDF().schema.simpleString())
tell("drop_fields", people.drop_fields(["age", "place.zip"]).toDF().schema.simpleString())
tell("rename_field", people.rename_field("name", "full").toDF().columns)
tell("resolve_cast", rows(people.resolveChoice(specs=[("age", "cast:int")]).select_fields(["age"])))
tell("filter", [row["id"] for row in rows(Filter.apply(frame=people, f=lambda r: int(r["age"]) > 1))])
orders = DynamicFrame.fromDF(spark.createDataFrame([(1, 9.5), (3, 1.0)], "person bigint, total double"), glue, "orders")
tell("join", rows(Join.apply(people, orders, "id", "person").select_fields(["id", "total"])))
nulls = DynamicFrame.fromDF(spark.sql("select 1 as a, null as b"), glue, "nulls")
tell("drop_null_fields", DropNullFields.apply(frame=nulls).toDF().columns)
tell("tree", people.schema().treeString())

boto3.client("s3").create_bucket(Bucket=args["bucket"])
target = f"s3://{args['bucket']}/people"
glue.write_dynamic_frame.from_options(
    frame=mapped.drop_fields(["who"]), connection_type="s3", connection_options={"path": target}, format="json"
)
again = glue.create_dynamic_frame.from_options("s3", {"paths": [target]}, format="json")
tell("json", sorted(rows(again), key=lambda row: row["key"]))

xml = target.replace("/frames/", "/frames/xml-") if "/frames/" in target else target + "-xml"
spark.createDataFrame([("<r><p id='1'><n> a </n></p><p id='2'><n/></p></r>",)], "t string").coalesce(1).write.text(xml)
records = glue.create_dynamic_frame.from_options("s3", {"paths": [xml]}, format="xml", format_options={"rowTag": "p"})
tell("xml", sorted(rows(records), key=lambda row: row["_id"]))

sink = glue.getSink(
    connection_type="s3",
    path=f"s3://{args['bucket']}/table/",
    enableUpdateCatalog=True,
    updateBehavior="UPDATE_IN_DATABASE",
    partitionKeys=["name"],
)
boto3.client("glue").create_database(DatabaseInput={"Name": "shop"})
sink.setFormat("glueparquet")
sink.setCatalogInfo(catalogDatabase="shop", catalogTableName="people")
sink.writeFrame(people.drop_fields(["place"]))
tell(
    "catalog",
    sorted(rows(glue.create_dynamic_frame.from_catalog(database="shop", table_name="people")), key=lambda row: row["id"]),
)
tell(
    "pushdown",
    [r["id"] for r in rows(glue.create_dynamic_frame.from_catalog("shop", "people", push_down_predicate="name = 'Bob'"))],
)
tell("spark_sql", [row["n"] for row in spark.sql("select count(*) as n from shop.people").collect()])
job.commit()
