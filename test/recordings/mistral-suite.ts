import { camelCase } from './camel-case';
import { describeRecordings } from './describe-recordings';
import { expectedAnswer, expectedRequest as expectedOf } from './expected-event';
import type { Recording } from './replay-server';
import { eventsOf, tell as tellChat, type Told } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies as they were recorded */

/** The recordings of Mistral, sent through one major of its SDK; `exportsOf` is asked when a test runs. */
export function describeMistralRecordings(title: string, exportsOf: () => any): void {
  describeRecordings({
    title,
    provider: 'mistral',
    get sdk() {
      return exportsOf();
    },
    file: 'mistral',
    call(recording, serverURL) {
      const client = new (exportsOf().Mistral)({ apiKey: 'none', serverURL });
      const body: any = camelCase(recording.request.body);
      // Version 2 refuses a tool that does not say its type, which the API does not ask for.
      const tools = body.tools?.map((tool: object) => ({ type: 'function', ...tool }));
      return callOf(client, recording)({ ...body, ...(tools && { tools }) });
    },
    eventsOf,
    tell,
    expectedRequest,
    expectedEvent: (recording) => ({
      ...expectedRequest(recording),
      ...expectedAnswer(tell(recording, eventsOf(recording))),
      outcome: 'ok',
      error: undefined,
      // The SDK gives nothing but the body.
      http_status: undefined,
      request_id: undefined,
    }),
  });
}

function callOf(client: any, { kind, request: { body } }: Recording): (body: any) => Promise<any> {
  const method = body.stream === true ? 'stream' : 'complete';
  switch (kind) {
    case 'embeddings':
      return ({ input, ...rest }) => client.embeddings.create({ ...rest, inputs: input });
    case 'moderations':
      return ({ input, ...rest }) => client.classifiers.moderate({ ...rest, inputs: input });
  }
  return (given) => client[kind][method](given);
}

function tell(recording: Recording, events: readonly any[]): Told {
  const [body] = events;
  if (recording.kind === 'embeddings') {
    const { prompt_tokens: input, total_tokens: total } = body.usage;
    return { model: body.model, id: body.id, texts: [], reasons: [], tokens: { input, total } };
  }
  // The SDK drops the usage of a moderation.
  if (recording.kind === 'moderations') return { model: body.model, id: body.id, texts: [], reasons: [] };
  const told = tellChat({ ...recording, kind: 'chat' }, events);
  const usage = events.findLast((event) => event.usage)?.usage;
  const cached: unknown = usage?.num_cached_tokens;
  return cached === undefined ? told : { ...told, tokens: { ...told.tokens, cached: Number(cached) } };
}

function expectedRequest(recording: Recording): Record<string, unknown> {
  return { ...expectedOf(recording), provider: 'local', seed: recording.request.body.random_seed };
}
