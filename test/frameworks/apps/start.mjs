// The same with the framework as `import` loads it.
import { createRequire } from 'node:module';

const { modules, run } = createRequire(import.meta.url)(`./${process.argv[2]}.cjs`);
const loaded = await Promise.all(modules.map(async (name) => [name, await import(name)]));
process.stdout.write(`${JSON.stringify(await run(Object.fromEntries(loaded), process.argv[3]))}\n`);
