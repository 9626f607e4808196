"""GlueContext: where a Glue script reads and writes from."""

from __future__ import annotations

import datetime
import sys
from typing import Any
from urllib.parse import urlsplit

import boto3
from pyspark.sql import DataFrame, SparkSession

from awsglue import bookmarks, sinks, sources
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.errors import UnsupportedByMastic


class GlueLogger:
    """What get_logger gives: lines on standard error, which the run's error log keeps."""

    def _write(self, level: str, message: object) -> None:
        moment = datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
        print(f"{moment} {level} GlueLogger: {message}", file=sys.stderr, flush=True)

    def debug(self, message: object) -> None:
        self._write("DEBUG", message)

    def info(self, message: object) -> None:
        self._write("INFO", message)

    def warn(self, message: object) -> None:
        self._write("WARN", message)

    def error(self, message: object) -> None:
        self._write("ERROR", message)


class DataSource:
    """A source that getSource opened; setFormat, then getFrame."""

    def __init__(self, context: GlueContext, connection_type: str, options: dict[str, Any], ctx: str) -> None:
        self._context, self._type, self._options, self._ctx = context, connection_type, options, ctx
        self._format: str | None = None
        self._format_options: dict[str, Any] = {}

    def setFormat(self, format: str, **options: Any) -> DataSource:
        self._format, self._format_options = format, options
        return self

    def getDataFrame(self) -> DataFrame:
        spark = self._context.spark_session
        return sources.read(spark, self._type, self._options, self._format, self._format_options, self._ctx)

    def getFrame(self, **_: Any) -> DynamicFrame:
        return DynamicFrame(self.getDataFrame(), self._context, self._ctx)

    def getSampleFrame(self, num: int, **_: Any) -> DynamicFrame:
        return DynamicFrame(self.getDataFrame().limit(num), self._context, self._ctx)


class DataSink:
    """A sink that getSink opened; setFormat and setCatalogInfo, then writeFrame."""

    def __init__(self, context: GlueContext, connection_type: str, options: dict[str, Any], ctx: str) -> None:
        self._context, self._type, self._options, self._ctx = context, connection_type, options, ctx
        self._format: str | None = None
        self._format_options: dict[str, Any] = {}
        self._catalog: tuple[str, str] | None = None

    def setFormat(self, format: str, **options: Any) -> DataSink:
        self._format, self._format_options = format, options
        return self

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> DataSink:
        """The table that describes what is written; with enableUpdateCatalog it is created and kept up to date."""
        self._catalog = (catalogDatabase, catalogTableName)
        return self

    def setAccumulableSize(self, size: int) -> DataSink:
        return self

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        """Writes the frame; gives the frame of error records, named `<name>_errors`."""
        frame = dynamic_frame.toDF()
        # For lineage: whose place that is. Who does not know the hint passes the rows on.
        written = frame.hint("mastic_catalog_table", ".".join(self._catalog).lower()) if self._catalog else frame
        sinks.write(written, self._type, self._options, self._format, self._format_options)
        if self._catalog and sources.is_true(self._options.get("enableUpdateCatalog", False)):
            if not self._format:
                raise ValueError("a format is needed to describe the table: call setFormat before writeFrame")
            sinks.update_catalog(
                frame,
                *self._catalog,
                self._options["path"],
                self._format,
                list(self._options.get("partitionKeys") or []),
                self._options.get("updateBehavior", "UPDATE_IN_DATABASE"),
            )
        return dynamic_frame.errorsAsDynamicFrame()

    def write(self, dynamic_frame_or_dfc: DynamicFrame | DynamicFrameCollection, info: str = "") -> Any:
        if isinstance(dynamic_frame_or_dfc, DynamicFrame):
            return self.writeFrame(dynamic_frame_or_dfc, info)
        return dynamic_frame_or_dfc.map(lambda frame, _: self.writeFrame(frame, info))

    def writeDataFrame(self, data_frame: DataFrame, glue_context: GlueContext, info: str = "") -> DynamicFrame:
        return self.writeFrame(DynamicFrame.fromDF(data_frame, glue_context, "frame"), info)


