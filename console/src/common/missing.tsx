import { Alert } from '@cloudscape-design/components';
import type { ReactNode } from 'react';

/** What this server does not offer: said, not faked. */
export function Missing({ what, children }: { what: string; children?: ReactNode }) {
  return (
    <Alert type="info" header={`${what} is not available`}>
      {children ?? 'This server keeps nothing of the kind for it.'}
    </Alert>
  );
}
