// Glue's shapes that the console reads, and its operations.
import { allPages, callJson } from './client';

export type Text = Record<string, string>;

export interface Job {
  Name: string;
  Description?: string;
  Role?: string;
  CreatedOn?: number;
  LastModifiedOn?: number;
  ExecutionProperty?: { MaxConcurrentRuns?: number };
  Command?: { Name?: string; ScriptLocation?: string; PythonVersion?: string };
  DefaultArguments?: Text;
  NonOverridableArguments?: Text;
  Connections?: { Connections?: string[] };
  MaxRetries?: number;
  Timeout?: number;
  MaxCapacity?: number;
  AllocatedCapacity?: number;
  WorkerType?: string;
  NumberOfWorkers?: number;
  GlueVersion?: string;
  JobMode?: string;
  SecurityConfiguration?: string;
  NotificationProperty?: object;
  ExecutionClass?: string;
  SourceControlDetails?: object;
  MaintenanceWindow?: string;
  JobRunQueuingEnabled?: boolean;
  CodeGenConfigurationNodes?: Record<string, Record<string, Record<string, unknown>>>;
}

export interface JobRun {
  Id: string;
  Attempt?: number;
  PreviousRunId?: string;
  TriggerName?: string;
  JobName: string;
  StartedOn?: number;
  LastModifiedOn?: number;
  CompletedOn?: number;
  JobRunState: string;
  Arguments?: Text;
  ErrorMessage?: string;
  ExecutionTime?: number;
  Timeout?: number;
  WorkerType?: string;
  NumberOfWorkers?: number;
  LogGroupName?: string;
  GlueVersion?: string;
  DPUSeconds?: number;
}

/** How long it took, from its acceptance on; ExecutionTime has whole seconds alone. */
export const secondsOf = (run: JobRun): number | undefined => (run.CompletedOn && run.StartedOn ? Math.max(0, run.CompletedOn - run.StartedOn) : run.ExecutionTime);

export interface Column {
  Name: string;
  Type?: string;
  Comment?: string;
  Parameters?: Text;
}

export interface StorageDescriptor {
  Columns?: Column[];
  Location?: string;
  InputFormat?: string;
  OutputFormat?: string;
  Compressed?: boolean;
  SerdeInfo?: { Name?: string; SerializationLibrary?: string; Parameters?: Text };
  Parameters?: Text;
  [name: string]: unknown;
}

export interface Table {
  Name: string;
  DatabaseName: string;
  Description?: string;
  Owner?: string;
  CreateTime?: number;
  UpdateTime?: number;
  StorageDescriptor?: StorageDescriptor;
  PartitionKeys?: Column[];
  TableType?: string;
  Parameters?: Text;
  Retention?: number;
  ViewOriginalText?: string;
  ViewExpandedText?: string;
  VersionId?: string;
  CreatedBy?: string;
}

export interface Database {
  Name: string;
  Description?: string;
  LocationUri?: string;
  CreateTime?: number;
  Parameters?: Text;
}

export interface Partition {
  Values: string[];
  CreationTime?: number;
  StorageDescriptor?: StorageDescriptor;
  Parameters?: Text;
}

export interface CrawlerTargets {
  S3Targets?: { Path?: string; Exclusions?: string[]; SampleSize?: number }[];
  DynamoDBTargets?: { Path?: string; scanAll?: boolean; scanRate?: number }[];
  JdbcTargets?: { ConnectionName?: string; Path?: string }[];
  CatalogTargets?: { DatabaseName: string; Tables: string[] }[];
  [kind: string]: object[] | undefined;
}

export interface Crawler {
  Name: string;
  Role?: string;
  Targets?: CrawlerTargets;
  DatabaseName?: string;
  Description?: string;
  Classifiers?: string[];
  State?: string;
  TablePrefix?: string;
  Schedule?: { ScheduleExpression?: string; State?: string };
  SchemaChangePolicy?: { UpdateBehavior?: string; DeleteBehavior?: string };
  RecrawlPolicy?: { RecrawlBehavior?: string };
  CrawlElapsedTime?: number;
  CreationTime?: number;
  LastUpdated?: number;
  LastCrawl?: { Status?: string; ErrorMessage?: string; LogGroup?: string; LogStream?: string; MessagePrefix?: string; StartTime?: number };
}

export interface Crawl {
  CrawlId: string;
  State: string;
  StartTime?: number;
  EndTime?: number;
  Summary?: string;
  ErrorMessage?: string;
  LogGroup?: string;
  LogStream?: string;
}

export interface Condition {
  LogicalOperator?: string;
  JobName?: string;
  State?: string;
  CrawlerName?: string;
  CrawlState?: string;
}

export interface Action {
  JobName?: string;
  CrawlerName?: string;
  Arguments?: Text;
  Timeout?: number;
}

export interface Trigger {
  Name: string;
  WorkflowName?: string;
  Type: string;
  State?: string;
  Description?: string;
  Schedule?: string;
  Actions?: Action[];
  Predicate?: { Logical?: string; Conditions?: Condition[] };
}

