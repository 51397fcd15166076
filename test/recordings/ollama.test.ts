import * as ollama from 'ollama';
import { describeRecordings } from './describe-recordings';
import { expectedAnswer } from './expected-event';
import type { Recording } from './replay-server';
import type { Told } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies as they were recorded */

describeRecordings({
  title: 'ollama',
  provider: 'ollama',
  sdk: ollama,
  file: 'ollama',
  call({ kind, request }, host) {
    const client: any = new ollama.Ollama({ host });
    return client[kind](structuredClone(request.body));
  },
  eventsOf,
  tell,
  expectedRequest,
  expectedEvent: (recording) => ({
    ...expectedRequest(recording),
    ...expectedAnswer(tell(recording, eventsOf(recording))),
    outcome: 'ok',
    error: undefined,
    http_status: undefined,
    request_id: undefined,
  }),
});

/** One document a line. */
function eventsOf({ response }: Recording): any[] {
  if (response.text === undefined) return [response.body];
  return response.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function tell(_recording: Recording, events: readonly any[]): Told {
  const end = events.find((event) => event.done === true);
  const said = events.map((event) => event.message?.content ?? event.response ?? '').join('');
  const calls = events.flatMap((event) => event.message?.tool_calls ?? []);
  const { prompt_eval_count: input, eval_count: output } = end ?? {};
  return {
    model: events.find((event) => event.model)?.model,
    texts: said === '' ? [] : [said],
    calls: calls.map(({ function: { name, arguments: given } }) => ({ name, arguments: JSON.stringify(given) })),
    reasons: [end?.done_reason],
    tokens: { input, output, total: output === undefined ? undefined : input + output },
  };
}

function expectedRequest({ request: { body } }: Recording): Record<string, unknown> {
  const { options = {} } = body;
  return {
    provider: 'ollama',
    model: body.model,
    streaming: body.stream === true,
    message_count: body.messages?.length,
    messages: body.messages?.map(({ role, content }: any) => ({ role, content })),
    input: body.prompt,
    tool_count: body.tools?.length,
    temperature: options.temperature,
    max_tokens: options.num_predict,
    seed: options.seed,
    response_format: undefined,
    reasoning_effort: undefined,
  };
}