class DynamicFrameReader:
    """glueContext.create_dynamic_frame"""

    def __init__(self, context: GlueContext) -> None:
        self._context = context

    def from_options(self, connection_type: str, *args: Any, **kwargs: Any) -> DynamicFrame:
        return self._context.create_dynamic_frame_from_options(connection_type, *args, **kwargs)

    def from_catalog(self, *args: Any, **kwargs: Any) -> DynamicFrame:
        return self._context.create_dynamic_frame_from_catalog(*args, **kwargs)

    def from_rdd(
        self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None, **kwargs: Any
    ) -> DynamicFrame:
        return self._context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio, **kwargs)


class DynamicFrameWriter:
    """glueContext.write_dynamic_frame"""

    def __init__(self, context: GlueContext) -> None:
        self._context = context

    def from_options(self, frame: DynamicFrame, connection_type: str, *args: Any, **kwargs: Any) -> DynamicFrame:
        return self._context.write_dynamic_frame_from_options(frame, connection_type, *args, **kwargs)

    def from_catalog(self, frame: DynamicFrame, *args: Any, **kwargs: Any) -> DynamicFrame:
        return self._context.write_dynamic_frame_from_catalog(frame, *args, **kwargs)

    def from_jdbc_conf(self, frame: DynamicFrame, catalog_connection: str, *args: Any, **kwargs: Any) -> DynamicFrame:
        raise UnsupportedByMastic("writing through a JDBC connection")


class DataFrameReader:
    """glueContext.create_data_frame"""

    def __init__(self, context: GlueContext) -> None:
        self._context = context

    def from_options(self, *args: Any, **kwargs: Any) -> DataFrame:
        return self._context.create_data_frame_from_options(*args, **kwargs)

    def from_catalog(self, *args: Any, **kwargs: Any) -> DataFrame:
        return self._context.create_data_frame_from_catalog(*args, **kwargs)


class DataFrameWriter:
    """glueContext.write_data_frame"""

    def __init__(self, context: GlueContext) -> None:
        self._context = context

    def from_catalog(self, frame: DataFrame, *args: Any, **kwargs: Any) -> Any:
        return self._context.write_data_frame_from_catalog(frame, *args, **kwargs)


