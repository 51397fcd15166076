import type { EventRules } from '../build-event';
import type { CheckedContext } from '../operation';
import type { ResolvedOptions } from '../options';
import type { Limits } from '../types';

/** The options that a context can say otherwise, and those that concern one event. */
export type EventOptions = Pick<
  ResolvedOptions,
  | 'includePrompts'
  | 'includeResponses'
  | 'excludeInput'
  | 'excludeOutput'
  | 'privacyMode'
  | 'trackTokens'
  | 'trackCost'
  | 'maxMessages'
  | 'maxMessageLength'
  | 'maxPromptLength'
  | 'maxResponseLength'
  | 'redact'
  | 'userId'
  | 'deviceId'
  | 'groups'
  | 'properties'
>;

type Gate = Pick<EventRules, 'privacyMode' | 'includePrompts' | 'includeResponses'>;

/**
 * The rules for an event: the options, and what its context says. Inside `privacyMode` nothing opens again.
 *
 * @param anyDevice - the device of events that are nobody's: the server refuses an event without an id.
 */
export function rulesIn(options: EventOptions, anyDevice: () => string, told: CheckedContext = {}): EventRules {
  const userId = told.userId === undefined ? options.userId : (told.userId ?? undefined);
  const deviceId = told.deviceId === undefined ? options.deviceId : (told.deviceId ?? undefined);
  const { privacyMode, includePrompts, includeResponses } = gateIn(options, told);
  // By name, one by one: with a spread in front, V8 makes a hash table of it, which takes 7 microseconds an event.
  return {
    privacyMode,
    includePrompts,
    includeResponses,
    trackTokens: told.trackTokens ?? options.trackTokens,
    trackCost: told.trackCost ?? options.trackCost,
    maxMessages: options.maxMessages,
    maxMessageLength: options.maxMessageLength,
    maxPromptLength: options.maxPromptLength,
    maxResponseLength: options.maxResponseLength,
    redact: options.redact,
    userId,
    deviceId: deviceId ?? (userId === undefined ? anyDevice() : undefined),
    sessionId: told.sessionId,
    llmSessionId: told.llmSessionId,
    groups: told.groups ? groupsWithin(options.groups, told.groups) : options.groups,
    properties: merged(options.properties, told.properties),
  };
}

/** How much text is read of a call. What may not leave is not even read: only its length. */
export function limitsIn(options: EventOptions, told: CheckedContext = {}): Limits {
  const { includePrompts: prompts, includeResponses: responses } = gateIn(options, told);
  return {
    messages: prompts ? options.maxMessages : 0,
    message: prompts || responses ? options.maxMessageLength : 0,
    prompt: prompts ? options.maxPromptLength : 0,
    response: responses ? options.maxResponseLength : 0,
  };
}

/** Whether a context can change how much is read of a call. */
export function changesLimits(told: CheckedContext): boolean {
  return (
    told.privacyMode !== undefined ||
    told.includePrompts !== undefined ||
    told.includeResponses !== undefined ||
    told.excludeInput !== undefined ||
    told.excludeOutput !== undefined
  );
}

function gateIn(options: EventOptions, told: CheckedContext): Gate {
  const privacyMode = options.privacyMode || told.privacyMode === true;
  const prompts = told.includePrompts ?? options.includePrompts;
  const responses = told.includeResponses ?? options.includeResponses;
  return {
    privacyMode,
    includePrompts: prompts && !(told.excludeInput ?? options.excludeInput) && !privacyMode,
    includeResponses: responses && !(told.excludeOutput ?? options.excludeOutput) && !privacyMode,
  };
}

const mostGroups = 5;

/** Both. A project has no more group types than so many (Amplitude); the inner ones come first. */
export function groupsWithin<Value>(
  outer: Record<string, Value> | undefined,
  inner: Record<string, Value>,
): Record<string, Value> {
  const groups = { ...inner, ...outer, ...inner };
  const entries = Object.entries(groups);
  return entries.length <= mostGroups ? groups : Object.fromEntries(entries.slice(0, mostGroups));
}

function merged<Value>(
  outer: Record<string, Value> | undefined,
  inner: Record<string, Value> | undefined,
): Record<string, Value> | undefined {
  return outer && inner ? { ...outer, ...inner } : (inner ?? outer);
}
