'use strict';

// node -r @amp/llm-trace/register app.js
// node --import @amp/llm-trace/register app.mjs
const { isMainThread, isInternalThread, parentPort } = require('node:worker_threads');

// Node 20 runs preloaded files in the thread of its module hooks too, which no application ever sees.
const isLoaderThread = isInternalThread ?? (!isMainThread && parentPort === null);
if (!isLoaderThread) require('./dist/register.js').register();
