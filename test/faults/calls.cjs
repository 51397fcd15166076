'use strict';

// A program in zero-code mode: calls of OpenAI's SDK, so many at a time, half of them streams. Each is told to file
// descriptor 3 before it is made.

const { writeSync } = require('node:fs');
const { OpenAI } = require('openai');

const { provider, calls, concurrent, end, exitAfter } = JSON.parse(process.argv[2]);
const client = new OpenAI({ apiKey: 'sk-none', baseURL: `${provider}/v1`, maxRetries: 0 });
let made = 0;

async function call() {
  while (made < calls) {
    const stream = made % 2 === 0;
    writeSync(3, `call-${made++} 0\n`);
    const answer = await client.chat.completions.create({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'Hi' }],
      stream,
    });
    if (stream) for await (const chunk of answer) void chunk;
    if (end === 'exit' && made >= exitAfter) process.exit(0);
  }
}

void Promise.all(Array.from({ length: concurrent }, call));
