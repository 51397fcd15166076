'use strict';

// Replicate's calls for `plain-calls.cjs`.

const options = (prompt) => ({ input: { prompt } });

module.exports = {
  provider: 'replicate',
  connect: (Replicate, url) => new Replicate({ auth: 'none', baseUrl: `${url}/v1` }),
  ask: (client, prompt) => client.run('acme/writer', options(prompt)),
  // A generator sends nothing before it is asked for a chunk.
  async openStream(client, prompt) {
    const stream = client.stream('acme/writer', options(prompt));
    const first = await stream.next();
    return { [Symbol.asyncIterator]: () => ({ first, next: () => stream.next() }) };
  },
};
