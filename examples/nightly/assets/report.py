"""Writes the sums as one CSV below the name that the workflow's run properties give."""

import sys

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "BUCKET", "WORKFLOW_NAME", "WORKFLOW_RUN_ID"])
glue_context = GlueContext(SparkContext.getOrCreate())
job = Job(glue_context)
job.init(args["JOB_NAME"], args)

properties = boto3.client("glue").get_workflow_run_properties(Name=args["WORKFLOW_NAME"], RunId=args["WORKFLOW_RUN_ID"])
folder = properties["RunProperties"]["report"]
sums = glue_context.create_dynamic_frame.from_catalog("nightly", "sums").toDF()
report = sums.select("customer", "total", "orders").orderBy("total", ascending=False).coalesce(1)
report.write.mode("overwrite").option("header", True).csv(f"s3://{args['BUCKET']}/{folder}")
job.commit()
