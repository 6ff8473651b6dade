import { existsSync } from "node:fs";
import type { SerialPort } from "serialport";
import { LineSplitter } from "./line-splitter.ts";
import type { Link } from "./link.ts";
import { portError } from "./port-error.ts";

/**
 * Opens a serial port for this process alone. Throws `device.port-missing`, `device.port-denied` or `device.port-busy`
 * with what to do about it. The `serialport` package is loaded here, so that virtual plotters never need it.
 *
 * @param path such as `/dev/ttyACM0`, `/dev/cu.usbmodem1101` or `COM3`
 */
export async function openSerialLink(path: string, signal: AbortSignal): Promise<Link> {
  signal.throwIfAborted();
  const { SerialPort } = await import("serialport");
  // The board is a USB device: the baud rate is asked for by the interface and means nothing.
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(portError(path, error)) : resolve()));
  });
  const link = new SerialLink(path, port);
  if (signal.aborted) {
    await link.close();
    signal.throwIfAborted();
  }
  await link.flush();
  return link;
}

const LAST_WORD_MS = 200;
/** How often the port's file is looked for: on a pulled cable the binding may wait for bytes for ever. */
const PRESENCE_MS = 200;

const GONE = "the cable was pulled or the machine switched off";

class SerialLink implements Link {
  readonly name: string;
  onLine: (line: string) => void = () => {};
  onEnd: (error?: Error) => void = () => {};
  readonly #port: SerialPort;
  readonly #splitter = new LineSplitter();
  readonly #presence: NodeJS.Timeout;
  #ended = false;

  constructor(path: string, port: SerialPort) {
    this.name = path;
    this.#port = port;
    this.#presence = setInterval(() => this.#lookForPort(), PRESENCE_MS);
    port.on("data", (data: Buffer) => this.#read(data.toString("latin1")));
    port.on("error", (error) => this.#lost(inWords(error)));
    port.on("close", (error: Error | null) => this.#lost(inWords(error ?? new Error(GONE))));
  }

  send(command: string): void {
    if (!this.#ended) this.#port.write(`${command}\r`, "latin1");
  }

  /** Throws away what a former owner left unread or unsent. */
  async flush(): Promise<void> {
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.flush(() => resolve()));
  }

  async close(): Promise<void> {
    this.#end();
    await this.#closePort();
  }

  #read(text: string): void {
    for (const line of this.#splitter.push(text)) {
      if (!this.#ended) this.onLine(line);
    }
  }

  /** Windows names its ports outside the file system. */
  #lookForPort(): void {
    if (this.name.startsWith("/") && !existsSync(this.name)) this.#lost(new Error(GONE));
  }

  #lost(error: Error): void {
    this.#end(error);
    void this.#closePort();
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#presence);
    this.onEnd(error);
  }

  /**
   * The last command may be the one that raises the pen: it gets a moment to reach the board. What is unsent then is dropped,
   * since a kernel would wait up to 30 s for a board that does not read.
   */
  async #closePort(): Promise<void> {
    if (this.#port.isOpen) await new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS));
    await this.flush();
    if (!this.#port.isOpen) return;
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}

/** What the system says of a device that is no longer there means little to people. */
function inWords(error: Error): Error {
  const isGone = /bad file descriptor|input\/output error|no such device|EBADF|EIO|ENXIO|ENODEV/i.test(
    error.message,
  );
  return isGone ? new Error(GONE, { cause: error }) : error;
}
