// Measures a scenario with all variants side by side: each is a process that is warm, and they take turns in random
// order, so that a machine that slows down slows all of them. Switching tracing on and off within one process would
// measure the compiler instead, which begins again whenever a method is replaced.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const execArgv = ['--expose-gc'];
const nextMessage = (child) =>
  new Promise((resolve, reject) => {
    const failed = (code) => reject(new Error(`a process of the bench has ended (${code})`));
    child.once('exit', failed);
    child.once('message', (message) => {
      child.off('exit', failed);
      resolve(message);
    });
  });

/** A server in another process that gives one answer; resolves to its origin. */
export async function startServer(answer) {
  const server = fork(fileOf('provider.mjs'), [answer]);
  const origin = `http://127.0.0.1:${await nextMessage(server)}`;
  server.unref();
  server.channel.unref();
  return origin;
}

/**
 * Microseconds of CPU of an operation: for each variant a list, one number for each process that it ran in, the median of
 * its rounds. Two processes of the same program differ by as much as 5 %: one alone says little.
 */
export async function measureSideBySide({ scenario, variants, processes, rounds, provider, sink }) {
  const times = Object.fromEntries(variants.map((variant) => [variant, []]));
  for (let process = 0; process < processes; process++) {
    // Where events would lie that the sink does not take.
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const env = { ...process.env, LLM_TRACE_NO_WARNING: '1', TMPDIR: folder };
    const children = await startAll(variants, [scenario, `${provider}/v1`, `${sink}/2/httpapi`], env);
    const measured = await takeTurns(children, rounds);
    for (const variant of variants) times[variant].push(median(measured[variant]));
    await Promise.all(Object.values(children).map(end));
    rmSync(folder, { recursive: true });
  }
  return times;
}

async function startAll(variants, args, env) {
  const children = {};
  for (const variant of shuffled(variants)) {
    children[variant] = fork(fileOf('measure.mjs'), [variant, ...args], { execArgv, env });
    // One after the other: each warms up alone.
    await nextMessage(children[variant]);
  }
  return children;
}

async function end(child) {
  child.disconnect();
  await once(child, 'exit');
}

async function takeTurns(children, rounds) {
  const variants = Object.keys(children);
  const times = Object.fromEntries(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const variant of shuffled(variants)) {
      children[variant].send('measure');
      times[variant].push(await nextMessage(children[variant]));
    }
  }
  return times;
}

function shuffled(names) {
  return names
    .map((name) => [Math.random(), name])
    .sort(([a], [b]) => a - b)
    .map(([, name]) => name);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
