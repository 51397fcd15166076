'use strict';

exports.modules = ['llamaindex', '@llamaindex/openai'];

exports.run = async (modules, url) => {
  const { Document, Settings, VectorStoreIndex } = modules.llamaindex;
  const { OpenAI, OpenAIEmbedding, OpenAIResponses } = modules['@llamaindex/openai'];
  const to = (path, more = {}) => ({ apiKey: 'none', baseURL: `${url}${path}/v1`, maxRetries: 0, ...more });
  const llm = new OpenAI({ model: 'gpt-4o-mini', ...to('') });
  const messages = [{ role: 'user', content: 'Hi' }];
  const told = {};

  told.chat = (await llm.chat({ messages })).message.content;
  told.stream = '';
  for await (const chunk of await llm.chat({ messages, stream: true })) told.stream += chunk.delta;
  const weather = {
    metadata: { name: 'get_weather', description: 'The weather of a city.', parameters: { type: 'object' } },
    call: ({ city }) => `It is sunny in ${city}.`,
  };
  const asked = await llm.chat({ messages: [{ role: 'user', content: 'What is the weather?' }], tools: [weather] });
  told.tools = asked.message.options.toolCall.map(({ name }) => name);
  told.responses = (await new OpenAIResponses({ model: 'gpt-4o-mini', ...to('') }).chat({ messages })).message.content;

  Settings.llm = llm;
  Settings.embedModel = new OpenAIEmbedding({ model: 'text-embedding-3-small', ...to('') });
  const index = await VectorStoreIndex.fromDocuments([new Document({ text: 'It is sunny in Paris.' })]);
  told.query = (await index.asQueryEngine().query({ query: 'How is it?' })).message.content;

  // Here it is the SDK that tries again, inside of one call.
  const retried = new OpenAI({ model: 'gpt-4o-mini', ...to('/429-1', { maxRetries: 2 }) });
  told.retried = (await retried.chat({ messages })).message.content;
  told.failed = await new OpenAI({ model: 'gpt-4o-mini', ...to('/400-9') })
    .chat({ messages })
    .catch((error) => `${error.constructor.name} ${error.status}`);
  return told;
};
