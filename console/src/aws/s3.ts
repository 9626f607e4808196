// S3's REST protocol: what the console lists, reads and writes.
import { AwsError, child, children, parseXml, request, xmlError } from './client';

export interface S3Object {
  key: string;
  size: number;
  modified: string;
  etag: string;
}

export interface Listing {
  folders: string[];
  objects: S3Object[];
  next?: string;
}

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');
export const objectPath = (bucket: string, key: string): string => `/${bucket}/${encodeKey(key)}`;

async function s3(operation: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await request(`s3:${operation}`, path, init);
  if (response.ok || response.status === 206) return response;
  const text = await response.text();
  throw text.startsWith('<') ? xmlError(parseXml(text), response.status, operation) : new AwsError(`HTTP ${response.status}`, response.status === 404 ? `There is nothing at ${decodeURIComponent(path)}.` : `${operation} was refused.`, response.status, operation);
}

export async function buckets(): Promise<{ name: string; created: string }[]> {
  const root = parseXml(await (await s3('ListBuckets', '/')).text());
  return children(children(root, 'Buckets')[0], 'Bucket').map((each) => ({ name: child(each, 'Name') ?? '', created: child(each, 'CreationDate') ?? '' }));
}

export const createBucket = (bucket: string) => s3('CreateBucket', `/${bucket}`, { method: 'PUT' });
export const deleteBucket = (bucket: string) => s3('DeleteBucket', `/${bucket}`, { method: 'DELETE' });

export async function list(bucket: string, prefix: string, options: { token?: string; delimiter?: string; most?: number } = {}): Promise<Listing> {
  const query = new URLSearchParams({ 'list-type': '2', prefix, 'max-keys': String(options.most ?? 500) });
  if (options.delimiter !== '') query.set('delimiter', options.delimiter ?? '/');
  if (options.token) query.set('continuation-token', options.token);
  const root = parseXml(await (await s3('ListObjectsV2', `/${bucket}?${query}`)).text());
  return {
    folders: children(root, 'CommonPrefixes').map((each) => child(each, 'Prefix') ?? ''),
    objects: children(root, 'Contents').map((each) => ({
      key: child(each, 'Key') ?? '',
      size: Number(child(each, 'Size') ?? 0),
      modified: child(each, 'LastModified') ?? '',
      etag: child(each, 'ETag') ?? '',
    })),
    next: child(root, 'NextContinuationToken'),
  };
}

export async function head(bucket: string, key: string): Promise<Headers> {
  return (await s3('HeadObject', objectPath(bucket, key), { method: 'HEAD' })).headers;
}

/** The first `bytes` of an object, and how long it is. */
export async function readStart(bucket: string, key: string, bytes: number): Promise<{ bytes: ArrayBuffer; total: number; type: string }> {
  const size = Number((await head(bucket, key)).get('content-length') ?? 0);
  if (size === 0) return { bytes: new ArrayBuffer(0), total: 0, type: '' };
  const response = await s3('GetObject', objectPath(bucket, key), { headers: { range: `bytes=0-${bytes - 1}` } });
  const total = Number(response.headers.get('content-range')?.split('/')[1] ?? response.headers.get('content-length') ?? 0);
  return { bytes: await response.arrayBuffer(), total, type: response.headers.get('content-type') ?? '' };
}

export const readText = async (bucket: string, key: string): Promise<string> => (await s3('GetObject', objectPath(bucket, key))).text();
export const readBlob = async (bucket: string, key: string): Promise<Blob> => (await s3('GetObject', objectPath(bucket, key))).blob();

export const put = (bucket: string, key: string, body: Blob | string, type?: string) =>
  s3('PutObject', objectPath(bucket, key), { method: 'PUT', body, headers: type ? { 'content-type': type } : {} });

export const remove = (bucket: string, key: string) => s3('DeleteObject', objectPath(bucket, key), { method: 'DELETE' });

export function splitUri(uri: string): { bucket: string; key: string } | undefined {
  const found = /^s3[an]?:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return found ? { bucket: found[1]!, key: found[2]! } : undefined;
}

/** A download that never leaves a page of another origin's content in this one. */
export async function download(bucket: string, key: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([await readBlob(bucket, key)], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = key.split('/').at(-1) || bucket;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
