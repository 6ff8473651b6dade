import { PlottyError } from "../../../shared/errors.ts";

/** Why a port cannot be opened, by name and with the mend. The binding tells errors by the system's words only. */
export function portError(path: string, cause: Error): PlottyError {
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
