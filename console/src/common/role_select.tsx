// Whose rights something has that reads data for a person: asked only where the server checks rights. The choice stays in
// this browser.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { FormField, Select } from '@cloudscape-design/components';
import { roles } from '~/aws/iam';
import { readSession } from '~/shell/session';

const key = 'mastic.role';

export interface RoleChoice {
  /** The server decides by roles. Undefined while that is not known. */
  needed: boolean | undefined;
  role: string | undefined;
  options: string[];
  choose: (role: string) => void;
}

/** `likely`: the role that comes first to mind, a crawler's or a job's. A role that is gone is not chosen. */
export function useRole(likely?: string): RoleChoice {
  const session = useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 });
  const needed = session.data?.keysRequired;
  const found = useQuery({ queryKey: ['roles'], queryFn: roles, enabled: needed === true, staleTime: 10_000 });
  const [chosen, setChosen] = useState(() => localStorage.getItem(key) ?? undefined);
  const options = (found.data ?? []).map((each) => each.name);
  const known = (role: string | undefined) => (role && options.includes(role.split('/').at(-1)!) ? role.split('/').at(-1) : undefined);
  return {
    needed: needed === true && !found.data && !found.error ? undefined : needed,
    role: known(chosen) ?? known(likely) ?? (options.length === 1 ? options[0] : undefined),
    options,
    choose: (role) => {
      localStorage.setItem(key, role);
      setChosen(role);
    },
  };
}

export function RoleSelect({ choice, why }: { choice: RoleChoice; why: string }) {
  if (!choice.needed) return null;
  return (
    <FormField label="Role" description={why}>
      <Select
        selectedOption={choice.role ? { value: choice.role, label: choice.role } : null}
        options={choice.options.map((value) => ({ value, label: value }))}
        placeholder="Choose a role"
        empty="There is no role. A stack or IAM’s CreateRole makes one that Glue may take."
        onChange={({ detail }) => choice.choose(detail.selectedOption.value!)}
      />
    </FormField>
  );
}
