'use strict';

module.exports = { ...require('huggingface-v3') };
