'use strict';

// Loaded with `-r`: a disk that is full after some kilobytes, for files, and sometimes in the middle of a line.

const fs = require('node:fs');

const { writeSync, openSync } = fs;
const files = new Set();
let room = 20_000;
fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest);
  if (String(path).endsWith('.held')) files.add(file);
  return file;
};
fs.writeSync = (file, ...rest) => {
  if (!files.has(file)) return writeSync(file, ...rest);
  const [data, at = 0, length = data.length - at, position] = rest;
  const part = Math.min(length, room);
  room -= part;
  if (part > 0) return writeSync(file, data, at, part, position);
  room = 5_000;
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};
