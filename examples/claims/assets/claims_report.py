"""Reports the claims of newer cars: DynamoDB, through the data catalog, to one CSV file in S3."""

import sys

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql.functions import col

AGE_LIMIT = 0.7  # the data set gives a car's age as a share of the oldest one's

args = getResolvedOptions(sys.argv, ["JOB_NAME", "DATABASE_NAME", "TABLE_NAME", "BUCKET_PATH"])

glue_context = GlueContext(SparkContext.getOrCreate())
job = Job(glue_context)
job.init(args["JOB_NAME"], args)

claims = glue_context.create_dynamic_frame.from_catalog(
    database=args["DATABASE_NAME"], table_name=args["TABLE_NAME"], transformation_ctx="claims"
)

report = claims.toDF()
report = report[["policy_id", "policy_tenure", "make", "model", "age_of_car", "is_claim"]]
report = report.orderBy(col("age_of_car").desc())
report = report.filter(report.age_of_car < AGE_LIMIT)
report = report.repartition(1)
print(f"{report.count()} claims of cars younger than {AGE_LIMIT}")

glue_context.write_dynamic_frame.from_options(
    frame=DynamicFrame.fromDF(report, glue_context, "report"),
    connection_type="s3",
    connection_options={"path": args["BUCKET_PATH"]},
    format="csv",
    transformation_ctx="report",
)
job.commit()
