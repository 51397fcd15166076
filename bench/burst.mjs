// How long a burst of 10,000 calls holds up the event loop, from the first answer to the last event that is handed over,
// in a process of its own for each client: the longest turn of the loop, how long events were handed over in one turn,
// and the longest pause of the garbage collector, which is in the first and can be in the second.
//   npm run build && node bench/burst.mjs
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { PerformanceObserver } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { createTracingClient, definePatch, enableLlmTracing, reading } from '../dist/index.mjs';

const calls = 10_000;
const self = fileURLToPath(import.meta.url);
const kinds = ['no tracing', 'a client that does nothing', 'analytics-node', 'createTracingClient'];

/** Where Node can tell (23.9 and newer), of this thread alone: on a busy machine others take turns, too. */
const clock = process.threadCpuUsage
  ? () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1_000;
    }
  : () => performance.now();

const messages = [{ role: 'user', content: 'The quick brown fox jumps over the lazy dog. '.repeat(22) }];

/** An SDK that answers from memory. */
class Acme {
  complete({ model }) {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello'.repeat(50) }, finish_reason: 'stop' }];
    return Promise.resolve({ id: 'a-1', model, choices, usage: { prompt_tokens: 230, completion_tokens: 50 } });
  }
}
const acme = definePatch({
  name: 'acme',
  module: 'acme',
  versions: '1',
  entryFiles: ['index'],
  servedBy: () => 'acme',
  methods: () => [
    {
      owner: Acme.prototype,
      method: 'complete',
      readerFor: () => ({ ...reading.chatCompletions, method: 'complete' }),
    },
  ],
});

if (!isMainThread) serve();
else if (process.argv[2] === undefined)
  for (const kind of kinds) execFileSync(process.execPath, [self, kind], { stdio: 'inherit' });
else await measure(process.argv[2]);

async function measure(kind) {
  // Elsewhere: a server in the same loop would be measured, too.
  const server = new Worker(self);
  const serverUrl = await new Promise((resolve) => server.once('message', resolve));
  const client = await clientOf(kind, serverUrl);
  let handedOver = 0;
  const watch = watchTurns();
  if (client) {
    const counting = {
      track(event) {
        handedOver += 1;
        watch.begin();
        const result = client.track(event);
        watch.end();
        return result;
      },
      flush: (timeout) => client.flush?.(timeout),
    };
    enableLlmTracing(counting, { noWarning: true, providers: [], modules: { acme: Acme }, patches: [acme] });
  }
  const acmes = new Acme();
  await burst(acmes, 500);
  await turns(() => handedOver >= 500 || !client);
  handedOver = 0;
  watch.reset();
  await burst(acmes, calls);
  await turns(() => handedOver >= calls || !client);
  const { turn, handing, pause, milliseconds } = watch.read();
  const numbers = [turn, handing, pause].map((number) => number.toFixed(1).padStart(6));
  const line = `${kind.padEnd(28)} ${calls} calls in ${String(Math.round(milliseconds)).padStart(4)} ms`;
  console.log(
    `${line}; longest turn ${numbers[0]} ms, of it handing over ${numbers[1]} ms; longest pause ${numbers[2]} ms`,
  );
  process.exit();
}

/** Answers to a hundred calls at a time, as they come from a socket. */
async function burst(acmes, count) {
  for (let call = 0; call < count; call += 100) {
    for (let one = 0; one < 100; one++) void acmes.complete({ model: 'acme-1', messages });
    await new Promise(setImmediate);
  }
}

async function turns(isDone) {
  while (!isDone()) await new Promise(setImmediate);
}

function watchTurns() {
  let start, last, longest, begun;
  const reset = () => {
    start = last = clock();
    longest = { turn: 0, handing: 0, pause: 0 };
  };
  reset();
  const turn = () => {
    const now = clock();
    longest.turn = Math.max(longest.turn, now - last);
    last = now;
    begun = undefined;
    setImmediate(turn);
  };
  setImmediate(turn);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest.pause = Math.max(longest.pause, duration);
  }).observe({ entryTypes: ['gc'] });
  return {
    reset,
    begin: () => void (begun ??= clock()),
    end: () => void (longest.handing = Math.max(longest.handing, clock() - begun)),
    read: () => ({ ...longest, milliseconds: clock() - start }),
  };
}

async function clientOf(kind, serverUrl) {
  if (kind === 'no tracing') return undefined;
  if (kind === 'a client that does nothing') return { track: () => undefined };
  if (kind === 'createTracingClient') return createTracingClient('a-key', { serverUrl });
  const { createInstance } = await import('@amplitude/analytics-node');
  const client = createInstance();
  await client.init('a-key', { serverUrl, logLevel: 0, flushIntervalMillis: 1_000 }).promise;
  return client;
}

function serve() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"code":200}'));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(`http://127.0.0.1:${server.address().port}/2/httpapi`));
}
