import type { OutputFacts, ResponseFacts, ToolCallFacts } from '../../types';
import { addText } from './read-text';
import { asString } from './read-values';

/** More answers than this in one call are not told apart: the event has no room for them. */
const mostOutputs = 128;
const mostToolCalls = 64;

/** The facts of one answer of a call, made where they are not there yet. */
export function outputAt(facts: ResponseFacts, index: unknown): OutputFacts {
  const at = typeof index === 'number' && index >= 0 && index < mostOutputs ? Math.floor(index) : 0;
  const outputs = (facts.outputs ??= []);
  while (outputs.length <= at) outputs.push({});
  return outputs[at] as OutputFacts;
}

/** Whether every answer of the call has ended; the first of several is no end. */
export function allFinished(facts: ResponseFacts): boolean {
  return facts.outputs?.every(({ finishReason }) => finishReason !== undefined) ?? false;
}

/** Adds generated text to an answer. */
export function addOutputText(facts: ResponseFacts, output: OutputFacts, piece: unknown, limit: number): void {
  if (typeof piece !== 'string' || piece === '') return;
  facts.started = true;
  output.text = addText(output.text, piece, limit);
}

export interface ToolCallDelta {
  /** Where the provider counts the call; undefined where it does not. */
  readonly index?: number | undefined;
  readonly name?: unknown;
  readonly arguments?: unknown;
}

/** Adds a tool call, or a piece of the arguments of one. Calls run in parallel: each has its own index. */
export function addToolCall(facts: ResponseFacts, output: OutputFacts, delta: ToolCallDelta, limit: number): void {
  facts.started = true;
  const call = toolCallAt((output.toolCalls ??= []), delta);
  if (!call) return;
  call.name ??= asString(delta.name);
  if (typeof delta.arguments === 'string') addText(call.arguments, delta.arguments, limit);
}

/** Gemini's OpenAI endpoint sends no index: a name begins a new call there, its absence goes on with the last. */
function toolCallAt(calls: ToolCallFacts[], { index, name }: ToolCallDelta): ToolCallFacts | undefined {
  const known = index === undefined && name === undefined ? calls.at(-1) : calls.find((call) => call.index === index);
  if (known || calls.length >= mostToolCalls) return known;
  const call = { index: index ?? calls.length, name: undefined, arguments: { text: '', length: 0 } };
  calls.push(call);
  return call;
}

/** JSON of a value, built only as far as it can be sent. Cycles and odd values become marks. */
export function jsonBeginning(value: unknown, limit: number): string {
  const seen = new Set<unknown>();
  let json = '';
  write(value);
  return json;

  function write(part: unknown): void {
    if (json.length > limit) return;
    if (typeof part === 'string') json += JSON.stringify(part.slice(0, limit));
    else if (typeof part !== 'object' || part === null) json += JSON.stringify(toPrimitive(part));
    else if (seen.has(part)) json += '"[circular]"';
    else writeObject(part);
  }

  function writeObject(part: object): void {
    seen.add(part);
    const isArray = Array.isArray(part);
    json += isArray ? '[' : '{';
    let isFirst = true;
    for (const key in part) {
      if (json.length > limit) break;
      if (!isFirst) json += ',';
      if (!isArray) json += `${JSON.stringify(key.slice(0, limit))}:`;
      write((part as Record<string, unknown>)[key]);
      isFirst = false;
    }
    json += isArray ? ']' : '}';
    seen.delete(part);
  }
}

function toPrimitive(value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
