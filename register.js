'use strict';

// node -r @amp/llm-trace/register app.js
// node --import @amp/llm-trace/register app.mjs
require('./dist/register.js').register();
