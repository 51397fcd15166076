'use strict';

exports.modules = ['@openai/agents', 'zod'];

exports.run = async (modules, url) => {
  const agents = modules['@openai/agents'];
  const { z } = modules.zod;
  // Its own traces go to OpenAI otherwise.
  agents.setTracingDisabled(true);
  const weather = agents.tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => `It is sunny in ${city}.`,
  });
  const agent = new agents.Agent({ name: 'helper', instructions: 'Be brief.', model: 'gpt-4o-mini', tools: [weather] });
  const structured = new agents.Agent({
    name: 'structured',
    model: 'gpt-4o-mini',
    outputType: z.object({ city: z.string(), celsius: z.number() }),
  });
  const retrying = new agents.Agent({
    name: 'retrying',
    model: 'gpt-4o-mini',
    modelSettings: {
      retry: {
        maxRetries: 1,
        backoff: { initialDelayMs: 1, maxDelayMs: 1, multiplier: 1, jitter: false },
        policy: agents.retryPolicies.httpStatus([429]),
      },
    },
  });
  const runner = (path, useResponses) =>
    new agents.Runner({
      modelProvider: new agents.OpenAIProvider({ apiKey: 'none', baseURL: `${url}${path}/v1`, useResponses }),
    });
  const told = {};
  for (const [name, useResponses] of [
    ['responses', true],
    ['chat', false],
  ]) {
    const normal = runner('', useResponses);
    told[name] = (await normal.run(agent, 'Hi')).finalOutput;
    // Two turns: one that asks for two tools, one with what they said.
    told[`${name}Tools`] = (await normal.run(agent, 'What is the weather?')).finalOutput;
    const stream = await normal.run(agent, 'What is the weather?', { stream: true });
    told[`${name}Stream`] = '';
    for await (const piece of stream.toTextStream()) told[`${name}Stream`] += piece;
    await stream.completed;
    told[`${name}Structured`] = (await normal.run(structured, 'Answer in json.')).finalOutput;
    // The SDK tries three times; then the runner does, and tells the SDK not to.
    told[`${name}Retried`] = (await runner('/429-3', useResponses).run(retrying, 'Hi')).finalOutput;
    told[`${name}Failed`] = await runner('/400-9', useResponses)
      .run(agent, 'Hi')
      .catch((error) => `${error.constructor.name} ${error.status}`);
  }
  return told;
};
