// One look for every state that the services speak of.
import { StatusIndicator, type StatusIndicatorProps } from '@cloudscape-design/components';

const kinds: Record<string, StatusIndicatorProps.Type> = {
  SUCCEEDED: 'success', COMPLETED: 'success', READY: 'success', ACTIVE: 'success', ACTIVATED: 'success', CREATED: 'pending',
  FAILED: 'error', ERROR: 'error', TIMEOUT: 'error', CANCELLED: 'stopped',
  RUNNING: 'in-progress', STARTING: 'in-progress', STOPPING: 'in-progress', WAITING: 'pending', QUEUED: 'pending',
  STOPPED: 'stopped', EXPIRED: 'stopped', DEACTIVATED: 'stopped', SCHEDULED: 'pending', NOT_SCHEDULED: 'stopped',
  CREATING: 'in-progress', UPDATING: 'in-progress', DELETING: 'in-progress', ACTIVATING: 'in-progress', DEACTIVATING: 'in-progress',
};

export const liveStates = new Set(['RUNNING', 'STARTING', 'STOPPING', 'WAITING', 'QUEUED', 'CREATING', 'UPDATING', 'DELETING', 'ACTIVATING', 'DEACTIVATING']);

export function kindOf(state: string): StatusIndicatorProps.Type {
  const known = kinds[state];
  if (known) return known;
  if (/ROLLBACK|FAILED/.test(state)) return state.endsWith('IN_PROGRESS') ? 'in-progress' : 'error';
  if (state.endsWith('_IN_PROGRESS')) return 'in-progress';
  if (state.endsWith('_COMPLETE')) return 'success';
  return 'info';
}

export function words(state: string): string {
  const lower = state.toLowerCase().replaceAll('_', ' ');
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

export function State({ value, raw }: { value: string | undefined; raw?: boolean }) {
  if (!value) return <>–</>;
  return (
    <span className="state">
      <StatusIndicator type={kindOf(value)}>{raw ? value : words(value)}</StatusIndicator>
    </span>
  );
}
