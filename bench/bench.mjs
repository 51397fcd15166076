// npm run bench [PROCESSES]: what tracing costs, as ratios to the bare SDK, side by side in one run. About ten minutes.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answer } from './calls.mjs';
import { measureSideBySide, median, startServer } from './take-turns.mjs';

const processes = Number(process.argv[2] ?? 3);
const rounds = 9;
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const rows = [
  { variant: 'nothing', title: 'a function around it' },
  { variant: 'by hand', title: 'a wrapper by hand' },
  { variant: 'storage', title: 'AsyncLocalStorage alone' },
  { variant: 'traced', title: 'tracing, events dropped' },
  { variant: 'delivered', title: 'tracing, delivered' },
  { variant: 'annotated', title: 'everything, by annotate' },
  { variant: 'everything', title: 'everything, in a context' },
  { variant: 'everything, delivered', title: 'the same, delivered' },
  { variant: 'amplitude', title: 'traced, analytics-node' },
];
const scenarios = {
  paced: 'now and then',
  chat: 'in a loop',
  http: 'over HTTP',
  history: '200 KB',
  stream: 'a stream',
  streams: '64 streams',
  embeddings: 'embeddings',
};

function run(args, environment = {}) {
  const env = { ...process.env, LLM_TRACE_NO_WARNING: '1', ...environment };
  return execFileSync(process.execPath, ['--expose-gc', ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const print = (title, cells) => console.log(title.padEnd(26) + cells.map((cell) => String(cell).padStart(15)).join(''));

async function measureAll() {
  const [provider, sink] = await Promise.all([answer, '{"code":200}'].map(startServer));
  const times = {};
  for (const scenario of Object.keys(scenarios)) {
    // A wrapper of the promise can not watch a stream.
    const variants = ['bare', ...rows.map(({ variant }) => variant)].filter(
      (variant) => variant !== 'by hand' || !scenario.startsWith('stream'),
    );
    times[scenario] = await measureSideBySide({ scenario, variants, processes, rounds, provider, sink });
    process.stderr.write(`measured: ${scenarios[scenario]}\n`);
  }
  return Object.values(times);
}

const measured = await measureAll();
console.log(
  `node ${process.version}, ${processes} processes of ${rounds} rounds each: CPU of an operation (all threads),`,
);
console.log('the bare SDK in microseconds (lowest and highest process), the others as ratios to it\n');
print('', Object.values(scenarios));
print(
  'the bare SDK',
  measured.map(({ bare }) => median(bare).toFixed(0)),
);
print(
  '',
  measured.map(({ bare }) => `${Math.min(...bare).toFixed(0)}-${Math.max(...bare).toFixed(0)}`),
);
for (const { variant, title } of rows) {
  print(
    title,
    measured.map((times) => (times[variant] ? (median(times[variant]) / median(times.bare)).toFixed(3) : '-')),
  );
}
print('reach of tracing', [1.08, 1.08, 1.08, 1.05, 1.06, 1.08, '-']);
console.log('reach of the rows delivered and everything for a 1 KB call over HTTP: 1.15');

console.log(`\n${run([here('sustain.mjs'), '30', '5000']).trim()}`);

const kept = (variant) =>
  median(Array.from({ length: 3 }, () => Number(run([here('measure.mjs'), variant, 'memory']))));
console.log(`\nkept a call after 20,000 calls: ${(kept('traced') - kept('bare')).toFixed(1)} bytes (reach: 64)`);

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
process.exit(0);
