import * as namespace from '@amp/llm-trace';
import { enableLlmTracing } from '@amp/llm-trace';
import { createRequire } from 'node:module';

const required = createRequire(import.meta.url)('@amp/llm-trace');
const names = Object.keys(required).sort();
for (const name of [...names, ...Object.keys(namespace)]) {
  if (name !== 'default' && required[name] !== namespace[name]) throw new Error(`two of ${name}`);
}

// One state too: what one enables the other sees.
enableLlmTracing({ track: () => undefined }, { userId: 'consumer', noWarning: true });
if (!required.llmTracingStatus().enabled) throw new Error('two sessions');
required.disableLlmTracing();
if (namespace.llmTracingStatus().enabled) throw new Error('two sessions');
process.stdout.write(`${names.join(' ')}\n`);
