import { type ParseArgsConfig, parseArgs } from "node:util";
import type { ServiceBroker } from "moleculer";
import { failureText, UsageError } from "./failure-text.ts";

/** A command as moleculer-repl takes it. It parses the line in its own way; this is ours. */
export interface ReplCommand {
  readonly command: string;
  readonly description: string;
  readonly alias: null;
  readonly options: [];
  /** What looks like an option to moleculer-repl comes through to us. */
  readonly allowUnknownOptions: true;
  readonly parse: (line: ParsedLine) => void;
  readonly action: (broker: ServiceBroker, words: readonly string[]) => Promise<void>;
}

/** The part of the parsed line (commander's command) that is used here. */
interface ParsedLine {
  readonly parent: { readonly rawArgs: readonly string[] };
  params: readonly string[];
}

/** Calls an action of the mesh, of a node of it where one is named. `timeout` in milliseconds. */
export type Call = <T>(
  action: string,
  params?: object,
  options?: { timeout: number; nodeID?: string },
) => Promise<T>;

export interface Input {
  /** By the names in `takes`; those in brackets may be missing. */
  readonly words: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export interface Subcommand {
  /** The words behind it, such as `ID`; `[ID]` may be left out. */
  readonly takes?: readonly string[];
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** Options that must be there. */
  readonly requires?: readonly string[];
  readonly purpose: string;
  /** Answers what is printed. */
  run(call: Call, input: Input): Promise<string>;
}

/** For work that takes its time (milliseconds). */
export const LONG = { timeout: 10 * 60_000 };

/** How long a node that has just joined waits for the others to show themselves (milliseconds). */
const DISCOVERY = { timeout: 3_000, interval: 50 };

export interface CommandGroup extends ReplCommand {
  /** One for each subcommand: how it is written, and what it does. */
  readonly usages: readonly { readonly usage: string; readonly purpose: string }[];
}

/** A command with subcommands, such as `topics list`. `registeredAs`: where moleculer-repl has a command of its name. */
export function commandGroup(
  name: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  registeredAs = name,
): CommandGroup {
  const usages = Object.entries(subcommands).map(([verb, subcommand]) => ({
    usage: usageOf(name, verb, subcommand),
    purpose: subcommand.purpose,
  }));
  return {
    command: `${registeredAs} [words...]`,
    description: usages.map(({ usage }) => usage).join(" | "),
    alias: null,
    options: [],
    allowUnknownOptions: true,
    usages,
    parse(line) {
      // Behind the name of the program, "node" and the command.
      line.params = line.parent.rawArgs.slice(3);
    },
    async action(broker, [verb = "", ...args]) {
      const subcommand = Object.hasOwn(subcommands, verb) ? subcommands[verb] : undefined;
      if (!subcommand) return print(`Expected one of: ${usages.map(({ usage }) => usage).join(" | ")}`);
      try {
        const input = inputOrThrow(subcommand, args, usageOf(name, verb, subcommand));
        print(await subcommand.run(callOf(broker), input));
      } catch (error) {
        print(`${name} ${verb}: ${failureText(error)}`);
      }
    },
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function callOf(broker: ServiceBroker): Call {
  return async (action, params = {}, options) => {
    if (!broker.registry.actions.isAvailable(action)) {
      const [service = ""] = action.split(".", 1);
      // What is missing then, the call tells.
      await broker.waitForServices(service, DISCOVERY.timeout, DISCOVERY.interval).catch(() => undefined);
    }
    return broker.call(action, params, options);
  };
}

function inputOrThrow(
  { takes = [], options = {}, requires = [] }: Subcommand,
  args: string[],
  usage: string,
): Input {
  const parsed = parsedOrThrow(args, options, usage);
  const missing = takes.slice(parsed.positionals.length).find((word) => !word.startsWith("["));
  if (missing) throw new UsageError(`${missing} is missing: ${usage}`);
  const missingOption = requires.find((option) => parsed.values[option] === undefined);
  if (missingOption) throw new UsageError(`--${missingOption} is missing: ${usage}`);
  if (parsed.positionals.length > takes.length) throw new UsageError(`too many words: ${usage}`);
  const named = parsed.positionals.map((word, index) => [takes[index]?.replace(/^\[|\]$/g, ""), word]);
  return { words: Object.fromEntries(named), options: parsed.values as Input["options"] };
}

function parsedOrThrow(args: string[], options: NonNullable<ParseArgsConfig["options"]>, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(/\.? To specify/, 1);
    throw new UsageError(`${reason}: ${usage}`);
  }
}

function usageOf(
  name: string,
  verb: string,
  { takes = [], options = {}, requires = [] }: Subcommand,
): string {
  const flags = Object.entries(options).map(([flag, { type }]) => {
    const text = type === "boolean" ? `--${flag}` : `--${flag} ${flag.toUpperCase()}`;
    return requires.includes(flag) ? text : `[${text}]`;
  });
  return [name, verb, ...takes, ...flags].join(" ");
}
