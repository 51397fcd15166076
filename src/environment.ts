import { checks } from './option-checks';
import { defaults, type LlmTracingOptions } from './options';
import { redactKinds, type RedactKind } from './redact/redact';

/** Where events go in zero-code mode. */
export type Output =
  | {
      readonly kind: 'amplitude';
      readonly apiKey: string;
      readonly serverUrl?: string;
      readonly serverZone?: 'US' | 'EU';
      /** Whether, or in which folder, what could not be delivered is kept. */
      readonly spool: boolean | string;
      readonly durability?: 'batch' | 'always';
    }
  | { readonly kind: 'console' }
  | { readonly kind: 'jsonl'; readonly file: string };

/** What the environment asks for. */
export interface Environment {
  readonly enabled: boolean;
  readonly output: Output | undefined;
  readonly options: LlmTracingOptions;
  /** Milliseconds that the end of the process may wait for events. */
  readonly flushTimeout: number;
  /** One line for each value that is wrong; its setting has its default. */
  readonly problems: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads zero-code configuration. Never throws: an environment that is wrong must not stop the application. */
export function readEnvironment(variables: Variables): Environment {
  const problems: string[] = [];
  const read = <Value>(name: string, parse: (text: string) => Value | undefined, valid: string): Value | undefined => {
    const text = variables[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name} must be ${valid}, not ${JSON.stringify(text.slice(0, 100))}`);
    return value;
  };
  const option = (
    variable: string,
    name: keyof LlmTracingOptions,
    parse: (text: string) => unknown,
  ): LlmTracingOptions => {
    const accept = (text: string): unknown => {
      const value = parse(text);
      return checks[name](value) === undefined ? value : undefined;
    };
    const value = read(variable, accept, validFor(name));
    return value === undefined ? {} : { [name]: value };
  };
  /** The defaults of these let text leave: whoever sets one wanted less, so what can not be read lets none leave. */
  const closedOption = (
    variable: string,
    name: 'includePrompts' | 'includeResponses' | 'privacyMode' | 'excludeInput' | 'excludeOutput',
    closed: boolean,
  ): LlmTracingOptions => {
    if (!variables[variable]?.trim()) return {};
    return { [name]: read(variable, toBoolean, `true or false (${closed} is used)`) ?? closed };
  };
  /** Who asks for redaction of a kind that is not known gets all of them. */
  const redactOption = (): LlmTracingOptions => {
    const accept = (text: string): readonly RedactKind[] | undefined => {
      const kinds = toList(text);
      return checks.redact(kinds) === undefined ? (kinds as readonly RedactKind[]) : undefined;
    };
    if (!variables['LLM_TRACE_REDACT']?.trim()) return {};
    return {
      redact: read('LLM_TRACE_REDACT', accept, `a list of ${redactKinds.join(', ')} (all are used)`) ?? redactKinds,
    };
  };
  return {
    enabled: read('LLM_TRACE_ENABLED', toBoolean, 'true or false (true is used)') ?? true,
    output: readOutput(read),
    flushTimeout:
      read(
        'LLM_TRACE_FLUSH_TIMEOUT',
        toMilliseconds,
        'a whole number of milliseconds from 0 to 60000 (2000 is used)',
      ) ?? 2_000,
    options: {
      ...option('LLM_TRACE_PROVIDERS', 'providers', toList),
      ...closedOption('LLM_TRACE_INCLUDE_PROMPTS', 'includePrompts', false),
      ...closedOption('LLM_TRACE_INCLUDE_RESPONSES', 'includeResponses', false),
      ...option('LLM_TRACE_MAX_PROMPT_LENGTH', 'maxPromptLength', toNumber),
      ...option('LLM_TRACE_MAX_RESPONSE_LENGTH', 'maxResponseLength', toNumber),
      ...closedOption('LLM_TRACE_PRIVACY_MODE', 'privacyMode', true),
      ...closedOption('LLM_TRACE_EXCLUDE_INPUT', 'excludeInput', true),
      ...closedOption('LLM_TRACE_EXCLUDE_OUTPUT', 'excludeOutput', true),
      ...redactOption(),
      ...option('LLM_TRACE_TRACK_TOKENS', 'trackTokens', toBoolean),
      ...option('LLM_TRACE_TRACK_COST', 'trackCost', toBoolean),
      ...option('LLM_TRACE_SAMPLE_RATE', 'sampleRate', toNumber),
      ...option('LLM_TRACE_SAMPLE_ERRORS', 'sampleErrors', toBoolean),
      ...option('LLM_TRACE_SCHEMA', 'schema', (text) => text.toLowerCase()),
      ...option('LLM_TRACE_USER_ID', 'userId', (text) => text),
      ...option('LLM_TRACE_DEVICE_ID', 'deviceId', (text) => text),
      ...option('LLM_TRACE_DEBUG', 'debug', toBoolean),
      ...option('LLM_TRACE_NO_WARNING', 'noWarning', toBoolean),
    },
    problems,
  };
}

type Read = <Value>(name: string, parse: (text: string) => Value | undefined, valid: string) => Value | undefined;

function readOutput(read: Read): Output | undefined {
  const apiKey = read('AMPLITUDE_API_KEY', (text) => text, 'a key');
  const serverUrl = read('AMPLITUDE_SERVER_URL', toUrl, 'an http or https URL');
  const serverZone = read('AMPLITUDE_SERVER_ZONE', toZone, 'US or EU');
  const asked = read('LLM_TRACE_OUTPUT', toOutput, "'amplitude', 'console' or a path ending in .jsonl");
  if (asked === 'console') return { kind: 'console' };
  if (asked !== undefined && asked !== 'amplitude') return { kind: 'jsonl', file: asked };
  const spool = read('LLM_TRACE_SPOOL', toBoolean, 'true or false (true is used)') ?? true;
  const directory = read('LLM_TRACE_SPOOL_DIR', (text) => text, 'a folder');
  const durability = read('LLM_TRACE_DURABILITY', toDurability, 'batch or always (batch is used)');
  if (apiKey === undefined) return undefined;
  return {
    kind: 'amplitude',
    apiKey,
    ...(serverUrl !== undefined && { serverUrl }),
    ...(serverZone && { serverZone }),
    spool: spool && (directory ?? true),
    ...(durability && spool && { durability }),
  };
}

/** What is valid, and what a bad value falls back to: both stand in the line that says it is bad. */
function validFor(name: keyof LlmTracingOptions): string {
  const valid = checks[name](undefined) ?? '';
  if (name === 'providers') return `${valid} (all of them are used)`;
  const fallback = (defaults as Record<string, string | number | boolean>)[name];
  return fallback === undefined ? valid : `${valid} (${fallback} is used)`;
}

function toBoolean(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off)$/i.test(text) ? false : undefined;
}

function toNumber(text: string): number | undefined {
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** What `exitTimeout` of a client may be, and no more: what that throws for is an application that is not traced. */
function toMilliseconds(text: string): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number >= 0 && number <= 60_000 ? number : undefined;
}

/** A list of nothing is a mistake: `LLM_TRACE_ENABLED` switches off. */
function toList(text: string): string[] | undefined {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  return names.length > 0 ? names : undefined;
}

function toZone(text: string): 'US' | 'EU' | undefined {
  const zone = text.toUpperCase();
  return zone === 'US' || zone === 'EU' ? zone : undefined;
}

function toDurability(text: string): 'batch' | 'always' | undefined {
  const durability = text.toLowerCase();
  return durability === 'batch' || durability === 'always' ? durability : undefined;
}

function toUrl(text: string): string | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

function toOutput(text: string): string | undefined {
  const name = text.toLowerCase();
  if (name === 'console' || name === 'amplitude') return name;
  return name.endsWith('.jsonl') ? text : undefined;
}
