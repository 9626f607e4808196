// A crawler in four steps: name, data, where to, when. Changing one goes the same way.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { AttributeEditor, Autosuggest, Box, Container, FormField, Input, KeyValuePairs, RadioGroup, Select, SpaceBetween, Toggle, Wizard } from '@cloudscape-design/components';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { tableNames } from '~/aws/dynamodb';
import { crawler as readCrawler, databases, glue, type Crawler } from '~/aws/glue';
import { roles } from '~/aws/iam';
import { buckets } from '~/aws/s3';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { CronBuilder, scheduleProblem } from '~/cron/cron_builder';
import { Page } from '~/shell/page';

interface Target {
  kind: string;
  path: string;
}
interface Draft {
  name: string;
  description: string;
  targets: Target[];
  role: string;
  database: string;
  prefix: string;
  update: string;
  remove: string;
  scheduled: boolean;
  schedule: string;
}

const first: Draft = { name: '', description: '', targets: [{ kind: 'S3', path: 's3://' }], role: 'arn:aws:iam::000000000000:role/GlueRole', database: 'default', prefix: '', update: 'UPDATE_IN_DATABASE', remove: 'DEPRECATE_IN_DATABASE', scheduled: false, schedule: 'cron(0 6 * * ? *)' };
const kinds = [
  { value: 'S3', label: 'S3 folder' },
  { value: 'DynamoDB', label: 'DynamoDB table' },
];
const removals = [
  { value: 'DEPRECATE_IN_DATABASE', label: 'Mark the table as deprecated' },
  { value: 'DELETE_FROM_DATABASE', label: 'Delete the table from the catalog' },
  { value: 'LOG', label: 'Only log it' },
];

function toDraft(crawler: Crawler): Draft {
  return {
    name: crawler.Name,
    description: crawler.Description ?? '',
    targets: [...(crawler.Targets?.S3Targets ?? []).map((each) => ({ kind: 'S3', path: each.Path ?? '' })), ...(crawler.Targets?.DynamoDBTargets ?? []).map((each) => ({ kind: 'DynamoDB', path: each.Path ?? '' }))],
    role: crawler.Role ?? '',
    database: crawler.DatabaseName ?? '',
    prefix: crawler.TablePrefix ?? '',
    update: crawler.SchemaChangePolicy?.UpdateBehavior ?? 'UPDATE_IN_DATABASE',
    remove: crawler.SchemaChangePolicy?.DeleteBehavior ?? 'DEPRECATE_IN_DATABASE',
    scheduled: !!crawler.Schedule?.ScheduleExpression,
    schedule: crawler.Schedule?.ScheduleExpression || 'cron(0 6 * * ? *)',
  };
}

