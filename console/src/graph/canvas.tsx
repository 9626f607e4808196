// React Flow in the console's clothes: theme, keyboard, an overview, fit to the frame.
import '@xyflow/react/dist/style.css';
import type { ReactNode } from 'react';
import { Background, Controls, ReactFlow, type ReactFlowProps, type Node, type Edge } from '@xyflow/react';
import { useDark } from '~/shell/theme';

export function Canvas<N extends Node, E extends Edge>({ height = 420, label, children, ...rest }: ReactFlowProps<N, E> & { height?: number | string; label: string; children?: ReactNode }) {
  const dark = useDark();
  return (
    <div className="canvas" style={{ height }} role="region" aria-label={label}>
      <ReactFlow<N, E> fitView fitViewOptions={{ maxZoom: 1, padding: 0.15 }} minZoom={0.1} colorMode={dark ? 'dark' : 'light'} onlyRenderVisibleElements proOptions={{ hideAttribution: true }} {...rest}>
        <Background />
        <Controls showInteractive={false} />
        {children}
      </ReactFlow>
    </div>
  );
}
