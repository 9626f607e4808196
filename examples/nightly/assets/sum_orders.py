"""Sums up the orders by customer: from the catalog's table of orders into Parquet files."""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import functions as F

args = getResolvedOptions(sys.argv, ["JOB_NAME", "SUMS", "WORKFLOW_NAME", "WORKFLOW_RUN_ID"])
glue_context = GlueContext(SparkContext.getOrCreate())
job = Job(glue_context)
job.init(args["JOB_NAME"], args)

orders = glue_context.create_dynamic_frame.from_catalog("nightly", "nightly_orders").toDF()
sums = orders.groupBy("customer").agg(F.sum("amount").alias("total"), F.count("*").alias("orders"))
print(f"{orders.count()} orders of {sums.count()} customers")
sums.coalesce(1).write.mode("overwrite").parquet(args["SUMS"])
job.commit()
