import { isFullDisk } from "../store-error.ts";
import type { FromDriver } from "./driver-messages.ts";

/** Tells the daemon of a disk that fails while a job is drawn; one that keeps failing is told once. */
export function diskTrouble(jobId: string, send: (message: FromDriver) => void): (error: Error) => void {
  let isTold = false;
  return (error) => {
    if (isTold) return;
    isTold = true;
    const isFull = isFullDisk(error);
    const message = isFull ? "the disk is full" : `the disk cannot be written (${error.message})`;
    const code = isFull ? "disk.full" : "store.unusable";
    send({ type: "trouble", jobId, error: { code, message } });
  };
}
