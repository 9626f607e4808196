import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from './app';
import { AwsError } from './aws/client';
import { startTheme } from './shell/theme';

startTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal will not change by asking again; a server that is gone may come back.
      retry: (failures, error) => !(error instanceof AwsError) && failures < 2,
      staleTime: 500,
      refetchOnWindowFocus: true,
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App client={client} />
    </QueryClientProvider>
  </StrictMode>,
);
