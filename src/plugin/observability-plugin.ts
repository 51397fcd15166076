import { toJson, type ContentRules } from '../content';
import { checks } from '../option-checks';
import type { LlmTracingOptions } from '../options';
import { redactorOf } from '../redact/redact';
import { reportProblem, safely } from '../safely';
import { takeOutText, type TakeOutRules } from './take-out-text';

/**
 * What {@link llmObservabilityPlugin} does with events about models.
 *
 * @experimental
 */
export interface LlmObservabilityPluginOptions {
  /** Whether prompts stay: `messages`, `input`. Default: true. */
  includePrompts?: boolean;
  /** Whether answers and tool arguments stay, and earlier answers in `messages`: `output`, `response`. Default: true. */
  includeResponses?: boolean;
  /** Characters of each text that stays, 0 to 1,023. Default: as long as it is. */
  maxLength?: number;
  /** Changes each text that stays: kinds to take out, or a function. Where it throws, the text is left out. */
  redact?: NonNullable<LlmTracingOptions['redact']>;
  /** Properties of your own, where the event does not have them. */
  properties?: Record<string, unknown>;
}

/**
 * A plugin of analytics-node, of any version.
 *
 * @experimental
 */
export interface LlmObservabilityPlugin {
  readonly name: 'llm-observability';
  readonly type: 'enrichment';
  setup(): Promise<void>;
  execute<Event>(event: Event): Promise<Event>;
  teardown(): Promise<void>;
}

const optionChecks: Readonly<Record<keyof LlmObservabilityPluginOptions, (value: unknown) => string | undefined>> = {
  includePrompts: checks.includePrompts,
  includeResponses: checks.includeResponses,
  maxLength: checks.maxPromptLength,
  redact: checks.redact,
  properties: checks.properties,
};

/**
 * A plugin for `@amplitude/analytics-node` that takes prompts or answers out of `llm_operation` events, whoever tracks
 * them, and marks the events with `llm_observability_enabled: true`. The `[Agent]` events of Agent Analytics are treated
 * the same. No other event is touched, and none is dropped: where an event can not be read, its text is left out.
 *
 * @experimental
 * @throws TypeError that names each wrong option and what is valid. The plugin itself never throws.
 * @example
 * ```ts
 * amplitude.init(process.env.AMPLITUDE_API_KEY);
 * amplitude.add(llmObservabilityPlugin({ includePrompts: false, redact: ['email'] }));
 * ```
 */
export function llmObservabilityPlugin(options: LlmObservabilityPluginOptions = {}): LlmObservabilityPlugin {
  checkOptions(options);
  const rules = rulesFrom(options);
  const added = toJson(options.properties) as Record<string, unknown> | undefined;
  return {
    name: 'llm-observability',
    type: 'enrichment',
    // analytics-node 1.3.5 calls it without asking whether it is there.
    setup: () => Promise.resolve(),
    execute: (event) => Promise.resolve(isOfModel(event) ? shape(event, rules, added) : event),
    teardown: () => Promise.resolve(),
  };
}

/** A plugin that throws leaves the timeline of analytics-node stuck, and the application's own events with it. */
function shape<Event>(event: Event, rules: TakeOutRules, added: Record<string, unknown> | undefined): Event {
  try {
    const { event_type: type, event_properties: given } = event as { event_type: string; event_properties?: unknown };
    const properties = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
    const shown = { ...added, ...takeOutText(type, properties, rules), llm_observability_enabled: true };
    // A copy: the object belongs to whoever tracked it, and may be frozen.
    return { ...event, event_properties: shown };
  } catch (error) {
    reportProblem('take text out of an event', error);
    return withoutProperties(event);
  }
}

const fields = ['event_type', 'user_id', 'device_id', 'session_id', 'time', 'insert_id'] as const;

function withoutProperties<Event>(event: Event): Event {
  const bare: Record<string, unknown> = { event_properties: { llm_observability_enabled: true } };
  for (const field of fields) {
    const value = safely('read an event', () => (event as Record<string, unknown>)[field]);
    if (value !== undefined) bare[field] = value;
  }
  return bare as Event;
}

function isOfModel(event: unknown): boolean {
  const type = safely('read an event', () => (event as { event_type?: unknown } | null | undefined)?.event_type);
  return typeof type === 'string' && (type === 'llm_operation' || type.startsWith('[Agent] '));
}

function rulesFrom(options: LlmObservabilityPluginOptions): TakeOutRules {
  const { includePrompts = true, includeResponses = true, maxLength, redact } = options;
  if (maxLength === undefined && redact === undefined) return { includePrompts, includeResponses };
  const length = maxLength ?? 1_023;
  const gate: ContentRules = {
    // What may stay is decided by the name of the property.
    privacyMode: false,
    includePrompts: true,
    includeResponses: true,
    maxPromptLength: length,
    maxMessageLength: length,
    maxResponseLength: length,
    redact: typeof redact === 'function' ? redact : redact && redactorOf(redact),
  };
  return { includePrompts, includeResponses, gate };
}

function checkOptions(options: unknown): void {
  const names = Object.keys(optionChecks).join(', ');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`llmObservabilityPlugin: options must be an object with ${names}`);
  }
  const problems = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(optionChecks, name)) return [`${name} is not one of the options ${names}`];
    const valid = optionChecks[name as keyof LlmObservabilityPluginOptions](value);
    return valid === undefined ? [] : [`${name} must be ${valid}`];
  });
  if (problems.length > 0) throw new TypeError(`llmObservabilityPlugin: ${problems.join('; ')}`);
}
