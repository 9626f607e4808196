// Text to take along, with a button that copies it.
import { CopyToClipboard } from '@cloudscape-design/components';

export function Snippet({ text, language }: { text: string; language: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0} aria-label={language}>
        {text}
      </pre>
      <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel="Copy" copySuccessText="Copied" copyErrorText="The browser did not allow it" />
    </div>
  );
}
