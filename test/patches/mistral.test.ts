import * as mistral1 from 'mistral-v1';
import { enableLlmTracing } from '../../src';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { mistralDoors, mistralSubject } from './mistral-subject';

const one = mistralSubject('mistral-v1', () => mistral1);
describePatch(one, mistralDoors(one, 1), describeLifecycle, describeBrokenPatch);

// A wrapper that read `Mistral.prototype.chat` left a client without a key there, which every later client then used.
it('leaves nothing on the prototype of the client, and each client keeps its own key and address', async () => {
  const lazy = (): string[] => Object.keys(mistral1.Mistral.prototype).filter((name) => name.startsWith('_'));
  const seen: string[] = [];
  const httpClient = new mistral1.HTTPClient({
    fetcher: (request) => {
      const { url, headers } = request as Request;
      seen.push(`${new URL(url).host} ${headers.get('authorization') ?? ''}`);
      return Promise.resolve(new Response('{}', { status: 400 }));
    },
  });
  const { disable } = enableLlmTracing({ track: () => undefined }, { modules: { mistral: mistral1 }, noWarning: true });
  expect(lazy()).toEqual([]);
  for (const name of ['one', 'two']) {
    const client = new mistral1.Mistral({ apiKey: name, serverURL: `https://${name}.example.org`, httpClient });
    await client.chat.complete({ model: 'm', messages: [] }).catch(() => undefined);
  }
  expect(lazy()).toEqual([]);
  expect(seen).toEqual(['one.example.org Bearer one', 'two.example.org Bearer two']);
  disable();
});

it('takes the class of a user without making one of it', () => {
  let made = 0;
  class Mine extends mistral1.Mistral {
    constructor() {
      super({ apiKey: 'mine' });
      made += 1;
    }
  }
  const { disable, status } = enableLlmTracing(
    { track: () => undefined },
    { modules: { mistral: Mine }, noWarning: true },
  );
  expect(status().sdks.find(({ format }) => format === 'given')?.methods).toBe(11);
  expect(made).toBe(0);
  disable();
});
