import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { disableLlmTracing, enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src';

export type Properties = LlmEvent['event_properties'];

/** Runs calls with the real SDKs traced; the properties of the events that became of them. */
export async function traced<Result>(
  run: () => Promise<Result>,
  options: LlmTracingOptions = {},
): Promise<{ result: Result; events: Properties[]; sent: LlmEvent[] }> {
  const sent: LlmEvent[] = [];
  const modules = { openai: OpenAI, anthropic: Anthropic };
  const handle = enableLlmTracing({ track: (event) => sent.push(event) }, { noWarning: true, modules, ...options });
  try {
    const result = await run();
    await handle.flush();
    return { result, events: sent.map((event) => event.event_properties), sent };
  } finally {
    disableLlmTracing();
  }
}

/** What came of a call: its value as JSON, or its error by class and message. */
export async function outcomeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await run()) ?? 'undefined';
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

/** Clients whose every request is answered with this body: JSON, or the events of a stream. */
export function answering(body: unknown): { openai: OpenAI; anthropic: Anthropic } {
  const fetch = (): Promise<Response> => Promise.resolve(responseWith(body));
  const options = { apiKey: 'k', maxRetries: 0, fetch };
  return { openai: new OpenAI(options), anthropic: new Anthropic(options) };
}

function responseWith(body: unknown): Response {
  if (!(body instanceof ServerEvents)) {
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  }
  const text = body.events.map((event) => `event: ${typeOf(event)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

/** The body of a stream. */
export class ServerEvents {
  constructor(readonly events: readonly unknown[]) {}
}

function typeOf(event: unknown): string {
  const { type } = (event ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : 'message';
}
