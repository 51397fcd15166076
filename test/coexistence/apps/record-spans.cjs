'use strict';

// The smallest OpenTelemetry SDK: spans that are kept when they end, and an active context over AsyncLocalStorage.

const { AsyncLocalStorage } = require('node:async_hooks');
const { randomBytes } = require('node:crypto');
const { context, trace, ROOT_CONTEXT, INVALID_SPAN_CONTEXT, TraceFlags } = require('@opentelemetry/api');

class RecordedSpan {
  constructor(name, { attributes = {} } = {}, parent, ended) {
    this.name = name;
    this.attributes = { ...attributes };
    this.ended = ended;
    const traceId = parent?.traceId ?? randomBytes(16).toString('hex');
    this.ids = { traceId, spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.SAMPLED };
  }
  spanContext() {
    return this.ids ?? INVALID_SPAN_CONTEXT;
  }
  setAttribute(key, value) {
    this.attributes[key] = value;
    return this;
  }
  setAttributes(attributes) {
    Object.assign(this.attributes, attributes);
    return this;
  }
  addEvent() {
    return this;
  }
  addLink() {
    return this;
  }
  addLinks() {
    return this;
  }
  setStatus(status) {
    this.status = status;
    return this;
  }
  updateName(name) {
    this.name = name;
    return this;
  }
  recordException() {}
  isRecording() {
    return true;
  }
  end() {
    this.ended.push(this);
  }
}

class AsyncContexts {
  storage = new AsyncLocalStorage();
  active() {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }
  with(active, work, self, ...args) {
    return this.storage.run(active, () => work.apply(self, args));
  }
  bind(active, target) {
    return (...args) => this.storage.run(active, () => target(...args));
  }
  enable() {
    return this;
  }
  disable() {
    return this;
  }
}

/** Becomes the process' tracer provider; `spans` are the ended ones. */
function installTracing() {
  const spans = [];
  const startSpan = (name, options, parent = context.active()) =>
    new RecordedSpan(name, options, trace.getSpanContext(parent), spans);
  const tracer = {
    startSpan,
    startActiveSpan(name, ...rest) {
      const span = startSpan(name);
      return context.with(trace.setSpan(context.active(), span), () => rest.at(-1)(span));
    },
  };
  context.setGlobalContextManager(new AsyncContexts());
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  return { spans, tracer };
}

module.exports = { installTracing };
