// What was typed and not yet saved, kept in this tab: a reload, a lost server or a wrong click costs nothing.
import { useCallback, useEffect, useState } from 'react';

export function useDraft<Value>(name: string, saved: Value | undefined) {
  const key = `mastic.draft.${name}`;
  const [draft, setDraft] = useState<Value | undefined>(() => {
    const kept = sessionStorage.getItem(key);
    return kept ? (JSON.parse(kept) as Value) : undefined;
  });
  const set = useCallback(
    (value: Value) => {
      setDraft(value);
      sessionStorage.setItem(key, JSON.stringify(value));
    },
    [key],
  );
  const drop = useCallback(() => {
    setDraft(undefined);
    sessionStorage.removeItem(key);
  }, [key]);
  const dirty = draft !== undefined && JSON.stringify(draft) !== JSON.stringify(saved);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  return { value: draft ?? saved, set, drop, dirty };
}
