import { join } from 'node:path';
import { runProgram, type Finished, type ProgramOptions } from '../loading/run-program';
import type { AmplitudeServer, ProviderServer } from '../loading/stand-ins';
import { makeWorkspace, type Workspace } from '../loading/workspace';

/** Two calls in each format, with nothing of ours in them. */
const programs: Readonly<Record<string, string>> = {
  'app.cjs': `
const OpenAI = require('openai');
const Anthropic = require('@anthropic-ai/sdk');
const { openai, anthropic, chat, message } = require('./calls.cjs')(OpenAI, Anthropic);
(async () => {
  await chat(openai);
  await message(anthropic);
  console.log('done');
})();`,
  'app.mjs': `
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import calls from './calls.cjs';
const { openai, anthropic, chat, message } = calls(OpenAI, Anthropic);
await chat(openai);
await message(anthropic);
console.log('done');`,
  'calls.cjs': `
module.exports = (OpenAI, Anthropic) => ({
  openai: OpenAI && new OpenAI({ apiKey: 'sk-none', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 }),
  anthropic: Anthropic && new Anthropic({ apiKey: 'sk-none', baseURL: process.env.PROVIDER, maxRetries: 0 }),
  chat: (client, prompt = 'Hi', more = {}) =>
    client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...more }),
  message: (client, prompt = 'Hi') =>
    client.messages.create({ model: 'claude', max_tokens: 9, messages: [{ role: 'user', content: prompt }] }),
});`,
};

/** A project with both SDKs and, under its own name, the given install of analytics-node. */
export function makeZeroCodeWorkspace(analyticsNode: string | null = '@amplitude/analytics-node'): Workspace {
  const workspace = makeWorkspace(['openai', '@anthropic-ai/sdk']);
  if (analyticsNode !== null) workspace.copyPackage(analyticsNode, 'node_modules/@amplitude/analytics-node');
  for (const [file, source] of Object.entries(programs)) workspace.write(file, source);
  return workspace;
}

export const preload = ['-r', '@amp/llm-trace/register'];
export const preimport = ['--import', '@amp/llm-trace/register'];

/** Runs a program of the workspace in zero-code mode. */
export function runTraced(
  { directory }: Workspace,
  file: string,
  { flags = preload, ...options }: Partial<ProgramOptions> = {},
): Promise<Finished> {
  return runProgram([join(directory, file)], { cwd: directory, flags, ...options });
}

/** The lines of standard error that are ours. */
export function ours({ stderr }: Finished): string[] {
  return stderr.split('\n').filter((line) => line.includes('[llm-trace]'));
}

/** The variables that a process needs to call the one stand-in and to send its events to the other. */
export function variablesOf(provider: ProviderServer, amplitude: AmplitudeServer): Record<string, string> {
  return {
    PROVIDER: provider.url,
    AMPLITUDE_API_KEY: 'a-key',
    AMPLITUDE_SERVER_URL: amplitude.url,
    LLM_TRACE_SPOOL: 'false',
  };
}

/** The methods of the accepted events, in order of name: events of one batch have no order. */
export function methodsOf({ events }: AmplitudeServer): string[] {
  return events.map(({ event_properties: { method } }) => String(method)).sort();
}
