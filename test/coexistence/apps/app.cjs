'use strict';

require('./play.cjs').play(require);
