// node bench/sustain.mjs [SECONDS] [RATE]: whether our own client keeps up with so many events a second, and at what
// cost. The sink is another process; everything else (JSON, gzip, HTTP) is counted.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createTracingClient } from '../dist/index.mjs';

const seconds = Number(process.argv[2] ?? 30);
const rate = Number(process.argv[3] ?? 5_000);
const text = 'The quick brown fox jumps over the lazy dog. ';

const sink = fork(fileURLToPath(new URL('provider.mjs', import.meta.url)), ['{"code":200}']);
const port = await new Promise((resolve) => sink.once('message', resolve));
const client = createTracingClient('bench', { serverUrl: `http://127.0.0.1:${port}/2/httpapi` });

function event() {
  return {
    event_type: 'llm_operation',
    time: Date.now(),
    insert_id: randomUUID(),
    device_id: 'bench-device',
    event_properties: {
      ...{ provider: 'openai', sdk: 'openai', provider_sdk_version: '6.49.0', operation: 'chat_completion' },
      ...{ method: 'chat.completions.create', model: 'gpt-4o', response_model: 'gpt-4o-2024-08-06', streaming: false },
      ...{
        outcome: 'ok',
        http_status: 200,
        request_id: `req_${Math.random()}`,
        response_id: `chatcmpl-${Math.random()}`,
      },
      ...{ messages: [{ role: 'user', content: text.repeat(4) }], message_count: 1, input_length: 990 },
      ...{ output: text.repeat(6), output_length: 270, finish_reason: 'stop', latency_ms: 812.3 },
      ...{ input_tokens: 250, output_tokens: 60, total_tokens: 310, cached_input_tokens: 128 },
      ...{ trace_id: randomUUID().replaceAll('-', ''), span_id: 'b7ad6b7169203331', llm_trace_version: '0.1.0' },
    },
  };
}

const delay = monitorEventLoopDelay({ resolution: 5 });
const total = seconds * rate;
const start = performance.now();
const before = process.cpuUsage();
let sent = 0;
let most = 0;
let memory = 0;
delay.enable();
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - start) * rate) / 1_000));
    for (; sent < due; sent++) client.track(event());
    most = Math.max(most, client.status().pending);
    memory = Math.max(memory, process.memoryUsage.rss());
    if (sent < total) return;
    clearInterval(timer);
    resolve();
  }, 5);
});
delay.disable();
await client.flush(30_000);
const { user, system } = process.cpuUsage(before);
const took = (performance.now() - start) / 1_000;
const { delivered, dropped } = client.status();
sink.kill();

console.log(
  [
    `${rate} events a second for ${seconds} s: ${delivered} of ${total} delivered in ${took.toFixed(1)} s,`,
    `${Object.values(dropped).reduce((sum, count) => sum + count, 0)} dropped,`,
    `${((user + system) / total).toFixed(1)} us of CPU each (making them included),`,
    `${Math.round((user + system) / took / 10_000)} % of one core,`,
    `${most} waiting at the most, ${Math.round(memory / 1e6)} MB,`,
    `event loop held up for ${(delay.percentile(99) / 1e6).toFixed(1)} ms (99 %)`,
  ].join(' '),
);
process.exit(delivered === total ? 0 : 1);
