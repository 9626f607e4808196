// Spark's settings with their defaults, for Spark 3.5 and for Spark 4. Only those that a client or a script is likely to
// read stand here; a key that is missing can be set all the same, but reading it before fails with SQL_CONF_NOT_FOUND.
//
// The 4.x clients read the `localRelation…` ones with int(), so these must have values.
#include <algorithm>
#include <array>

#include "spark/connect/configuration.h"

namespace mastic::spark_connect {
namespace {

constexpr auto boolean = ConfigKind::boolean;
constexpr auto integer = ConfigKind::integer;
constexpr auto bytes = ConfigKind::bytes;
constexpr auto text = ConfigKind::text;

constexpr ConfigEntry entries[] = {
    // Session behaviour that analysis and lowering obey.
    {"spark.sql.ansi.enabled", boolean, "false", "true"},
    {"spark.sql.ansi.enforceReservedKeywords", boolean, "false", "false"},
    {"spark.sql.ansi.doubleQuotedIdentifiers", boolean, "false", "false"},
    {"spark.sql.caseSensitive", boolean, "false", "false"},
    {"spark.sql.session.timeZone", ConfigKind::time_zone, nullptr, nullptr},
    {"spark.sql.timestampType", text, "TIMESTAMP_LTZ", "TIMESTAMP_LTZ"},
    {"spark.sql.timeType.enabled", boolean, "false", "false"},
    {"spark.sql.groupByAliases", boolean, "true", "true"},
    {"spark.sql.groupByOrdinal", boolean, "true", "true"},
    {"spark.sql.orderByOrdinal", boolean, "true", "true"},
    {"spark.sql.storeAssignmentPolicy", text, "ANSI", "ANSI"},
    {"spark.sql.mapKeyDedupPolicy", text, "EXCEPTION", "EXCEPTION"},
    {"spark.sql.decimalOperations.allowPrecisionLoss", boolean, "true", "true"},
    {"spark.sql.parser.quotedRegexColumnNames", boolean, "false", "false"},
    {"spark.sql.parser.escapedStringLiterals", boolean, "false", "false"},
    {"spark.sql.analyzer.strictDataFrameColumnResolution", boolean, "false", "true"},
    {"spark.sql.lateralColumnAlias.enableImplicitResolution", boolean, "true", "true"},
    {"spark.sql.pivotMaxValues", integer, "10000", "10000"},
    {"spark.sql.crossJoin.enabled", boolean, "true", "true"},
    {"spark.sql.optimizer.maxIterations", integer, "100", "100"},
    {"spark.sql.analyzer.maxIterations", integer, "100", "100"},
    {"spark.sql.debug.maxToStringFields", integer, "25", "25"},
    {"spark.sql.retainGroupColumns", boolean, "true", "true"},
    {"spark.sql.selfJoinAutoResolveAmbiguity", boolean, "true", "true"},
    {"spark.sql.columnNameOfCorruptRecord", text, "_corrupt_record", "_corrupt_record"},
    {"spark.sql.defaultCatalog", text, "spark_catalog", "spark_catalog"},
    {"spark.sql.broadcastTimeout", integer, "300", "300"},
    {"spark.sql.transposeMaxValues", integer, "500", "500"},
    {"spark.sql.stableDerivedColumnAlias.enabled", boolean, "false", "false"},
    {"spark.sql.charAsVarchar", boolean, "false", "false"},
    {"spark.sql.readSideCharPadding", boolean, "true", "true"},

    // Legacy switches.
    {"spark.sql.legacy.timeParserPolicy", text, "EXCEPTION", "CORRECTED"},
    {"spark.sql.legacy.sizeOfNull", boolean, "true", "true"},
    {"spark.sql.legacy.allowHashOnMapType", boolean, "false", "false"},
    {"spark.sql.legacy.dataset.nameNonStructGroupingKeyAsValue", boolean, "false", "false"},
    {"spark.sql.legacy.charVarcharAsString", boolean, "false", "false"},
    {"spark.sql.legacy.castComplexTypesToString.enabled", boolean, "false", "false"},
    {"spark.sql.legacy.allowNegativeScaleOfDecimal", boolean, "false", "false"},
    {"spark.sql.legacy.setCommandRejectsSparkCoreConfs", boolean, "true", "true"},
    {"spark.sql.legacy.parquet.nanosAsLong", boolean, "false", "false"},
    {"spark.sql.legacy.interval.enabled", boolean, "false", "false"},
    {"spark.sql.legacy.createHiveTableByDefault", boolean, "true", "false"},
    {"spark.sql.legacy.doLooseUpcast", boolean, "false", "false"},
    {"spark.sql.legacy.followThreeValuedLogicInArrayExists", boolean, "true", "true"},
    {"spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName", boolean, "true", "true"},
    {"spark.sql.legacy.execution.pythonUDF.pandas.conversion.enabled", boolean, "false", "false"},
    {"spark.sql.legacy.execution.pythonUDTF.pandas.conversion.enabled", boolean, "false", "false"},
    {"spark.sql.parquet.datetimeRebaseModeInRead", text, "EXCEPTION", "CORRECTED"},
    {"spark.sql.parquet.datetimeRebaseModeInWrite", text, "EXCEPTION", "CORRECTED"},
    {"spark.sql.parquet.int96RebaseModeInRead", text, "EXCEPTION", "CORRECTED"},
    {"spark.sql.parquet.int96RebaseModeInWrite", text, "EXCEPTION", "CORRECTED"},

    // What the client asks when it makes a DataFrame of local data.
    {"spark.sql.session.localRelationCacheThreshold", integer, "67108864", "1048576"},
    {"spark.sql.session.localRelationSizeLimit", integer, "3221225472", "3221225472"},
    {"spark.sql.session.localRelationChunkSizeRows", integer, "10000", "10000"},
    {"spark.sql.session.localRelationChunkSizeBytes", integer, "16777216", "16777216"},
    {"spark.sql.session.localRelationBatchOfChunksSizeBytes", integer, "1073741824", "1073741824"},
    {"spark.connect.session.planCompression.threshold", integer, "-1", "10485760"},
    {"spark.connect.session.planCompression.defaultAlgorithm", text, "NONE", "ZSTD"},
    {"spark.sql.pyspark.inferNestedDictAsStruct.enabled", boolean, "false", "false"},
    {"spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled", boolean, "false", "false"},
    {"spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled", boolean, "false", "false"},
    {"spark.sql.pyspark.toJSON.returnDataFrame", boolean, "false", "false"},
    {"spark.sql.pyspark.plotting.max_rows", integer, "1000", "1000"},
    {"spark.sql.pyspark.jvmStacktrace.enabled", boolean, "false", "false"},
    {"spark.sql.pyspark.udf.profiler", text, nullptr, nullptr},
    {"spark.sql.pyspark.worker.logging.enabled", boolean, "false", "false"},
    {"spark.sql.pyspark.dataSource.profiler", text, nullptr, nullptr},
    {"spark.sql.execution.pyspark.binaryAsBytes", boolean, "false", "true"},
    {"spark.sql.connect.serverStacktrace.enabled", boolean, "false", "false"},
    {"spark.sql.connect.enrichError.enabled", boolean, "true", "true"},
    {"spark.sql.connect.ui.retainedSessions", integer, "200", "200"},
    {"spark.sql.repl.eagerEval.enabled", boolean, "false", "false"},
    {"spark.sql.repl.eagerEval.maxNumRows", integer, "20", "20"},
    {"spark.sql.repl.eagerEval.truncate", integer, "20", "20"},

    // Arrow and pandas.
    {"spark.sql.execution.arrow.enabled", boolean, "false", "false"},
    {"spark.sql.execution.arrow.pyspark.enabled", boolean, "false", "true"},
    {"spark.sql.execution.arrow.pyspark.fallback.enabled", boolean, "true", "true"},
    {"spark.sql.execution.arrow.fallback.enabled", boolean, "true", "true"},
    {"spark.sql.execution.arrow.pyspark.selfDestruct.enabled", boolean, "false", "false"},
    {"spark.sql.execution.arrow.pyspark.validateSchema.enabled", boolean, "true", "true"},
    {"spark.sql.execution.arrow.maxRecordsPerBatch", integer, "10000", "10000"},
    {"spark.sql.execution.arrow.maxBytesPerBatch", bytes, nullptr, "268435456"},
    {"spark.sql.execution.arrow.localRelationThreshold", bytes, "50331648", "50331648"},
    {"spark.sql.execution.arrow.useLargeVarTypes", boolean, "false", "false"},
    {"spark.sql.execution.arrow.compression.codec", text, "none", "none"},
    {"spark.sql.execution.pandas.convertToArrowArraySafely", boolean, "false", "true"},
    {"spark.sql.execution.pandas.inferPandasDictAsMap", boolean, "false", "false"},
    {"spark.sql.execution.pandas.structHandlingMode", text, "legacy", "legacy"},
    {"spark.sql.execution.pandas.udf.buffer.size", bytes, "65536", "65536"},
    {"spark.sql.execution.pythonUDF.arrow.enabled", boolean, "false", "true"},
    {"spark.sql.execution.pythonUDF.arrow.concurrency.level", integer, nullptr, nullptr},
    {"spark.sql.execution.pythonUDTF.arrow.enabled", boolean, "false", "false"},
    {"spark.sql.execution.pythonUDF.pandas.intToDecimalCoercionEnabled", boolean, "false", "false"},
    {"spark.sql.execution.pythonUDF.pandas.preferIntExtensionDtype", boolean, "false", "false"},
    {"spark.sql.python.filterPushdown.enabled", boolean, "false", "false"},
    {"spark.sql.execution.topKSortFallbackThreshold", integer, "2147483632", "2147483632"},
    {"spark.connect.grpc.arrow.maxBatchSize", bytes, "4194304", "4194304"},
    {"spark.connect.progress.reportInterval", text, nullptr, "2s"},

    // Reading and writing.
    {"spark.sql.path.enabled", boolean, "false", "false"},
    {"spark.sql.sources.default", text, "parquet", "parquet"},
    {"spark.sql.sources.partitionOverwriteMode", text, "STATIC", "STATIC"},
    {"spark.sql.sources.partitionColumnTypeInference.enabled", boolean, "true", "true"},
    {"spark.sql.sources.parallelPartitionDiscovery.threshold", integer, "32", "32"},
    {"spark.sql.sources.bucketing.enabled", boolean, "true", "true"},
    {"spark.sql.sources.useV1SourceList", text, "avro,csv,json,kafka,orc,parquet,text", "avro,csv,json,kafka,orc,parquet,text"},
    {"spark.sql.files.maxPartitionBytes", bytes, "134217728", "134217728"},
    {"spark.sql.files.openCostInBytes", bytes, "4194304", "4194304"},
    {"spark.sql.files.maxRecordsPerFile", integer, "0", "0"},
    {"spark.sql.files.ignoreCorruptFiles", boolean, "false", "false"},
    {"spark.sql.files.ignoreMissingFiles", boolean, "false", "false"},
    {"spark.sql.parquet.compression.codec", text, "snappy", "snappy"},
    {"spark.sql.parquet.mergeSchema", boolean, "false", "false"},
    {"spark.sql.parquet.binaryAsString", boolean, "false", "false"},
    {"spark.sql.parquet.int96AsTimestamp", boolean, "true", "true"},
    {"spark.sql.parquet.outputTimestampType", text, "INT96", "TIMESTAMP_MICROS"},
    {"spark.sql.parquet.writeLegacyFormat", boolean, "false", "false"},
    {"spark.sql.parquet.filterPushdown", boolean, "true", "true"},
    {"spark.sql.parquet.enableVectorizedReader", boolean, "true", "true"},
    {"spark.sql.parquet.inferTimestampNTZ.enabled", boolean, "true", "true"},
    {"spark.sql.parquet.fieldId.read.enabled", boolean, "false", "false"},
    {"spark.sql.parquet.fieldId.write.enabled", boolean, "true", "true"},
    {"spark.sql.orc.compression.codec", text, "snappy", "zstd"},
    {"spark.sql.orc.filterPushdown", boolean, "true", "true"},
    {"spark.sql.orc.mergeSchema", boolean, "false", "false"},
    {"spark.sql.avro.compression.codec", text, "snappy", "snappy"},
    {"spark.sql.csv.filterPushdown.enabled", boolean, "true", "true"},
    {"spark.sql.csv.parser.columnPruning.enabled", boolean, "true", "true"},
    {"spark.sql.json.filterPushdown.enabled", boolean, "true", "true"},
    {"spark.sql.jsonGenerator.ignoreNullFields", boolean, "true", "true"},
    {"spark.sql.hive.convertMetastoreParquet", boolean, "true", "true"},
    {"spark.sql.hive.convertMetastoreOrc", boolean, "true", "true"},
    {"spark.sql.hive.manageFilesourcePartitions", boolean, "true", "true"},

    // Planning that Mastic's engine does by itself: kept because scripts set and read them back.
    {"spark.sql.shuffle.partitions", integer, "200", "200"},
    {"spark.sql.autoBroadcastJoinThreshold", bytes, "10485760", "10485760"},
    {"spark.sql.adaptive.enabled", boolean, "true", "true"},
    {"spark.sql.adaptive.coalescePartitions.enabled", boolean, "true", "true"},
    {"spark.sql.adaptive.coalescePartitions.minPartitionSize", bytes, "1048576", "1048576"},
    {"spark.sql.adaptive.advisoryPartitionSizeInBytes", bytes, "67108864", "67108864"},
    {"spark.sql.adaptive.skewJoin.enabled", boolean, "true", "true"},
    {"spark.sql.adaptive.localShuffleReader.enabled", boolean, "true", "true"},
    {"spark.sql.cbo.enabled", boolean, "false", "false"},
    {"spark.sql.codegen.wholeStage", boolean, "true", "true"},
    {"spark.sql.inMemoryColumnarStorage.compressed", boolean, "true", "true"},
    {"spark.sql.inMemoryColumnarStorage.batchSize", integer, "10000", "10000"},
    {"spark.sql.join.preferSortMergeJoin", boolean, "true", "true"},
    {"spark.sql.optimizer.dynamicPartitionPruning.enabled", boolean, "true", "true"},
    {"spark.sql.execution.useObjectHashAggregateExec", boolean, "true", "true"},
    {"spark.sql.redaction.options.regex", text, "(?i)url", "(?i)url"},
    {"spark.sql.streaming.checkpointLocation", text, nullptr, nullptr},
    {"spark.sql.streaming.schemaInference", boolean, "false", "false"},
    {"spark.sql.streaming.stateStore.stateSchemaCheck", boolean, "true", "true"},
    {"spark.sql.variable.substitute", boolean, "true", "true"},
    {"spark.sql.thriftServer.interruptOnCancel", boolean, "false", "true"},
    {"spark.sql.maxPlanStringLength", integer, "2147483632", "2147483632"},
    {"spark.sql.ui.explainMode", text, "formatted", "formatted"},
    {"spark.sql.chunkBase64String.enabled", boolean, "false", "false"},
    {"spark.sql.artifact.isolation.enabled", boolean, nullptr, "true"},

    // Fixed for the life of the server.
    {"spark.sql.warehouse.dir", text, "spark-warehouse", "spark-warehouse", true},
    {"spark.sql.catalogImplementation", text, "hive", "hive", true},
    {"spark.sql.extensions", text, nullptr, nullptr, true},
    {"spark.sql.globalTempDatabase", text, "global_temp", "global_temp", true},
    {"spark.sql.sources.schemaStringLengthThreshold", integer, "4000", "4000", true},
    {"spark.sql.filesourceTableRelationCacheSize", integer, "1000", "1000", true},
    {"spark.sql.codegen.cache.maxEntries", integer, "100", "100", true},
    {"spark.sql.ui.retainedExecutions", integer, "1000", "1000", true},
    {"spark.sql.queryExecutionListeners", text, nullptr, nullptr, true},
    {"spark.sql.streaming.streamingQueryListeners", text, nullptr, nullptr, true},
    {"spark.sql.shuffleExchange.maxThreadThreshold", integer, "1024", "1024", true},
    {"spark.sql.broadcastExchange.maxThreadThreshold", integer, "128", "128", true},
    {"spark.sql.subquery.maxThreadThreshold", integer, "16", "16", true},
    {"spark.sql.event.truncate.length", integer, "2147483647", "2147483647", true},
    {"spark.sql.legacy.sessionInitWithConfigDefaults", boolean, "false", "false", true},
    {"spark.sql.defaultUrlStreamHandlerFactory.enabled", boolean, "true", "true", true},
    {"spark.sql.session.localRelationCacheSize", integer, nullptr, nullptr, true},
    {"spark.connect.grpc.maxInboundMessageSize", bytes, "134217728", "134217728", true},
};

/// What a running application can no longer change, by the first words of the key.
constexpr std::array core_prefixes{
    std::string_view{"spark.app."},
    std::string_view{"spark.driver."},
    std::string_view{"spark.executor."},
    std::string_view{"spark.master"},
    std::string_view{"spark.submit."},
    std::string_view{"spark.network."},
    std::string_view{"spark.rpc."},
    std::string_view{"spark.shuffle."},
    std::string_view{"spark.memory."},
    std::string_view{"spark.storage."},
    std::string_view{"spark.eventLog."},
    std::string_view{"spark.kryo"},
    std::string_view{"spark.serializer"},
    std::string_view{"spark.cores.max"},
    std::string_view{"spark.task."},
    std::string_view{"spark.scheduler."},
    std::string_view{"spark.speculation"},
    std::string_view{"spark.ui."},
    std::string_view{"spark.jars"},
    std::string_view{"spark.yarn."},
    std::string_view{"spark.kubernetes."},
    std::string_view{"spark.local.dir"},
    std::string_view{"spark.locality."},
    std::string_view{"spark.broadcast."},
    std::string_view{"spark.rdd."},
    std::string_view{"spark.io."},
    std::string_view{"spark.default.parallelism"},
    std::string_view{"spark.python."},
    std::string_view{"spark.history."},
    std::string_view{"spark.metrics."},
    std::string_view{"spark.dynamicAllocation."},
};

}  // namespace

std::string_view fallback_of(std::string_view key) {
  struct Fallback {
    std::string_view key;
    std::string_view other;
  };
  static constexpr Fallback fallbacks[] = {
      {"spark.sql.execution.arrow.pyspark.enabled", "spark.sql.execution.arrow.enabled"},
      {"spark.sql.execution.arrow.pyspark.fallback.enabled", "spark.sql.execution.arrow.fallback.enabled"},
      {"spark.sql.execution.pandas.udf.buffer.size", "spark.buffer.size"},
      {"spark.sql.adaptive.autoBroadcastJoinThreshold", "spark.sql.autoBroadcastJoinThreshold"},
      {"spark.sql.adaptive.coalescePartitions.initialPartitionNum", "spark.sql.shuffle.partitions"},
  };
  const auto* found = std::ranges::find(fallbacks, key, &Fallback::key);
  return found == std::end(fallbacks) ? std::string_view{} : found->other;
}

const ConfigEntry* find_config_entry(std::string_view key) {
  const auto* found = std::ranges::find(entries, key, &ConfigEntry::key);
  return found == std::end(entries) ? nullptr : found;
}

bool is_core_config(std::string_view key) {
  return std::ranges::any_of(core_prefixes, [&](std::string_view prefix) { return key.starts_with(prefix); });
}

}  // namespace mastic::spark_connect
