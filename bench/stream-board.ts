import { SimBoard } from "../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../src/daemon/device/models.ts";
import { systemClock } from "../src/shared/clock.ts";
import { serveBoardOnPty } from "../test/support/pty.ts";

/** The machine: a simulated board at the far end of a pseudo-terminal. Started by `stream.ts`, ends when asked for its sum. */
export type FromBoard =
  | { readonly type: "port"; readonly path: string }
  | { readonly type: "sum"; readonly starved: number; readonly waitsMs: number[]; readonly strokes: number };

/** A pause between two jobs or two pens is nobody's delay. */
const LONGEST_WAIT_MS = 1000;

const waitsMs: number[] = [];
const model = machineModel("axidraw_v3");
const board = new SimBoard({ clock: systemClock, model, firmware: "2.8.1", waitsForItsTurn: true });
board.onHandOff((waitMs) => {
  if (waitMs < LONGEST_WAIT_MS) waitsMs.push(waitMs);
});
const { path } = serveBoardOnPty(board);

process.on("message", () => {
  tell({ type: "sum", starved: board.starvations, waitsMs, strokes: board.ink().length });
  setTimeout(() => process.exit(0), 100);
});
tell({ type: "port", path });

function tell(message: FromBoard): void {
  process.send!(message);
}
