import { createTracingClient, type TracingClient } from './delivery/tracing-client';
import type { TracingClientOptions } from './delivery/client-options';
import type { Delivery } from './deliver-events';
import { enable } from './enable';
import { readEnvironment, type Environment, type Output } from './environment';
import { flushAtExit, type EndingDelivery } from './flush-at-exit';
import { consoleOutput, jsonlOutput } from './local-outputs';
import type { AmplitudeClient } from './options';

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
  const own = output.kind === 'amplitude' ? createTracingClient(output.apiKey, settingsOf(output)) : undefined;
  const client = own ?? localOutput(output as Exclude<Output, AmplitudeOutput>);
  const { session } = enable(client, debug ? options : { ...options, onError: firstOnly() }, true);
  flushAtExit(session.tracer, own ? withQueue(session.delivery, own) : session.delivery, flushTimeout);
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

/** There is no `status()` to look at in this mode: one line says that something is not as it should be. */
function firstOnly(): (error: unknown) => void {
  let isSaid = false;
  return (error) => {
    if (isSaid) return;
    isSaid = true;
    say(`a problem of the tracing, not of the application: ${String(error)} (LLM_TRACE_DEBUG=true shows all)`);
  };
}

function settingsOf({ serverUrl, serverZone, spool, durability }: AmplitudeOutput): TracingClientOptions {
  return {
    spool,
    ...(serverUrl !== undefined && { serverUrl }),
    ...(serverZone !== undefined && { serverZone }),
    ...(durability !== undefined && { durability }),
  };
}

/** What our own client has queued is to be waited for, too, and saved when nothing can wait any more. */
function withQueue(delivery: Delivery, client: TracingClient): EndingDelivery {
  return {
    ...delivery,
    pending: () => delivery.pending() + client.status().pending,
    sendSpooled: (timeout) => client.sendSpooled(timeout),
    save: () => client.save(),
  };
}

function localOutput(output: Exclude<Output, AmplitudeOutput>): AmplitudeClient {
  return output.kind === 'console' ? consoleOutput() : jsonlOutput(output.file);
}

function say(line: string): void {
  process.stderr.write(`[llm-trace] ${line}\n`);
}
