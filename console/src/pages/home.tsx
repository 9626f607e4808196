// What runs now, what failed lately, what is due next, how full the machine is; on an empty server, the way to a first job.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, ColumnLayout, Container, Header, KeyValuePairs, ProgressBar, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';
import { crawlers, jobRuns, jobs, triggers, type JobRun } from '~/aws/glue';
import { machine } from '~/aws/metrics';
import { formatAgo, formatBytes, formatCount, formatShortTime, plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { liveStates, State } from '~/common/state';
import { Time, Took } from '~/common/time';
import { nextTimes, parseSchedule, scheduleWords } from '~/cron/cron';
import { loadExample, names } from '~/home/example';
import { every } from '~/live/events';
import { Link, LinkButton } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { Snippet } from '~/common/snippet';
import { RunStrip, runPath } from './jobs/strip';

interface Due {
  what: string;
  to: string;
  at: Date;
  words: string;
}

const mostJobs = 60;

async function overview() {
  const [allJobs, allTriggers, allCrawlers] = await Promise.all([jobs(), triggers(), crawlers()]);
  const recent = [...allJobs].sort((a, b) => (b.LastModifiedOn ?? 0) - (a.LastModifiedOn ?? 0)).slice(0, mostJobs);
  const runs = (await Promise.all(recent.map(async (job) => (await jobRuns(job.Name, 20)).runs))).flat().sort((a, b) => (b.StartedOn ?? 0) - (a.StartedOn ?? 0));
  const due: Due[] = [];
  const add = (what: string, to: string, schedule: string | undefined) => {
    if (!schedule) return;
    try {
      const parsed = parseSchedule(schedule);
      const [at] = nextTimes(parsed, 1);
      if (at) due.push({ what, to, at, words: scheduleWords(parsed) });
    } catch {
      // A schedule that only the server understands is not foretold here.
    }
  };
  for (const trigger of allTriggers) {
    if (trigger.State !== 'ACTIVATED') continue;
    const first = trigger.Actions?.[0];
    const what = trigger.WorkflowName ? `workflow ${trigger.WorkflowName}` : (first?.JobName ?? first?.CrawlerName ?? trigger.Name);
    add(what, trigger.WorkflowName ? `/workflows/${encodeURIComponent(trigger.WorkflowName)}` : `/triggers`, trigger.Schedule);
  }
  for (const crawler of allCrawlers) if (crawler.Schedule?.State === 'SCHEDULED') add(`crawler ${crawler.Name}`, `/crawlers/${encodeURIComponent(crawler.Name)}`, crawler.Schedule.ScheduleExpression);
  due.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { jobs: allJobs, crawlers: allCrawlers, runs, due, crawling: allCrawlers.filter((crawler) => crawler.State !== 'READY') };
}

function Steps() {
  const [doing, setDoing] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const notes = useNotes();
  const load = async () => {
    setProblem(undefined);
    try {
      await loadExample(setDoing);
      notes.say('The claims example is there: run its job.');
      void client.invalidateQueries();
      void navigate(`/jobs/${names.job}`);
    } catch (error) {
      setProblem(error);
    } finally {
      setDoing(undefined);
    }
  };
  return (
    <Container header={<Header variant="h2" description="This server is empty. Three steps to a first job, or one button.">Begin</Header>}>
      <SpaceBetween size="l">
        <Problem error={problem} what="Loading the example" />
        <ColumnLayout columns={3} variant="text-grid">
          <div>
            <Box variant="h3">1 · Point your tools here</Box>
            <Snippet language="bash" text={`export AWS_ENDPOINT_URL=${window.location.origin}\nexport AWS_DEFAULT_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any`} />
          </div>
          <div>
            <Box variant="h3">2 · Deploy, or create a job</Box>
            <Snippet language="bash" text={'npx cdk bootstrap\nnpx cdk deploy'} />
            <LinkButton to="/jobs/new">Create a job here</LinkButton>
          </div>
          <div>
            <Box variant="h3">3 · Run it and look</Box>
            <Box>The job’s page has Run; its run shows the log as it is written, and the files that it made.</Box>
          </div>
        </ColumnLayout>
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button variant="primary" loading={doing !== undefined} onClick={() => void load()}>
            Load the claims example
          </Button>
          <Box variant="small" margin={{ top: 'xs' }}>
            {doing ?? 'A bucket, a table with 2,000 claims, a crawler, and a job that reports them as CSV.'}
          </Box>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}

function RunRow({ run }: { run: JobRun }) {
  const live = liveStates.has(run.JobRunState);
  return (
    <li>
      <Link to={runPath(run)}>{run.JobName}</Link>
      <State value={run.JobRunState} />
      <Box variant="small">
        {live ? <Took from={run.StartedOn} to={undefined} /> : <Time at={run.CompletedOn ?? run.StartedOn} ago />}
        {run.ErrorMessage ? ` · ${run.ErrorMessage.slice(0, 140)}` : ''}
      </Box>
    </li>
  );
}

function MachineBox() {
  const found = useQuery({ queryKey: ['machine'], queryFn: machine, refetchInterval: 5000 });
  const now = found.data;
  return (
    <Container fitHeight header={<Header variant="h2">Machine</Header>}>
      {now ? (
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Runs at once', value: now.maximum ? <ProgressBar value={(100 * (now.running ?? 0)) / now.maximum} additionalInfo={`${now.running ?? 0} of ${now.maximum}, ${now.waiting ?? 0} waiting`} ariaLabel="Runs at once" /> : '–' },
            { label: 'Engines ready', value: formatCount(now.engines) },
            { label: 'Memory of the runs', value: formatBytes(now.memory) },
            { label: 'Disk, free', value: formatBytes(now.diskFree) },
          ]}
        />
      ) : (
        <Box color="text-body-secondary">{found.isLoading ? 'Asking…' : 'This server does not tell how full its machine is.'}</Box>
      )}
    </Container>
  );
}

