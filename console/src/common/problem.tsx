// An error, where it happened: what went wrong in words, AWS's code, and what to do now.
import { Alert, Box, Button } from '@cloudscape-design/components';
import { AwsError, ServerGone } from '~/aws/client';

export interface Explained {
  title: string;
  message: string;
  todo: string;
  code?: string;
}

export function explain(error: unknown, what: string): Explained {
  if (error instanceof ServerGone) {
    return {
      title: `${what}: the server does not answer`,
      message: error.message,
      todo: 'Start it again with `mastic serve`. This page goes on by itself as soon as it is back; what you typed stays here.',
    };
  }
  if (error instanceof AwsError) {
    const todo =
      error.code.includes('NotFound') || error.status === 404 || / does not exist$/.test(error.message)
        ? 'It may have been deleted or renamed meanwhile. Go back to the list to see what is there.'
        : error.code === 'ConcurrentModificationException' || error.code === 'VersionMismatchException'
          ? 'Somebody else saved in between. Your text is kept: load the newer version, compare, and save again.'
          : error.code.includes('AccessDenied') || error.status === 403
            ? 'The signed-in key may not do this. Ask for a policy that allows it, or sign in with another key.'
            : error.code === 'ConcurrentRunsExceededException'
              ? 'Wait for a run to end, stop one, or raise the maximum concurrency in the job’s details.'
              : 'Correct what the message names and try again; nothing was changed.';
    return { title: `${what} failed`, message: error.message, todo, code: error.code };
  }
  return {
    title: `${what} failed`,
    message: error instanceof Error ? error.message : String(error),
    todo: 'Try again.',
  };
}

export function Problem({ error, what, onRetry }: { error: unknown; what: string; onRetry?: () => void }) {
  if (!error) return null;
  const said = explain(error, what);
  return (
    <Alert
      type="error"
      header={said.title}
      action={onRetry ? <Button onClick={onRetry}>Try again</Button> : undefined}
    >
      <Box>{said.message}</Box>
      <Box variant="small" color="inherit">
        {said.code ? <code>{said.code}</code> : null} {said.todo}
      </Box>
    </Alert>
  );
}
