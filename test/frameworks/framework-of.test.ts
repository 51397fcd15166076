import { frameworkOf } from '../../src/patches/shared/framework';

const made = (defaultHeaders: unknown): unknown => ({ _options: { defaultHeaders } });
const langchain = 'langchainjs-openai/1.0.0 ((node/v22.23.3; linux; x64))';
const azure = 'langchainjs-azure-openai/2.0.0 ((node/v22.23.3; linux; x64))Mine/1';
const agents = 'Agents/JavaScript 0.20.0';

describe('the framework of a call', () => {
  it.each<[string, unknown, unknown, string | undefined]>([
    ['LangChain, in the client that it makes', made({ 'User-Agent': langchain }), {}, 'langchain'],
    ['LangChain, for Azure', made({ 'User-Agent': azure }), undefined, 'langchain'],
    ['the Agents SDK, in each request', made(undefined), { headers: { 'User-Agent': agents } }, 'openai-agents'],
    [
      'the Agents SDK, on a client of LangChain',
      made({ 'User-Agent': langchain }),
      { headers: { 'User-Agent': agents } },
      'openai-agents',
    ],
    ['none, in a client of nobody', made(undefined), undefined, undefined],
    ['none, in a client with headers of its own', made({ 'User-Agent': 'mine/1' }), { headers: {} }, undefined],
    ['none, where the name is somewhere in another', made({ 'User-Agent': `mine ${langchain}` }), undefined, undefined],
    ['none, of headers that are no object', made('User-Agent'), { headers: 4 }, undefined],
    ['none, of a user agent that is no text', made({ 'User-Agent': [langchain] }), { headers: null }, undefined],
    ['none, of no client', undefined, undefined, undefined],
    ['none, of a client without options', {}, null, undefined],
  ])('is %s', (_, client, options, framework) => {
    expect(frameworkOf(client, options)).toBe(framework);
  });
});
