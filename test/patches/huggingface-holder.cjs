'use strict';

// The functions of the SDK in an object that can be patched: Jest has no load hook that could hold them in their files.
module.exports = { ...require('@huggingface/inference') };
