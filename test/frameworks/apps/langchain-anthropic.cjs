'use strict';

exports.modules = ['@langchain/anthropic', '@langchain/core/tools', 'zod'];

exports.run = async (modules, url) => {
  const { ChatAnthropic } = modules['@langchain/anthropic'];
  const { tool } = modules['@langchain/core/tools'];
  const { z } = modules.zod;
  const to = (path, more = {}) =>
    new ChatAnthropic({ model: 'claude', apiKey: 'none', anthropicApiUrl: `${url}${path}`, maxRetries: 0, ...more });
  const model = to('');
  const weather = tool(({ city }) => `It is sunny in ${city}.`, {
    name: 'get_weather',
    description: 'The weather of a city.',
    schema: z.object({ city: z.string() }),
  });
  const told = {};

  told.invoke = (await model.invoke('Hi')).content;
  told.stream = '';
  for await (const chunk of await model.stream('Hi')) told.stream += chunk.content;
  const asked = await model.bindTools([weather]).invoke('What is the weather?');
  told.tools = await Promise.all(asked.tool_calls.map((call) => weather.invoke(call.args)));
  told.retried = (await to('/503-1', { maxRetries: 2 }).invoke('Hi')).content;
  told.failed = await to('/400-9')
    .invoke('Hi')
    .catch((error) => `${error.constructor.name} ${error.status}`);
  return told;
};
