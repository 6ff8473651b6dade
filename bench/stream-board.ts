import { SimBoard } from "../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../src/daemon/device/models.ts";
import { systemClock } from "../src/shared/clock.ts";
import { serveBoardOnPty } from "../test/support/pty.ts";

/** The machine: a simulated board at the far end of a pseudo-terminal. Started by `stream.ts`, ends when asked for its sum. */
export type FromBoard =
  | { readonly type: "port"; readonly path: string }
  | { readonly type: "sum"; readonly starved: number; readonly waitsMs: number[]; readonly strokes: number };

/** Taking the machine in and loading the first pen wait for a person or for the board, not for a command. */
const OPENING_COMMANDS = 5;

const waitsMs: number[] = [];
let commands = 0;
const model = machineModel("axidraw_v3");
const board = new SimBoard({ clock: systemClock, model, firmware: "2.8.1", waitsForItsTurn: true });
board.onHandOff((waitMs) => {
  if (++commands > OPENING_COMMANDS) waitsMs.push(waitMs);
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
