import { createTracingClient } from './delivery/tracing-client';
import type { TracingClientOptions } from './delivery/client-options';
import { enable } from './enable';
import { endingOf } from './end-session';
import { readEnvironment, type Environment, type Output } from './environment';
import { flushAtExit } from './flush-at-exit';
import { consoleOutput, jsonlOutput } from './local-outputs';
import type { AmplitudeClient } from './options';

/** So many different ones are said. */
const mostProblems = 10;

type AmplitudeOutput = Extract<Output, { kind: 'amplitude' }>;

/** Zero-code mode: `register.js` calls this once a thread. Whatever goes wrong costs one line, never the application. */
export function register(): void {
  attempt(() => {
    const environment = readEnvironment(process.env);
    if (environment.enabled && !environment.output) tell(environment.problems);
    if (!environment.enabled || start(environment, environment.options)) return;
    say('not tracing: set AMPLITUDE_API_KEY, or LLM_TRACE_OUTPUT to console or to a path ending in .jsonl');
  });
}

/** For the drop-in imports: traces what was imported through them, where the environment says where to send. */
export function startForDropIns(): void {
  attempt(() => {
    const environment = readEnvironment(process.env);
    if (environment.enabled) start(environment, { ...environment.options, providers: [] });
  });
}

/** @returns false where the environment does not say where to send. */
function start({ output, flushTimeout, problems }: Environment, options: Environment['options']): boolean {
  if (!output) return false;
  tell(problems);
  const debug = options.debug === true;
  const own =
    output.kind === 'amplitude' ? createTracingClient(output.apiKey, settingsOf(output, flushTimeout)) : undefined;
  const client = own ?? localOutput(output as Exclude<Output, AmplitudeOutput>);
  const { session } = enable(client, debug ? options : { ...options, onError: eachOnce() }, true);
  flushAtExit(endingOf(session, flushTimeout));
  return true;
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    say(`not tracing: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tell(problems: readonly string[]): void {
  for (const problem of problems) say(problem);
}

/**
 * There is no `status()` to look at in this mode: one line says that something is not as it should be. What is repeated
 * says no more, and what follows may be what matters: that a folder can not be made hides no wrong key.
 */
function eachOnce(): (error: unknown) => void {
  const said = new Set<string>();
  return (error) => {
    const text = String(error).slice(0, 500);
    if (said.has(text) || said.size >= mostProblems) return;
    said.add(text);
    say(`a problem of the tracing, not of the application: ${text} (LLM_TRACE_DEBUG=true shows all)`);
  };
}

function settingsOf(
  { serverUrl, serverZone, spool, durability }: AmplitudeOutput,
  exitTimeout: number,
): TracingClientOptions {
  return {
    spool,
    exitTimeout,
    ...(serverUrl !== undefined && { serverUrl }),
    ...(serverZone !== undefined && { serverZone }),
    ...(durability !== undefined && { durability }),
  };
}

function localOutput(output: Exclude<Output, AmplitudeOutput>): AmplitudeClient {
  return output.kind === 'console' ? consoleOutput() : jsonlOutput(output.file);
}

function say(line: string): void {
  process.stderr.write(`[llm-trace] ${line}\n`);
}
