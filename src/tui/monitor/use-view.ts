import { useState } from "react";
import { LOOK_AT_ALL, type Look } from "../../shared/plan-view.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import type { AppProps } from "./app.tsx";
import { COMMANDS, parseCommand } from "./commands.ts";
import { completePath } from "./complete-path.ts";
import { useKeys } from "./hooks.ts";
import { type Action, deviceFor, rowOfKey, type Target } from "./keymap.ts";
import { PANES, type PaneName } from "./layout.ts";
import { moveLook, zoomLook } from "./look.ts";
import { orderJobs } from "./order-jobs.ts";
import { alertsOfInterest } from "./other-rows.ts";
import { editPrompt, type Prompt, promptText } from "./prompt.ts";

/** A question with No as its answer unless `y` is pressed. */
interface Question {
  readonly verb: "cancel" | "remove";
  readonly job: JobView;
}

export type View = ReturnType<typeof useView>;

/** What the keys change: what is selected, opened, typed, asked and told. */
export function useView(props: AppProps, mirror: Mirror) {
  const [selectedId, select] = useState<string>();
  const [focus, setFocus] = useState<PaneName>("jobs");
  const [places, setPlaces] = useState<Readonly<Partial<Record<PaneName, number>>>>({});
  const [isOpen, setOpen] = useState(false);
  const [isHelp, setHelp] = useState(false);
  const [filter, setFilter] = useState("");
  const [prompt, setPrompt] = useState<Prompt>();
  const [asked, ask] = useState<Question>();
  const [told, tell] = useState<string>();
  const [look, setLook] = useState<Look>(LOOK_AT_ALL);
  const [showsTravel, setTravel] = useState(false);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());

  const all = orderJobs(mirror.jobs.values(), props.jobId);
  const shownFilter = prompt?.kind === "filter" ? prompt.text : filter;
  const jobs = all.filter((job) => holds(job, shownFilter));
  const alerts = alertsOfInterest(mirror.alerts, props.jobId, props.level).toReversed();
  const index = Math.max(
    0,
    jobs.findIndex(({ id }) => id === selectedId),
  );
  const job = jobs[index];
  const devices = [...mirror.devices.values()];
  const log = mirror.log.filter(
    (event) => props.jobId === undefined || !("job_id" in event) || event.job_id === props.jobId,
  );
  const machine = Math.min(devices.length - 1, places.machines ?? 0);
  const target: Target = {
    job,
    device: focus === "machines" ? devices[machine] : deviceFor(job, devices),
    isReadOnly: props.isReadOnly,
    pane: focus,
  };
  const counts: Record<PaneName, number> = {
    jobs: jobs.length,
    drawing: 0,
    machines: devices.length,
    alerts: alerts.length,
    events: log.length,
    statistics: 0,
  };

  const run = (doing: Promise<string>) => {
    doing.then(tell, (error: Error) => tell(error.message));
  };
  const selectAt = (to: number) => {
    const last = Math.max(0, counts[focus] - 1);
    const place = Math.max(0, Math.min(last, to));
    if (focus === "jobs") select(jobs[place]?.id);
    else setPlaces({ ...places, [focus]: place });
  };
  const placeNow = focus === "jobs" ? index : Math.min(places[focus] ?? 0, Math.max(0, counts[focus] - 1));
  const isOnDrawing = isOpen || focus === "drawing";
  const step = (dx: number, dy: number) => {
    if (isOnDrawing) setLook(moveLook(look, dx, dy));
    else if (dy !== 0) selectAt(placeNow + dy);
  };
  const turnTo = (by: number) => {
    const at = PANES.indexOf(focus);
    setFocus(PANES[(at + by + PANES.length) % PANES.length]!);
  };
  const acknowledge = () => {
    const next = focus === "alerts" ? alerts[placeNow] : undefined;
    const alert = next && !seen.has(next.id) ? next : alerts.find(({ id }) => !seen.has(id));
    if (!alert) return tell("every alert has been seen");
    setSeen(new Set(seen).add(alert.id));
  };
  const back = () => {
    if (isOpen) setOpen(false);
    else if (filter !== "") setFilter("");
    else if (look.zoom !== 1 && focus === "drawing") setLook(LOOK_AT_ALL);
    else setFocus("jobs");
  };
  const moves: Partial<Record<Action, () => void>> = {
    up: () => step(0, -1),
    down: () => step(0, 1),
    left: () => step(-1, 0),
    right: () => step(1, 0),
    first: () => selectAt(0),
    last: () => selectAt(counts[focus] - 1),
    nextPane: () => turnTo(1),
    previousPane: () => turnTo(-1),
    open: () => setOpen(job !== undefined && !isOpen),
    back,
    help: () => setHelp(true),
    cancel: () => job && ask({ verb: "cancel", job }),
    add: () => setPrompt({ kind: "add", text: "" }),
    filter: () => setPrompt({ kind: "filter", text: filter }),
    command: () => setPrompt({ kind: "command", text: "" }),
    acknowledge,
    zoomIn: () => setLook(zoomLook(look, 1.5)),
    zoomOut: () => setLook(zoomLook(look, 1 / 1.5)),
    fit: () => setLook(LOOK_AT_ALL),
    travel: () => setTravel(!showsTravel),
  };
  const submit = ({ kind, text }: Prompt) => {
    setPrompt(undefined);
    if (kind === "filter") setFilter(text.trim());
    else if (kind === "add") run(props.onAdd(text));
    else if (text.trim() !== "") command(text);
  };
  const command = (line: string) => {
    try {
      const parsed = parseCommand(line);
      if (parsed.name === "quit") return run(props.onAction("quit", target));
      if (props.isReadOnly) return tell("nothing is changed with --read-only");
      const named = parsed.words.length > 0 ? mirror.jobs.get(parsed.words[0]!) : job;
      if ((parsed.name === "cancel" || parsed.name === "remove") && named)
        return ask({ verb: parsed.name, job: named });
      run(props.onCommand(parsed, job));
    } catch (error) {
      tell((error as Error).message);
    }
  };

  useKeys((name, text) => {
    tell(undefined);
    if (name === "ctrl+c") return run(props.onAction("interrupt", target));
    if (prompt) {
      const edit = editPrompt(prompt, name, text, completed);
      if (edit.type === "done") submit(edit.prompt);
      else setPrompt(edit.type === "typing" ? edit.prompt : undefined);
      if (edit.type === "left" && prompt.kind === "filter") setFilter("");
      return;
    }
    if (asked) {
      ask(undefined);
      if (text === "y" || text === "Y")
        run(props.onCommand({ name: asked.verb, words: [asked.job.id] }, asked.job));
      return;
    }
    if (isHelp) return setHelp(false);
    const row = rowOfKey(name);
    if (!row) return;
    if (row.action === "pane") setFocus(PANES[Number(name) - 1]!);
    else if (!row.available(target)) tell(refusal(row.word, target));
    else (moves[row.action] ?? (() => run(props.onAction(row.action, target))))();
  });

  const notice = prompt ? promptText(prompt) : asked ? question(asked) : told;
  return {
    jobs,
    alerts,
    log,
    index,
    job,
    target,
    focus,
    places,
    isOpen: isOpen && job !== undefined,
    isHelp,
    filter: shownFilter,
    look,
    showsTravel,
    seen,
    notice: notice || undefined,
  };
}

function holds(job: JobView, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [job.id, job.name, job.state, job.device, job.pen, job.paper].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

function refusal(word: string, { isReadOnly }: Target): string {
  return isReadOnly ? `no ${word} with --read-only` : `${word} is not possible now`;
}

function question({ verb, job }: Question): string {
  const [Verb, does] = verb === "cancel" ? ["Cancel", "ends"] : ["Remove", "forgets"];
  return `${Verb} ${job.id}? y ${does} it, any other key keeps it (No)`;
}

function completed({ kind, text }: Prompt): string {
  if (kind === "add") return completePath(text);
  if (kind === "filter") return text;
  if (/^add\s/.test(text)) return `add ${completePath(text.slice(4))}`;
  const fitting = COMMANDS.filter((name) => name.startsWith(text));
  return fitting.length === 1 ? `${fitting[0]} ` : text;
}
