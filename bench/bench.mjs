// npm run bench [ROUNDS]: what tracing costs, as ratios to the bare SDK, side by side in one run.
// A scenario is a process of its own, in which the variants take turns.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 24);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const variants = ['bare', 'nothing', 'by hand', 'traced', 'everything', 'delivered', 'amplitude'];
const scenarios = [
  { name: 'paced', title: '1 KB call, now and then', reach: 1.08 },
  { name: 'chat', title: '1 KB call, in a loop', reach: 1.08 },
  { name: 'http', title: '1 KB call, over HTTP', reach: 1.08 },
  { name: 'history', title: '100 messages, 200 KB', reach: 1.05 },
  { name: 'stream', title: 'stream of 1,000 chunks', reach: 1.06 },
  { name: 'streams', title: '64 concurrent streams', reach: 1.08 },
  { name: 'embeddings', title: '64 embeddings', reach: undefined },
];

function run(args, environment = {}) {
  const env = { ...process.env, LLM_TRACE_NO_WARNING: '1', ...environment };
  return execFileSync(process.execPath, ['--expose-gc', ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const measure = (scenario, argument) => JSON.parse(run([here('measure.mjs'), scenario, String(argument)]));

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function row(cells, widths) {
  console.log(
    cells
      .map((cell, index) => (index === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[index])))
      .join('  '),
  );
}

console.log(`node ${process.version}, ${rounds} rounds, medians; CPU per operation, ratio to bare\n`);
const widths = [24, 11, 9, 9, 9, 11, 11, 11, 7];
row(['', ...variants, 'reach'], widths);
for (const { name, title, reach } of scenarios) {
  const times = measure(name, rounds);
  const ratio = (variant) =>
    times[variant] ? median(times[variant].map((time, round) => time / times.bare[round])).toFixed(3) : '-';
  row([title, `${median(times.bare).toFixed(0)} us`, ...variants.slice(1).map(ratio), reach ?? '-'], widths);
}

console.log(`\n${run([here('sustain.mjs'), '30', '5000']).trim()}`);

const kept = (variant) => median(Array.from({ length: 3 }, () => measure('memory', variant)));
console.log(`\nkept a call after 20,000 calls: ${(kept('traced') - kept('bare')).toFixed(1)} bytes (reach: 64)`);

console.log('\nreach of a 1 KB call with everything switched on: 1.15; with delivery: 1.15');

/** Side by side, so that whatever else the machine does is in both. */
function added(program, args, environment = {}) {
  const start = (flags, variables) => Number(run([...flags, here(program)], variables));
  const times = Array.from({ length: 11 }, () => start(args, environment) - start([], {}));
  return `${median(times).toFixed(1)} ms of CPU`;
}
const register = ['-r', here('../register.js')];
const output = { LLM_TRACE_OUTPUT: 'console' };
console.log(`loading the package: ${added('start-up.cjs', ['-r', here('../dist/index.js')])} (reach: 15)`);
console.log(`-r register, no SDK loaded: ${added('start-up.cjs', register, output)} (reach: 20)`);
// Without synchronous load hooks, a thread for them is started as soon as something can be imported.
console.log(`the same before an ES module: ${added('start-up.mjs', register, output)}`);

console.log(`\n${run([here('redact.mjs')]).trimEnd()}`);
