// The ways in which calls are made: alone, with tracing, and with what else there is.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { annotate, createTracingClient, enableLlmTracing, withLlmContext } from '../dist/index.mjs';
import { OpenAI } from './calls.mjs';

const require = createRequire(import.meta.url);

/** Puts a function around each method. */
function wrapEach(around) {
  for (const { prototype } of [OpenAI.Chat.Completions, OpenAI.Embeddings]) prototype.create = around(prototype.create);
}

const wrapWithNothing = (create) =>
  function create_(...args) {
    return create.apply(this, args);
  };

// What a hand-written wrapper does: read the call, build a small event, keep it. It breaks `withResponse()`.
const wrapByHand = (track) => (create) =>
  function tracked(...args) {
    const start = performance.now();
    return create.apply(this, args).then((value) => {
      const { model, usage: counts, choices } = value;
      const output = choices?.[0]?.message?.content?.slice(0, 500);
      track({
        event_type: 'llm_operation',
        event_properties: { model, ...counts, output, latency: performance.now() - start },
      });
      return value;
    });
  };

/** A client that keeps the last thousand events. */
function memoryClient() {
  const kept = [];
  let at = 0;
  return { track: (event) => void (kept[at++ % 1_000] = event) };
}

function amplitudeClient(serverUrl) {
  const amplitude = require('@amplitude/analytics-node').createInstance();
  amplitude.init('bench', { serverUrl, logLevel: 0 });
  return amplitude;
}

const trace = (client, options = {}) =>
  void enableLlmTracing(client, { modules: { openai: OpenAI }, noWarning: true, ...options });

/** What there is to switch on, all at once. */
const everything = { redact: ['email', 'phone', 'credit_card', 'iban', 'ip', 'api_key', 'us_ssn'], sampleRate: 0.999 };
const context = { userId: 'user-1', llmSessionId: 'session-1', properties: { feature: 'bench' }, sampleRate: 1 };
const inContext = (run) => withLlmContext(context, run);
const annotated = (params) => annotate(params, context);

/**
 * Begins a variant for the rest of the process.
 *
 * @returns what is done around each operation, with its arguments, and for what is left at the end of a block.
 */
export const variants = {
  bare: () => ({}),
  // What any instrumentation pays at the least: a function around the method that does nothing.
  nothing: () => (wrapEach(wrapWithNothing), {}),
  'by hand': () => (wrapEach(wrapByHand(memoryClient().track)), {}),
  // What Node takes for contexts of whatever library.
  storage() {
    const storage = new AsyncLocalStorage();
    return { around: (run) => storage.run(context, run) };
  },
  traced: () => (trace(memoryClient()), {}),
  // As zero-code mode does it.
  delivered(sink) {
    const client = createTracingClient('bench', { serverUrl: sink, spool: true });
    trace(client);
    return { finish: () => client.flush() };
  },
  // Everything at once, the context given to the call.
  annotated: () => (trace(memoryClient(), everything), { asked: annotated }),
  // The same, the context around the call.
  everything: () => (trace(memoryClient(), everything), { around: inContext }),
  'everything, delivered'(sink) {
    const client = createTracingClient('bench', { serverUrl: sink, spool: true });
    trace(client, everything);
    return { around: inContext, finish: () => client.flush() };
  },
  amplitude(sink) {
    const client = amplitudeClient(sink);
    trace(client);
    return { finish: () => client.flush().promise };
  },
};
