// One variant in a process of its own, warm as a service is, which measures a block whenever it is told to:
//   fork('measure.mjs', [VARIANT, SCENARIO, PROVIDER URL, SINK URL])    'ready', then for each message a number:
//                                                                       microseconds of CPU of one operation
//   node --expose-gc bench/measure.mjs VARIANT memory                   prints bytes kept a call
import { scenariosOf } from './calls.mjs';
import { variants } from './variants.mjs';

const [variantName, scenarioName, provider, sink] = process.argv.slice(2);
const { around = (run) => run(), asked, finish = () => undefined } = variants[variantName](sink);
const scenarios = scenariosOf(provider, asked);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function block(run, operations) {
  for (let index = 0; index < operations; index++) await around(run);
  await turn();
  // What it has queued is a part of what it costs.
  await finish();
}

async function measureWhenTold({ warm, operations, run }) {
  await block(run, warm);
  process.on('message', async () => {
    // Not a whole collection: that would throw compiled code away, too.
    globalThis.gc({ type: 'minor' });
    const before = process.cpuUsage();
    await block(run, operations);
    const { user, system } = process.cpuUsage(before);
    process.send((user + system) / operations);
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

function settledHeap() {
  for (let round = 0; round < 4; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function bytesKept(calls) {
  await block(scenarios.chat.run, calls / 4);
  const before = settledHeap();
  await block(scenarios.chat.run, calls);
  return (settledHeap() - before) / calls;
}

if (scenarioName === 'memory') console.log(await bytesKept(20_000));
else await measureWhenTold(scenarios[scenarioName]);
