// Sign-in, the live stream, and the routes. Each page is a chunk of its own.
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import { Box, Spinner } from '@cloudscape-design/components';
import { createBrowserRouter, RouterProvider, useRouteError } from 'react-router-dom';
import { whenSignedOut } from './aws/client';
import { Problem } from './common/problem';
import { follow } from './live/events';
import { basePath, Page } from './shell/page';
import { readSession, type Session } from './shell/session';
import { Shell } from './shell/shell';
import { SignIn } from './shell/sign_in';

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

function Broken() {
  const error = useRouteError();
  return (
    <Page title="This page broke">
      <Problem error={error} what="Showing this page" onRetry={() => window.location.reload()} />
    </Page>
  );
}

const routes: [string, () => Promise<{ default: ComponentType }>][] = [
  ['/', () => import('./pages/home')],
  ['/settings', () => import('./pages/settings')],
  ['*', () => import('./pages/nowhere')],
];

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      children: routes.map(([path, load]) => ({ path, element: page(load), errorElement: <Broken /> })),
    },
  ],
  { basename: basePath },
);

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
  if (!ready) return <SignIn onDone={setSession} />;
  return <RouterProvider router={router} />;
}
