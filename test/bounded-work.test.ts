import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messages as anthropicMessages } from '../src/patches/anthropic/messages';
import { responses } from '../src/patches/openai/responses';
import { chatCompletions } from '../src/patches/shared/chat-completions';
import type { Limits, MethodReader } from '../src/types';

const limits: Limits = { messages: 50, message: 1_023, prompt: 1_023, response: 1_023 };

const bait: Readonly<Record<string, string>> = {
  'the beginning of a data URL': 'data:',
  'the marker of base64': ';base64,',
  'both, again and again': 'data:;base64,',
  'media of nothing': 'data:;base64,.',
  'small media': 'data:image/png;base64,AAAA ',
  'bait for regular expressions': `${'a'.repeat(40)}!`,
  brackets: '[[[[((((<<<<',
  'spaces and line breaks': ' \n\t\r ',
  'surrogate pairs': '😀',
  'escapes of JSON': '\\u0000\\"',
};

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a message': (text) => read(chatCompletions, { messages: [{ role: 'user', content: text }] }),
  'the parts of a message': (text) => {
    const content = Array.from({ length: 50 }, () => ({ type: 'text', text }));
    return read(chatCompletions, { messages: [{ role: 'user', content }] });
  },
  'an image': (text) => {
    return read(chatCompletions, {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: `data:${text}` } }] }],
    });
  },
  'an input': (text) => read(responses, { input: text }),
  'an answer': (text) => chatCompletions.readResponse({ choices: [{ message: { content: text } }] } as never, limits),
  'tool arguments': (text) =>
    anthropicMessages.readResponse(
      { content: [{ type: 'tool_use', name: 't', input: { text, list: [text, text] } }] } as never,
      limits,
    ),
};

function read(reader: MethodReader, request: unknown): unknown {
  return reader.readRequest(request, limits);
}

describe('text that is made to be expensive', () => {
  // Regular expressions over whole prompts block the event loop of others for 20 to 55 s at 100 KB.
  it.each(Object.entries(readers))('costs %s no time', (...[, readText]) => {
    for (const piece of Object.values(bait)) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      const start = performance.now();
      const facts = JSON.stringify(readText(text));
      expect(performance.now() - start).toBeLessThan(1_000);
      expect(facts.length).toBeLessThan(200_000);
    }
  });

  it('costs no more where there is more of it', () => {
    const work = countedWork(10_000_000) - countedWork(10_000);
    expect(work).toBeLessThan(1_000);
  });
});

/** Characters that were asked for of a string, which is watched through the methods that read one. */
function countedWork(length: number): number {
  let touched = 0;
  const prototype = String.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const names = ['indexOf', 'lastIndexOf', 'split', 'replace', 'match', 'search', 'slice', 'charCodeAt', 'toLowerCase'];
  const originals = names.map((name) => prototype[name]);
  const text = `${'x'.repeat(length)}`;
  for (const [index, name] of names.entries()) {
    prototype[name] = function counted(this: string, ...args: unknown[]) {
      const result = originals[index]?.apply(this, args);
      touched += name === 'slice' ? String(result).length : name === 'charCodeAt' ? 1 : this.length;
      return result;
    };
  }
  try {
    read(chatCompletions, { messages: [{ role: 'user', content: text }] });
  } finally {
    for (const [index, name] of names.entries()) prototype[name] = originals[index] as never;
  }
  return touched;
}

/** The readers as plain JavaScript, for processes of their own. */
let built = '';

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'readers-'));
  const patches = join(__dirname, '..', 'src', 'patches');
  const entryPoints = ['shared/chat-completions.ts', 'openai/responses.ts', 'anthropic/messages.ts'];
  buildSync({
    entryPoints: entryPoints.map((file) => join(patches, file)),
    outbase: patches,
    outdir: built,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
});

afterAll(() => rmSync(built, { recursive: true, force: true }));

