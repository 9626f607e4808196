// The classes that Hive, and Glue's crawlers, write for a format.
export interface Format {
  id: string;
  label: string;
  input: string;
  output: string;
  library: string;
  parameters?: Record<string, string>;
}
const text = 'org.apache.hadoop.mapred.TextInputFormat';
const ignoreKey = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
export const formats: Format[] = [
  { id: 'csv', label: 'CSV', input: text, output: ignoreKey, library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'field.delim': ',' } },
  { id: 'json', label: 'JSON', input: text, output: ignoreKey, library: 'org.openx.data.jsonserde.JsonSerDe' },
  { id: 'parquet', label: 'Parquet', input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat', output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat', library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  { id: 'orc', label: 'ORC', input: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat', output: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat', library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' },
  { id: 'avro', label: 'Avro', input: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat', output: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat', library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe' },
];
