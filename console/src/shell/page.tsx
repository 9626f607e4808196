// The frame of each page: where it is, its title, what can be done.
import { useEffect, type ReactNode } from 'react';
import { BreadcrumbGroup, ContentLayout, Header, SpaceBetween } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';

export const basePath = '/_mastic/console';

export interface Crumb {
  text: string;
  to: string;
}

interface Props {
  title: string;
  description?: ReactNode;
  info?: ReactNode;
  actions?: ReactNode;
  crumbs?: Crumb[];
  counter?: string;
  children: ReactNode;
}

export function Page({ title, description, info, actions, crumbs = [], counter, children }: Props) {
  const navigate = useNavigate();
  useEffect(() => {
    document.title = `${title} · Mastic`;
  }, [title]);
  const items = [{ text: 'Mastic', href: '/' }, ...crumbs.map((crumb) => ({ text: crumb.text, href: crumb.to })), { text: title, href: '#' }];
  return (
    <ContentLayout
      defaultPadding
      breadcrumbs={
        <BreadcrumbGroup
          items={items.map((item) => ({ text: item.text, href: item.href === '#' ? '#' : basePath + item.href }))}
          ariaLabel="Where you are"
          onFollow={(event) => {
            event.preventDefault();
            const href = event.detail.href;
            if (href !== '#') void navigate(href.slice(basePath.length) || '/');
          }}
        />
      }
      header={
        <Header variant="h1" description={description} info={info} actions={actions} counter={counter}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}
