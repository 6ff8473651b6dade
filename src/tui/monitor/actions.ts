import type { Api } from "../client/api.ts";
import { Interrupted, type Session } from "../session.ts";
import type { CellWriter } from "./cell-writer.ts";
import type { Ending } from "./ending.ts";
import type { Action, Target } from "./keymap.ts";
import { shiftJob } from "./move-job.ts";
import type { MonitorStore } from "./store.ts";

export interface Hands {
  readonly api: Api;
  readonly session: Session;
  readonly store: MonitorStore;
  /** Nothing where Ink writes by itself, for a screen reader. */
  readonly writer: CellWriter | undefined;
  readonly ending: Ending;
}

/** Does what a key asks for. @returns what the footer then tells */
export async function performAction(action: Action, target: Target, hands: Hands): Promise<string> {
  const { api } = hands;
  switch (action) {
    case "pause":
    case "resume":
    case "retry":
    case "cancel": {
      const { id, state } = await api.actOnJob(target.job!.id, action);
      return `${id} is ${state}`;
    }
    case "earlier":
      return shiftJob(target.job!, -1, hands);
    case "later":
      return shiftJob(target.job!, 1, hands);
    case "ready":
      await api.actOnDevice(target.device!.id, { name: "ready", body: { ready: true } });
      return `${target.device!.id} is ready: fresh paper lies in it`;
    case "acknowledge":
      await hands.store.acknowledge(target.alert!.id);
      return "";
    case "quit":
      hands.ending.now(0);
      return "";
    case "interrupt":
      hands.ending.fail(new Interrupted("SIGINT"));
      return "";
    case "suspend":
      suspend(hands);
      return "";
    default:
      return "";
  }
}

const STOP_MS = 50;

/**
 * Gives the terminal back to the shell until `fg`. The timer runs only when this process does: after `fg`, or at once
 * where nobody could continue it (a command of `ssh`, say) and the system therefore does not stop it.
 */
function suspend({ session, writer }: Hands): void {
  session.stdin.setRawMode(false);
  writer?.close();
  process.kill(process.pid, "SIGTSTP");
  setTimeout(() => {
    session.stdin.setRawMode(true);
    writer?.open();
  }, STOP_MS);
}