export default function Home() {
  const found = useQuery({
    queryKey: ['runs', 'overview'],
    queryFn: overview,
    refetchInterval: (query) => (query.state.data?.runs.some((run) => liveStates.has(run.JobRunState)) ? 1000 : every(4000)()),
  });
  const data = found.data;
  const running = data?.runs.filter((run) => liveStates.has(run.JobRunState)) ?? [];
  const failed = data?.runs.filter((run) => ['FAILED', 'TIMEOUT', 'ERROR'].includes(run.JobRunState)).slice(0, 6) ?? [];
  const empty = data && data.jobs.length === 0 && data.crawlers.length === 0;
  return (
    <Page title="Home" description={data ? `${plural(data.jobs.length, 'job')}, ${plural(data.crawlers.length, 'crawler')} on this server` : undefined}>
      <Problem error={found.error} what="Reading the overview" onRetry={() => void found.refetch()} />
      {!data && !found.error ? <Spinner size="large" /> : null}
      {empty ? <Steps /> : null}
      {data && !empty ? (
        <SpaceBetween size="l">
          <ColumnLayout columns={2}>
            <Container fitHeight header={<Header variant="h2" counter={`(${running.length + data.crawling.length})`}>Running now</Header>}>
              {running.length + data.crawling.length === 0 ? <Box color="text-body-secondary">Nothing runs.</Box> : null}
              <ul className="rows">
                {running.map((run) => (
                  <RunRow key={run.Id} run={run} />
                ))}
                {data.crawling.map((crawler) => (
                  <li key={crawler.Name}>
                    <Link to={`/crawlers/${encodeURIComponent(crawler.Name)}`}>{crawler.Name}</Link>
                    <State value={crawler.State} />
                    <Box variant="small">crawler</Box>
                  </li>
                ))}
              </ul>
            </Container>
            <Container fitHeight header={<Header variant="h2" counter={`(${failed.length})`}>Failed lately</Header>}>
              {failed.length === 0 ? <Box color="text-body-secondary">No run failed.</Box> : null}
              <ul className="rows">
                {failed.map((run) => (
                  <RunRow key={run.Id} run={run} />
                ))}
              </ul>
            </Container>
            <Container fitHeight header={<Header variant="h2">Due next</Header>}>
              {data.due.length === 0 ? <Box color="text-body-secondary">No schedule is active.</Box> : null}
              <ul className="rows">
                {data.due.slice(0, 8).map((each, index) => (
                  <li key={index}>
                    <Link to={each.to}>{each.what}</Link>
                    <span>{formatShortTime(each.at)}</span>
                    <Box variant="small">
                      {formatAgo(each.at)} · {each.words}
                    </Box>
                  </li>
                ))}
              </ul>
            </Container>
            <MachineBox />
          </ColumnLayout>
          <Container header={<Header variant="h2" actions={<LinkButton to="/jobs">All jobs</LinkButton>}>Jobs</Header>}>
            {data.jobs.length === 0 ? <Alert type="info">There is no job yet.</Alert> : null}
            <ul className="rows">
              {data.jobs.slice(0, 10).map((job) => (
                <li key={job.Name}>
                  <Link to={`/jobs/${encodeURIComponent(job.Name)}`}>{job.Name}</Link>
                  <RunStrip name={job.Name} />
                  <Box variant="small">{job.Description ?? ''}</Box>
                </li>
              ))}
            </ul>
          </Container>
        </SpaceBetween>
      ) : null}
    </Page>
  );
}
