import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, ExpandableSection, SpaceBetween, Spinner } from '@cloudscape-design/components';
import type { Job, JobRun } from '~/aws/glue';
import { download } from '~/aws/s3';
import { formatBytes, plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { liveStates } from '~/common/state';
import { ObjectPreview } from '~/data/object_preview';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { outputPlaces, outputsOf } from './outputs';

export function Outputs({ job, run }: { job: Job | undefined; run: JobRun }) {
  const live = liveStates.has(run.JobRunState);
  const notes = useNotes();
  const [open, setOpen] = useState<Record<string, boolean>>({});
  const found = useQuery({ queryKey: ['outputs', run.Id, run.JobRunState, job?.Name], queryFn: () => outputsOf(job, run), refetchInterval: live ? 2000 : false });
  const places = outputPlaces(job, run);
  if (!found.data) return found.error ? <Problem error={found.error} what="Listing the output" onRetry={() => void found.refetch()} /> : <Spinner />;
  const files = found.data.filter((each) => each.size > 0);
  const marks = found.data.length - files.length;
  if (found.data.length === 0) {
    return (
      <Box color="text-body-secondary">
        {places.length === 0
          ? 'No argument of this run names an s3:// path, so there is no place to look at.'
          : `${live ? 'Nothing yet' : 'Nothing was written'} below ${places.map((each) => `s3://${each.bucket}/${each.prefix}`).join(', ')}. Files appear when the write commits.`}
      </Box>
    );
  }
  return (
    <SpaceBetween size="s">
      <Box variant="small">
        {plural(files.length, 'file')} of {formatBytes(files.reduce((sum, each) => sum + each.size, 0))}
        {marks > 0 ? `, ${plural(marks, 'marker')}` : ''} written while the run was on, below its s3:// arguments.
      </Box>
      {files.map((file, index) => (
        <ExpandableSection
          key={file.uri}
          variant="container"
          expanded={open[file.uri] ?? (index === 0 && files.length === 1)}
          onChange={({ detail }) => setOpen({ ...open, [file.uri]: detail.expanded })}
          headerText={file.key}
          headerDescription={`s3://${file.bucket} · ${formatBytes(file.size)}`}
          headerActions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="download" ariaLabel={`Download ${file.key}`} variant="icon" onClick={() => void download(file.bucket, file.key).catch((error: unknown) => notes.fail(error, 'The download'))} />
            </SpaceBetween>
          }
        >
          <SpaceBetween size="s">
            <Link to={`/s3/${file.bucket}?key=${encodeURIComponent(file.key)}`}>Open in the S3 browser</Link>
            {(open[file.uri] ?? (index === 0 && files.length === 1)) ? <ObjectPreview bucket={file.bucket} objectKey={file.key} /> : null}
          </SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}
