import type { Arithmetic } from "./sim-motion.ts";

/** How the simulated firmwares differ. */
export interface SimFirmware {
  readonly version: string;
  readonly arithmetic: Arithmetic;
  /** Time to read a motion command, ms: what keeps the shortest moves of the real board from being shorter. */
  readonly moveParsingMs: number;
  /** Longest line in bytes with its CR. */
  readonly longestLine: number;
  readonly enablingZeroesCounters: boolean;
  /** EM waits in the FIFO. */
  readonly queuesEnabling: boolean;
  readonly upPulse: number;
  readonly downPulse: number;
  /** Commands it does not know, of those that the simulated board does. */
  readonly lacks: readonly string[];
}

const OLD_PULSES = { upPulse: 12_000, downPulse: 16_000 };
const PULSES = { upPulse: 22_565, downPulse: 15_302 };

const FIRMWARES: readonly SimFirmware[] = [
  {
    version: "2.5.3",
    arithmetic: "2.5",
    moveParsingMs: 4,
    longestLine: 64,
    enablingZeroesCounters: false,
    queuesEnabling: false,
    lacks: ["L3", "LT", "QE", "QG", "QT", "ST"],
    ...OLD_PULSES,
  },
  {
    version: "2.8.1",
    arithmetic: "2.7",
    moveParsingMs: 3,
    longestLine: 64,
    enablingZeroesCounters: true,
    queuesEnabling: true,
    lacks: ["L3"],
    ...PULSES,
  },
  {
    version: "3.0.2",
    arithmetic: "3.0",
    moveParsingMs: 3,
    longestLine: 256,
    enablingZeroesCounters: true,
    queuesEnabling: true,
    lacks: [],
    ...PULSES,
  },
];

export const SIM_FIRMWARES: readonly string[] = FIRMWARES.map(({ version }) => version);

export function simFirmware(version: string): SimFirmware {
  const firmware = FIRMWARES.find((one) => one.version === version);
  if (!firmware) throw new Error(`no simulated firmware ${version}; there are ${SIM_FIRMWARES.join(", ")}`);
  return firmware;
}