/** Bytes by which the heap has grown after a script, in a process of its own. */
function growthOf(script: string): number {
  const program = `
    const { chatCompletions } = require(process.argv[1] + '/shared/chat-completions.js');
    const { responses } = require(process.argv[1] + '/openai/responses.js');
    const { messages } = require(process.argv[1] + '/anthropic/messages.js');
    const limits = { messages: 5, message: 200, prompt: 500, response: 500 };
    const used = () => { gc(); gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
    const kept = [];
    const before = used();
    ${script}
    console.log(used() - before, kept.length);`;
  const args = ['--expose-gc', '-e', program, built];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }).split(' ')[0]);
}

describe('memory', () => {
  const chunks: Readonly<Record<string, string>> = {
    'chat.completions.create': `
      facts = chatCompletions.readChunk(facts, { id: 'c', model: 'm', choices: [{ index: at % 3, delta: {
        content: 'word ' + at, tool_calls: [{ index: at % 100, function: { name: 'tool' + at, arguments: 'piece' + at } }] } }] },
        limits);`,
    'responses.create': `
      facts = responses.readChunk(facts, { type: 'response.output_text.delta', output_index: at, delta: 'word ' + at }, limits);
      facts = responses.readChunk(facts, { type: 'response.function_call_arguments.delta', output_index: at, delta: 'x' }, limits);`,
    'messages.create': `
      facts = messages.readChunk(facts, { type: 'content_block_start', index: at, content_block: { type: 'tool_use', name: 't' } }, limits);
      facts = messages.readChunk(facts, { type: 'content_block_delta', index: at, delta: { type: 'text_delta', text: 'w' + at } }, limits);
      facts = messages.readChunk(facts, { type: 'content_block_delta', index: at, delta: { type: 'input_json_delta', partial_json: 'x' } }, limits);`,
  };

  it.each(Object.entries(chunks))('of a stream of a million chunks is bounded: %s', (...[, chunk]) => {
    const growth = growthOf(`let facts = {}; for (let at = 0; at < 1_000_000; at++) { ${chunk} } kept.push(facts);`);
    expect(growth).toBeLessThan(5_000_000);
  });

  const held: Readonly<Record<string, string>> = {
    'a prompt': `chatCompletions.readRequest({ messages: [{ role: 'user', content: text }] }, limits)`,
    'a part of a prompt': `messages.readRequest({ messages: [{ role: 'user', content: [{ type: 'text', text }] }] }, limits)`,
    'an input': `responses.readRequest({ input: text }, limits)`,
    'a text before an inline image': `chatCompletions.readRequest({ messages: [{ role: 'user',
      content: 'what is there in this picture? data:image/png;base64,' + text }] }, limits)`,
    'a text after an inline image': `chatCompletions.readRequest({ messages: [{ role: 'user',
      content: 'data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAA and the question is ' + text }] }, limits)`,
    'an answer': `chatCompletions.readResponse({ choices: [{ message: { content: text } }] }, limits)`,
    'a chunk': `chatCompletions.readChunk({}, { choices: [{ index: 0, delta: { content: text } }] }, limits)`,
    'tool arguments': `chatCompletions.readChunk({}, { choices: [{ index: 0, delta: { tool_calls: [
      { index: 0, function: { name: 't', arguments: text } }] } }] }, limits)`,
    'tool arguments of an object': `messages.readResponse({ content: [{ type: 'tool_use', name: 't', input: { text } }] }, limits)`,
  };

  // V8 keeps 10 MB alive behind a slice of 200 characters of it.
  it.each(Object.entries(held))('does not hold the 10 MB that the beginning of %s was cut from', (...[, reading]) => {
    const growth = growthOf(`
      function keep(at) {
        const text = Buffer.alloc(10_000_000, 97 + at).toString('latin1');
        kept.push(${reading});
      }
      for (let at = 0; at < 10; at++) keep(at);`);
    expect(growth).toBeLessThan(5_000_000);
  });
});
