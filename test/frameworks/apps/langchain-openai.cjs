'use strict';

exports.modules = ['@langchain/openai', '@langchain/core/tools', '@langchain/core/prompts', 'zod'];

exports.run = async (modules, url) => {
  const { ChatOpenAI, AzureChatOpenAI, OpenAI, OpenAIEmbeddings } = modules['@langchain/openai'];
  const { tool } = modules['@langchain/core/tools'];
  const { ChatPromptTemplate } = modules['@langchain/core/prompts'];
  const { z } = modules.zod;
  const to = (baseURL, more = {}) => ({ apiKey: 'sk-none', configuration: { baseURL }, maxRetries: 0, ...more });
  const model = new ChatOpenAI({ model: 'gpt-4o-mini', ...to(`${url}/v1`) });
  const weather = tool(({ city }) => `It is sunny in ${city}.`, {
    name: 'get_weather',
    description: 'The weather of a city.',
    schema: z.object({ city: z.string() }),
  });
  const told = {};

  told.invoke = (await model.invoke('Hi')).content;
  told.stream = '';
  for await (const chunk of await model.stream('Hi')) told.stream += chunk.content;
  told.batch = (await model.batch(['Hi', 'Ho'])).length;
  told.chain = (await ChatPromptTemplate.fromTemplate('Say {word}').pipe(model).invoke({ word: 'hello' })).content;

  const asked = await model.bindTools([weather]).invoke('What is the weather?');
  told.tools = await Promise.all(asked.tool_calls.map((call) => weather.invoke(call.args)));

  told.structured = await model
    .withStructuredOutput(z.object({ city: z.string(), celsius: z.number() }), { name: 'place' })
    .invoke('Answer in json.');

  const responses = new ChatOpenAI({ model: 'gpt-4o-mini', useResponsesApi: true, ...to(`${url}/v1`) });
  told.responses = (await responses.invoke('Hi')).text;
  told.responsesStream = '';
  for await (const chunk of await responses.stream('Hi')) told.responsesStream += chunk.text;

  told.completion = await new OpenAI({ model: 'gpt-3.5-turbo-instruct', ...to(`${url}/v1`) }).invoke('Hi');

  const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small', ...to(`${url}/v1`) });
  told.query = (await embeddings.embedQuery('Hi')).length;
  told.documents = (await embeddings.embedDocuments(['a', 'b'])).length;

  const azure = new AzureChatOpenAI({
    azureOpenAIApiKey: 'none',
    azureOpenAIApiDeploymentName: 'my-deployment',
    azureOpenAIApiVersion: '2024-10-21',
    azureOpenAIEndpoint: url,
    maxRetries: 0,
  });
  told.azure = (await azure.invoke('Hi')).content;

  // LangChain tries again by itself: the SDK is told not to.
  const retried = new ChatOpenAI({ model: 'gpt-4o-mini', ...to(`${url}/503-1/v1`, { maxRetries: 2 }) });
  told.retried = (await retried.invoke('Hi')).content;
  const failing = new ChatOpenAI({ model: 'gpt-4o-mini', ...to(`${url}/400-9/v1`) });
  told.failed = await failing.invoke('Hi').catch((error) => `${error.constructor.name} ${error.status}`);
  return told;
};
