import { register } from 'node:module';
import { play } from './play.cjs';

// What the manual of OpenTelemetry asks of applications in ES modules, before any of them is imported.
if (process.env.SCENARIO.includes('opentelemetry')) {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
}
const sdks = {
  openai: () => import('openai'),
  '@anthropic-ai/sdk': () => import('@anthropic-ai/sdk'),
};
await play((name) => sdks[name]());
