/**
 * Listens to the signals that end a process. SIGTERM and the first SIGINT ask it to end; each SIGINT after the first one
 * insists: only a person at a keyboard sends two.
 */
export function onSignals(
  process: { on(signal: NodeJS.Signals, heard: () => void): unknown },
  tell: (occurrence: 'signal' | 'insistence') => void,
): void {
  let interrupts = 0;
  process.on('SIGTERM', () => tell('signal'));
  process.on('SIGINT', () => {
    interrupts += 1;
    tell(interrupts === 1 ? 'signal' : 'insistence');
  });
}
