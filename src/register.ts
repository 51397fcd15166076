import { amplitudeOutput } from './amplitude-output';
import { enable } from './enable';
import { readEnvironment, type Environment, type Output } from './environment';
import { flushAtExit } from './flush-at-exit';
import { consoleOutput, jsonlOutput } from './local-outputs';
import type { AmplitudeClient } from './options';

/** Zero-code mode: `register.js` calls this once a thread. Whatever goes wrong costs one line, never the application. */
export function register(): void {
  try {
    start(readEnvironment(process.env));
  } catch (error) {
    say(`not tracing: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function start({ enabled, output, options, flushTimeout, problems }: Environment): void {
  if (!enabled) return;
  for (const problem of problems) say(problem);
  if (!output) {
    return say('not tracing: set AMPLITUDE_API_KEY, or LLM_TRACE_OUTPUT to console or to a path ending in .jsonl');
  }
  const debug = options.debug === true;
  const { session } = enable(clientOf(output, debug), debug ? options : { ...options, onError: firstOnly() }, true);
  flushAtExit(session.tracer, session.delivery, flushTimeout);
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

function clientOf(output: Output, debug: boolean): AmplitudeClient {
  if (output.kind === 'console') return consoleOutput();
  return output.kind === 'jsonl' ? jsonlOutput(output.file) : amplitudeOutput(output, debug);
}

function say(line: string): void {
  process.stderr.write(`[llm-trace] ${line}\n`);
}
