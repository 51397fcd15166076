'use strict';

// A program under test: tracks events with a client of its own, and ends as its settings say. Each insert id is written
// to file descriptor 3 before it is tracked, with the time on the clock of the machine, so that a kill can be judged;
// after the end, what became of all.

const { writeSync } = require('node:fs');
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const { createTracingClient } = require('../..');

const settings = workerData ?? JSON.parse(process.argv[2]);
const { options, prefix, events = 0, perTick = 20, every = 10, end = 'flush', inWorker = false, after = 0 } = settings;

if (inWorker && isMainThread) startWorker();
else run();

function run() {
  const client = createTracingClient('a-key', options);
  let count = 0;
  const timer = setInterval(() => {
    for (let index = 0; index < perTick && count < events; index++) track(client, count++);
    if (count < events) return;
    clearInterval(timer);
    void finish(client);
  }, every);
}

function track(client, index) {
  const id = `${prefix}-${index}${index % 97 === 13 && settings.hasBad ? '-bad' : ''}`;
  tell(`${id} ${now()}`);
  client.track({
    event_type: 'llm_operation',
    event_properties: { model: 'gpt-5', text: 'lorem ipsum '.repeat(settings.text ?? 20) },
    time: Date.now(),
    insert_id: id,
    device_id: `device-${prefix}-${index % 3}`,
  });
  // After that of the client, which listens from its first event on.
  if (index === 0) process.on('exit', () => tell(`= ${JSON.stringify(client.status())}`));
}

async function finish(client) {
  if (end === 'flush') await client.flush(120_000);
  if (end === 'exit') setTimeout(() => process.exit(0), after);
  if (end === 'throw') throw new Error('of the application');
  if (end === 'stay') setInterval(() => 0, 1_000);
  if (end === 'sweep') await sweep(client);
}

/** Until nothing is left on disk, or nobody takes it. */
async function sweep(client) {
  const { existsSync, readdirSync } = require('node:fs');
  const isLeft = () =>
    existsSync(options.spool) &&
    readdirSync(options.spool, { recursive: true }).some((name) => /\.(jsonl|held)$/.test(String(name)));
  const limit = performance.now() + 60_000;
  while (isLeft() && performance.now() < limit) {
    await client.sendSpooled(5_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  tell(`= ${JSON.stringify(client.status())}`);
}

function startWorker() {
  const worker = new Worker(__filename, { workerData: settings });
  if (settings.terminateAfter !== undefined) {
    setTimeout(() => {
      tell(`* ${now()}`);
      void worker.terminate();
    }, settings.terminateAfter);
  }
}

function tell(line) {
  writeSync(3, `${line}\n`);
}

/** Milliseconds on the clock of the machine, which nobody sets. */
function now() {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
