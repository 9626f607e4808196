// Undo and redo over the nodes. What was done is kept with the draft: a reload loses no step of this tab.
import { useCallback, useReducer } from 'react';
import type { Nodes } from './kinds';

interface State {
  past: Nodes[];
  now: Nodes;
  future: Nodes[];
  /** Typing in one field is one step. */
  stroke?: string;
}

export type Act = { type: 'do'; nodes: Nodes; stroke?: string } | { type: 'undo' } | { type: 'redo' } | { type: 'reset'; nodes: Nodes };

const most = 200;

export function step(state: State, act: Act): State {
  switch (act.type) {
    case 'do':
      if (act.nodes === state.now) return state;
      if (act.stroke !== undefined && act.stroke === state.stroke) return { ...state, now: act.nodes, future: [] };
      return { past: [...state.past.slice(-most), state.now], now: act.nodes, future: [], stroke: act.stroke };
    case 'undo': {
      const before = state.past.at(-1);
      return before ? { past: state.past.slice(0, -1), now: before, future: [state.now, ...state.future] } : state;
    }
    case 'redo': {
      const [after, ...future] = state.future;
      return after ? { past: [...state.past, state.now], now: after, future } : state;
    }
    case 'reset':
      return { past: [], now: act.nodes, future: [] };
  }
}

export function useHistory(first: Nodes) {
  const [state, dispatch] = useReducer(step, { past: [], now: first, future: [] });
  const set = useCallback((nodes: Nodes, stroke?: string) => dispatch({ type: 'do', nodes, stroke }), []);
  return {
    nodes: state.now,
    set,
    undo: useCallback(() => dispatch({ type: 'undo' }), []),
    redo: useCallback(() => dispatch({ type: 'redo' }), []),
    reset: useCallback((nodes: Nodes) => dispatch({ type: 'reset', nodes }), []),
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
  };
}
