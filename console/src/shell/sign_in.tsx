import { useState } from 'react';
import { Alert, Box, Button, Container, Form, FormField, Header, Input, SpaceBetween } from '@cloudscape-design/components';
import { signIn, type Session } from './session';

export default function SignIn({ onDone }: { onDone: (session: Session) => void }) {
  const [accessKey, setAccessKey] = useState('');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setProblem('');
    try {
      onDone(await signIn(accessKey.trim(), secret.trim()));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Form actions={<Button variant="primary" loading={busy} formAction="submit">Sign in</Button>}>
          <Container header={<Header variant="h1" description="This server checks signatures. The console asks for the access key that your SDK uses.">Sign in to Mastic</Header>}>
            <SpaceBetween size="l">
              {problem ? <Alert type="error" header="Not signed in">{problem} The operator’s keys are in the file given to <code>mastic serve --keys</code>; keys of users come from IAM.</Alert> : null}
              <FormField label="Access key ID">
                <Input value={accessKey} autoFocus autoComplete="username" onChange={({ detail }) => setAccessKey(detail.value)} />
              </FormField>
              <FormField label="Secret access key">
                <Input value={secret} type="password" autoComplete="current-password" onChange={({ detail }) => setSecret(detail.value)} />
              </FormField>
              <Box variant="small">The secret is checked once and not kept: a session cookie takes its place.</Box>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </main>
  );
}
