// npm run demo             real SDKs against stand-ins on 127.0.0.1: no keys, no network
// npm run demo -- --live   the same against the real services, with the keys that are in the environment
// npm run demo -- --json   each event in full

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { forwardEvents } from './forward-events.mjs';
import { bold, dim, green, printEvent, printHead, red } from './print-event.mjs';

const require = createRequire(import.meta.url);
const isLive = process.argv.includes('--live');
const onEvent = process.argv.includes('--json') ? (event) => console.log(JSON.stringify(event, null, 2)) : printEvent;
const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));
const overruled = ['LLM_TRACE_OUTPUT', 'LLM_TRACE_ENABLED', 'LLM_TRACE_SAMPLE_RATE', 'LLM_TRACE_PROVIDERS'];

try {
  process.exitCode = await (isLive ? runLive() : runWithStandIns());
} catch (error) {
  console.error(red(error.message));
  // The servers are still open.
  process.exit(1);
}

async function runWithStandIns() {
  const { startProviderServer } = require('./stand-ins/provider-server.js');
  const { startAmplitudeServer } = require('./stand-ins/amplitude-server.js');
  const [providers, ingestion] = await Promise.all([startProviderServer(), startAmplitudeServer({ onEvent })]);
  console.log(bold('Stand-ins for OpenAI, Anthropic and Amplitude on 127.0.0.1. No keys, no network.'));
  const environment = {
    OPENAI_API_KEY: 'none',
    ANTHROPIC_API_KEY: 'none',
    AMPLITUDE_API_KEY: 'none',
    LLM_TRACE_SPOOL: 'false',
    OPENAI_BASE_URL: `${providers.url}/v1`,
    ANTHROPIC_BASE_URL: providers.url,
    DEMO_OPENAI_FAULTS: `${providers.url}/404-9/v1`,
    DEMO_ANTHROPIC_FAULTS: `${providers.url}/404-9`,
  };
  // The user's own settings are for live mode.
  const isOwn = ([name]) => /^(LLM_TRACE|AMPLITUDE|OPENAI|ANTHROPIC)_/.test(name);
  const inherited = Object.fromEntries(Object.entries(process.env).filter((variable) => !isOwn(variable)));
  const calls = await runApps(ingestion, { ...inherited, ...environment });
  const isGood = await summarize(calls, ingestion);
  await Promise.all([providers.close(), ingestion.close()]);
  return isGood ? 0 : 1;
}

async function runLive() {
  const missing = ['AMPLITUDE_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY'].filter((name) => !process.env[name]);
  if (missing.includes('AMPLITUDE_API_KEY') || missing.length > 1) {
    console.error('--live needs AMPLITUDE_API_KEY, and OPENAI_API_KEY or ANTHROPIC_API_KEY or both.');
    console.error(`Not set: ${missing.join(', ')}`);
    return 1;
  }
  const ingestion = await forwardEvents({ onEvent });
  console.log(bold('The real services. These calls cost a fraction of a cent.'));
  for (const name of missing) console.log(`${name} is not set: the calls to that provider are left out.`);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !overruled.includes(name)));
  const calls = await runApps(ingestion, inherited);
  const isGood = await summarize(calls, ingestion);
  await ingestion.close();
  return isGood ? 0 : 1;
}

/** Runs both applications, as any user would. Returns how many calls they made. */
async function runApps({ url }, environment) {
  const env = { ...environment, AMPLITUDE_SERVER_URL: url, LLM_TRACE_NO_WARNING: '1' };
  let calls = 0;
  if (onEvent === printEvent) printHead();
  for (const [flag, app] of [
    ['-r', 'app.cjs'],
    ['--import', 'app.mjs'],
  ]) {
    console.log(`\n${green('$')} ${bold(`node ${flag} @amp/llm-trace/register ${app}`)}\n`);
    const { output, code } = await run([flag, pathOf('../register.js'), pathOf(app)], env);
    const made = /made (\d+) calls/.exec(output)?.[1];
    if (made === undefined || code !== 0) throw new Error(`${app} ended with code ${code}:\n${output}`);
    calls += Number(made);
  }
  return calls;
}

async function run(args, env) {
  // What the application says on standard error is shown: it would be about tracing.
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { output, code };
}

/** Whether each call became one event. */
async function summarize(calls, { events, refused }) {
  const tokens = events.reduce((sum, { event_properties: { total_tokens: total = 0 } }) => sum + total, 0);
  const { output } = await run([pathOf('time-added.cjs')], process.env);
  const { bare, added } = JSON.parse(output);
  const isGood = events.length === calls && refused.length === 0;
  const mark = isGood ? green('one event for each call') : red('calls and events differ');
  console.log(`\n${bold('Summary')}\n`);
  console.log(`  calls       ${calls}`);
  console.log(`  events      ${events.length}  ${mark}`);
  console.log(`  tokens      ${tokens}`);
  console.log(
    `  time added  about ${Math.round(added)} µs of CPU a call, beside ${Math.round(bare)} µs of the SDK itself`,
  );
  console.log(dim('              (an estimate: a 1 KB chat call, answered from memory, with and without'));
  console.log(dim('              tracing in turns; the median of 24 rounds; `npm run bench` has more)'));
  for (const { problem } of refused) console.log(red(`  refused     ${problem}`));
  return isGood;
}
