'use strict';

// Everybody who may sit on the methods of an SDK in one process: `enable`, `disable`, and `seen`, the models of the
// calls that this party has recorded since it was asked last.

/** Drains what a party has recorded. */
const taker = (list) => () => list.splice(0);

function llmTrace() {
  const { enableLlmTracing, disableLlmTracing } = require('@amp/llm-trace');
  const events = [];
  const client = { track: (event) => void events.push(event) };
  return {
    enable: () => enableLlmTracing(client, { userId: 'coexistence', noWarning: true }).ready,
    disable: () => disableLlmTracing(),
    events: taker(events),
    seen: () => events.splice(0).map(({ event_properties: properties }) => properties.model),
  };
}

function opentelemetry() {
  const { installTracing } = require('./record-spans.cjs');
  const { metrics } = require('@opentelemetry/api');
  const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');
  const { spans } = installTracing();
  let instrumentation;
  return {
    enable() {
      instrumentation ??= new OpenAIInstrumentation({ enabled: false });
      // As `registerInstrumentations` does; without it this version has no histograms and fails in each stream.
      instrumentation.setMeterProvider(metrics.getMeterProvider());
      instrumentation.enable();
    },
    disable: () => instrumentation.disable(),
    seen: () => spans.splice(0).map(({ attributes }) => attributes['gen_ai.request.model']),
  };
}

function sentry() {
  const Sentry = require('@sentry/node');
  const models = [];
  return {
    enable() {
      const client = Sentry.init({
        dsn: 'http://public@127.0.0.1:9/1',
        tracesSampleRate: 1,
        transport: () => ({ send: async () => ({}), flush: async () => true }),
      });
      client.on('spanEnd', (span) => {
        const { attributes } = Sentry.spanToJSON(span);
        if (attributes['sentry.op']?.startsWith('gen_ai.')) models.push(attributes['gen_ai.request.model']);
      });
    },
    disable: () => Sentry.close(1_000),
    seen: taker(models),
  };
}

const completions = (sdk) => (sdk.OpenAI ?? sdk.default).Chat.Completions.prototype;

/** Somebody else's instrumentation that uses the same shimmer, with its marks on the function. */
function shimmerUser(sdks) {
  const shimmer = require('shimmer');
  const models = [];
  return {
    enable() {
      shimmer.wrap(completions(sdks.openai), 'create', (original) => {
        return function create(...args) {
          models.push(args[0].model);
          return original.apply(this, args);
        };
      });
    },
    disable: () => shimmer.unwrap(completions(sdks.openai), 'create'),
    seen: taker(models),
  };
}

/** The application's own function on top, as one writes it by hand: it goes by becoming transparent. */
function plainPatcher(sdks) {
  const models = [];
  let isOn = false;
  return {
    enable() {
      isOn = true;
      const prototype = completions(sdks.openai);
      const original = prototype.create;
      prototype.create = function create(...args) {
        if (isOn) models.push(args[0].model);
        return original.apply(this, args);
      };
    },
    disable: () => (isOn = false),
    seen: taker(models),
  };
}

/** Another one, which puts back what it found, whatever has come on top of it since. */
function assigningPatcher(sdks) {
  const models = [];
  let original;
  return {
    enable() {
      original = completions(sdks.openai).create;
      completions(sdks.openai).create = function create(...args) {
        models.push(args[0].model);
        return original.apply(this, args);
      };
    },
    disable: () => (completions(sdks.openai).create = original),
    seen: taker(models),
  };
}

module.exports = {
  parties: {
    'llm-trace': llmTrace,
    opentelemetry,
    sentry,
    shimmer: shimmerUser,
    patcher: plainPatcher,
    assigner: assigningPatcher,
  },
};
