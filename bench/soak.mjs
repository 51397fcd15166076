// npm run soak [MINUTES] [RATE]: zero-code mode for ten minutes, at 500 calls a second over 64 concurrent streams. The
// real OpenAI SDK over HTTP; the provider and the ingestion server are stand-ins in processes of their own. Prints what
// memory does, and ends with 1 where it grows, where an event is missing or comes twice, or where a rejection is left.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const [role = '10', ...rest] = process.argv.slice(2);
const concurrent = 64;

if (role === 'provider') await provide();
else if (role === 'calls') await call(...rest);
else await soak(Number(role), Number(rest[0] ?? 500));

async function provide() {
  const { startProviderServer } = require('../demo/stand-ins/provider-server.js');
  const { url } = await startProviderServer();
  process.send({ url });
  process.on('disconnect', () => process.exit());
}

/** The application: nothing of ours in it. */
async function call(url, minutes, rate) {
  const { OpenAI } = require('openai');
  const client = new OpenAI({ apiKey: 'sk-none', baseURL: `${url}/v1`, maxRetries: 2 });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const end = performance.now() + Number(minutes) * 60_000;
  const start = performance.now();
  let made = 0;
  let failed = 0;
  let rejections = 0;
  process.on('unhandledRejection', () => (rejections += 1));
  const timer = setInterval(tell, 5_000);
  delay.enable();
  await Promise.all(Array.from({ length: concurrent }, stream));
  clearInterval(timer);
  tell();
  process.disconnect();

  async function stream() {
    while (performance.now() < end) {
      const ahead = start + (made * 1_000) / Number(rate) - performance.now();
      made += 1;
      if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead));
      try {
        const chunks = await client.chat.completions.create({
          model: 'gpt-5',
          messages: [{ role: 'user', content: 'Hi' }],
          stream: true,
          stream_options: { include_usage: true },
        });
        for await (const chunk of chunks) void chunk;
      } catch {
        failed += 1;
      }
    }
  }

  function tell() {
    for (let round = 0; round < 2; round++) globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const at = performance.now() - start;
    process.send({
      at,
      made,
      failed,
      rejections,
      heapUsed,
      rss,
      cpu: (user + system) / 1_000,
      delay: delay.percentile(99) / 1e6,
    });
    delay.reset();
  }
}

async function soak(minutes, rate) {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const provider = fork(here('soak.mjs'), ['provider'], { execArgv: [] });
  const { url } = await message(provider);
  const ingestion = fork(here('../test/faults/ingestion-server.mjs'), [], { execArgv: [] });
  const { url: serverUrl } = await message(ingestion);
  const application = fork(here('soak.mjs'), ['calls', url, String(minutes), String(rate)], {
    execArgv: ['--expose-gc', '-r', here('../register.js')],
    env: {
      ...process.env,
      AMPLITUDE_API_KEY: 'a-key',
      AMPLITUDE_SERVER_URL: serverUrl,
      LLM_TRACE_SPOOL_DIR: join(folder, 'spool'),
      LLM_TRACE_NO_WARNING: '1',
    },
  });
  const samples = [];
  row('seconds', 'calls', 'calls/s', 'heap MB', 'RSS MB', 'CPU %', 'delay ms');
  application.on('message', (sample) => {
    const before = samples.at(-1) ?? { at: 0, made: 0, cpu: 0 };
    samples.push(sample);
    const seconds = (sample.at - before.at) / 1_000;
    const isShown = samples.length % Math.max(1, Math.round(minutes)) === 0;
    if (!isShown || seconds < 1) return;
    row(
      ...[sample.at / 1_000, sample.made, (sample.made - before.made) / seconds].map(Math.round),
      ...[sample.heapUsed / 1e6, sample.rss / 1e6].map((size) => size.toFixed(1)),
      ...[(sample.cpu - before.cpu) / seconds / 10, sample.delay].map((value) => value.toFixed(1)),
    );
  });
  const code = await new Promise((resolve) => application.on('exit', resolve));
  const file = join(folder, 'ids');
  ingestion.send({ ids: file });
  const { twice, uploads, broken } = await message(ingestion);
  const taken = readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
  for (const child of [provider, ingestion]) child.disconnect();
  rmSync(folder, { recursive: true, force: true });

  const { at, made, failed, rejections } = samples.at(-1);
  // What starts, is compiled and fills caches is over after a third of the time.
  const steady = samples.slice(Math.floor(samples.length / 3), -1);
  const heap = slope(steady, 'heapUsed');
  const rss = slope(steady, 'rss');
  const grown = (bytesACall) => (bytesACall * (steady.at(-1).made - steady[0].made)) / 1e6;
  console.log(
    `\n${made} calls in ${Math.round(at / 1_000)} s (${Math.round((made * 1_000) / at)} a second), ${failed} failed`,
  );
  console.log(`${taken} events in ${uploads} uploads, ${twice} came twice over the wire; ${rejections} rejections`);
  console.log(`heap after gc: ${heap.toFixed(1)} bytes a call (${grown(heap).toFixed(2)} MB in the last two thirds)`);
  console.log(`RSS: ${rss.toFixed(1)} bytes a call (${grown(rss).toFixed(2)} MB)`);
  const problems = [
    code !== 0 && `the application ended with ${code}`,
    taken !== made && `${made} calls are ${taken} events`,
    failed > 0 && `${failed} calls failed`,
    rejections > 0 && `${rejections} rejections are left`,
    // A sample varies by some hundred kilobytes.
    grown(heap) > 1 && heap > 8 && 'the heap grows',
    grown(rss) > 30 && 'RSS grows',
    ...broken,
  ].filter(Boolean);
  console.log(problems.length > 0 ? `FAILED: ${problems.join('; ')}` : 'ok');
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** Bytes a call, by least squares. */
function slope(samples, name) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ made }) => made));
  const y = mean(samples.map((sample) => sample[name]));
  const above = samples.reduce((sum, sample) => sum + (sample.made - x) * (sample[name] - y), 0);
  return above / samples.reduce((sum, { made }) => sum + (made - x) ** 2, 0);
}

function message(child) {
  return new Promise((resolve, reject) => child.once('message', resolve).once('exit', reject));
}

function row(...cells) {
  console.log(cells.map((cell) => String(cell).padStart(10)).join(''));
}
