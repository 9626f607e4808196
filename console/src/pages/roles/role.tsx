import { useQuery } from '@tanstack/react-query';
import { Box, Container, ExpandableSection, Header, KeyValuePairs, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useParams } from 'react-router-dom';
import { attachedPolicies, inlinePolicies, role as readRole } from '~/aws/iam';
import { crawlers, jobs } from '~/aws/glue';
import { Problem } from '~/common/problem';
import { Time } from '~/common/time';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';
import { Snippet } from '~/common/snippet';

async function usersOf(name: string, arn: string) {
  const [allJobs, allCrawlers] = await Promise.all([jobs(), crawlers()]);
  const is = (role: string | undefined) => role === arn || role === name;
  return { jobs: allJobs.filter((each) => is(each.Role)), crawlers: allCrawlers.filter((each) => is(each.Role)) };
}

export default function RolePage() {
  const { name = '' } = useParams();
  const found = useQuery({ queryKey: ['roles', name], queryFn: () => readRole(name) });
  const attached = useQuery({ queryKey: ['roles', name, 'attached'], queryFn: () => attachedPolicies(name) });
  const inline = useQuery({ queryKey: ['roles', name, 'inline'], queryFn: () => inlinePolicies(name) });
  const users = useQuery({ queryKey: ['roles', name, 'users'], queryFn: () => usersOf(name, found.data!.arn), enabled: !!found.data });
  const role = found.data;
  return (
    <Page title={name} description={role?.description} crumbs={[{ text: 'Roles', to: '/roles' }]}>
      <Problem error={found.error ?? attached.error ?? inline.error} what={`Reading the role ${name}`} onRetry={() => void found.refetch()} />
      {!role && !found.error ? <Spinner /> : null}
      {role ? (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Role</Header>}>
            <KeyValuePairs columns={2} items={[{ label: 'ARN', value: <Box variant="code">{role.arn}</Box> }, { label: 'Created', value: <Time at={role.created} /> }]} />
          </Container>
          <Container header={<Header variant="h2">Used by</Header>}>
            {users.data && users.data.jobs.length + users.data.crawlers.length === 0 ? <Box color="text-body-secondary">No job or crawler names it.</Box> : null}
            <ul className="rows">
              {users.data?.jobs.map((each) => <li key={each.Name}><Link to={`/jobs/${encodeURIComponent(each.Name)}`}>{each.Name}</Link><span>job</span></li>)}
              {users.data?.crawlers.map((each) => <li key={each.Name}><Link to={`/crawlers/${encodeURIComponent(each.Name)}`}>{each.Name}</Link><span>crawler</span></li>)}
            </ul>
          </Container>
          <Container header={<Header variant="h2">Policies</Header>}>
            <SpaceBetween size="s">
              {attached.data?.map((each) => <Box key={each.arn}>{each.name} <Box variant="code">{each.arn}</Box></Box>)}
              {inline.data?.map((each) => (
                <ExpandableSection key={each.name} headerText={each.name} headerDescription="inline">
                  <Snippet language="json" text={each.document} />
                </ExpandableSection>
              ))}
              {attached.data?.length === 0 && inline.data?.length === 0 ? <Box color="text-body-secondary">It has none: with keys configured it may do nothing.</Box> : null}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Who may take it</Header>}>
            <Snippet language="json" text={role.trust} />
          </Container>
        </SpaceBetween>
      ) : null}
    </Page>
  );
}
