// Names of awsglue and PySpark with their parameters, for completion.
export const glueContext: Record<string, string> = {
  create_dynamic_frame_from_catalog: 'database, table_name, redshift_tmp_dir, transformation_ctx, push_down_predicate, additional_options',
  create_dynamic_frame_from_options: 'connection_type, connection_options, format, format_options, transformation_ctx',
  create_data_frame_from_catalog: 'database, table_name, transformation_ctx, additional_options',
  write_dynamic_frame_from_options: 'frame, connection_type, connection_options, format, format_options, transformation_ctx',
  write_dynamic_frame_from_catalog: 'frame, database, table_name, redshift_tmp_dir, transformation_ctx, additional_options',
  write_data_frame_from_catalog: 'frame, database, table_name',
  getSink: 'connection_type, format, transformation_ctx, **options',
  getSource: 'connection_type, transformation_ctx, **options',
  get_logger: '',
  purge_s3_path: 's3_path, options, transformation_ctx',
  purge_table: 'database, table_name, options, transformation_ctx',
  extract_jdbc_conf: 'connection_name, catalog_id',
  create_dynamic_frame: '',
  write_dynamic_frame: '',
  spark_session: '',
};
export const jobMethods: Record<string, string> = { init: "args['JOB_NAME'], args", commit: '', isInitialized: '' };
export const dynamicFrame: Record<string, string> = {
  toDF: '', fromDF: 'dataframe, glue_ctx, name', apply_mapping: 'mappings', drop_fields: 'paths', filter: 'f', join: 'paths1, paths2, frame2', map: 'f',
  mergeDynamicFrame: 'stage_dynamic_frame, primary_keys', relationalize: 'root_table_name, staging_path', rename_field: 'oldName, newName', resolveChoice: 'specs, choice',
  select_fields: 'paths', spigot: 'path, options', split_fields: 'paths, name1, name2', split_rows: 'comparison_dict, name1, name2', unbox: 'path, format', unnest: '',
  errorsAsDynamicFrame: '', printSchema: '', schema: '', count: '', show: 'num_rows', repartition: 'num_partitions', coalesce: 'num_partitions', stageErrorsCount: '', write: 'connection_type, connection_options, format',
};
export const dataFrame: Record<string, string> = {
  select: '*cols', selectExpr: '*expr', filter: 'condition', where: 'condition', withColumn: 'colName, col', withColumns: 'colsMap', withColumnRenamed: 'existing, new', drop: '*cols',
  dropDuplicates: 'subset', distinct: '', groupBy: '*cols', agg: '*exprs', orderBy: '*cols', sort: '*cols', limit: 'num', join: 'other, on, how', crossJoin: 'other', union: 'other', unionByName: 'other, allowMissingColumns',
  intersect: 'other', subtract: 'other', exceptAll: 'other', fillna: 'value, subset', dropna: 'how, thresh, subset', replace: 'to_replace, value', sample: 'fraction, seed', repartition: 'numPartitions, *cols', coalesce: 'numPartitions',
  cache: '', persist: '', unpersist: '', count: '', collect: '', take: 'num', first: '', head: 'n', show: 'n, truncate', printSchema: '', describe: '*cols', summary: '*statistics', explain: 'mode', toPandas: '', toDF: '*cols',
  createOrReplaceTempView: 'name', createTempView: 'name', mapInPandas: 'func, schema', pivot: 'pivot_col, values', unpivot: 'ids, values, variableColumnName, valueColumnName', columns: '', schema: '', dtypes: '', write: '', rdd: '', na: '', stat: '',
};
export const column: Record<string, string> = {
  alias: 'name', asc: '', desc: '', asc_nulls_last: '', desc_nulls_last: '', cast: 'dataType', between: 'lower, upper', contains: 'other', startswith: 'other', endswith: 'other', like: 'other', rlike: 'other', isin: '*cols', isNull: '', isNotNull: '', otherwise: 'value', when: 'condition, value', over: 'window', substr: 'startPos, length', getField: 'name', getItem: 'key', eqNullSafe: 'other',
};
export const functions = (
  'col lit when expr coalesce concat concat_ws sum avg count countDistinct min max first last mean stddev variance abs round floor ceil sqrt pow exp log greatest least ' +
  'lower upper trim ltrim rtrim length substring split regexp_replace regexp_extract lpad rpad instr translate initcap format_string format_number ' +
  'to_date to_timestamp date_format date_add date_sub datediff months_between add_months year month dayofmonth dayofweek hour minute second current_date current_timestamp unix_timestamp from_unixtime date_trunc last_day ' +
  'array struct create_map explode explode_outer posexplode size array_contains collect_list collect_set sort_array flatten element_at map_keys map_values from_json to_json get_json_object ' +
  'row_number rank dense_rank lag lead ntile percent_rank isnull isnan nvl md5 sha2 hash uuid monotonically_increasing_id input_file_name udf pandas_udf broadcast asc desc'
).split(' ');
export const transforms = 'ApplyMapping DropFields DropNullFields Filter FlatMap Join Map MapToCollection Relationalize RenameField ResolveChoice SelectFields SelectFromCollection Spigot SplitFields SplitRows Unbox UnnestFrame FillMissingValues'.split(' ');
export const imports = [
  'from awsglue.context import GlueContext', 'from awsglue.dynamicframe import DynamicFrame', 'from awsglue.job import Job', 'from awsglue.transforms import *', 'from awsglue.utils import getResolvedOptions',
  'from pyspark.context import SparkContext', 'from pyspark.sql import functions as F', 'from pyspark.sql.window import Window',
];
