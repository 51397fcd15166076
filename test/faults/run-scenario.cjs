'use strict';

// Runs one of the scenarios: an ingestion server and the programs under test, each in a process of its own, and after
// them a last program that sends what they left on disk. Then the server's set of insert ids is compared with what was
// tracked.

const { fork, spawn } = require('node:child_process');
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js');

module.exports = { runScenario, runAll };

/** Calls of an SDK cost more than events do. */
const callShare = 0.4;

/** All of them, some at a time; `done` is told each result. */
async function runAll(scenarios, form, done, atATime = 3) {
  const waiting = [...scenarios];
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) done(await runScenario(next, form));
    }),
  );
}

/**
 * @param {{ events: number, isFull: boolean }} form - `events` of a scenario whose share is 1.
 */
async function runScenario(scenario, form) {
  const start = performance.now();
  const folder = fs.mkdtempSync(join(tmpdir(), 'faults-'));
  const run = { scenario, form, folder, tracked: new Map(), statuses: [], problems: [] };
  const server = await startServer();
  try {
    await drive(run, server);
    return { ...(await judge(run, server)), seconds: (performance.now() - start) / 1_000 };
  } finally {
    server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function drive(run, server) {
  const { scenario, form } = run;
  const provider = scenario.calls ? await startProviderServer() : undefined;
  run.spool = scenario.unwritable ? join(run.folder, 'file', 'spool') : join(run.folder, 'spool');
  if (scenario.unwritable) fs.writeFileSync(join(run.folder, 'file'), '');
  for (const [after, behaviour] of scenario.server) if (after === 0) await server.set(behaviour);
  const programs = Array.from({ length: scenario.programs ?? 1 }, (_, index) =>
    scenario.calls ? startCalls(run, server, provider) : startProgram(run, server, index),
  );
  const timeline = scenario.server
    .filter(([after]) => after > 0)
    .map(async ([after, behaviour, full]) => {
      await wait(form.isFull && full !== undefined ? full : after);
      await server.set(behaviour);
    });
  await act(run, programs, server);
  for (const { ended } of programs) {
    const { code, signal } = await ended;
    const expected = scenario.ended ?? 0;
    if (expected !== (signal ?? code)) run.problems.push(`a program ended with ${signal ?? code}`);
  }
  await Promise.all(timeline);
  await provider?.close();
  await server.set({ kind: 'take' });
  if (scenario.spool === false || scenario.unwritable) return;
  // A minute passes, in which nobody says that the files are still held.
  age(run.spool, 120_000);
  const sweeper = startProgram({ ...run, scenario: { options: scenario.options, end: 'sweep' } }, server, 'last');
  await sweeper.ended;
  const left = filesIn(run.spool);
  if (left.length > 0) run.problems.push(`${left.length} files are left`);
}

/** What happens to a program in the middle of its work. */
async function act(run, programs, server) {
  const { scenario, spool, form, tracked } = run;
  if (scenario.act === undefined) return;
  const [{ child, events }] = programs;
  if (scenario.act !== 'freeze') {
    while (tracked.size < events / 2) await wait(5);
    child.kill(scenario.act);
    if (scenario.act === 'SIGKILL') run.killedAt = Number(process.hrtime.bigint() / 1_000_000n);
    return;
  }
  await wait(600);
  child.kill('SIGSTOP');
  age(spool, 120_000);
  await server.set({ kind: 'take' });
  const other = startProgram(
    { scenario: { end: 'sweep' }, spool, form, statuses: [], tracked: new Map() },
    server,
    'other',
  );
  await other.ended;
  await server.set({ kind: 'fail', share: 0.5 });
  child.kill('SIGCONT');
}

function startProgram(run, server, name) {
  const { scenario, form, spool } = run;
  const { options, preload, programs = 1, share = 0, lasts, every = 10, terminateAfter, ...settings } = scenario;
  const events = Math.round((form.events * share) / programs);
  const length = form.isFull ? (lasts?.[1] ?? 0) : (lasts?.[0] ?? 0);
  const perTick = length > 0 ? Math.ceil(events / (length / every)) : Math.ceil(events / (form.isFull ? 100 : 20));
  const argument = {
    ...settings,
    options: {
      serverUrl: server.url,
      flushInterval: form.isFull ? 500 : 100,
      ...(scenario.spool !== false && { spool }),
      ...options,
    },
    ...(terminateAfter && { terminateAfter: terminateAfter[form.isFull ? 1 : 0] }),
    prefix: `event-${name}`,
    events,
    perTick,
    every,
  };
  const flags = preload ? ['-r', join(__dirname, preload)] : [];
  const followed = follow(run, [...flags, join(__dirname, 'program.cjs'), JSON.stringify(argument)], {});
  return { ...followed, events };
}

function startCalls(run, server, provider) {
  const calls = Math.max(60, Math.round(run.form.events * run.scenario.share * callShare));
  const settings = { provider: provider.url, calls, concurrent: 32, end: run.scenario.end, exitAfter: calls / 2 };
  const register = join(__dirname, '..', '..', 'register.js');
  return follow(run, ['-r', register, join(__dirname, 'calls.cjs'), JSON.stringify(settings)], {
    AMPLITUDE_API_KEY: 'a-key',
    AMPLITUDE_SERVER_URL: server.url,
    LLM_TRACE_SPOOL_DIR: run.spool,
    LLM_TRACE_NO_WARNING: '1',
  });
}

/** Starts a program, and reads what it tells of itself, also after it was killed. */
function follow(run, args, environment) {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', run.scenario.ended === 1 ? 'ignore' : 'inherit', 'pipe'],
    env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...environment },
  });
  const guard = setTimeout(() => child.kill('SIGKILL'), 240_000);
  let rest = '';
  child.stdio[3].setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) read(line);
  });
  function read(line) {
    const [first, second] = line.split(' ');
    if (first === '=') run.statuses.push(JSON.parse(line.slice(2)));
    else if (first === '*') run.killedAt = Number(second);
    else run.tracked.set(first, Number(second));
  }
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(guard);
      resolve({ code, signal });
    }),
  );
  return { child, ended };
}

