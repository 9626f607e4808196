// The server's own JSON below /_mastic. What a server does not have yet is `undefined`, never made up.
import { AwsError, request } from './client';

export async function mastic<Answer>(path: string): Promise<Answer | null> {
  const response = await request(`mastic:${path}`, `/_mastic/${path}`);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson ? ((await response.json()) as Record<string, unknown>) : {};
  if (response.ok && isJson) return body as Answer;
  // No route: an older server. A route that says 404 names what is missing with a code of its own.
  if (response.status === 404 || response.status === 501) return null;
  throw new AwsError(String(body.code ?? `HTTP ${response.status}`), String(body.message ?? 'The server refused the request.'), response.status, path);
}
