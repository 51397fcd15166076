import { describeRecordings } from './describe-recordings';
import { expectedAnswer, expectedRequest } from './expected-event';
import type { Recording } from './replay-server';
import { eventsOf, tell as tellShared, type Told } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies as they were recorded */

const majors = ['huggingface', 'huggingface-v3'];

for (const major of majors) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- named in a list
  const sdk = require(`../patches/${major}-holder.cjs`);
  describeRecordings({
    title: major,
    provider: 'huggingface',
    sdk,
    file: 'huggingface',
    call: (recording, base) => Promise.resolve(callOf(sdk, recording, base)),
    eventsOf,
    tell,
    expectedRequest: requestOf,
    expectedEvent: (recording) => ({
      ...requestOf(recording),
      ...expectedAnswer(tell(recording, eventsOf(recording))),
      outcome: 'ok',
      error: undefined,
      // The SDK gives nothing but the body.
      http_status: undefined,
      request_id: undefined,
    }),
  });
}

/** The recorded provider's own path stands for an endpoint: nobody asks the hub where it is. */
function callOf(sdk: any, { kind, request: { url, body } }: Recording, base: string): any {
  const endpointUrl = base + new URL(url).pathname;
  const { stream, prompt, model, max_tokens: max, ...rest } = body;
  if (kind === 'feature-extraction') return sdk.featureExtraction({ endpointUrl, ...body });
  if (kind === 'completions') {
    return sdk.textGenerationStream({ endpointUrl, model, inputs: prompt, parameters: { max_new_tokens: max } });
  }
  const request = { endpointUrl, model, ...(max !== undefined && { max_tokens: max }), ...rest };
  return stream === true ? sdk.chatCompletionStream(request) : sdk.chatCompletion(request);
}

function tell(recording: Recording, events: readonly any[]): Told {
  return recording.kind === 'feature-extraction' ? { texts: [], reasons: [] } : tellShared(recording, events);
}

function requestOf(recording: Recording): Record<string, unknown> {
  const { kind, request } = recording;
  const operations: Record<string, string> = { chat: 'chat_completion', completions: 'text_completion' };
  return {
    ...expectedRequest(recording),
    provider: 'local',
    operation: operations[kind] ?? 'embedding',
    ...(kind === 'feature-extraction' && { input: request.body.inputs }),
  };
}
