#!/usr/bin/env node
import { App } from 'aws-cdk-lib';
import { ClaimsStack } from '../lib/claims-stack';
import { PublishedClaimsStack } from '../lib/published-claims-stack';
import { plain, published } from '../stack-configuration';

const app = new App();
new ClaimsStack(app, 'Claims', plain);
new PublishedClaimsStack(app, 'ClaimsAsPublished', published);
