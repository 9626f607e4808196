// Asks before something is lost, and names what.
import { useState, type ReactNode } from 'react';
import { Alert, Box, Button, FormField, Input, Modal, SpaceBetween } from '@cloudscape-design/components';
import { Problem } from './problem';

interface Props {
  /** "Delete the job claims" */
  title: string;
  /** What will be gone, one sentence each. */
  lost: ReactNode[];
  /** Typed by the user before the button works; for what cannot be made again. */
  word?: string;
  button?: string;
  onDone: () => Promise<unknown>;
  onClose: (done: boolean) => void;
}

export function Confirm({ title, lost, word, button = 'Delete', onDone, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onDone();
      onClose(true);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} disabled={word !== undefined && typed !== word} onClick={() => void run()}>
              {button}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning" header="This cannot be undone">
          <ul>
            {lost.map((each, index) => (
              <li key={index}>{each}</li>
            ))}
          </ul>
        </Alert>
        {word ? (
          <FormField label={<>To go on, type “{word}”</>}>
            <Input value={typed} placeholder={word} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
        ) : null}
        <Problem error={problem} what={title} />
      </SpaceBetween>
    </Modal>
  );
}
