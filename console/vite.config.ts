import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

// The console lives at one path of the server's own origin, so that the browser may call the AWS APIs beside it.
export const base = '/_mastic/console/';

// The Host stays the browser's: the server refuses what another origin's page sends.
const proxy = { '^/(?!_mastic/console/(?!session))': { target: process.env.MASTIC_ENDPOINT ?? 'http://127.0.0.1:4566', changeOrigin: false } };

/**
 * `import { Button } from '@cloudscape-design/components'` becomes an import of that component's own module. The package's
 * index would bring the styles of all eighty components into the first load.
 */
function cloudscapeByComponent(): Plugin {
  const whole = /import \{([^}]*)\} from '@cloudscape-design\/components';/g;
  const folder = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return {
    name: 'cloudscape-by-component',
    enforce: 'pre',
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || !code.includes("from '@cloudscape-design/components';")) return null;
      return code.replace(whole, (_, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '))
          .map((name) => {
            const [imported = name, local = imported] = name.split(' as ');
            return `import ${local} from '@cloudscape-design/components/${folder(imported)}';`;
          })
          .join(' '),
      );
    },
  };
}

/** Cloudscape's global styles carry their fonts inside: as files of their own the browser takes only those that it needs. */
function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    enforce: 'pre',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('global-styles/index.css')) return null;
      let count = 0;
      return code.replace(/data:font\/woff2;base64,([A-Za-z0-9+/=]+)/g, (_, text: string) => {
        const handle = this.emitFile({ type: 'asset', name: `font-${(count += 1)}.woff2`, source: Buffer.from(text, 'base64') });
        return `${base}${this.getFileName(handle)}`;
      });
    },
  };
}

export default defineConfig({
  base,
  plugins: [cloudscapeByComponent(), fontsAsFiles(), react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    outDir: process.env.MASTIC_CONSOLE_OUT ?? 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // The content security policy allows no data: scripts, and fonts are better fetched when needed.
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  // `npm run dev` and `npm run preview` beside a running server: MASTIC_ENDPOINT says where it is.
  server: { proxy },
  preview: { proxy },
});
