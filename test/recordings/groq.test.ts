import * as groq1 from 'groq-sdk';
import * as groq0 from 'groq-v0';
import { describeRecordings } from './describe-recordings';
import { expectedEvent, expectedRequest } from './expected-event';
import type { Recording } from './replay-server';
import { eventsOf, tell } from './wire';

for (const [title, sdk] of [
  ['groq-sdk 0', groq0],
  ['groq-sdk 1', groq1],
] as const) {
  describeRecordings({
    title,
    provider: 'groq',
    sdk,
    file: 'groq',

    call: async ({ request }, base) => clientOf(sdk, base).chat.completions.create(request.body),
    eventsOf,
    tell,
    expectedRequest,
    expectedEvent: (recording) => ({ ...expectedEvent(recording), ...(sdk === groq0 && statusTold(recording)) }),
  });
}

/** The old SDK gives its error the status that an error event tells, and not the one of the answer. */
function statusTold({ features }: Recording): object | undefined {
  return features.includes('rs:error-in-200') ? { http_status: 400 } : undefined;
}

function clientOf({ Groq }: typeof groq0 | typeof groq1, baseURL: string): groq1.Groq {
  return new Groq({ apiKey: 'none', maxRetries: 0, baseURL }) as groq1.Groq;
}
