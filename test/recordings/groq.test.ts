import * as groq1 from 'groq-sdk';
import * as groq0 from 'groq-v0';
import { describeRecordings } from './describe-recordings';
import { expectedEvent, expectedRequest } from './expected-event';
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
    // eslint-disable-next-line @typescript-eslint/no-unsafe-argument -- a body as it was recorded
    call: async ({ request }, base) => clientOf(sdk, base).chat.completions.create(request.body),
    eventsOf,
    tell,
    expectedRequest,
    expectedEvent,
  });
}

function clientOf({ Groq }: typeof groq0 | typeof groq1, baseURL: string): groq1.Groq {
  return new Groq({ apiKey: 'none', maxRetries: 0, baseURL }) as groq1.Groq;
}
