// The visual editor of a job: a canvas, the chosen node beside it, and below it the script that the server makes of both.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, ButtonDropdown, Container, ExpandableSection, Header, SpaceBetween, type ButtonDropdownProps } from '@cloudscape-design/components';
import { glue, job as readJob, jobUpdate, type Job } from '~/aws/glue';
import { mastic } from '~/aws/mastic';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { Editor } from '~/editor/editor';
import { useNotes } from '~/shell/notes';
import { Canvas } from './canvas';
import { add, entries, paste, remove } from './graph';
import { useHistory } from './history';
import { Inspector } from './inspector';
import { kindOf, kinds, type Nodes, type Role } from './kinds';
import { useScript } from './shown';
import './visual.css';

const roles: [Role, string][] = [
  ['source', 'Source'],
  ['transform', 'Transform'],
  ['target', 'Target'],
];

/** Which kinds this server runs. */
function useRunning(): Set<string> | undefined {
  const found = useQuery({ queryKey: ['visual-kinds'], queryFn: () => mastic<{ kinds: { name: string; supported: boolean }[] }>('glue/nodes'), staleTime: Infinity });
  return useMemo(() => (found.data ? new Set(found.data.kinds.filter((kind) => kind.supported).map((kind) => kind.name)) : undefined), [found.data]);
}

/** Keys of the canvas that React Flow does not know: copy, paste, undo, redo, save. */
function useKeys(act: Record<string, () => void>) {
  const frame = useRef<HTMLDivElement>(null);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !frame.current) return;
      const element = event.target as HTMLElement;
      const typing = element.closest('input, textarea, [contenteditable], .monaco-editor') !== null;
      const key = (event.shiftKey ? 'shift+' : '') + event.key.toLowerCase();
      if (typing && key !== 's') return;
      const found = latest.current[key];
      if (!found) return;
      event.preventDefault();
      found();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return frame;
}

let clipboard: Nodes = {};

