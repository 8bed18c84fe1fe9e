/** The process that started this program. */
export interface Parent<Message> {
  tell(message: Message): void;
}

/**
 * Hears the process that started this program, and calls `orphaned` when it is gone: the one way in which a program of the
 * embedded target ends, whether its parent asks for it or dies.
 */
export function connectToParent<Heard, Told>(hear: (message: Heard) => void, orphaned: () => void): Parent<Told> {
  // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
  process.on('message', (message) => hear(message as Heard));
  process.once('disconnect', orphaned);
  return {
    tell(message) {
      // A message to a parent that has just gone is of no use to anybody.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
  };
}
