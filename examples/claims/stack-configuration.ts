/** What the stacks' resources are called. One place to change a name; the script gets them as arguments. */
export interface StackConfiguration {
  readonly bucketName: string;
  readonly tableName: string;
  readonly roleName: string;
  readonly databaseName: string;
  readonly crawlerName: string;
  readonly tablePrefix: string;
  readonly jobName: string;
  /** Folder of the bucket that gets the report. */
  readonly reportFolder: string;
}

/** The plain shape: on-demand table with numbers as numbers. */
export const plain: StackConfiguration = {
  bucketName: 'claims-reports',
  tableName: 'claims',
  roleName: 'claims-glue-role',
  databaseName: 'insurance',
  crawlerName: 'claims-crawler',
  tablePrefix: '',
  jobName: 'claims-report',
  reportFolder: 'report',
};

/** The shape in which the article's stack was published: everything named, the car's age a text in the sort key. */
export const published: StackConfiguration = {
  bucketName: 'glue-etl-demo-bucket',
  tableName: 'glue-etl-demo-source',
  roleName: 'AWSGlueServiceRole-AccessS3Bucket',
  databaseName: 'glue-etl-demo-db',
  crawlerName: 'glue-dynamo-crawler',
  tablePrefix: 'demo-',
  jobName: 'glue-etl-demo-job',
  reportFolder: 'write',
};

/** The name that the crawler gives to the catalog's table: its prefix as it is, and the source's name in Glue's spelling. */
export function catalogTable(configuration: StackConfiguration): string {
  return configuration.tablePrefix + configuration.tableName.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}
