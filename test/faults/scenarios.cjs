'use strict';

// What goes wrong. `share` is the part of all events; `server` what the ingestion server does, with the milliseconds
// after which it does it (those of the full form are `full`); `programs` what is started at once, and with what end.
// `spool: false` delivers from memory alone. `lost: 'interval'`: what was tracked in the last flush interval before the
// end may be missing; `lost: 'counted'`: so many as are counted as dropped. Else nothing may be missing.

const mixed = { kind: 'fail', share: 0.5 };

module.exports = [
  { title: 'nothing', share: 3, server: [[0, { kind: 'take' }]] },
  {
    title: 'a server that is down for a while',
    share: 15,
    server: [
      [300, { kind: 'down' }],
      [2_500, { kind: 'take' }, 60_300],
    ],
    lasts: [1_500, 50_000],
  },
  {
    title: 'the same, from memory alone',
    share: 3,
    spool: false,
    server: [
      [100, { kind: 'down' }],
      [1_500, { kind: 'take' }],
    ],
  },
  { title: 'a server that refuses from the start, and a short program', share: 3, server: [[0, { kind: 'down' }]] },
  { title: 'answers that are slow', share: 5, server: [[0, { kind: 'take', delay: 400 }]] },
  {
    title: 'answers that come after the timeout',
    share: 3,
    options: { timeout: 150 },
    server: [[0, { kind: 'take', delay: 250 }]],
  },
  { title: 'answers that come a byte at a time', share: 4, server: [[0, { kind: 'trickle' }]] },
  { title: 'connections reset in mid-answer', share: 5, server: [[0, { kind: 'reset the answer', share: 0.5 }]] },
  { title: 'connections reset in mid-request', share: 5, server: [[0, { kind: 'reset the request', share: 0.5 }]] },
  { title: 'idle connections that are closed', share: 4, server: [[0, { kind: 'hang up' }]], every: 7 },
  { title: '429 with Retry-After', share: 5, server: [[0, { kind: 'throttle', share: 0.5, wait: 0.1 }]] },
  { title: '429 without Retry-After', share: 3, server: [[0, { kind: 'throttle' }]], end: 'exit', after: 300 },
  {
    title: '429 that names devices',
    share: 3,
    spool: false,
    server: [[0, { kind: 'throttle devices', share: 0.7, wait: 0.1 }]],
  },
  { title: '500 half of the time', share: 5, server: [[0, mixed]] },
  { title: '413 above ten events', share: 3, server: [[0, { kind: 'too large', most: 10 }]] },
  { title: '400 that names events', share: 4, hasBad: true, server: [[0, { kind: 'take' }]] },
  { title: 'the page of a portal, with 200', share: 3, server: [[0, { kind: 'page', share: 0.5 }]] },
  {
    title: 'a disk that is full',
    share: 3,
    preload: 'full-disk.cjs',
    server: [
      [0, { kind: 'down' }],
      [1_000, { kind: 'take' }],
    ],
  },
  { title: 'a spool that can not be written', share: 2, unwritable: true, server: [[0, mixed]] },
  {
    title: 'a clock that jumps, in three processes',
    share: 3,
    programs: 3,
    preload: 'clock-jump.cjs',
    server: [[0, mixed]],
  },
  { title: 'two processes on one spool', share: 4, programs: 2, server: [[0, mixed]] },
  {
    title: 'four processes on one spool, each event on disk at once',
    share: 4,
    programs: 4,
    options: { durability: 'always' },
    server: [[0, mixed]],
  },
  {
    title: 'a process that was stopped for long, while another took what it had',
    share: 2,
    server: [[0, { kind: 'fail' }]],
    act: 'freeze',
    end: 'exit',
    every: 20,
  },
  { title: 'process.exit() in mid-burst', share: 2, programs: 2, server: [[0, mixed]], end: 'exit' },
  { title: 'an uncaught exception', share: 2, server: [[0, mixed]], end: 'throw', ended: 1 },
  { title: 'SIGTERM', share: 2, server: [[0, { kind: 'hang' }]], act: 'SIGTERM', end: 'stay', ended: 'SIGTERM' },
  { title: 'SIGINT', share: 2, server: [[0, mixed]], act: 'SIGINT', end: 'stay', ended: 'SIGINT' },
  {
    title: 'SIGKILL',
    share: 2,
    server: [[0, { kind: 'hang' }]],
    act: 'SIGKILL',
    end: 'stay',
    ended: 'SIGKILL',
    lost: 'interval',
  },
  {
    title: 'SIGKILL, with each event on disk at once',
    share: 2,
    options: { durability: 'always' },
    server: [[0, mixed]],
    act: 'SIGKILL',
    end: 'stay',
    ended: 'SIGKILL',
  },
  { title: 'a worker that exits', share: 2, inWorker: true, server: [[0, { kind: 'hang' }]], end: 'exit' },
  {
    title: 'a worker that is terminated',
    share: 2,
    inWorker: true,
    server: [[0, { kind: 'hang' }]],
    end: 'stay',
    terminateAfter: 150,
    lost: 'interval',
  },
  {
    title: 'a worker that is terminated, with each event on disk at once',
    share: 2,
    inWorker: true,
    options: { durability: 'always' },
    server: [[0, mixed]],
    end: 'stay',
    terminateAfter: 150,
  },
  {
    title: 'an outage from memory alone, with too little of it',
    share: 3,
    spool: false,
    options: { maxEvents: 200 },
    server: [
      [0, { kind: 'down' }],
      [800, { kind: 'take' }],
    ],
    lost: 'counted',
  },
  { title: 'zero-code mode, 500 half of the time', share: 1, calls: true, server: [[0, mixed]] },
  { title: 'zero-code mode, process.exit() in mid-burst', share: 1, calls: true, server: [[0, mixed]], end: 'exit' },
];
