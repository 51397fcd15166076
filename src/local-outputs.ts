import { closeSync, openSync, writeSync } from 'node:fs';
import type { AmplitudeClient } from './options';
import type { LlmEvent } from './types';

/** Writes one event a line to a file, at once: nothing is lost however the process ends. */
export function jsonlOutput(file: string): AmplitudeClient {
  let descriptor: number | undefined;
  return {
    track(event) {
      descriptor ??= openSync(file, 'a');
      writeSync(descriptor, `${JSON.stringify(event)}\n`);
    },
    flush() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Writes one readable line a call to standard error. */
export function consoleOutput(
  write: (line: string) => void = (line) => void process.stderr.write(line),
): AmplitudeClient {
  return { track: (event) => write(`${describe(event)}\n`) };
}

function describe({ event_properties: properties }: LlmEvent): string {
  const say = (name: string, form: (value: string) => string = (value) => value): string | undefined => {
    const value = properties[name];
    return value === undefined ? undefined : form(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const parts = [
    '[llm-trace]',
    say('provider'),
    say('method'),
    say('response_model') ?? say('model'),
    say('outcome'),
    say('latency_ms', (value) => `${value} ms`),
    say('input_tokens', (value) => `${value} tokens in`),
    say('output_tokens', (value) => `${value} tokens out`),
    say('tool_call_count', (value) => `${value} tool calls`),
    say('error_type'),
    say('error', (value) => JSON.stringify(value.slice(0, 120))),
    say('output', (value) => JSON.stringify(value.slice(0, 120))),
  ];
  // A name of a model can hold a line break or a terminal's escape sequence.
  return parts
    .filter((part) => part !== undefined)
    .join(' ')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
