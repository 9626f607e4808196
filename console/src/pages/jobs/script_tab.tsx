// The script, where S3 keeps it; saving checks that nobody else did meanwhile.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, SpaceBetween, Spinner } from '@cloudscape-design/components';
import type { Job } from '~/aws/glue';
import { head, put, readText, splitUri } from '~/aws/s3';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { Editor } from '~/editor/editor';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { useRuns } from './strip';
import { useErrorMark } from './error_mark';

export function ScriptTab({ job }: { job: Job }) {
  const uri = job.Command?.ScriptLocation ?? '';
  const place = splitUri(uri);
  const notes = useNotes();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState(false);
  const [busy, setBusy] = useState(false);
  const script = useQuery({
    queryKey: ['script', uri],
    queryFn: async () => {
      const headers = await head(place!.bucket, place!.key);
      return { text: await readText(place!.bucket, place!.key), etag: headers.get('etag') ?? '' };
    },
    enabled: place !== undefined,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const draft = useDraft<string>(`script ${uri}`, script.data?.text);
  const last = useRuns(job.Name).data?.[0];
  const mark = useErrorMark(last, uri);
  if (!place) return <Alert type="warning" header="This job has no script in S3">Its command names “{uri}”. Set the script’s location in Details.</Alert>;
  const save = async (over = false) => {
    if (!draft.dirty || draft.value === undefined) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const now = (await head(place.bucket, place.key)).get('etag') ?? '';
      if (!over && now !== script.data?.etag) {
        setClash(true);
        return;
      }
      await put(place.bucket, place.key, draft.value, 'text/x-python');
      setClash(false);
      await client.fetchQuery({ queryKey: ['script', uri], queryFn: async () => ({ text: draft.value!, etag: (await head(place.bucket, place.key)).get('etag') ?? '' }), staleTime: 0 });
      draft.drop();
      notes.say('Saved the script. The next run uses it.');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <SpaceBetween size="s">
      <Problem error={script.error} what="Reading the script" onRetry={() => void script.refetch()} />
      <Problem error={problem} what="Saving the script" onRetry={() => void save()} />
      {clash ? (
        <Alert
          type="warning"
          header="Somebody else saved this script meanwhile"
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                onClick={() => {
                  setClash(false);
                  draft.drop();
                  void script.refetch();
                }}
              >
                Take theirs, drop mine
              </Button>
              <Button onClick={() => void save(true)}>Save mine over it</Button>
            </SpaceBetween>
          }
        >
          Your text is kept here until you choose.
        </Alert>
      ) : null}
      {mark && last ? (
        <Alert type="error" header={`The last run failed in line ${mark.line}`}>
          {mark.message} <Link to={`/jobs/${encodeURIComponent(job.Name)}/runs/${last.Id}`}>See the run</Link>
        </Alert>
      ) : null}
      <div className="log-tools">
        <Box variant="code">
          <Link to={`/s3/${place.bucket}?key=${encodeURIComponent(place.key)}`}>{uri}</Link>
        </Box>
        <SpaceBetween direction="horizontal" size="xs">
          {draft.dirty ? (
            <Button variant="link" onClick={draft.drop}>
              Discard changes
            </Button>
          ) : null}
          <Button disabled={!draft.dirty} loading={busy} onClick={() => void save()}>
            Save
          </Button>
        </SpaceBetween>
      </div>
      {script.data ? <Editor language="python" label={`Script of ${job.Name}`} value={draft.value ?? ''} onChange={draft.set} onSave={() => void save()} marks={mark ? [mark] : []} height={520} /> : script.error ? null : <Spinner />}
    </SpaceBetween>
  );
}
