/**
 * Everything of the package, for the build: one file is loaded faster than fifty. `index.js` and `register.js` are doors
 * into it, so that both have the same active session.
 */
export * as api from './index';
export { dropIn } from './wrappers/drop-in';
export { register } from './register';
