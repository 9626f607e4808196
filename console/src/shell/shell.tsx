// What stays on every page: the bar at the top, the way around, the notes, and whether the server is there.
import { useCallback, useEffect, useState } from 'react';
import { Alert, AppLayout, SideNavigation, TopNavigation } from '@cloudscape-design/components';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from 'react-router-dom';
import { request, whenGone } from '~/aws/client';
import { useLiveStatus } from '~/live/events';
import { NotesBar, NotesProvider, useNotesState } from './notes';
import { basePath } from './page';
import { chosenTheme, chooseTheme, type Theme } from './theme';

const href = (path: string) => basePath + path;

const navigation = [
  { type: 'link' as const, text: 'Home', href: href('/') },
  {
    type: 'section' as const,
    text: 'Data integration',
    items: [
      { type: 'link' as const, text: 'Jobs', href: href('/jobs') },
      { type: 'link' as const, text: 'Workflows', href: href('/workflows') },
      { type: 'link' as const, text: 'Triggers', href: href('/triggers') },
    ],
  },
  {
    type: 'section' as const,
    text: 'Data catalog',
    items: [
      { type: 'link' as const, text: 'Databases', href: href('/catalog') },
      { type: 'link' as const, text: 'Crawlers', href: href('/crawlers') },
      { type: 'link' as const, text: 'Lineage', href: href('/lineage') },
    ],
  },
  {
    type: 'section' as const,
    text: 'Data',
    items: [
      { type: 'link' as const, text: 'S3 buckets', href: href('/s3') },
      { type: 'link' as const, text: 'DynamoDB tables', href: href('/dynamodb') },
    ],
  },
  {
    type: 'section' as const,
    text: 'Operations',
    items: [
      { type: 'link' as const, text: 'Stacks', href: href('/stacks') },
      { type: 'link' as const, text: 'Roles', href: href('/roles') },
      { type: 'link' as const, text: 'Logs', href: href('/logs') },
      { type: 'link' as const, text: 'Settings', href: href('/settings') },
    ],
  },
];

const themes: { id: Theme; text: string }[] = [
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
  { id: 'system', text: 'As the system' },
];

function useServer() {
  const server = useQuery({
    queryKey: ['health'],
    queryFn: async () => (await (await request('health', '/_mastic/health')).json()) as { status: string; version: string },
    refetchInterval: (query) => (query.state.status === 'error' ? 2000 : 10_000),
    retry: false,
  });
  const { refetch } = server;
  useEffect(() => whenGone((operation) => operation !== 'health' && void refetch()), [refetch]);
  return server;
}

/** The layout's mobile bar carries an attribute that its role does not allow; a screen reader should not meet it. */
function useTidyRoles() {
  useEffect(() => {
    const tidy = () => document.querySelectorAll('nav[aria-orientation]').forEach((each) => each.removeAttribute('aria-orientation'));
    tidy();
    const observer = new MutationObserver(tidy);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-orientation'] });
    return () => observer.disconnect();
  }, []);
}

export function Shell() {
  useTidyRoles();
  const navigate = useNavigate();
  const location = useLocation();
  const [theme, setTheme] = useState(chosenTheme());
  const [open, setOpen] = useState(() => window.innerWidth > 900);
  const { items, notes } = useNotesState();
  const server = useServer();
  const live = useLiveStatus();
  const go = useCallback(
    (event: CustomEvent<{ href?: string; external?: boolean }>) => {
      const to = event.detail.href;
      if (!to || event.detail.external) return;
      event.preventDefault();
      void navigate(to.slice(basePath.length) || '/');
      if (window.innerWidth <= 900) setOpen(false);
    },
    [navigate],
  );
  const first = location.pathname.split('/')[1] ?? '';
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <NotesProvider value={notes}>
        <div id="top">
          <TopNavigation
            identity={{ href: href('/'), title: 'Mastic', logo: { src: href('/mastic.svg'), alt: '' }, onFollow: go }}
            utilities={[
              {
                type: 'button',
                text: server.isError ? 'Server gone' : live === 'open' ? 'Live' : 'Connected',
                iconName: server.isError ? 'status-negative' : 'status-positive',
                title: live === 'open' ? 'Changes arrive as they happen' : 'Changes are looked for every few seconds',
                onClick: () => void server.refetch(),
              },
              {
                type: 'menu-dropdown',
                iconName: 'settings',
                ariaLabel: 'Theme and settings',
                title: 'Theme and settings',
                items: [
                  { id: 'theme', text: 'Theme', items: themes.map((each) => ({ ...each, itemType: 'checkbox' as const, checked: each.id === theme })) },
                  { id: 'settings', text: 'Settings' },
                ],
                onItemClick: ({ detail }) => {
                  if (detail.id === 'settings') return void navigate('/settings');
                  chooseTheme(detail.id as Theme);
                  setTheme(detail.id as Theme);
                },
              },
            ]}
          />
        </div>
        <AppLayout
          headerSelector="#top"
          toolsHide
          navigationOpen={open}
          onNavigationChange={({ detail }) => setOpen(detail.open)}
          navigationWidth={220}
          disableContentPaddings
          notifications={<NotesBar items={items} />}
          ariaLabels={{ navigation: 'Pages', navigationClose: 'Close the list of pages', navigationToggle: 'Open the list of pages', notifications: 'Notes' }}
          navigation={<SideNavigation activeHref={href(`/${first}`)} items={navigation} onFollow={go} />}
          content={
            <>
              {server.isError ? (
                <Alert type="error" header="The server does not answer">
                  Start it again with <code>mastic serve</code>. What you typed stays here; the page goes on by itself when the server is back.
                </Alert>
              ) : null}
              <Outlet />
            </>
          }
        />
      </NotesProvider>
    </I18nProvider>
  );
}
