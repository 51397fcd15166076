/**
 * The plan of the house. What each file at the top of `src` may use of the others at run time; a new file needs a
 * line here. Files under `patches/` have a rule instead, and types may be imported from anywhere below the front door.
 */
export const mayUse: Readonly<Record<string, readonly string[]>> = {
  // The ground floor: nothing of ours.
  types: [],
  version: [],
  'shared-state': [],
  operation: [],
  'context/open-telemetry': [],
  'context/trace-ids': [],
  'context/sample': [],
  'redact/find-addresses': [],
  'redact/find-api-keys': [],
  'redact/find-numbers': [],
  'redact/redact': ['redact/find-addresses', 'redact/find-api-keys', 'redact/find-numbers'],
  'known-words': [],
  'event-properties': [],
  'device-id': [],
  'loading/find-package': [],
  'read-error': ['patches/shared/read-text', 'patches/shared/read-values'],
  'wrap-method': [],
  'flush-at-exit': ['shared-state'],
  'take-turns': [],
  'local-outputs': [],
  safely: ['shared-state'],
  // From a finished call to the client.
  content: ['known-words', 'safely'],
  'build-event': ['content', 'event-properties', 'cost/cost', 'context/trace-ids', 'version'],
  'cost/price-names': ['patches/shared/vendors'],
  'cost/tier-factor': [],
  'cost/cost': ['cost/price-names', 'safely', 'cost/tier-factor'],
  'cost/read-rates': [],
  'cost/price-table': ['cost/read-rates', 'safely', 'shared-state'],
  'option-checks': ['define-patch', 'delivery/client-options', 'event-properties', 'patches/index', 'redact/redact'],
  options: ['content', 'option-checks', 'redact/redact'],
  'context/apply-context': [],
  'context/check-context': ['content', 'event-properties', 'option-checks'],
  'define-patch': [],
  reading: [
    ...['chat-completions', 'read-messages', 'read-outputs', 'read-text', 'read-values'].map(
      (name) => `patches/shared/${name}`,
    ),
  ],
  'schemas/agent-names': [],
  'schemas/agent-events': ['schemas/agent-names', 'event-properties'],
  'schemas/otel-events': [],
  'schemas/apply-schema': ['schemas/agent-events', 'build-event', 'schemas/otel-events'],
  'ask-within': ['safely'],
  'await-answers': ['safely'],
  'mend-event': ['content', 'option-checks'],
  'deliver-events': [
    ...[
      'schemas/apply-schema',
      'ask-within',
      'await-answers',
      'build-event',
      'content',
      'event-properties',
      'mend-event',
    ],
    ...['safely', 'take-turns'],
  ],
  // What the application's own client could not deliver.
  'keep-failed': ['await-answers', 'content', 'delivery/outbox', 'delivery/uploader', 'safely', 'take-turns'],
  'end-session': ['delivery/client-options', 'delivery/spool-folder', 'keep-failed'],
  // Whose call it is.
  'context/context': ['context/check-context', 'context/open-telemetry', 'safely', 'shared-state', 'context/trace-ids'],
  'make-tracer': ['wrappers/annotate', 'context/apply-context', 'context/context', 'context/sample'],
  'wrappers/client-parts': [],
  'wrappers/hand-on': ['wrappers/client-parts', 'safely', 'wrap-method'],
  'context/trace-context': ['context/context', 'context/open-telemetry', 'safely', 'context/trace-ids'],
  'context/keep-context': ['safely', 'shared-state'],
  'context/context-middleware': ['context/context', 'context/keep-context', 'safely', 'context/trace-context'],
  'plugin/take-out-text': ['content'],
  'plugin/observability-plugin': ['content', 'option-checks', 'redact/redact', 'safely', 'plugin/take-out-text'],
  'wrappers/with-llm-tracing': ['enable', 'shared-state'],
  'wrappers/annotate': ['context/check-context', 'wrappers/client-parts', 'wrappers/hand-on', 'safely', 'shared-state'],
  'wrappers/watch-copies': ['wrappers/annotate', 'context/context', 'observe-stream', 'safely', 'wrap-method'],
  // Delivery of our own.
  'delivery/read-verdict': [],
  'delivery/backoff': [],
  'delivery/pace': ['delivery/backoff'],
  'delivery/waiters': [],
  'delivery/batch': [],
  'delivery/outbox': [],
  'delivery/upload-settings': [],
  'delivery/send-upload': [],
  'delivery/proxy-agent': [],
  'delivery/spool-folder': [],
  'delivery/client-options': [],
  'delivery/keep-on-disk': ['delivery/batch'],
  'delivery/uploader': [
    ...['batch', 'keep-on-disk', 'pace', 'read-verdict', 'waiters'].map((name) => `delivery/${name}`),
  ],
  'delivery/tracing-client': [
    ...['client-options', 'outbox', 'proxy-agent', 'send-upload', 'spool-folder', 'uploader'].map(
      (name) => `delivery/${name}`,
    ),
    ...['content', 'flush-at-exit', 'safely', 'shared-state', 'version'],
  ],
  // From a call to what is known of it.
  'count-retries': ['observe-stream', 'wrap-method'],
  'watch-responses': ['safely', 'wrap-method'],
  'read-server-events': [],
  observer: [],
  'observe-stream': ['safely'],
  'observe-readable-stream': ['observe-stream', 'safely'],
  'observe-result': ['observe-readable-stream', 'observe-stream', 'read-server-events', 'safely'],
  'enclosing-call': [],
  'call-times': [],
  callee: [],
  'call-http': ['count-retries', 'read-error', 'safely'],
  'traced-call': [
    ...['call-http', 'call-times', 'enclosing-call', 'observe-stream', 'read-error', 'safely', 'watch-responses'],
  ],
  'trace-call': ['observe-result', 'safely', 'traced-call'],
  'watch-framework': ['enclosing-call', 'safely', 'trace-call'],
  'told-calls': ['enclosing-call', 'observe-result', 'observe-stream'],
  'listen-to-telemetry': ['enclosing-call', 'observe-result', 'safely', 'told-calls', 'trace-call'],
  'install-patch': [
    ...['count-retries', 'enclosing-call', 'safely', 'trace-call', 'wrappers/watch-copies', 'watch-framework'],
    ...['watch-responses', 'wrap-method'],
  ],
  // From a loaded file to its exports.
  'loading/find-loaded': ['loading/find-imported', 'loading/find-package'],
  'loading/find-imported': ['loading/find-package'],
  'loading/await-import': ['loading/find-package'],
  'loading/module-tail': [],
  'loading/hold-functions': ['safely', 'shared-state'],
  'loading/esm-load-hook': ['loading/find-package', 'loading/module-tail', 'safely', 'shared-state'],
  'loading/hook-require': ['loading/find-package', 'loading/module-tail', 'safely', 'wrap-method'],
  'loading/hook-module': [
    ...[
      'loading/await-import',
      'loading/esm-load-hook',
      'loading/find-loaded',
      'loading/find-package',
      'loading/hold-functions',
      'loading/hook-require',
      'safely',
    ],
    'shared-state',
  ],
  // The composition roots, and the two doors.
  'wrappers/find-copy': ['loading/find-loaded', 'loading/find-package', 'safely', 'shared-state'],
  'seen-sdks': ['install-patch', 'safely'],
  'wrappers/traced-clients': ['wrappers/client-parts', 'wrappers/hand-on', 'shared-state'],
  'wrappers/drop-ins': ['safely'],
  enable: [
    ...[
      'context/apply-context',
      'ask-within',
      'deliver-events',
      'device-id',
      'wrappers/drop-ins',
      'end-session',
      'wrappers/find-copy',
    ],
    ...[
      'flush-at-exit',
      'loading/hook-module',
      'listen-to-telemetry',
      'make-tracer',
      'options',
      'patches/index',
      'cost/price-table',
      'safely',
      'seen-sdks',
      'shared-state',
    ],
    ...['wrappers/traced-clients', 'version'],
  ],
  'wrappers/trace-client': [
    'wrappers/client-parts',
    'define-patch',
    'enable',
    'option-checks',
    'options',
    'patches/index',
    'safely',
  ],
  // Functions of the application, and what it tells by hand.
  'observe/describe-value': ['patches/shared/read-text'],
  'observe/run-steps': ['observe-stream', 'wrap-method'],
  'observe/observed-call': [
    ...[
      'call-times',
      'observe/describe-value',
      'observe-stream',
      'patches/shared/read-text',
      'read-error',
      'observe/run-steps',
    ],
    'safely',
  ],
  'observe/watch-returned': ['observe-result', 'observe-stream', 'observe/run-steps'],
  'observe/observe-function': [
    ...[
      'context/context',
      'enable',
      'observe/observed-call',
      'observe/run-steps',
      'safely',
      'observe/watch-returned',
      'wrap-method',
    ],
  ],
  'observe/observe': ['observe/observe-function', 'safely'],
  'manual/reach-client': ['context/apply-context', 'deliver-events', 'enable', 'option-checks', 'options', 'safely'],
  'manual/track-feedback': [
    ...[
      'context/check-context',
      'content',
      'context/context',
      'event-properties',
      'patches/shared/read-text',
      'manual/reach-client',
    ],
    ...['safely', 'version'],
  ],
  'manual/check-facts': [],
  'manual/read-answer': [
    ...['ai/read-usage', 'anthropic/messages', 'bedrock/converse', 'cohere/usage', 'openai/responses'],
    ...['chat-completions', 'gemini-answers', 'read-outputs', 'read-text', 'read-values', 'text-completions'].map(
      (name) => `shared/${name}`,
    ),
  ]
    .map((name) => `patches/${name}`)
    .concat('observe/describe-value'),
  'manual/read-facts': [
    ...['describe-part', 'read-input', 'read-messages', 'read-outputs', 'read-values'].map(
      (name) => `patches/shared/${name}`,
    ),
    ...['observe/describe-value', 'manual/read-answer', 'read-error', 'safely'],
  ],
  'manual/manual-event': [
    ...[
      'build-event',
      'context/check-context',
      'manual/check-facts',
      'content',
      'context/context',
      'enable',
      'event-properties',
    ],
    ...['manual/reach-client', 'manual/read-facts', 'mend-event', 'safely'],
  ],
  environment: ['option-checks', 'options', 'redact/redact'],
  register: ['delivery/tracing-client', 'enable', 'end-session', 'environment', 'flush-at-exit', 'local-outputs'],
  'with-llm-flush': ['ask-within', 'enable', 'safely', 'wrap-method'],
  index: [
    'wrappers/annotate',
    'context/context',
    'context/context-middleware',
    'delivery/tracing-client',
    'define-patch',
    'enable',
    'plugin/observability-plugin',
    'reading',
    'wrappers/trace-client',
    'context/trace-context',
    'with-llm-flush',
    'wrappers/with-llm-tracing',
    'manual/manual-event',
    'observe/observe',
    'manual/track-feedback',
  ],
  'wrappers/drop-in': ['enable', 'loading/find-package', 'patches/index', 'register', 'safely'],
  'llm-trace': ['wrappers/drop-in', 'index', 'register'],
};

