import { limitsIn } from '../context/apply-context';
import { deliverEvents, type Delivery } from '../deliver-events';
import { activeSession, countDropped, countersOf, rulesOf } from '../enable';
import { mergeOptions } from '../merge-options';
import type { CheckedContext } from '../operation';
import { checks } from '../option-checks';
import { resolveOptions, type AmplitudeClient, type LlmTracingOptions, type ResolvedOptions } from '../options';
import { reportProblem } from '../safely';
import type { Limits } from '../types';
import { isSameClient } from '../wrappers/same-client';

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
  const checked = checkOptions(given);
  const options = mergeOptions(session?.options ?? resolveOptions(), resolveOptions(checked), Object.keys(checked));
  return options === session?.options ? handRules(options, session.rules) : handRules(options);
}

export function handRules(options: ResolvedOptions, rules = rulesOf(options)): HandRules {
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
  const isSessions = session !== undefined && isSameClient(target, session.client);
  if (isSessions && options === session.options) return session.delivery;
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
