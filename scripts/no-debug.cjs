// Stands for the package `debug` in the build.
module.exports = () => () => undefined;
