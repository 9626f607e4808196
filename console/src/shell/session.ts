// Who is signed in. Without keys configured on the server nobody needs to be.
import { request, setCsrfToken } from '~/aws/client';

export interface Session {
  /** The server checks signatures: the console needs a key. */
  keysRequired: boolean;
  accessKey?: string;
}

interface Answer {
  keys_required: boolean;
  access_key?: string;
  csrf?: string;
}

const path = '/_mastic/console/session';

function take(answer: Answer): Session {
  setCsrfToken(answer.csrf);
  return { keysRequired: answer.keys_required, accessKey: answer.access_key };
}

export async function readSession(): Promise<Session> {
  const response = await request('console:session', path);
  if (!response.ok || !response.headers.get('content-type')?.includes('json')) return { keysRequired: false };
  return take((await response.json()) as Answer);
}

export async function signIn(accessKey: string, secret: string): Promise<Session> {
  const response = await request('console:sign-in', path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ access_key: accessKey, secret_access_key: secret }),
  });
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).message ?? 'This key and secret do not match a key of the server.');
  return take((await response.json()) as Answer);
}

export async function signOut(): Promise<void> {
  await request('console:sign-out', path, { method: 'DELETE' });
  setCsrfToken(undefined);
}
