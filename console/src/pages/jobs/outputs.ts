// What a run wrote: the objects below its s3:// arguments that are not older than the run.
import type { Job, JobRun } from '~/aws/glue';
import { list, splitUri, type S3Object } from '~/aws/s3';

export interface Output extends S3Object {
  bucket: string;
  uri: string;
}

export function outputPlaces(job: Job | undefined, run: JobRun): { bucket: string; prefix: string }[] {
  const values = Object.entries({ ...job?.DefaultArguments, ...run.Arguments, ...job?.NonOverridableArguments });
  const inputs = /^--(TempDir|extra-|additional-|spark-event|job-)/i;
  const places = values
    .filter(([name]) => !inputs.test(name))
    .map(([, value]) => splitUri(value))
    .filter((each) => each !== undefined);
  const targets = Object.values(job?.CodeGenConfigurationNodes ?? {}).flatMap((node) => Object.entries(node).flatMap(([kind, settings]) => (kind.endsWith('Target') && typeof settings.Path === 'string' ? [splitUri(settings.Path)] : []))).filter((each) => each !== undefined);
  const unique = new Map([...places, ...targets].map((each) => [`${each.bucket}/${each.key}`, { bucket: each.bucket, prefix: each.key }]));
  return [...unique.values()];
}

export async function outputsOf(job: Job | undefined, run: JobRun): Promise<Output[]> {
  const from = (run.StartedOn ?? 0) * 1000 - 1000;
  const to = run.CompletedOn ? run.CompletedOn * 1000 + 2000 : Infinity;
  const found: Output[] = [];
  for (const place of outputPlaces(job, run)) {
    const listing = await list(place.bucket, place.prefix, { delimiter: '', most: 1000 }).catch(() => undefined);
    for (const object of listing?.objects ?? []) {
      const at = new Date(object.modified).getTime();
      if (at >= from && at <= to) found.push({ ...object, bucket: place.bucket, uri: `s3://${place.bucket}/${object.key}` });
    }
  }
  return found;
}