export interface WorkflowNode {
  Type: 'CRAWLER' | 'JOB' | 'TRIGGER';
  Name: string;
  UniqueId: string;
  TriggerDetails?: { Trigger?: Trigger };
  JobDetails?: { JobRuns?: JobRun[] };
  CrawlerDetails?: { Crawls?: { State?: string; StartedOn?: number; CompletedOn?: number; ErrorMessage?: string }[] };
}

export interface WorkflowGraph {
  Nodes?: WorkflowNode[];
  Edges?: { SourceId: string; DestinationId: string }[];
}

export interface WorkflowRun {
  Name: string;
  WorkflowRunId: string;
  StartedOn?: number;
  CompletedOn?: number;
  Status: string;
  ErrorMessage?: string;
  WorkflowRunProperties?: Text;
  Statistics?: { TotalActions?: number; FailedActions?: number; SucceededActions?: number; RunningActions?: number; StoppedActions?: number };
  Graph?: WorkflowGraph;
}

export interface Workflow {
  Name: string;
  Description?: string;
  DefaultRunProperties?: Text;
  CreatedOn?: number;
  LastModifiedOn?: number;
  LastRun?: WorkflowRun;
  Graph?: WorkflowGraph;
  MaxConcurrentRuns?: number;
}

export const glue = <Answer = object>(operation: string, input: object = {}): Promise<Answer> => callJson<Answer>('glue', operation, input);

type Paged<Key extends string, Item> = Partial<Record<Key, Item[]>> & { NextToken?: string };

export const every = <Item, Key extends string>(operation: string, key: Key, input: object = {}, most?: number): Promise<Item[]> =>
  allPages<Item>(async (NextToken) => {
    const answer = await glue<Paged<Key, Item>>(operation, NextToken ? { ...input, NextToken } : input);
    return { items: answer[key], token: answer.NextToken };
  }, most);

export const jobs = () => every<Job, 'Jobs'>('GetJobs', 'Jobs');
export const job = async (JobName: string) => (await glue<{ Job: Job }>('GetJob', { JobName })).Job;
export const jobRuns = async (JobName: string, MaxResults = 100, NextToken?: string) => {
  const answer = await glue<{ JobRuns?: JobRun[]; NextToken?: string }>('GetJobRuns', { JobName, MaxResults, NextToken });
  return { runs: answer.JobRuns ?? [], next: answer.NextToken };
};
export const jobRun = async (JobName: string, RunId: string) => (await glue<{ JobRun: JobRun }>('GetJobRun', { JobName, RunId })).JobRun;
export const databases = () => every<Database, 'DatabaseList'>('GetDatabases', 'DatabaseList');
export const tables = (DatabaseName: string) => every<Table, 'TableList'>('GetTables', 'TableList', { DatabaseName });
export const table = async (DatabaseName: string, Name: string) => (await glue<{ Table: Table }>('GetTable', { DatabaseName, Name })).Table;
export const tableVersions = (DatabaseName: string, TableName: string) =>
  every<{ Table: Table; VersionId: string }, 'TableVersions'>('GetTableVersions', 'TableVersions', { DatabaseName, TableName }, 500);
export const partitions = (DatabaseName: string, TableName: string, Expression?: string) =>
  every<Partition, 'Partitions'>('GetPartitions', 'Partitions', { DatabaseName, TableName, Expression }, 2000);
export const crawlers = () => every<Crawler, 'Crawlers'>('GetCrawlers', 'Crawlers');
export const crawler = async (Name: string) => (await glue<{ Crawler: Crawler }>('GetCrawler', { Name })).Crawler;
export const crawls = async (CrawlerName: string) => (await glue<{ Crawls?: Crawl[] }>('ListCrawls', { CrawlerName, MaxResults: 50 })).Crawls ?? [];
export const triggers = () => every<Trigger, 'Triggers'>('GetTriggers', 'Triggers');
export const workflowNames = () => every<string, 'Workflows'>('ListWorkflows', 'Workflows');
export const workflow = async (Name: string) => (await glue<{ Workflow: Workflow }>('GetWorkflow', { Name, IncludeGraph: true })).Workflow;
export const workflowRuns = async (Name: string) =>
  (await glue<{ Runs?: WorkflowRun[] }>('GetWorkflowRuns', { Name, IncludeGraph: false, MaxResults: 100 })).Runs ?? [];
export const workflowRun = async (Name: string, RunId: string) =>
  (await glue<{ Run: WorkflowRun }>('GetWorkflowRun', { Name, RunId, IncludeGraph: true })).Run;

/** What GetJob answers and UpdateJob does not take. */
export function jobUpdate(job: Job): object {
  const { Name: _name, CreatedOn: _created, LastModifiedOn: _modified, AllocatedCapacity: _allocated, ...update } = job;
  if (update.WorkerType) delete update.MaxCapacity;
  return update;
}

/** What GetTable answers and UpdateTable takes. */
export function tableInput(table: Table): Partial<Table> {
  const { DatabaseName: _d, CreateTime: _c, UpdateTime: _u, VersionId: _v, CreatedBy: _b, ...rest } = table;
  const input: Record<string, unknown> = { ...rest };
  for (const name of ['IsRegisteredWithLakeFormation', 'CatalogId', 'FederatedTable', 'IsMultiDialectView', 'IsMaterializedView', 'Status']) delete input[name];
  return input as Partial<Table>;
}
