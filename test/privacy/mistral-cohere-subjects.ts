import * as cohere from 'cohere-ai';
import * as mistral from 'mistral-v1';
import * as wire from './mistral-cohere-wire';
import { answersOf, headers } from './openai-wire';
import { only, readAll, type Subject } from './subject';

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over several majors */

/** The SDK of any major. */
export const mistralSubjectOf = (sdk: any): Subject => ({
  provider: 'mistral',
  exports: () => sdk,
  calls: [
    {
      title: 'chat.complete',
      request: wire.mistralRequest,
      answers: answersOf(wire.mistralAnswer, wire.mistralChunks),
      keep: ['finish_reason', 'toolChoice', 'reasoningEffort'],
      async run(serverURL, request, isStream) {
        const { chat } = new sdk.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } });
        await readAll(await (isStream ? chat.stream(request) : chat.complete(request)));
      },
    },
    {
      title: 'fim.complete',
      request: { model: 'm', prompt: 'def f', suffix: 'return', stop: ['END'], metadata: { note: 'n' } },
      answers: only(answersOf(wire.mistralAnswer), 'whole', 'refused'),
      keep: ['finish_reason'],
      run: (serverURL, request) =>
        new sdk.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } }).fim.complete(request),
    },
    {
      title: 'classifiers.moderate',
      request: { model: 'm', inputs: ['Bad'] },
      answers: only(answersOf({ id: 'm1a2b3c4d', model: 'm', results: [] }), 'whole', 'refused'),
      run: (serverURL, request) =>
        new sdk.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } }).classifiers.moderate(request),
    },
  ],
});

export const mistralAndCohereSubjects: readonly Subject[] = [
  mistralSubjectOf(mistral),
  {
    provider: 'cohere',
    exports: () => cohere,
    calls: [
      {
        title: 'chat',
        request: wire.cohereRequest,
        answers: {
          whole: { json: wire.cohereAnswer, headers },
          streamed: { events: wire.cohereEvents, headers },
          'streamed and failing': {
            events: [
              ...wire.cohereEvents.slice(0, 3),
              { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'You said' } },
            ],
          },
          refused: { status: 400, json: { message: 'You said', id: 'e', code: 'bad' } },
        },
        keep: ['mode', 'toolChoice', 'safetyMode'],
        async run(environment, request, isStream) {
          const client = new cohere.CohereClientV2({ token: 'none', environment });
          await readAll(
            await (isStream ? client.chatStream(request, { maxRetries: 0 }) : client.chat(request, { maxRetries: 0 })),
          );
        },
      },
      {
        title: 'rerank',
        request: { model: 'r', query: 'Which', documents: ['One', 'Two'] },
        answers: { whole: { json: { id: 'rr-1a2b3c4d', results: [{ index: 0, relevance_score: 1 }] } } },
        run: (environment, request) =>
          new cohere.CohereClientV2({ token: 'none', environment }).rerank(request, { maxRetries: 0 }),
      },
      {
        title: 'chat of version 1',
        request: wire.cohereOldRequest,
        answers: { whole: { json: wire.cohereOldAnswer }, refused: { status: 400, json: { message: 'You said' } } },
        keep: ['promptTruncation', 'citationQuality'],
        run: (environment, request) =>
          new cohere.CohereClient({ token: 'none', environment }).chat(request, { maxRetries: 0 }),
      },
    ],
  },
];
