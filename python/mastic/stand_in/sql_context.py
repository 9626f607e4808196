"""`SQLContext` and `HiveContext`: the session of the run under its names of Spark 1."""

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession


class SQLContext:
    def __init__(self, sparkContext: Any = None, sparkSession: Any = None, jsqlContext: Any = None) -> None:
        from mastic.stand_in.context import SparkContext

        self._sc = sparkContext if isinstance(sparkContext, SparkContext) else SparkContext.getOrCreate()
        self.sparkSession = sparkSession or SparkSession.builder.getOrCreate()

    @classmethod
    def getOrCreate(cls, sc: Any = None) -> SQLContext:
        return cls(sc)

    @property
    def sparkContext(self) -> Any:
        return self._sc

    def newSession(self) -> SQLContext:
        return type(self)(self._sc, self.sparkSession.newSession())

    def setConf(self, key: str, value: Any) -> None:
        self.sparkSession.conf.set(key, value)

    def getConf(self, key: str, *default: Any) -> Any:
        return self.sparkSession.conf.get(key, *default)

    def registerFunction(self, name: str, f: Any, returnType: Any = None) -> Any:
        return self.sparkSession.udf.register(name, f, returnType)

    def registerDataFrameAsTable(self, df: Any, tableName: str) -> None:
        df.createOrReplaceTempView(tableName)

    def dropTempTable(self, tableName: str) -> None:
        self.sparkSession.catalog.dropTempView(tableName)

    def tables(self, dbName: str | None = None) -> Any:
        return self.sparkSession.sql("SHOW TABLES" if dbName is None else f"SHOW TABLES IN {dbName}")

    def tableNames(self, dbName: str | None = None) -> list[str]:
        return [table.name for table in self.sparkSession.catalog.listTables(dbName)]

    def cacheTable(self, tableName: str) -> None:
        self.sparkSession.catalog.cacheTable(tableName)

    def uncacheTable(self, tableName: str) -> None:
        self.sparkSession.catalog.uncacheTable(tableName)

    def clearCache(self) -> None:
        self.sparkSession.catalog.clearCache()

    def refreshTable(self, tableName: str) -> None:
        self.sparkSession.catalog.refreshTable(tableName)

    def __getattr__(self, name: str) -> Any:
        """sql, read, readStream, table, createDataFrame, range, udf, udtf, streams: as the session has them."""
        if name.startswith("_") or name == "sparkSession":
            raise AttributeError(name)
        return getattr(self.sparkSession, name)


class HiveContext(SQLContext):
    """The catalog is Glue's in either case."""
