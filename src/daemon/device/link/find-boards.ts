import { readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

/** An EiBotBoard on USB. */
export interface FoundBoard {
  /** Such as `/dev/ttyACM0`. */
  readonly path: string;
  /** The USB serial number; firmware from 2.5.5 gives its nickname there. */
  readonly serial: string | null;
  readonly nickname: string | null;
}

const VENDOR = "04d8";
const PRODUCT = "fd92";

/**
 * All EiBotBoards connected now, by path.
 *
 * @param sysRoot Linux's list of terminals; read directly, so that it works without udev
 */
export async function findBoards(
  sysRoot = "/sys/class/tty",
  platform = process.platform,
): Promise<FoundBoard[]> {
  const boards = platform === "linux" ? await boardsInSys(sysRoot) : await boardsOfSystem();
  return boards.sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

async function boardsInSys(sysRoot: string): Promise<FoundBoard[]> {
  const names = await readdir(sysRoot).catch(() => []);
  const found = await Promise.all(names.map((name) => boardInSys(sysRoot, name)));
  return found.filter((board) => board !== undefined);
}

/** `device` is the USB interface; the device with ids and names is above it. */
async function boardInSys(sysRoot: string, name: string): Promise<FoundBoard | undefined> {
  const usbInterface = await realpath(join(sysRoot, name, "device")).catch(() => undefined);
  if (!usbInterface) return undefined;
  const device = dirname(usbInterface);
  const [vendor, product] = await Promise.all([read(device, "idVendor"), read(device, "idProduct")]);
  if (vendor?.toLowerCase() !== VENDOR || product?.toLowerCase() !== PRODUCT) return undefined;
  const [serial, title] = await Promise.all([read(device, "serial"), read(device, "product")]);
  return { path: `/dev/${name}`, serial, nickname: nicknameOf(title) ?? serial };
}

async function read(folder: string, file: string): Promise<string | null> {
  const text = await readFile(join(folder, file), "utf8").catch(() => "");
  return text.trim() || null;
}

/** The board calls itself `EiBotBoard,NICKNAME`. */
function nicknameOf(title: string | null): string | null {
  return title?.split(",").slice(1).join(",").trim() || null;
}

async function boardsOfSystem(): Promise<FoundBoard[]> {
  const { SerialPort } = await import("serialport");
  const ports = await SerialPort.list();
  return ports
    .filter((port) => port.vendorId?.toLowerCase() === VENDOR && port.productId?.toLowerCase() === PRODUCT)
    .map((port) => ({
      // macOS lists the dial-in device, whose open waits for a carrier.
      path: port.path.replace("/dev/tty.", "/dev/cu."),
      serial: port.serialNumber ?? null,
      nickname: port.serialNumber ?? null,
    }));
}
