import type { Clock } from "../../../shared/clock.ts";
import type { MachineModel } from "../models.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Link } from "./link.ts";
import { type SimBoard, simulateBoard } from "./sim-board.ts";

/** A cable to a simulated board. Opening another one to the same board is plugging it in again. */
export function createSimLink(board: SimBoard, name = "simulated"): Link {
  board.plugIn();
  return new SimLink(board, name);
}

/** A simulated board and a link to it. */
export function simulate(options: {
  clock: Clock;
  model: MachineModel;
  /** `2.5.3`, `2.8.1` or `3.0.2`. */
  firmware?: string;
  name?: string;
  keepsInk?: boolean;
}): { board: SimBoard; link: Link } {
  const board = simulateBoard(options);
  return { board, link: createSimLink(board, options.name) };
}

class SimLink implements Link {
  readonly name: string;
  onLine: (line: string) => void = () => {};
  onEnd: (error?: Error) => void = () => {};
  readonly #board: SimBoard;
  readonly #splitter = new LineSplitter();
  #ended = false;

  constructor(board: SimBoard, name: string) {
    this.#board = board;
    this.name = name;
    board.onData = (text) => queueMicrotask(() => this.#read(text));
    board.onUnplugged = () => this.#end(new Error("the cable was pulled"));
  }

  send(command: string): void {
    if (!this.#ended) this.#board.receive(`${command}\r`);
  }

  async close(): Promise<void> {
    this.#end();
  }

  #read(text: string): void {
    for (const line of this.#splitter.push(text)) {
      if (!this.#ended) this.onLine(line);
    }
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd(error);
  }
}