async function judge(run, server) {
  const { scenario, tracked, statuses, problems } = run;
  const file = join(run.folder, 'taken');
  const { uploads, twice, broken } = await server.ask({ ids: file });
  const taken = new Set(fs.readFileSync(file, 'utf8').split('\n').filter(Boolean));
  const dropped = statuses.flatMap((status) => Object.entries(status.dropped));
  const sumOf = (isMeant) => dropped.reduce((sum, [reason, count]) => sum + (isMeant(reason) ? count : 0), 0);
  const refused = sumOf((reason) => reason === 'refused');
  const given = sumOf((reason) => reason !== 'refused');
  const result = {
    title: scenario.title,
    tracked: tracked.size,
    taken: taken.size,
    twice,
    refused,
    dropped: given,
    uploads,
  };
  problems.push(...broken);
  if (scenario.calls) {
    // Which call an event is of is not told; that there is one for each is.
    if (taken.size !== tracked.size) problems.push(`${tracked.size} calls are ${taken.size} events`);
    return { ...result, missing: tracked.size - taken.size, problems };
  }
  const ids = [...tracked.keys()];
  const bad = ids.filter((id) => id.endsWith('-bad'));
  // Killed between the two, it had told the last one and not tracked it yet.
  const sure = run.killedAt === undefined ? ids : ids.slice(0, -1);
  const missing = sure.filter((id) => !id.endsWith('-bad') && !taken.has(id));
  if ([...taken].some((id) => !tracked.has(id))) problems.push('something came that was not tracked');
  if (refused !== bad.length) problems.push(`${refused} are counted as refused, and ${bad.length} are bad`);
  const last = run.killedAt ?? Math.max(...tracked.values());
  const interval = run.form.isFull ? 500 : 100;
  // The machine is not alone with us.
  const isLate = (id) => tracked.get(id) > last - interval * 1.5 - 200;
  if (scenario.lost === 'interval') {
    const early = missing.filter((id) => !isLate(id));
    if (early.length > 0) problems.push(`${early.length} are missing that are older than a flush interval`);
  } else if (scenario.lost === 'counted') {
    if (missing.length !== given) problems.push(`${missing.length} are missing, and ${given} are counted as dropped`);
    if (given === 0) problems.push('nothing was dropped, so this shows nothing');
  } else if (missing.length > 0 || given > 0) {
    problems.push(`${missing.length} are missing, ${given} are counted as dropped: ${JSON.stringify(dropped)}`);
  }
  return { ...result, missing: missing.length, problems };
}

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.(jsonl|held)$/.test(name));
}

function age(folder, milliseconds) {
  const then = new Date(Date.now() - milliseconds);
  for (const file of filesIn(folder)) {
    try {
      fs.utimesSync(file, then, then);
    } catch {
      // It was delivered meanwhile.
    }
  }
}

async function startServer() {
  const child = fork(join(__dirname, 'ingestion-server.mjs'), { execArgv: [], env: { PATH: process.env.PATH } });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', reject);
      if (message) child.send(message);
    });
  const { url } = await ask();
  return { url, ask, set: (behaviour) => ask({ set: behaviour }), stop: () => child.kill() };
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
