/**
 * Moves lines to and from a board. A line is what stands between line ends (any mix of CR and LF); empty ones are dropped.
 * A link is open from the start; it ends once, by `close()` or by the other side (cable pulled, port gone).
 */
export interface Link {
  /** `/dev/ttyACM0`, `virtual_001`, … */
  readonly name: string;
  /** Sends one command; the carriage return is added here. Silently nothing after the end: `onEnd` has told. */
  send(command: string): void;
  /** Set by the owner before the first command. */
  onLine: (line: string) => void;
  /** Called once. `error` is missing after `close()`. */
  onEnd: (error?: Error) => void;
  close(): Promise<void>;
}
