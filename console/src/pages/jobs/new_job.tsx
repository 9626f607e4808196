// A new job: a script that works is there already.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Autosuggest, Button, Container, Form, FormField, Header, Input, SpaceBetween, Tiles } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';
import { glue, type Job } from '~/aws/glue';
import { buckets, createBucket, put } from '~/aws/s3';
import { roles } from '~/aws/iam';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { Page } from '~/shell/page';

const script = `"""Reads, changes and writes data."""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
glue_context = GlueContext(SparkContext.getOrCreate())
spark = glue_context.spark_session
job = Job(glue_context)
job.init(args["JOB_NAME"], args)

numbers = spark.range(10)
numbers.show()

job.commit()
`;

interface Draft {
  kind: string;
  name: string;
  bucket: string;
  role: string;
}

export default function NewJob() {
  const first: Draft = { kind: 'script', name: '', bucket: 'mastic-scripts', role: 'arn:aws:iam::000000000000:role/GlueRole' };
  const draft = useDraft<Draft>('new job', first);
  const form = draft.value ?? first;
  const set = (part: Partial<Draft>) => draft.set({ ...form, ...part });
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const known = useQuery({ queryKey: ['buckets'], queryFn: buckets });
  const knownRoles = useQuery({ queryKey: ['roles'], queryFn: roles });
  const named = /^[\w .\-/]{1,255}$/.test(form.name);
  const create = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      if (!(await buckets()).some((bucket) => bucket.name === form.bucket)) await createBucket(form.bucket);
      const key = `scripts/${form.name.replace(/[^\w.-]+/g, '_')}.py`;
      if (form.kind === 'script') await put(form.bucket, key, script, 'text/x-python');
      const job: Partial<Job> = {
        Name: form.name,
        Role: form.role,
        Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: `s3://${form.bucket}/${key}` },
        GlueVersion: '4.0',
        WorkerType: 'G.1X',
        NumberOfWorkers: 2,
        ...(form.kind === 'visual' ? { JobMode: 'VISUAL' } : {}),
      };
      if (form.kind === 'visual') await put(form.bucket, key, '# Written when the visual job is saved.\n', 'text/x-python');
      await glue('CreateJob', job);
      draft.drop();
      void client.invalidateQueries({ queryKey: ['jobs'] });
      void navigate(`/jobs/${encodeURIComponent(form.name)}?tab=${form.kind}`);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Page title="Create job" crumbs={[{ text: 'Jobs', to: '/jobs' }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (named) void create();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => void navigate('/jobs')}>
                Cancel
              </Button>
              <Button variant="primary" loading={busy} disabled={!named}>
                Create
              </Button>
            </SpaceBetween>
          }
        >
          <Container header={<Header variant="h2">The job</Header>}>
            <SpaceBetween size="l">
              <Problem error={problem} what="Creating the job" />
              <FormField label="Made by" stretch>
                <Tiles
                  value={form.kind}
                  onChange={({ detail }) => set({ kind: detail.value })}
                  items={[
                    { value: 'script', label: 'Script', description: 'Python with PySpark and awsglue. Begins with one that runs.' },
                    { value: 'visual', label: 'Visual', description: 'Sources, transforms and targets on a canvas.' },
                  ]}
                />
              </FormField>
              <FormField label="Name" errorText={form.name !== '' && !named ? 'Letters, digits, spaces and . - _ / only.' : undefined}>
                <Input value={form.name} placeholder="claims-report" onChange={({ detail }) => set({ name: detail.value })} />
              </FormField>
              <FormField label="Bucket for its script" description="Made when it is not there.">
                <Autosuggest value={form.bucket} enteredTextLabel={(value) => `Use “${value}”`} options={(known.data ?? []).map((each) => ({ value: each.name }))} onChange={({ detail }) => set({ bucket: detail.value })} />
              </FormField>
              <FormField label="Role" description="Whose policies hold for the run when keys are configured.">
                <Autosuggest value={form.role} enteredTextLabel={(value) => `Use “${value}”`} options={(knownRoles.data ?? []).map((each) => ({ value: each.arn, label: each.name }))} onChange={({ detail }) => set({ role: detail.value })} />
              </FormField>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </Page>
  );
}
