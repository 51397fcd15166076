import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEvent } from '../src/build-event';
import { consoleOutput, jsonlOutput } from '../src/local-outputs';
import type { JsonValue, LlmEvent } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';

function eventOf(properties: Record<string, JsonValue>): LlmEvent {
  return { event_type: 'llm_operation', event_properties: properties, time: 1, insert_id: 'i' };
}

function linesOf(...events: LlmEvent[]): string[] {
  const lines: string[] = [];
  const output = consoleOutput((line) => lines.push(line));
  for (const event of events) output.track(event);
  return lines;
}

describe('the console', () => {
  it('says a call in one readable line', () => {
    expect(linesOf(buildEvent(fullOperation, openRules))).toEqual([
      '[llm-trace] azure_openai chat.completions.create gpt-5-2025-08-07 error 812.3 ms 20 tokens in 12 tokens out ' +
        '1 tool calls RateLimitError "it broke" "It is sunny."\n',
    ]);
  });

  it('leaves out what is not known', () => {
    expect(linesOf(eventOf({ method: 'embeddings.create', model: 'm', outcome: 'ok' }))).toEqual([
      '[llm-trace] embeddings.create m ok\n',
    ]);
  });

  it('stays one line, and sends no escape sequence to a terminal, whatever a call says', () => {
    const odd = 'a\nb\u001b[31m\u2028\u0085c';
    const [line] = linesOf(eventOf({ model: odd, output: odd, error: odd.repeat(1_000) }));
    expect(line?.trimEnd()).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(line?.length).toBeLessThan(1_000);
  });
});

describe('a file', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-outputs-'));
    file = join(folder, 'events.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const linesIn = (): unknown[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('has one event a line, at once, after what was there', () => {
    writeFileSync(file, '{"earlier":true}\n');
    const output = jsonlOutput(file);
    const events = [eventOf({ model: 'a\nb' }), eventOf({ model: 'c' })];
    for (const event of events) output.track(event);
    expect(linesIn()).toEqual([{ earlier: true }, ...events]);
  });

  it('goes on after a flush', () => {
    const output = jsonlOutput(file);
    output.track(eventOf({ model: 'a' }));
    output.flush?.();
    output.flush?.();
    output.track(eventOf({ model: 'b' }));
    output.flush?.();
    expect(linesIn()).toHaveLength(2);
  });

  it('that can not be opened is an error of that event, told each time', () => {
    const output = jsonlOutput(join(folder, 'nowhere', 'events.jsonl'));
    expect(() => output.track(eventOf({}))).toThrow(/ENOENT/);
    expect(() => output.track(eventOf({}))).toThrow(/ENOENT/);
    expect(() => output.flush?.()).not.toThrow();
  });
});
