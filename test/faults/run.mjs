// npm run test:faults [EVENTS] [WORD]: everything that can happen to events on their way, at the size of 100,000 of
// them, and with WORD only the scenarios that have it in their title. A table; the exit code is 1 where something is
// missing or came twice into the server's set.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const scenarios = require('./scenarios.cjs');
const { runAll } = require('./run-scenario.cjs');

const [total = '100000', word = ''] = process.argv.slice(2);
const chosen = scenarios.filter(({ title }) => title.includes(word));
const shares = scenarios.reduce((sum, { share, calls }) => sum + share * (calls ? 0.4 : 1), 0);
// Some are killed before they have tracked all of theirs.
const form = { events: Math.ceil((Number(total) * 1.1) / shares), isFull: true };
const row = (...cells) =>
  console.log(
    cells.map((cell, index) => String(cell)[index === 0 ? 'padEnd' : 'padStart'](index === 0 ? 66 : 9)).join(''),
  );

row('', 'tracked', 'taken', 'missing', 'refused', 'dropped', 'twice', 'uploads', 'seconds');
const results = [];
await runAll(chosen, form, (result) => {
  results.push(result);
  const { title, tracked, taken, missing, refused, dropped, twice, uploads, seconds, problems } = result;
  row(title, tracked, taken, missing, refused, dropped, twice, uploads, seconds.toFixed(1));
  for (const problem of problems) console.log(`  PROBLEM ${problem}`);
});
const sum = (name) => results.reduce((total, result) => total + result[name], 0);
row('all', ...['tracked', 'taken', 'missing', 'refused', 'dropped', 'twice', 'uploads'].map(sum));
console.log('\ntwice: came again over the wire, and was removed by its insert_id');
const failed = results.filter(({ problems }) => problems.length > 0);
if (failed.length > 0) console.log(`failed: ${failed.map(({ title }) => title).join('; ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
