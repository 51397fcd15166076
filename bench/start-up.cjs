// A program that does nothing but say what CPU time the process has taken, in milliseconds.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000));
});
