'use strict';

// node start.cjs FRAMEWORK URL: makes the calls of `FRAMEWORK.cjs` with the framework as `require` loads it, and prints
// what came back.
const { modules, run } = require(`./${process.argv[2]}.cjs`);

run(Object.fromEntries(modules.map((name) => [name, require(name)])), process.argv[3]).then(
  (told) => process.stdout.write(`${JSON.stringify(told)}\n`),
  (error) => {
    process.exitCode = 1;
    process.stderr.write(`${error.stack}\n`);
  },
);
