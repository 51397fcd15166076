import { toldTo } from './bedrock-doors';
import { model } from './bedrock-subject';
import type { Door, Subject } from './describe-patch';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several generations */

/** InvokeModel, with the formats of the models themselves. */
export function invokeDoors(subject: Subject): Door[] {
  const { exports: sdk } = subject;
  const asked = {
    ...subject.asked,
    message_count: undefined,
    http_status: 200,
    request_id: 'req_standin',
    outcome: 'ok',
  };
  const whole = { ...asked, method: 'invokeModel', streaming: false };
  const streamed = { ...asked, method: 'invokeModelWithResponseStream', streaming: true };
  const said = { output: 'Hello from the stand-in.', input_tokens: 10, output_tokens: 12, total_tokens: 22 };
  const claudeSaid = {
    ...said,
    input_tokens: 20,
    total_tokens: 32,
    finish_reason: 'end_turn',
    response_id: 'msg_standin',
  };
  const commandSaid = { ...said, finish_reason: 'COMPLETE', response_id: 'gen_standin' };
  const commandAsked = { model: command.modelId, message_count: 1, operation: 'chat_completion' };
  const textAsked = { operation: 'text_completion', input: 'hello', max_tokens: 64 };
  const invoke = (client: any, { modelId, body }: Native): any =>
    client.send(new sdk.InvokeModelCommand({ contentType, modelId, body: JSON.stringify(body) }));
  const stream = async (client: any, { modelId, body }: Native): Promise<unknown[]> => {
    const sent = new sdk.InvokeModelWithResponseStreamCommand({
      contentType,
      modelId,
      body: Buffer.from(JSON.stringify(body)),
    });
    return readAll((await client.send(sent)).body);
  };
  return [
    {
      title: 'InvokeModel with Claude reads what Claude says, and its body can still be read',
      async run({ connect }) {
        const answer = await invoke(connect(), claude);
        return { answer, text: new TextDecoder().decode(answer.body) };
      },
      events: [{ ...whole, ...claudeSaid, model: claude.modelId, message_count: 1, cached_input_tokens: 7 }],
      check: ({ value }) => expect(JSON.parse(value.text).id).toBe('msg_standin'),
    },
    {
      title: 'a stream of InvokeModel with Claude is watched chunk by chunk',
      run: ({ connect }) => stream(connect(), claude),
      events: [{ ...streamed, ...claudeSaid, model: claude.modelId, response_model: claude.modelId, message_count: 1 }],
      check: ({ value }) => expect(value.length).toBeGreaterThan(5),
    },
    {
      title: 'tokens of a model that says none are those of the headers',
      run: ({ connect }) => invoke(connect(), command),
      events: [{ ...whole, ...commandAsked, ...commandSaid }],
    },
    {
      title: 'a stream of a model that says no tokens has them in its last chunk',
      run: ({ connect }) => stream(connect(), command),
      events: [{ ...streamed, ...commandAsked, ...commandSaid }],
    },
    {
      title: 'the headers are found again for a command that is sent twice at once',
      async run({ connect }) {
        const client = connect();
        const sent = new sdk.InvokeModelCommand({
          contentType,
          modelId: command.modelId,
          body: JSON.stringify(command.body),
        });
        return Promise.all([client.send(sent), client.send(sent)]);
      },
      events: [1, 2].map(() => ({ ...whole, ...commandAsked, ...commandSaid })),
    },
    {
      title: 'a client that keeps its handlers has the headers each time',
      async run({ connect }) {
        const client = connect('', { cacheMiddleware: true });
        return [await invoke(client, command), await invoke(client, command)];
      },
      events: [1, 2].map(() => ({ ...whole, ...commandAsked, ...commandSaid })),
    },
    {
      title: 'the answer of InvokeModel to a callback has its headers too',
      run: ({ connect }) =>
        toldTo((callback) => {
          const sent = new sdk.InvokeModelCommand({
            contentType,
            modelId: command.modelId,
            body: JSON.stringify(command.body),
          });
          connect().send(sent, {}, callback);
        }),
      events: [{ ...whole, ...commandAsked, ...commandSaid }],
    },
    {
      title: 'InvokeModel with Llama is a text completion',
      run: ({ connect }) => invoke(connect(), llama),
      events: [{ ...whole, ...textAsked, ...said, model: llama.modelId, finish_reason: 'stop' }],
    },
    {
      title: 'a stream of Llama that is left early claims no tokens of the answer',
      async run({ connect }) {
        const sent = new sdk.InvokeModelWithResponseStreamCommand({
          contentType,
          modelId: llama.modelId,
          body: JSON.stringify({ ...llama.body, prompt: 'long' }),
        });
        for await (const chunk of (await connect('/slow-5').send(sent)).body) return chunk as unknown;
        return undefined;
      },
      events: [
        {
          ...streamed,
          operation: 'text_completion',
          input: 'long',
          outcome: 'cancelled',
          output: 'lorem ip',
          output_tokens: undefined,
          model: llama.modelId,
        },
      ],
    },
    {
      title: 'InvokeModel with an embedding model is an embedding',
      run: ({ connect }) => invoke(connect(), { modelId: 'amazon.titan-embed-text-v2:0', body: { inputText: 'one' } }),
      events: [
        {
          ...{
            ...whole,
            operation: 'embedding',
            model: 'amazon.titan-embed-text-v2:0',
            input: 'one',
            input_tokens: 10,
          },
          ...{ output: undefined, finish_reason: undefined },
        },
      ],
    },
    {
      title: 'a body that is no JSON is sent as it was, and only its model is known',
      run: ({ connect }) => invoke(connect(), { modelId: model, body: undefined }).catch((error: unknown) => error),
      events: [{ method: 'invokeModel', model, message_count: undefined, input: undefined }],
      ignoresRequests: true,
    },
  ];
}

/** Without it the SDK sends bytes of no kind. */
const contentType = 'application/json';

interface Native {
  readonly modelId: string;
  readonly body: object | undefined;
}

const claude: Native = {
  modelId: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
  body: { anthropic_version: 'bedrock-2023-05-31', max_tokens: 64, messages: [{ role: 'user', content: 'hello' }] },
};
const command: Native = { modelId: 'cohere.command-r-v1:0', body: { message: 'hello', max_tokens: 64 } };
const llama: Native = { modelId: 'meta.llama3-8b-instruct-v1:0', body: { prompt: 'hello', max_gen_len: 64 } };
