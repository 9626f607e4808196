// How the browser talks to the server: AWS's own protocols on the console's own origin, unsigned. When the server has keys,
// the session cookie says who calls, and the CSRF token in a header proves that it is this page that does.

/** An answer that is an error, whatever the protocol it came in. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly operation: string,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** The server cannot be reached at all. */
export class ServerGone extends Error {
  constructor(readonly operation: string) {
    super('The Mastic server does not answer.');
    this.name = 'ServerGone';
  }
}

let csrfToken: string | undefined;
let onSignedOut: () => void = () => {};
let onGone: (operation: string) => void = () => {};

export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

/** Somebody noticed that the server does not answer. */
export function whenGone(callback: (operation: string) => void): void {
  onGone = callback;
}

let asked = 0;

/** A session that has ended looks like a request without a signature: each protocol refuses it in its own way. */
async function noteRefusal(): Promise<void> {
  if (!csrfToken || Date.now() - asked < 1000) return;
  asked = Date.now();
  const answer = await fetch('/_mastic/console/session', { cache: 'no-store' }).catch(() => undefined);
  const session = answer?.ok ? ((await answer.json()) as { access_key?: string }) : undefined;
  // Drafts stay in the tab while one signs in again.
  if (session && session.access_key === undefined) onSignedOut();
}

export async function request(operation: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (csrfToken) headers.set('x-mastic-csrf', csrfToken);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'same-origin', cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    onGone(operation);
    throw new ServerGone(operation);
  }
  if (response.status === 401 || response.status === 403) void noteRefusal();
  return response;
}

const targets = {
  glue: ['AWSGlue', '1.1'],
  dynamodb: ['DynamoDB_20120810', '1.0'],
  logs: ['Logs_20140328', '1.1'],
  ssm: ['AmazonSSM', '1.1'],
  secretsmanager: ['secretsmanager', '1.1'],
} as const;

export type JsonService = keyof typeof targets;

export async function callJson<Answer>(
  service: JsonService,
  operation: string,
  input: object = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const [prefix, version] = targets[service];
  const response = await request(`${service}:${operation}`, '/', {
    method: 'POST',
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${operation}` },
    body: JSON.stringify(input),
    signal,
  });
  const text = await response.text();
  const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  if (response.ok) return body as Answer;
  const type = String(body.__type ?? body.code ?? `HTTP ${response.status}`);
  throw new AwsError(type.slice(type.lastIndexOf('#') + 1), String(body.message ?? body.Message ?? type), response.status, operation);
}

const versions = { cloudformation: '2010-05-15', iam: '2010-05-08', sts: '2011-06-15' } as const;

export type QueryService = keyof typeof versions;

/** Lists are numbered `Name.member.1`, as the query protocol wants them. */
export function queryForm(input: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) {
      return value.flatMap((item, index): [string, string][] =>
        typeof item === 'object'
          ? queryForm(item as Record<string, unknown>, `${prefix}${name}.member.${index + 1}.`)
          : [[`${prefix}${name}.member.${index + 1}`, String(item)]],
      );
    }
    if (typeof value === 'object') return queryForm(value as Record<string, unknown>, `${prefix}${name}.`);
    return [[prefix + name, String(value)]];
  });
}

export async function callQuery(service: QueryService, action: string, input: Record<string, unknown> = {}): Promise<Element> {
  const response = await request(`${service}:${action}`, '/', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams([['Action', action], ['Version', versions[service]], ...queryForm(input)]).toString(),
  });
  const root = parseXml(await response.text());
  if (!response.ok) throw xmlError(root, response.status, action);
  return root.querySelector(`${action}Result`) ?? root;
}

export function parseXml(text: string): Element {
  return new DOMParser().parseFromString(text, 'text/xml').documentElement;
}

export function xmlError(root: Element, status: number, operation: string): AwsError {
  return new AwsError(
    root.querySelector('Code')?.textContent ?? `HTTP ${status}`,
    root.querySelector('Message')?.textContent ?? 'The server refused the request.',
    status,
    operation,
  );
}

/** The text of a direct child. */
export function child(element: Element | null | undefined, name: string): string | undefined {
  if (!element) return undefined;
  for (const node of element.children) if (node.localName === name) return node.textContent ?? '';
  return undefined;
}

export function children(element: Element | null | undefined, name: string): Element[] {
  return element ? [...element.children].filter((node) => node.localName === name) : [];
}

/** The `member` elements of a list. */
export function members(element: Element, list: string): Element[] {
  const found = children(element, list)[0];
  return found ? children(found, 'member') : [];
}

/** Follows an operation's token until there is no more. `most` guards a page against lists without end. */
export async function allPages<Item>(
  page: (token: string | undefined) => Promise<{ items: Item[] | undefined; token: string | undefined }>,
  most = 5000,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    found.push(...(answer.items ?? []));
    token = answer.token || undefined;
  } while (token && found.length < most);
  return found;
}
