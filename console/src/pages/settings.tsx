// The endpoint, ready lines for every tool, the look of the console, who is signed in.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, Container, FormField, Header, KeyValuePairs, SegmentedControl, SpaceBetween, Tabs } from '@cloudscape-design/components';
import { applyDensity, Density } from '@cloudscape-design/global-styles';
import { request } from '~/aws/client';
import { mastic } from '~/aws/mastic';
import { zone } from '~/common/format';
import { Snippet } from '~/common/snippet';
import { useLiveStatus } from '~/live/events';
import { Page } from '~/shell/page';
import { readSession, signOut } from '~/shell/session';
import { chosenTheme, chooseTheme, type Theme } from '~/shell/theme';
import { snippets } from './snippets';

export default function Settings() {
  const endpoint = window.location.origin;
  const live = useLiveStatus();
  const session = useQuery({ queryKey: ['session'], queryFn: readSession });
  const health = useQuery({ queryKey: ['health'], queryFn: async () => (await (await request('health', '/_mastic/health')).json()) as { status: string; version: string } });
  const ready = useQuery({ queryKey: ['ready'], queryFn: () => mastic<Record<string, unknown>>('ready') });
  const [theme, setTheme] = useState(chosenTheme());
  const [density, setDensity] = useState(localStorage.getItem('mastic.density') ?? 'comfortable');
  const list = snippets(endpoint, session.data?.keysRequired ? session.data.accessKey : undefined);
  return (
    <Page title="Settings">
      <Container header={<Header variant="h2">Server</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Endpoint', value: <Box variant="code">{endpoint}</Box> },
            { label: 'Version', value: health.data?.version ?? '–' },
            { label: 'Account and region', value: '000000000000, us-east-1 unless a request says another' },
            { label: 'Changes arrive', value: live === 'open' ? 'as they happen' : 'by asking every few seconds' },
            { label: 'Signatures', value: session.data ? (session.data.keysRequired ? `checked; signed in as ${session.data.accessKey}` : 'not checked: no keys are configured') : '–' },
            { label: 'Your time zone', value: zone },
            ...(ready.data ? [{ label: 'Ready', value: String(ready.data.status ?? 'yes') }] : []),
          ]}
        />
        {session.data?.keysRequired ? (
          <Box margin={{ top: 'm' }}>
            <Button onClick={() => void signOut().then(() => window.location.reload())}>Sign out</Button>
          </Box>
        ) : null}
      </Container>
      <Container header={<Header variant="h2" description="Every AWS tool works once it knows the endpoint.">Use it from</Header>}>
        <Tabs tabs={list.map((each) => ({ id: each.id, label: each.label, content: <SpaceBetween size="s">{each.notes ? <Box>{each.notes}</Box> : null}{each.parts.map((part) => <Snippet key={part} language={each.language} text={part} />)}</SpaceBetween> }))} />
      </Container>
      <Container header={<Header variant="h2">Look</Header>}>
        <SpaceBetween size="m">
          <FormField label="Theme">
            <SegmentedControl
              label="Theme"
              selectedId={theme}
              options={[
                { id: 'light', text: 'Light' },
                { id: 'dark', text: 'Dark' },
                { id: 'system', text: 'As the system' },
              ]}
              onChange={({ detail }) => {
                chooseTheme(detail.selectedId as Theme);
                setTheme(detail.selectedId as Theme);
              }}
            />
          </FormField>
          <FormField label="Spacing">
            <SegmentedControl
              label="Spacing"
              selectedId={density}
              options={[
                { id: 'comfortable', text: 'Comfortable' },
                { id: 'compact', text: 'Compact' },
              ]}
              onChange={({ detail }) => {
                localStorage.setItem('mastic.density', detail.selectedId);
                setDensity(detail.selectedId);
                applyDensity(detail.selectedId === 'compact' ? Density.Compact : Density.Comfortable);
              }}
            />
          </FormField>
        </SpaceBetween>
      </Container>
    </Page>
  );
}
