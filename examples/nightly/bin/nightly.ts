#!/usr/bin/env node
import { App } from 'aws-cdk-lib';
import { NightlyStack } from '../lib/nightly-stack';

new NightlyStack(new App(), 'Nightly');
