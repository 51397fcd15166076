import { limitsIn } from '../context/apply-context';
import { deliverEvents, type Delivery } from '../deliver-events';
import { activeSession, countDropped, countersOf, rulesOf } from '../enable';
import type { CheckedContext } from '../operation';
import { checks } from '../option-checks';
import { resolveOptions, type AmplitudeClient, type LlmTracingOptions, type ResolvedOptions } from '../options';
import { reportProblem } from '../safely';
import type { Limits } from '../types';

/** The options that concern one event. */
const names = [
  ...(['includePrompts', 'includeResponses', 'excludeInput', 'excludeOutput', 'privacyMode', 'redact'] as const),
  ...(['maxPromptLength', 'maxMessageLength', 'maxMessages', 'maxResponseLength'] as const),
  ...(['trackTokens', 'trackCost', 'prices', 'schema'] as const),
  ...(['userId', 'deviceId', 'groups', 'properties', 'beforeSend'] as const),
];

/**
 * Options of {@link enableLlmTracing} for one event that is made by hand. What is not given here is as in the session
 * that is active, else as by default. The `privacyMode` of the session holds in any case.
 *
 * @experimental
 */
export type LlmEventOptions = Pick<LlmTracingOptions, (typeof names)[number]>;

/** How an event that is made by hand is built. */
export interface HandRules {
  readonly options: ResolvedOptions;
  readonly rules: ReturnType<typeof rulesOf>;
  limitsIn(told?: CheckedContext): Limits;
}

export function rulesByHand(given: LlmEventOptions = {}): HandRules {
  const session = activeSession();
  const options = merge(session?.options ?? resolveOptions(), checkOptions(given));
  const rules = options === session?.options ? session.rules : rulesOf(options);
  return { options, rules, limitsIn: (told) => limitsIn(options, told) };
}

/**
 * The way to a client: the session's own where it is the same client and the same rules.
 *
 * @returns undefined where there is no client; then that is counted.
 */
export function wayTo(client: AmplitudeClient | undefined, { options, rules }: HandRules): Delivery | undefined {
  const session = activeSession();
  const target = client ?? session?.client;
  if (typeof target?.track !== 'function') {
    countDropped('no_client');
    if (client) reportProblem('reach a client', new TypeError('client must be an object with a track(event) method'));
    return undefined;
  }
  const isSessions = target === session?.client;
  if (isSessions && options === session?.options) return session.delivery;
  const counters = isSessions ? countersOf() : { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
  return deliverEvents(target, rules, options, counters, isSessions ? session.kept : undefined);
}

/** What is wrong is left out and reported. Who says something of privacy wanted less than the default. */
function checkOptions(given: LlmEventOptions): LlmTracingOptions {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const check = names.find((each) => each === name);
    const valid = check ? checks[check](value) : `one of the options ${names.join(', ')}`;
    if (!valid) checked[name] = value;
    else {
      reportProblem('read the options of an event', new TypeError(`${name} ${check ? 'must be' : 'is not'} ${valid}`));
      if (/^(privacyMode|redact|include|exclude)/.test(name)) checked['privacyMode'] = true;
    }
  }
  return checked;
}

function merge(options: ResolvedOptions, given: LlmTracingOptions): ResolvedOptions {
  const resolved = resolveOptions(given);
  const known = Object.keys(given).map((name) => [name, resolved[name as keyof ResolvedOptions]]);
  if (known.length === 0) return options;
  return {
    ...options,
    ...(Object.fromEntries(known) as Partial<ResolvedOptions>),
    privacyMode: options.privacyMode || resolved.privacyMode,
    ...(options.groups && resolved.groups && { groups: { ...options.groups, ...resolved.groups } }),
    ...(options.properties && resolved.properties && { properties: { ...options.properties, ...resolved.properties } }),
  };
}
