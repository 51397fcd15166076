'use strict';

// Plays one scenario, step by step, and prints what everybody saw in each phase of calls as one line of JSON.

const { forgetCall, makeCalls } = require('./make-calls.cjs');
const { parties } = require('./parties.cjs');

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

/** @param {(name: string) => unknown} load - `require`, or `import` */
async function play(load) {
  const { url, steps, packages } = JSON.parse(process.env.SCENARIO);
  const sdks = {};
  const present = new Map();
  const phases = [];
  const unhandled = [];
  process.on('unhandledRejection', (error) => unhandled.push(String(error)));

  for (const step of steps) {
    const [verb, name] = step.split(' ');
    if (verb === 'load') {
      for (const [key, specifier] of Object.entries(packages)) sdks[key] = await load(specifier);
    } else if (verb === 'call' || verb === 'forget') {
      const results = await (verb === 'call' ? makeCalls(sdks, url) : forgetCall(sdks, url));
      await settle();
      const seen = Object.fromEntries([...present].map(([party, { seen: take }]) => [party, take().sort()]));
      phases.push({ results, seen, unhandled: unhandled.splice(0) });
    } else {
      if (!present.has(name)) present.set(name, parties[name](sdks));
      await present.get(name)[verb]();
    }
  }
  process.stdout.write(`${JSON.stringify(phases)}\n`, () => process.exit(0));
}

module.exports = { play };
