// Short notes at the top of the page: what was done, with a link to it.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { Flashbar, type FlashbarProps } from '@cloudscape-design/components';
import { explain } from '~/common/problem';

interface Notes {
  say: (content: ReactNode, type?: 'success' | 'info' | 'warning') => void;
  fail: (error: unknown, what: string) => void;
}

const NotesContext = createContext<Notes>({ say: () => {}, fail: () => {} });
export const useNotes = (): Notes => useContext(NotesContext);

let count = 0;

export function useNotesState() {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const add = useCallback((item: FlashbarProps.MessageDefinition, seconds?: number) => {
    const id = `note-${(count += 1)}`;
    const remove = () => setItems((now) => now.filter((each) => each.id !== id));
    setItems((now) => [{ ...item, id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: remove }, ...now].slice(0, 4));
    if (seconds) setTimeout(remove, seconds * 1000);
  }, []);
  const notes = useMemo<Notes>(
    () => ({
      say: (content, type = 'success') => add({ type, content }, 6),
      fail: (error, what) => {
        const said = explain(error, what);
        add({ type: 'error', header: said.title, content: `${said.message} ${said.todo}` });
      },
    }),
    [add],
  );
  return { items, notes };
}

export const NotesProvider = NotesContext.Provider;
export function NotesBar({ items }: { items: FlashbarProps.MessageDefinition[] }) {
  return <Flashbar items={items} stackItems={false} />;
}
