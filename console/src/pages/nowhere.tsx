import { Box } from '@cloudscape-design/components';
import { useLocation } from 'react-router-dom';
import { LinkButton } from '~/shell/links';
import { Page } from '~/shell/page';

export default function Nowhere() {
  const location = useLocation();
  return (
    <Page title="There is no such page">
      <Box>
        Nothing is at <code>{location.pathname}</code>.
      </Box>
      <LinkButton to="/">Go home</LinkButton>
    </Page>
  );
}