export default function VisualEditor({ job }: { job: Job }) {
  const saved = (job.CodeGenConfigurationNodes ?? {}) as Nodes;
  const draft = useDraft<Nodes>(`nodes ${job.Name}`, saved);
  const history = useHistory(draft.value ?? {});
  const { nodes } = history;
  const [selection, setSelection] = useState<string[]>([]);
  const [layoutCount, setLayoutCount] = useState(0);
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState<Job>();
  const [busy, setBusy] = useState(false);
  const seen = useRef(job.LastModifiedOn);
  const notes = useNotes();
  const client = useQueryClient();
  const running = useRunning();
  const script = useScript(nodes);
  const problems = script.data?.problems ?? [];
  const selected = selection.length === 1 ? selection[0] : undefined;

  const keep = draft.set;
  useEffect(() => keep(nodes), [nodes, keep]);
  const set = history.set;
  const addKind = (name: string) => {
    const made = add(nodes, kindOf(name), selected);
    set(made.nodes);
    setSelection([made.id]);
  };
  const copy = () => (clipboard = Object.fromEntries(selection.flatMap((id) => (nodes[id] ? [[id, nodes[id]]] : []))));
  const insert = () => {
    const made = paste(nodes, clipboard);
    set(made.nodes);
    setSelection(made.ids);
  };
  const save = async (over = false) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const now = await readJob(job.Name);
      if (!over && now.LastModifiedOn !== seen.current) {
        setClash(now);
        return;
      }
      await glue('UpdateJob', { JobName: job.Name, JobUpdate: { ...jobUpdate(now), JobMode: 'VISUAL', CodeGenConfigurationNodes: nodes } });
      seen.current = (await readJob(job.Name)).LastModifiedOn;
      setClash(undefined);
      draft.drop();
      void client.invalidateQueries({ queryKey: ['jobs'] });
      void client.invalidateQueries({ queryKey: ['script'] });
      notes.say('Saved the job and wrote its script. The next run uses both.');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const frame = useKeys({ z: history.undo, 'shift+z': history.redo, y: history.redo, c: copy, v: insert, s: () => void save() });
  const menu = (role: Role): ButtonDropdownProps.Items => kinds.filter((kind) => kind.role === role).map((kind) => ({ id: kind.name, text: kind.label, secondaryText: kind.about, disabled: running !== undefined && !running.has(kind.name) }));
  const wrong = problems.filter((each) => !each.unsupported);

  return (
    <div ref={frame}>
      <SpaceBetween size="m">
        <Problem error={problem} what="Saving the job" onRetry={() => void save()} />
        {clash ? (
          <Alert
            type="warning"
            header="Somebody else saved this job meanwhile"
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  onClick={() => {
                    history.reset((clash.CodeGenConfigurationNodes ?? {}) as Nodes);
                    seen.current = clash.LastModifiedOn;
                    draft.drop();
                    setClash(undefined);
                    setLayoutCount((count) => count + 1);
                  }}
                >
                  Take theirs, drop mine
                </Button>
                <Button onClick={() => void save(true)}>Save mine over it</Button>
              </SpaceBetween>
            }
          >
            Your nodes are kept here until you choose.
          </Alert>
        ) : null}
        <div className="visual-tools">
          <SpaceBetween direction="horizontal" size="xs">
            {roles.map(([role, label]) => (
              <ButtonDropdown key={role} items={menu(role)} expandToViewport onItemClick={({ detail }) => addKind(detail.id)}>
                {label}
              </ButtonDropdown>
            ))}
            <Button iconName="undo" variant="icon" ariaLabel="Undo" disabled={!history.canUndo} onClick={history.undo} />
            <Button iconName="redo" variant="icon" ariaLabel="Redo" disabled={!history.canRedo} onClick={history.redo} />
            <Button iconName="copy" variant="icon" ariaLabel="Copy and paste the chosen nodes" disabled={selection.length === 0} onClick={() => (copy(), insert())} />
            <Button
              iconName="remove"
              variant="icon"
              ariaLabel="Remove the chosen nodes"
              disabled={selection.length === 0}
              onClick={() => {
                set(remove(nodes, selection));
                setSelection([]);
              }}
            />
            <Button onClick={() => setLayoutCount((count) => count + 1)}>Lay out</Button>
          </SpaceBetween>
          <Button variant="primary" loading={busy} disabled={!draft.dirty || wrong.length > 0 || entries(nodes).length === 0} disabledReason={wrong.length > 0 ? 'Mend the nodes that are marked first.' : undefined} onClick={() => void save()}>
            Save
          </Button>
        </div>
        <div className="visual-body">
          <div className="visual-canvas">
            <Canvas nodes={nodes} onChange={set} problems={problems} selected={selected} onSelect={setSelection} onRefused={notes.say} layoutCount={layoutCount} />
            {entries(nodes).length === 0 ? (
              <div className="visual-empty">
                <Box color="text-body-secondary">Begin with a source; what you add next goes behind the chosen node. Drag from a node’s lower edge to another’s upper one to connect them.</Box>
              </div>
            ) : null}
          </div>
          <div className="visual-side">
            {selected ? (
              <Inspector key={selected} id={selected} nodes={nodes} job={job} problems={problems} runs={running === undefined || running.has(Object.keys(nodes[selected] ?? {})[0] ?? '')} onChange={set} />
            ) : (
              <Container header={<Header variant="h3">{selection.length > 1 ? `${selection.length} nodes chosen` : 'No node chosen'}</Header>}>
                <Box color="text-body-secondary">Choose one to see its settings, its output schema and its first rows.</Box>
                {wrong.length > 0 ? (
                  <ul>
                    {wrong.map((each, index) => (
                      <li key={index}>
                        <Button variant="inline-link" onClick={() => setSelection([each.node])}>
                          {each.node}
                        </Button>{' '}
                        {each.message}
                      </li>
                    ))}
                  </ul>
                ) : null}
              </Container>
            )}
          </div>
        </div>
        <ExpandableSection headerText="Generated script" defaultExpanded={false} variant="container">
          <Problem error={script.error} what="Generating the script" onRetry={() => void script.refetch()} />
          <Editor language="python" label={`Generated script of ${job.Name}`} value={script.data?.script ?? ''} height={420} />
        </ExpandableSection>
        <ExpandableSection headerText="Keys">
          <Box variant="small">Tab goes from node to node, arrows move the chosen one, Enter chooses, Delete removes. Ctrl+C and Ctrl+V copy, Ctrl+Z and Ctrl+Shift+Z undo and redo, Ctrl+S saves. “Inputs” in a node’s settings connects without a mouse.</Box>
        </ExpandableSection>
      </SpaceBetween>
    </div>
  );
}
