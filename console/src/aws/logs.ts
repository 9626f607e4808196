import { allPages, callJson } from './client';

export interface LogEvent {
  timestamp: number;
  message: string;
  eventId?: string;
  logStreamName?: string;
}
export interface LogGroup {
  logGroupName: string;
  creationTime?: number;
  retentionInDays?: number;
  storedBytes?: number;
}
export interface LogStream {
  logStreamName: string;
  creationTime?: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
}

const logs = <Answer>(operation: string, input: object) => callJson<Answer>('logs', operation, input);

export const groups = () =>
  allPages<LogGroup>(async (nextToken) => {
    const answer = await logs<{ logGroups?: LogGroup[]; nextToken?: string }>('DescribeLogGroups', { nextToken });
    return { items: answer.logGroups, token: answer.nextToken };
  });

export const streams = async (logGroupName: string) =>
  (await logs<{ logStreams?: LogStream[] }>('DescribeLogStreams', { logGroupName, orderBy: 'LastEventTime', descending: true, limit: 50 })).logStreams ?? [];

/** One page forward from a token; the same token comes back when there is nothing newer. */
export async function read(logGroupName: string, logStreamName: string, nextToken?: string) {
  const answer = await logs<{ events?: LogEvent[]; nextForwardToken?: string; nextBackwardToken?: string }>('GetLogEvents', {
    logGroupName,
    logStreamName,
    startFromHead: true,
    limit: 10_000,
    ...(nextToken ? { nextToken } : {}),
  });
  return { events: answer.events ?? [], next: answer.nextForwardToken };
}

export async function search(logGroupName: string, input: { filterPattern?: string; startTime?: number; endTime?: number; logStreamNames?: string[]; nextToken?: string; limit?: number }) {
  const answer = await logs<{ events?: LogEvent[]; nextToken?: string }>('FilterLogEvents', { logGroupName, limit: 2000, ...input });
  return { events: answer.events ?? [], next: answer.nextToken };
}
