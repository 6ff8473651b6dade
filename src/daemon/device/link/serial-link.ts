import { existsSync } from "node:fs";
import type { SerialPort } from "serialport";
import { PlottyError } from "../../../shared/errors.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Link } from "./link.ts";

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
    port.open((error) => (error ? reject(openingError(path, error)) : resolve()));
  });
  const link = new SerialLink(path, port);
  if (signal.aborted) {
    await link.close();
    signal.throwIfAborted();
  }
  await link.flush();
  return link;
}

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

  /** What is still unsent is dropped: a kernel would wait up to 30 s for a board that does not read. */
  async #closePort(): Promise<void> {
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

/** The binding tells errors by the system's words only. */
function openingError(path: string, cause: Error): PlottyError {
  const words = cause.message;
  if (/no such file|file not found|cannot find|no such device/i.test(words)) {
    return new PlottyError(
      "device.port-missing",
      `there is no port ${path}: connect the machine's USB cable and switch it on, or set another port under devices:`,
      { path },
      cause,
    );
  }
  if (/permission denied|operation not permitted/i.test(words)) {
    return new PlottyError(
      "device.port-denied",
      `no permission for ${path}: add yourself to the port's group ("sudo usermod -aG dialout $USER", then log in anew) or install a udev rule for USB id 04d8:fd92`,
      { path },
      cause,
    );
  }
  if (/busy|cannot lock|access denied|resource temporarily unavailable/i.test(words)) {
    return new PlottyError(
      "device.port-busy",
      `${path} is used by another program (another plotty, Inkscape, a serial terminal, or ModemManager, which takes new ports for a moment): close it and try again`,
      { path },
      cause,
    );
  }
  return new PlottyError("device.unavailable", `cannot open ${path}: ${words}`, { path }, cause);
}
