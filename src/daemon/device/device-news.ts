import type { DeviceStatus } from "../../shared/ws-messages.ts";
import type { Logger } from "../log.ts";
import type { Publisher } from "../publisher.ts";
import { DiskPatience } from "./disk-patience.ts";
import type { Machine } from "./machine.ts";

/** Between two states of the moment of one machine. */
const MIN_BETWEEN_MS = 100;

/** Tells of machines: their states as they change, and what a person should know. A full disk delays it and loses nothing. */
export class DeviceNews {
  /** Between the machines and the disk; the queue of their jobs uses it too. */
  readonly disk: DiskPatience;
  readonly #publisher: Publisher;
  readonly #published = new Map<string, { status: DeviceStatus["status"]; atMs: number }>();
  /** Machines whose newest state waits for its turn. */
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(publisher: Publisher, log: Logger) {
    this.#publisher = publisher;
    this.disk = new DiskPatience(log, () => this.#tellFullDisk());
  }

  /** Publishes the state of a machine: durable when its status is another than before. */
  changed(machine: Machine): void {
    const publisher = this.#publisher;
    const message = machine.state.message(publisher.now());
    const nowMs = publisher.clock.monotonicMs();
    const before = this.#published.get(machine.id);
    const isNew = before?.status !== message.status;
    if (!isNew && nowMs - before.atMs < MIN_BETWEEN_MS) return this.#tellLater(machine, before.atMs - nowMs);
    if (!isNew) publisher.fleeting(message);
    else if (!this.disk.attempt(() => publisher.durable(message))) return;
    this.#published.set(machine.id, { status: message.status, atMs: nowMs });
  }

  alert(machine: Machine, level: "info" | "warning" | "error", message: string): void {
    const alert = { level, message: `${machine.id}: ${message}`, source: "device", deviceId: machine.id };
    this.disk.insist(() => this.#publisher.alert(alert));
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.disk.close();
  }

  /** The state of the moment is told at most ten times a second; the newest is never left untold. */
  #tellLater(machine: Machine, agoMs: number): void {
    if (this.#waiting.has(machine.id)) return;
    const tell = () => {
      this.#waiting.delete(machine.id);
      this.changed(machine);
    };
    this.#waiting.set(machine.id, setTimeout(tell, MIN_BETWEEN_MS + agoMs));
  }

  /** Behind what waits: it can be told only when there is room again. */
  #tellFullDisk(): void {
    const message =
      "the disk took nothing more for a while: machines went on, and what they did was kept when there was room; free some more";
    const alert = { level: "warning" as const, message, source: "system", details: { code: "disk.full" } };
    this.disk.insist(() => this.#publisher.alert(alert));
  }
}
