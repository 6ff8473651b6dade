import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { dataDir } from "./data-dir.ts";
import { type Pty, serveBoardOnPty } from "./pty.ts";

/** Mounting over the system's list of ports takes the administrator. */
export const canFakeUsb = (() => {
  if (process.platform !== "linux") return false;
  try {
    execFileSync("unshare", ["-m", "mount", "--bind", "/tmp", "/sys/class/tty"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/**
 * Machines on USB: pseudo-terminals with names of their own, and a list of ports as Linux keeps it, which only the daemons
 * see that are started with `wrap`.
 */
export class Usb {
  readonly #directory = dataDir();
  readonly #prefix = `ttyPlotty${process.pid}_`;
  readonly #ports = new Map<string, Pty>();

  constructor() {
    mkdirSync(join(this.#directory, "tty"));
    onTestFinished(() => {
      for (const name of [...this.#ports.keys()]) this.unplug(name);
    });
  }

  /** What to start a daemon with so that it sees these ports and no others. */
  get wrap(): readonly string[] {
    const script = 'mount --bind "$0" /sys/class/tty && exec "$@"';
    return ["unshare", "-m", "sh", "-c", script, join(this.#directory, "tty")];
  }

  /** @param name such as `a`; @returns the port's path */
  plugIn(board: SimBoard, name: string, nickname: string | null): string {
    const pty = serveBoardOnPty(board);
    const path = this.#path(name);
    rmSync(path, { force: true });
    symlinkSync(pty.path, path);
    this.#ports.set(name, pty);
    const device = join(this.#directory, "usb", name);
    mkdirSync(join(device, "interface"), { recursive: true });
    const facts = {
      idVendor: "04d8",
      idProduct: "fd92",
      product: nickname ? `EiBotBoard,${nickname}` : "EiBotBoard",
    };
    for (const [file, text] of Object.entries(facts)) writeFileSync(join(device, file), `${text}\n`);
    const entry = join(this.#directory, "tty", path.slice("/dev/".length));
    mkdirSync(entry);
    symlinkSync(join(device, "interface"), join(entry, "device"));
    return path;
  }

  unplug(name: string): void {
    const path = this.#path(name);
    this.#ports.get(name)?.close();
    this.#ports.delete(name);
    rmSync(join(this.#directory, "tty", path.slice("/dev/".length)), { recursive: true, force: true });
    rmSync(join(this.#directory, "usb", name), { recursive: true, force: true });
    rmSync(path, { force: true });
  }

  #path(name: string): string {
    return `/dev/${this.#prefix}${name}`;
  }
}
