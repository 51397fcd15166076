import { bodiesOf, tokensOf } from './google-wire';
import { describeGoogleRecordings, genAi, generativeAi } from './google-suite';
import { haveRecordings, loadRecordings } from './replay-server';

if (!haveRecordings) {
  it.skip('compares events with recorded traffic (the recordings are not beside this checkout)', () => undefined);
} else {
  /* eslint-disable @typescript-eslint/no-require-imports -- only where there is something to send */
  describeGoogleRecordings(genAi('@google/genai 1', require('google-genai-v1')));
  describeGoogleRecordings(genAi('@google/genai 2', require('google-genai-v2')));
  describeGoogleRecordings(generativeAi('@google/generative-ai', require('@google/generative-ai')));
  /* eslint-enable @typescript-eslint/no-require-imports */

  it('adds up: the totals of the provider are input and output, with thoughts and tools among them', () => {
    const usages = loadRecordings(['google-genai'])
      .flatMap(bodiesOf)
      .map(({ usageMetadata }) => tokensOf(usageMetadata))
      .filter(({ total }) => total !== undefined);
    expect(usages.length).toBeGreaterThan(30);
    for (const { input = 0, output = 0, total } of usages) expect(input + output).toBe(total);
  });
}