function CrawlerWizard({ saved, existing }: { saved: Draft; existing?: Crawler }) {
  const draft = useDraft<Draft>(existing ? `crawler ${existing.Name}` : 'new crawler', saved);
  const form = draft.value ?? saved;
  const set = (part: Partial<Draft>) => draft.set({ ...form, ...part });
  const [step, setStep] = useState(0);
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const knownBuckets = useQuery({ queryKey: ['buckets'], queryFn: buckets }).data ?? [];
  const knownTables = useQuery({ queryKey: ['dynamodb', 'names'], queryFn: tableNames }).data ?? [];
  const knownRoles = useQuery({ queryKey: ['roles'], queryFn: roles }).data ?? [];
  const knownDatabases = useQuery({ queryKey: ['databases'], queryFn: databases }).data ?? [];
  const [shown, setShown] = useState(false);
  const wrong = [form.name === '' ? 'A crawler needs a name.' : undefined, form.targets.length === 0 || form.targets.some((each) => each.path === '' || each.path === 's3://') ? 'Name at least one folder or table, none empty.' : undefined, form.database === '' ? 'Name the database that it writes to.' : undefined, form.scheduled ? scheduleProblem(form.schedule) : undefined];
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    const others = Object.fromEntries(Object.entries(existing?.Targets ?? {}).filter(([kind, list]) => kind !== 'S3Targets' && kind !== 'DynamoDBTargets' && (list?.length ?? 0) > 0));
    const input = {
      Name: form.name,
      Description: form.description,
      Role: form.role,
      DatabaseName: form.database,
      TablePrefix: form.prefix,
      Targets: {
        ...others,
        S3Targets: form.targets.filter((each) => each.kind === 'S3').map((each) => ({ ...existing?.Targets?.S3Targets?.find((old) => old.Path === each.path), Path: each.path })),
        DynamoDBTargets: form.targets.filter((each) => each.kind === 'DynamoDB').map((each) => ({ ...existing?.Targets?.DynamoDBTargets?.find((old) => old.Path === each.path), Path: each.path })),
      },
      SchemaChangePolicy: { UpdateBehavior: form.update, DeleteBehavior: form.remove },
      ...(form.scheduled ? { Schedule: form.schedule } : existing ? { Schedule: '' } : {}),
    };
    try {
      await glue(existing ? 'UpdateCrawler' : 'CreateCrawler', input);
      draft.drop();
      void client.invalidateQueries({ queryKey: ['crawlers'] });
      void navigate(`/crawlers/${encodeURIComponent(form.name)}`);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const change = (index: number, part: Partial<Target>) => set({ targets: form.targets.map((each, at) => (at === index ? { ...each, ...part } : each)) });
  const say = (index: number) => (shown ? wrong[index] : undefined);
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => {
        if (detail.requestedStepIndex > step && wrong[step]) return setShown(true);
        setShown(false);
        setStep(detail.requestedStepIndex);
      }}
      onCancel={() => void navigate('/crawlers')}
      onSubmit={() => void save()}
      isLoadingNextStep={busy}
      submitButtonText={existing ? 'Save' : 'Create crawler'}
      i18nStrings={{ stepNumberLabel: (number) => `Step ${number}`, collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`, navigationAriaLabel: 'Steps', cancelButton: 'Cancel', previousButton: 'Back', nextButton: 'Next', optional: 'may be left out' }}
      steps={[
        {
          title: 'Name',
          description: 'What it is called.',
          content: (
            <Container>
              <SpaceBetween size="l">
                <FormField label="Name" errorText={say(0)}>
                  <Input value={form.name} disabled={!!existing} onChange={({ detail }) => set({ name: detail.value })} />
                </FormField>
                <FormField label="Description">
                  <Input value={form.description} onChange={({ detail }) => set({ description: detail.value })} />
                </FormField>
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Data',
          content: (
            <Container>
              <FormField label="Looks at" errorText={say(1)} stretch>
                <AttributeEditor
                  items={form.targets}
                  addButtonText="Add a place"
                  removeButtonText="Remove"
                  removeButtonAriaLabel={(item) => `Remove ${item.path}`}
                  empty={<Box>None.</Box>}
                  onAddButtonClick={() => set({ targets: [...form.targets, { kind: 'S3', path: 's3://' }] })}
                  onRemoveButtonClick={({ detail }) => set({ targets: form.targets.filter((_, index) => index !== detail.itemIndex) })}
                  definition={[
                    { label: 'Kind', control: (item, index) => <Select ariaLabel="Kind" selectedOption={kinds.find((each) => each.value === item.kind)!} options={kinds} onChange={({ detail }) => change(index, { kind: detail.selectedOption.value!, path: detail.selectedOption.value === 'S3' ? 's3://' : '' })} /> },
                    {
                      label: 'Place',
                      control: (item, index) => (
                        <Autosuggest value={item.path} ariaLabel="Place" enteredTextLabel={(value) => `Use “${value}”`} options={item.kind === 'S3' ? knownBuckets.map((each) => ({ value: `s3://${each.name}/` })) : knownTables.map((value) => ({ value }))} onChange={({ detail }) => change(index, { path: detail.value })} />
                      ),
                    },
                  ]}
                />
              </FormField>
            </Container>
          ),
        },
        {
          title: 'Catalog',
          description: 'Where it writes what it found, and what it does when data changed.',
          content: (
            <Container>
              <SpaceBetween size="l">
                <FormField label="Database" description="Made when it is not there." errorText={say(2)}>
                  <Autosuggest value={form.database} enteredTextLabel={(value) => `Use “${value}”`} options={knownDatabases.map((each) => ({ value: each.Name }))} onChange={({ detail }) => set({ database: detail.value })} />
                </FormField>
                <FormField label="Prefix of its tables’ names">
                  <Input value={form.prefix} onChange={({ detail }) => set({ prefix: detail.value })} />
                </FormField>
                <FormField label="Role">
                  <Autosuggest value={form.role} enteredTextLabel={(value) => `Use “${value}”`} options={knownRoles.map((each) => ({ value: each.arn, label: each.name }))} onChange={({ detail }) => set({ role: detail.value })} />
                </FormField>
                <FormField label="When a schema changed">
                  <RadioGroup value={form.update} items={[{ value: 'UPDATE_IN_DATABASE', label: 'Update the table' }, { value: 'LOG', label: 'Only log it' }]} onChange={({ detail }) => set({ update: detail.value })} />
                </FormField>
                <FormField label="When data is gone">
                  <RadioGroup value={form.remove} items={removals} onChange={({ detail }) => set({ remove: detail.value })} />
                </FormField>
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Schedule and review',
          content: (
            <SpaceBetween size="l">
              <Problem error={problem} what={existing ? 'Saving the crawler' : 'Creating the crawler'} onRetry={() => void save()} />
              <Container>
                <SpaceBetween size="m">
                  <Toggle checked={form.scheduled} onChange={({ detail }) => set({ scheduled: detail.checked })}>
                    Run on a schedule
                  </Toggle>
                  {form.scheduled ? <CronBuilder value={form.schedule} onChange={(schedule) => set({ schedule })} /> : <Box color="text-body-secondary">It runs when you start it, or a trigger does.</Box>}
                </SpaceBetween>
              </Container>
              <Container>
                <KeyValuePairs
                  columns={2}
                  items={[
                    { label: 'Name', value: form.name || '–' },
                    { label: 'Looks at', value: form.targets.map((each) => each.path).join(', ') },
                    { label: 'Database', value: form.database },
                    { label: 'Role', value: form.role },
                  ]}
                />
              </Container>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

export default function NewCrawler() {
  const [search] = useSearchParams();
  const name = search.get('edit');
  const found = useQuery({ queryKey: ['crawler', name], queryFn: () => readCrawler(name!), enabled: !!name, staleTime: Infinity });
  return (
    <Page title={name ? `Change ${name}` : 'Create crawler'} crumbs={[{ text: 'Crawlers', to: '/crawlers' }]}>
      <Problem error={found.error} what="Reading the crawler" />
      {name ? found.data ? <CrawlerWizard saved={toDraft(found.data)} existing={found.data} /> : null : <CrawlerWizard saved={first} />}
    </Page>
  );
}

