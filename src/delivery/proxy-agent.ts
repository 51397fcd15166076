import type { Agent } from 'node:http';

/** The agent for a URL that the environment wants to go through a proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
export function proxyAgentFor(url: string): Agent | undefined {
  if (!/_proxy$/im.test(Object.keys(process.env).join('\n'))) return undefined;
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded where the environment names a proxy only */
  const { getProxyForUrl } = require('proxy-from-env') as { getProxyForUrl(url: string): string };
  const proxy = getProxyForUrl(url);
  if (!proxy) return undefined;
  const { HttpProxyAgent, HttpsProxyAgent } = require('hpagent') as typeof import('hpagent');
  /* eslint-enable @typescript-eslint/no-require-imports */
  const options = { keepAlive: true, proxy };
  return url.startsWith('https:') ? new HttpsProxyAgent(options) : new HttpProxyAgent(options);
}
