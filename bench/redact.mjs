// What redaction by kind costs: a text of 1 KB, which is the longest that an event can hold, and one of 64 KB, which is
// none any more. Where the last column is near 64, the time is linear in the length, whatever is in the text.
//   node bench/redact.mjs
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const entryPoints = [fileURLToPath(new URL('../src/redact/redact.ts', import.meta.url))];
const [{ text: code }] = buildSync({ entryPoints, bundle: true, format: 'esm', write: false }).outputFiles;
const { redactorOf, redactKinds } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const redact = redactorOf(redactKinds);

const prose = 'The quick brown fox jumps over the lazy dog 42 times in 2024, and says hello to everybody. ';
const json = '{"city":"Paris","days":3,"at":1714564800000,"note":"as usual"},';
const found = 'joan@example.org, +49 30 1234567, 4111 1111 1111 1111, 192.168.1.1, 078-05-1120; ';
const texts = {
  prose,
  'JSON of a tool': json,
  'full of what is found': found,
  'one word': 'a',
  'one number': '1',
  'a list of numbers': '1 ',
  'groups as of a card': '4111 ',
  'groups as of an address': '1.',
  'beginnings of accounts': 'DE89 ',
  'beginnings of phones': '+1 ',
  'names before an @': 'a@',
  'domains without an end': 'a@a.',
  colons: 'a:',
  'beginnings of keys': 'sk-',
  'beginnings of web tokens': 'eyJ.',
  'announcements of keys': 'api_key=',
  'beginnings of private keys': '-----BEGIN ',
};

function microsecondsOf(text) {
  let runs = 1;
  for (;;) {
    const start = performance.now();
    for (let run = 0; run < runs; run++) redact(text, 'output', true);
    const time = performance.now() - start;
    if (time > 20) return (time * 1_000) / runs;
    runs *= 4;
  }
}

const bestOf = (text) => Math.min(...Array.from({ length: 5 }, () => microsecondsOf(text)));
const row = (cells) =>
  console.log(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(27) : String(cell).padStart(11))).join(''));

console.log('redaction of all kinds, microseconds of the best of 5\n');
row(['', '1 KB', '64 KB', 'ratio']);
for (const [name, piece] of Object.entries(texts)) {
  const [short, long] = [1_024, 65_536].map((length) =>
    bestOf(piece.repeat(Math.ceil(length / piece.length)).slice(0, length)),
  );
  row([name, short.toFixed(1), long.toFixed(0), (long / short).toFixed(0)]);
}
