// Asks for what a new thing needs, and shows beside it why it could not be made.
import { useState, type ReactNode } from 'react';
import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import { Problem } from './problem';

interface Props {
  /** "table": in "Create a table". */
  what: string;
  /** Whether what is there suffices. */
  ready: boolean;
  /** Makes it, and closes the dialog or leaves the page. */
  onCreate: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

export function CreateDialog({ what, ready, onCreate, onClose, children }: Props) {
  const [problem, setProblem] = useState<unknown>();
  const create = async () => {
    try {
      await onCreate();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Modal
      visible
      header={`Create a ${what}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!ready} onClick={() => void create()}>
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Problem error={problem} what={`Creating the ${what}`} />
        {children}
      </SpaceBetween>
    </Modal>
  );
}