class GlueContext:
    """The entry to Glue's reading and writing. Takes the SparkContext or the SparkSession of the job, or nothing."""

    def __init__(self, sparkContext: Any = None, **options: Any) -> None:
        self.spark_session = sparkContext if isinstance(sparkContext, SparkSession) else SparkSession.builder.getOrCreate()
        self.sparkSession = self.spark_session
        self._sc = sparkContext
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.create_data_frame = DataFrameReader(self)
        self.write_data_frame = DataFrameWriter(self)
        self._logger = GlueLogger()

    # --- what Glue's context has of Spark's SQLContext

    @property
    def sparkContext(self) -> Any:
        return self._sc if self._sc is not None else self.spark_session.sparkContext

    @property
    def _jsc(self) -> Any:
        return self.sparkContext._jsc

    @property
    def read(self) -> Any:
        return self.spark_session.read

    @property
    def udf(self) -> Any:
        return self.spark_session.udf

    def sql(self, query: str) -> DataFrame:
        return self.spark_session.sql(query)

    def table(self, name: str) -> DataFrame:
        return self.spark_session.table(name)

    def range(self, *args: Any) -> DataFrame:
        return self.spark_session.range(*args)

    def createDataFrame(self, *args: Any, **kwargs: Any) -> DataFrame:
        return self.spark_session.createDataFrame(*args, **kwargs)

    def setConf(self, key: str, value: str) -> None:
        self.spark_session.conf.set(key, value)

    def getConf(self, key: str, default: str | None = None) -> str | None:
        return self.spark_session.conf.get(key, default)

    def registerDataFrameAsTable(self, frame: DataFrame, name: str) -> None:
        frame.createOrReplaceTempView(name)

    def get_logger(self) -> GlueLogger:
        return self._logger

    def currentTimeMillis(self) -> int:
        return int(datetime.datetime.now().timestamp() * 1000)

    # --- reading

    def getSource(
        self,
        connection_type: str,
        format: str | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **options: Any,
    ) -> DataSource:
        source = DataSource(self, connection_type, options, transformation_ctx)
        return source.setFormat(format) if format else source

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: dict[str, Any] | None = None,
        format: str | None = None,
        format_options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **_: Any,
    ) -> DynamicFrame:
        frame = self.create_data_frame_from_options(
            connection_type, connection_options, format, format_options, transformation_ctx, push_down_predicate
        )
        return DynamicFrame(frame, self, transformation_ctx)

    def create_data_frame_from_options(
        self,
        connection_type: str,
        connection_options: dict[str, Any] | None = None,
        format: str | None = None,
        format_options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **_: Any,
    ) -> DataFrame:
        options, reading = connection_options or {}, format_options or {}
        frame = sources.read(self.spark_session, connection_type, options, format, reading, transformation_ctx)
        return frame.where(push_down_predicate) if push_down_predicate else frame

    def create_dynamic_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: dict[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Reads a catalog table. `name_space` is an older name of `database`."""
        frame = self.create_data_frame_from_catalog(
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            push_down_predicate,
            additional_options,
            catalog_id,
            **kwargs,
        )
        return DynamicFrame(frame, self, transformation_ctx or f"{database or kwargs.get('name_space')}.{table_name}")

    def create_data_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: dict[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DataFrame:
        name_space = kwargs.get("name_space")
        if (database is None) == (name_space is None):
            raise Exception("Parameter name_space or database must be provided, one of them.")
        if table_name is None:
            raise Exception("Parameter table_name must be provided.")
        frame = self._table(str(database or name_space), table_name, transformation_ctx, catalog_id)
        predicate = push_down_predicate or (additional_options or {}).get("catalogPartitionPredicate", "")
        return frame.where(predicate) if predicate else frame

    def _table(self, database: str, table_name: str, ctx: str, catalog_id: str | None) -> DataFrame:
        mark = bookmarks.for_source(ctx)
        if mark is not None:
            table = self.catalog_table(database, table_name, catalog_id)
            if table.get("StorageDescriptor", {}).get("Location", "").startswith("s3"):
                return sources.read_new_of_table(self.spark_session, table, mark, ctx)
        return self.spark_session.read.table(f"`{database}`.`{table_name}`")

    def create_dynamic_frame_from_rdd(
        self, data: Any, name: str, schema: Any = None, sample_ratio: float | None = None, transformation_ctx: str = ""
    ) -> DynamicFrame:
        rows = data.collect() if hasattr(data, "collect") else list(data)
        return DynamicFrame(self.spark_session.createDataFrame(rows, schema), self, transformation_ctx or name)

    def create_sample_dynamic_frame_from_options(
        self, connection_type: str, connection_options: dict[str, Any] | None = None, num: int = 20, *args: Any, **kwargs: Any
    ) -> DynamicFrame:
        kwargs.pop("sample_options", None)
        frame = self.create_dynamic_frame_from_options(connection_type, connection_options, **kwargs)
        return DynamicFrame(frame.toDF().limit(num), self, frame.name)

    def create_sample_dynamic_frame_from_catalog(
        self, database: str, table_name: str, num: int = 20, **kwargs: Any
    ) -> DynamicFrame:
        kwargs.pop("sample_options", None)
        frame = self.create_dynamic_frame_from_catalog(database, table_name, **kwargs)
        return DynamicFrame(frame.toDF().limit(num), self, frame.name)

    def getStreamingSource(self, *args: Any, **kwargs: Any) -> Any:
        raise UnsupportedByMastic("streaming")

    def forEachBatch(self, *args: Any, **kwargs: Any) -> Any:
        raise UnsupportedByMastic("forEachBatch (streaming)")

    # --- writing

    def getSink(
        self, connection_type: str, format: str | None = None, transformation_ctx: str = "", **options: Any
    ) -> DataSink:
        sink = DataSink(self, connection_type, options, transformation_ctx)
        return sink.setFormat(format) if format else sink

    def write_dynamic_frame_from_options(
        self,
        frame: DynamicFrame,
        connection_type: str,
        connection_options: dict[str, Any] | None = None,
        format: str | None = None,
        format_options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        return self.write_from_options(frame, connection_type, connection_options, format, format_options, transformation_ctx)

    def write_from_options(
        self,
        frame_or_dfc: Any,
        connection_type: str,
        connection_options: dict[str, Any] | None = None,
        format: str | None = None,
        format_options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> Any:
        sink = DataSink(self, connection_type, connection_options or {}, transformation_ctx)
        if format:
            sink.setFormat(format, **(format_options or {}))
        return sink.write(frame_or_dfc)

    def write_dynamic_frame_from_catalog(
        self,
        frame: DynamicFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: dict[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Adds the frame's records to where a catalog table lies."""
        database = database or kwargs.get("name_space")
        if not database or not table_name:
            raise Exception("Parameters database and table_name must be provided.")
        table = self.catalog_table(database, table_name, catalog_id)
        kind = table.get("Parameters", {}).get("classification", "")
        location = table.get("StorageDescriptor", {}).get("Location", "")
        if kind == "dynamodb":
            items = DataSink(self, "dynamodb", {"dynamodb.output.tableName": location.rpartition("/")[2]}, transformation_ctx)
            return items.setCatalogInfo(database, table_name).writeFrame(frame)
        if not kind or not location:
            raise UnsupportedByMastic(f"writing to {database}.{table_name}, which has no classification or no location")
        options = {"path": location, **(additional_options or {})}
        keys = [key["Name"] for key in table.get("PartitionKeys", [])]
        if keys:
            options.setdefault("partitionKeys", keys)
        sink = DataSink(self, "s3", options, transformation_ctx).setFormat(kind)
        return sink.setCatalogInfo(database, table_name).writeFrame(frame)

    def write_data_frame_from_catalog(self, frame: DataFrame, database: str, table_name: str, *args: Any, **kwargs: Any) -> Any:
        return self.write_dynamic_frame_from_catalog(
            DynamicFrame.fromDF(frame, self, "frame"), database, table_name, *args, **kwargs
        )

    # --- the catalog and S3

    def catalog_table(self, database: str, table_name: str, catalog_id: str | None = None) -> dict[str, Any]:
        """The table as GetTable gives it."""
        catalog = {"CatalogId": catalog_id} if catalog_id else {}
        return boto3.client("glue").get_table(DatabaseName=database, Name=table_name, **catalog)["Table"]

    def extract_jdbc_conf(self, connection_name: str, catalog_id: str | None = None) -> dict[str, str]:
        raise UnsupportedByMastic("extract_jdbc_conf")

    def purge_s3_path(
        self, s3_path: str, options: dict[str, Any] | None = None, transformation_ctx: str = "", **_: Any
    ) -> None:
        """Deletes the objects below a path that are older than `retentionPeriod` hours (168 unless said)."""
        settings = options or {}
        if settings.get("excludeStorageClasses") or settings.get("manifestFilePath"):
            raise UnsupportedByMastic("purge_s3_path with excludeStorageClasses or manifestFilePath")
        limit = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=float(settings.get("retentionPeriod", 168)))
        place = urlsplit(s3_path)
        client = boto3.client("s3")
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=place.netloc, Prefix=place.path.lstrip("/")):
            old = [{"Key": each["Key"]} for each in page.get("Contents", []) if each["LastModified"] <= limit]
            if old:
                client.delete_objects(Bucket=place.netloc, Delete={"Objects": old, "Quiet": True})

    def purge_table(
        self,
        database: str,
        table_name: str,
        options: dict[str, Any] | None = None,
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> None:
        """Deletes a catalog table's files, by purge_s3_path's rules."""
        settings = options or {}
        if settings.get("partitionPredicate"):
            raise UnsupportedByMastic("purge_table with partitionPredicate")
        self.purge_s3_path(self.catalog_table(database, table_name, catalog_id)["StorageDescriptor"]["Location"], settings)
