import type { Point } from "../../shared/geometry.ts";
import type { PlottyDatabase } from "../database.ts";
import type { Adopted } from "./adopt-boards.ts";
import type { KeptInk } from "./day-ink.ts";
import type { DiskPatience } from "./disk-patience.ts";
import type { Machine } from "./machine.ts";
import type { PenTuning } from "./pen-tuning.ts";

/** What of a machine must outlive the daemon, beside whether paper lies in it. */
interface Memory {
  readonly parked: boolean;
  readonly positionLost: boolean;
  readonly timeFactor: number;
  readonly foundAt: Point | null;
  readonly tuning: PenTuning;
  readonly ink: KeptInk;
  /** Missing for virtual plotters, which are never found on USB. */
  readonly port?: string;
}

/** Keeps what is known of each machine in the database. */
export class DeviceMemory {
  readonly #database: PlottyDatabase;
  readonly #disk: DiskPatience;
  readonly #kept = new Map<string, string>();

  constructor(database: PlottyDatabase, disk: DiskPatience) {
    this.#database = database;
    this.#disk = disk;
  }

  /** Saves what has changed since it was last saved. */
  keep(machine: Machine): void {
    const { isReady } = machine.state;
    const data = JSON.stringify(memoryOf(machine));
    const all = `${isReady} ${data}`;
    if (this.#kept.get(machine.id) === all) return;
    const isKept = this.#disk.attempt(() => {
      this.#database.sql
        .prepare(
          `INSERT INTO devices (id, ready, data) VALUES (?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET ready = excluded.ready, data = excluded.data`,
        )
        .run(machine.id, isReady ? 1 : 0, data);
    });
    if (isKept) this.#kept.set(machine.id, all);
  }

  recall({ id, state }: Machine): void {
    const row = this.#database.sql.prepare("SELECT ready, data FROM devices WHERE id = ?").get(id) as
      | { ready: number; data: string }
      | undefined;
    if (!row) return;
    const kept = JSON.parse(row.data) as Partial<Memory>;
    state.isReady = row.ready === 1;
    state.isParked = kept.parked === true;
    state.isPositionLost = kept.positionLost === true;
    state.timeFactor = kept.timeFactor ?? 1;
    state.foundAt = kept.foundAt ?? null;
    state.tuning = kept.tuning ?? {};
    if (kept.ink) state.ink.recall(kept.ink);
  }

  /** All boards that were ever driven from this host, with what they were looked for by. */
  adopted(): Adopted[] {
    const rows = this.#database.sql.prepare("SELECT id, data FROM devices ORDER BY id").all() as {
      id: string;
      data: string;
    }[];
    return rows.flatMap(({ id, data }) => {
      const { port } = JSON.parse(data) as Partial<Memory>;
      return port === undefined ? [] : [{ id, port }];
    });
  }
}

function memoryOf({ state }: Machine): Memory {
  const { isParked, isPositionLost, timeFactor, foundAt, tuning, ink, device } = state;
  const port = device.driver === "ebb" ? device.port : undefined;
  return {
    parked: isParked,
    positionLost: isPositionLost,
    timeFactor,
    foundAt,
    tuning,
    ink: ink.kept,
    ...(port && { port }),
  };
}
