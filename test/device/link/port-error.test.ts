import { expect, test } from "vitest";
import { portError } from "../../../src/daemon/device/link/port-error.ts";

/** The words of the serial port binding on Linux, macOS and Windows. */
test.each([
  ["Error: No such file or directory, cannot open /dev/ttyACM0", "device.port-missing", "USB cable"],
  ["Opening COM3: File not found", "device.port-missing", "USB cable"],
  ["Error: Permission denied, cannot open /dev/ttyACM0", "device.port-denied", "dialout"],
  ["Error: Device or resource busy, cannot open /dev/ttyACM0", "device.port-busy", "ModemManager"],
  ["Error Resource temporarily unavailable Cannot lock port", "device.port-busy", "ModemManager"],
  ["Opening COM3: Access denied", "device.port-busy", "ModemManager"],
  ["Error: Inappropriate ioctl for device, cannot open /dev/null", "device.unavailable", "ioctl"],
])("%s: %s", (words, code, mend) => {
  const error = portError("/dev/ttyACM0", new Error(words));
  expect(error.code).toBe(code);
  expect(error.message).toContain("/dev/ttyACM0");
  expect(error.message).toContain(mend);
});
