/**
 * Hears of the abort, also of one that came before: a person may press Ctrl-C while a command is still being loaded.
 *
 * @returns stops listening
 */
export function whenAborted(signal: AbortSignal, hear: () => void): () => void {
  if (signal.aborted) hear();
  else signal.addEventListener("abort", hear, { once: true });
  return () => signal.removeEventListener("abort", hear);
}
