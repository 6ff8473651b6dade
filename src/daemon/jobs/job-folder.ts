import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { drawingNotKept } from "../store-error.ts";

/** `jobs/<id>/` of the data directory: the drawing as it was uploaded, its plan, and how far the board has drawn it. */
export class JobFolder {
  readonly path: string;

  constructor(dataDir: string, id: string) {
    this.path = join(dataDir, "jobs", id);
  }

  get exists(): boolean {
    return lstatSync(this.path, { throwIfNoEntry: false }) !== undefined; // a link that leads nowhere is there too
  }

  get drawingFile(): string {
    return join(this.path, "drawing.svg");
  }

  get planFile(): string {
    return join(this.path, "plan.bin");
  }

  get journalFile(): string {
    return join(this.path, "position.json");
  }

  /** Returns once the bytes are on disk: an accepted job is never lost. */
  keepDrawing(svg: Uint8Array): void {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      const file = openSync(this.drawingFile, "w", 0o600);
      try {
        for (let written = 0; written < svg.length; ) written += writeSync(file, svg, written);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Takes a file over that lies on the same disk, its bytes written through already. */
  takeDrawing(file: string): void {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      renameSync(file, this.drawingFile);
      const folder = openSync(this.path, "r");
      fsyncSync(folder);
      closeSync(folder);
    } catch (error) {
      this.#refuse(error);
    }
  }

  plan(): Uint8Array {
    return readFileSync(this.planFile);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #refuse(error: unknown): never {
    this.remove();
    throw drawingNotKept(error);
  }
}
