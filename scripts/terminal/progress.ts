import cliProgress from "cli-progress";

export interface Progress {
  /** `count` more are done. */
  advance(count?: number): void;
  /** Shows a short text beside the bar, e.g. what it waits for. */
  note(text: string): void;
  finish(): void;
}

export type StartProgress = (title: string, total: number, done?: number) => Progress;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A progress bar at a terminal, else a plain line for every tenth. Both go to the error stream. */
export const startProgress: StartProgress = (title, total, done = 0) =>
  process.stderr.isTTY ? bar(title, total, done) : plainLines(process.stderr, title, total, done);

/** For tests and for callers that report by themselves. */
export const noProgress: StartProgress = () => ({ advance() {}, note() {}, finish() {} });

function bar(title: string, total: number, done: number): Progress {
  const single = new cliProgress.SingleBar({
    format: `${title.padEnd(13)} {bar} {percentage}% {value}/{total} {eta_formatted} {note}`,
    hideCursor: true,
    etaBuffer: 200,
  });
  single.start(total, done, { note: "" });
  return {
    advance: (count = 1) => single.increment(count, { note: "" }),
    note: (note) => single.update({ note }),
    finish: () => single.stop(),
  };
}

/** Exported for its test. */
export function plainLines(output: Output, title: string, total: number, done: number): Progress {
  let value = done;
  let shownTenth = -1;
  let shownNote = "";
  const show = (): void => {
    const tenth = total === 0 ? 10 : Math.floor((10 * value) / total);
    if (tenth === shownTenth) return;
    shownTenth = tenth;
    output.write(`${title}: ${value}/${total}\n`);
  };
  show();
  return {
    advance: (count = 1) => {
      value += count;
      shownNote = "";
      show();
    },
    note: (text) => {
      if (text !== shownNote) output.write(`${title}: ${text}\n`);
      shownNote = text;
    },
    finish: () => {},
  };
}
