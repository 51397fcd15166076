import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const built = join(__dirname, '..', 'dist', 'index.js');

(existsSync(built) ? describe : describe.skip)('the warning', () => {
  function warningsOf(options: string, environment: Record<string, string> = {}): string[] {
    const script = `
      const warnings = [];
      process.on('warning', ({ name }) => warnings.push(name));
      const { enableLlmTracing } = require(process.argv[1]);
      for (let time = 0; time < 3; time++) enableLlmTracing({ track() {} }, ${options}).disable();
      delete require.cache[require.resolve(process.argv[1])];
      require(process.argv[1]).enableLlmTracing({ track() {} }, ${options});
      setTimeout(() => console.log(JSON.stringify(warnings)), 20);`;
    const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '', ...environment };
    const output = execFileSync(process.execPath, ['-e', script, built], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(output.toString()) as string[];
  }

  it('comes once a process, however often tracing is enabled', () => {
    expect(warningsOf('{}')).toEqual(['ExperimentalWarning']);
  });

  it.each<[string, string, Record<string, string>]>([
    ['an option', '{ noWarning: true }', {}],
    ['the environment', '{}', { LLM_TRACE_NO_WARNING: '1' }],
  ])('is silenced by %s', (...[, options, environment]) => {
    expect(warningsOf(options, environment)).toEqual([]);
  });
});
