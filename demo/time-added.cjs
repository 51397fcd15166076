'use strict';

// What tracing adds to one call, estimated: the same chat call with and without us, in turns, answered from memory
// so that no network is in the way. Prints microseconds of CPU, which do not grow when the machine is busy with
// something else; `npm run bench` measures this properly.

const OpenAI = require('openai');
const { enableLlmTracing, disableLlmTracing } = require('..');

const rounds = 24;
const callsPerRound = 100;
const answer = JSON.stringify({
  id: 'chatcmpl-1',
  model: 'gpt-5-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello. '.repeat(60) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 90, completion_tokens: 60, total_tokens: 150 },
});
const headers = { 'content-type': 'application/json' };
const openai = new OpenAI({ apiKey: 'none', fetch: () => Promise.resolve(new Response(answer, { headers })) });
const request = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Say hello. '.repeat(90) }] };

async function round() {
  const start = process.cpuUsage();
  for (let call = 0; call < callsPerRound; call++) await openai.chat.completions.create(request);
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / callsPerRound;
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[numbers.length >> 1];
}

async function main() {
  const bare = [];
  const added = [];
  for (let warmUp = 0; warmUp < 4; warmUp++) await round();
  for (let count = 0; count < rounds; count++) {
    bare.push(await round());
    enableLlmTracing({ track: () => undefined }, { noWarning: true });
    await round();
    const traced = await round();
    disableLlmTracing();
    added.push(traced - bare.at(-1));
    await round();
  }
  console.log(JSON.stringify({ bare: median(bare), added: median(added) }));
}

void main();
