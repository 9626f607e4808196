// Light, dark, or as the system says; the choice stays in this browser.
import { useEffect, useState } from 'react';
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'light' | 'dark' | 'system';
const key = 'mastic.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function isDark(): boolean {
  const chosen = chosenTheme();
  return chosen === 'dark' || (chosen === 'system' && dark.matches);
}

export function applyTheme(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  document.documentElement.style.background = '';
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  listeners.forEach((listener) => listener());
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  applyTheme();
}

export function startTheme(): void {
  applyDensity(localStorage.getItem('mastic.density') === 'compact' ? Density.Compact : Density.Comfortable);
  dark.addEventListener('change', applyTheme);
  applyTheme();
}

export function useDark(): boolean {
  const [now, setNow] = useState(isDark);
  useEffect(() => {
    const listener = () => setNow(isDark());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return now;
}