/** Packages that are loaded, and the only file that may do so. */
export const loadedBy: Readonly<Record<string, string>> = {
  shimmer: 'wrap-method',
  'require-in-the-middle': 'loading/hook-require',
  'proxy-from-env': 'delivery/proxy-agent',
};

/** What may appear as a type only: a provider's SDK is never loaded by us, and analytics-node with the first event. */
export const typesOnly = [
  'openai',
  '@anthropic-ai/sdk',
  '@google/genai',
  '@google/generative-ai',
  'ollama',
  'groq-sdk',
  'together-ai',
  '@amplitude/analytics-node',
];

/** Whose wire format a provider speaks besides its own: Bedrock hands on what Claude says as it is. */
export const speaks: Readonly<Record<string, string>> = { bedrock: 'anthropic' };

/** Files that work on what they are given: no clock, no process, no files. `build-event` makes ids. */
export const pure =
  /^(patches\/.*|check-facts|describe-value|read-answer|types|operation|version|content|known-words|redact|find-addresses|find-api-keys|find-numbers|options|option-checks|environment|read-error|build-event|cost|price-names|tier-factor|read-rates|event-properties|sample|check-context|apply-context|apply-schema|take-out-text|agent-names|agent-events|otel-events)$/;
export const sourcesOfPure: Readonly<Record<string, readonly string[]>> = {
  'build-event': ['node:crypto'],
  'schemas/agent-events': ['node:crypto'],
};
