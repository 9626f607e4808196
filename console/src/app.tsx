// Sign-in, the live stream, and the routes. Each page is a chunk of its own.
import { Component, lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import { Box, Spinner } from '@cloudscape-design/components';
import { BrowserRouter, Route, Routes, useLocation } from 'react-router-dom';
import { whenSignedOut } from './aws/client';
import { Problem } from './common/problem';
import { follow } from './live/events';
import { basePath, Page } from './shell/page';
import { readSession, type Session } from './shell/session';
import { Shell } from './shell/shell';

const Loading = () => (
  <Box padding="xxl" textAlign="center">
    <Spinner size="large" /> <Box variant="span">Loading…</Box>
  </Box>
);

function page(load: () => Promise<{ default: ComponentType }>) {
  const Lazy = lazy(load);
  return (
    <Suspense fallback={<Loading />}>
      <Lazy />
    </Suspense>
  );
}

/** A page that throws takes only itself down, until one goes elsewhere. */
class Guard extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <Page title="This page broke">
        <Problem error={this.state.error} what="Showing this page" onRetry={() => window.location.reload()} />
      </Page>
    );
  }
}

function Guarded({ children }: { children: ReactNode }) {
  return <Guard key={useLocation().pathname}>{children}</Guard>;
}

const SignIn = lazy(() => import('./shell/sign_in'));

const routes: [string, () => Promise<{ default: ComponentType }>][] = [
  ['/', () => import('./pages/home')],
  ['/jobs', () => import('./pages/jobs/list')],
  ['/jobs/new', () => import('./pages/jobs/new_job')],
  ['/jobs/:name', () => import('./pages/jobs/job')],
  ['/jobs/:name/compare', () => import('./pages/jobs/compare')],
  ['/jobs/:name/runs/:id', () => import('./pages/jobs/run')],
  ['/workflows', () => import('./pages/workflows/list')],
  ['/workflows/:name', () => import('./pages/workflows/workflow')],
  ['/workflows/:name/runs/:id', () => import('./pages/workflows/run')],
  ['/triggers', () => import('./pages/workflows/triggers')],
  ['/catalog', () => import('./pages/catalog/databases')],
  ['/catalog/:database', () => import('./pages/catalog/database')],
  ['/catalog/:database/:table', () => import('./pages/catalog/table')],
  ['/crawlers', () => import('./pages/crawlers/list')],
  ['/crawlers/new', () => import('./pages/crawlers/new_crawler')],
  ['/crawlers/:name', () => import('./pages/crawlers/crawler')],
  ['/lineage', () => import('./pages/lineage/lineage')],
  ['/s3', () => import('./pages/data/buckets')],
  ['/s3/:bucket', () => import('./pages/data/bucket')],
  ['/dynamodb', () => import('./pages/data/tables')],
  ['/dynamodb/:table', () => import('./pages/data/table_items')],
  ['/stacks', () => import('./pages/stacks/list')],
  ['/stacks/:name', () => import('./pages/stacks/stack')],
  ['/roles', () => import('./pages/roles/list')],
  ['/roles/:name', () => import('./pages/roles/role')],
  ['/logs', () => import('./pages/logs/logs')],
  ['/settings', () => import('./pages/settings')],
  ['*', () => import('./pages/nowhere')],
];

const elements = routes.map(([path, load]) => <Route key={path} path={path} element={<Guarded>{page(load)}</Guarded>} />);

export function App({ client }: { client: QueryClient }) {
  const [session, setSession] = useState<Session>();
  const [gone, setGone] = useState<unknown>();
  useEffect(() => {
    const load = () =>
      void readSession()
        .then((found) => {
          setGone(undefined);
          setSession(found);
        })
        .catch((error: unknown) => {
          setGone(error);
          setTimeout(load, 2000);
        });
    load();
    whenSignedOut(() => setSession({ keysRequired: true }));
  }, []);
  const ready = session !== undefined && (!session.keysRequired || session.accessKey !== undefined);
  useEffect(() => (ready ? follow(client) : undefined), [ready, client]);
  if (!session) return gone ? <Problem error={gone} what="Opening the console" /> : <Loading />;
  if (!ready)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn onDone={setSession} />
      </Suspense>
    );
  return (
    <BrowserRouter basename={basePath}>
      <Routes>
        <Route element={<Shell />}>{elements}</Route>
      </Routes>
    </BrowserRouter>
  );
}
