import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { CreatedRobotKey, RobotKeyView } from "../../../shared/http-messages.ts";
import type { PlottyDatabase } from "../../database.ts";
import { type FoundKey, KEY_PREFIX, type RobotKeys } from "./tokens.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: RobotKeyView["role"];
  readonly created_ms: number;
  readonly used_ms: number | null;
}

const USED_EVERY_MS = 60_000;

/** Robot keys in the daemon's database: shown once, kept as a hash, revoked by forgetting them. */
export class RobotKeyStore implements RobotKeys {
  readonly #database: PlottyDatabase;
  readonly #clock: Clock;

  constructor(database: PlottyDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  create(name: string, role: RobotKeyView["role"]): CreatedRobotKey {
    const key = `${KEY_PREFIX}${randomBytes(32).toString("base64url")}`;
    const row: Row = {
      id: `k_${randomBytes(6).toString("hex")}`,
      name,
      role,
      created_ms: this.#clock.wallMs(),
      used_ms: null,
    };
    this.#database.sql
      .prepare("INSERT INTO robot_keys (id, name, role, hash, created_ms) VALUES (?, ?, ?, ?, ?)")
      .run(row.id, name, role, hashOf(key), row.created_ms);
    return { ...viewOf(row), key };
  }

  /** Oldest first. */
  list(): RobotKeyView[] {
    const rows = this.#database.sql
      .prepare("SELECT * FROM robot_keys ORDER BY created_ms, id")
      .all() as Row[];
    return rows.map(viewOf);
  }

  /** Its connections end within seconds. Throws `auth.key-not-found`. */
  revoke(id: string): void {
    const { changes } = this.#database.sql.prepare("DELETE FROM robot_keys WHERE id = ?").run(id);
    if (changes === 0)
      throw new PlottyError("auth.key-not-found", `there is no robot key "${id}": see plotty apikey list`, {
        id,
      });
  }

  /** Random keys of 256 bits need no slow hash; looking one up by its hash tells nothing by the time it takes. */
  find(key: string): FoundKey | null {
    const row = this.#database.sql
      .prepare("SELECT id, role, used_ms FROM robot_keys WHERE hash = ?")
      .get(hashOf(key)) as Pick<Row, "id" | "role" | "used_ms"> | undefined;
    if (!row) return null;
    this.#used(row);
    return { role: row.role, isValid: () => this.#exists(row.id) };
  }

  /** To the minute, since every change is written through to the disk. */
  #used({ id, used_ms }: Pick<Row, "id" | "used_ms">): void {
    const now = this.#clock.wallMs();
    if (used_ms !== null && Math.abs(now - used_ms) < USED_EVERY_MS) return;
    this.#database.sql.prepare("UPDATE robot_keys SET used_ms = ? WHERE id = ?").run(now, id);
  }

  #exists(id: string): boolean {
    return this.#database.sql.prepare("SELECT 1 FROM robot_keys WHERE id = ?").get(id) !== undefined;
  }
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function viewOf({ id, name, role, created_ms, used_ms }: Row): RobotKeyView {
  const used = used_ms === null ? null : new Date(used_ms).toISOString();
  return { id, name, role, created_at: new Date(created_ms).toISOString(), last_used: used };
}
