// Links inside the console: Cloudscape's look, the router's way of going there.
import type { ReactNode } from 'react';
import { Link as CloudscapeLink, Button, type ButtonProps } from '@cloudscape-design/components';
import { useHref, useNavigate } from 'react-router-dom';

export function Link({ to, children, external }: { to: string; children: ReactNode; external?: boolean }) {
  const navigate = useNavigate();
  const href = useHref(to);
  return (
    <CloudscapeLink
      href={href}
      external={external}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </CloudscapeLink>
  );
}

export function LinkButton({ to, ...rest }: { to: string } & ButtonProps) {
  const navigate = useNavigate();
  const href = useHref(to);
  return (
    <Button
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(to);
      }}
    />
  );
}
