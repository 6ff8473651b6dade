import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBoards } from "../../../src/daemon/device/link/find-boards.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "plotty-sys-"));
  await mkdir(join(root, "tty", "console"), { recursive: true });
});

afterEach(() => rm(root, { recursive: true }));

/** A USB serial device as Linux shows it: the terminal links to the interface, the ids are one folder above. */
async function usbTerminal(name: string, files: Record<string, string>): Promise<void> {
  const device = join(root, "devices", `usb-${name}`);
  const usbInterface = join(device, "1-1:1.0");
  await mkdir(usbInterface, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(device, file), `${text}\n`);
  await mkdir(join(root, "tty", name));
  await symlink(usbInterface, join(root, "tty", name, "device"));
}

test("boards are found by their USB ids, in order of their ports, with nickname and serial number", async () => {
  await usbTerminal("ttyACM10", { idVendor: "04d8", idProduct: "fd92" });
  await usbTerminal("ttyACM2", {
    idVendor: "04d8",
    idProduct: "fd92",
    serial: "East EBB",
    product: "EiBotBoard,East EBB",
  });
  await usbTerminal("ttyACM1", { idVendor: "2341", idProduct: "0043", product: "Arduino Uno" });
  await usbTerminal("ttyACM0", { idVendor: "04d8", idProduct: "000a" });
  expect(await findBoards(join(root, "tty"), "linux")).toEqual([
    { path: "/dev/ttyACM2", serial: "East EBB", nickname: "East EBB" },
    { path: "/dev/ttyACM10", serial: null, nickname: null },
  ]);
});

test("a board whose nickname was never set calls itself EiBotBoard with nothing behind the comma", async () => {
  await usbTerminal("ttyACM0", { idVendor: "04D8", idProduct: "FD92", product: "EiBotBoard," });
  expect(await findBoards(join(root, "tty"), "linux")).toEqual([
    { path: "/dev/ttyACM0", serial: null, nickname: null },
  ]);
});

test("where there is no list of terminals there are no boards", async () => {
  expect(await findBoards(join(root, "nowhere"), "linux")).toEqual([]);
});
