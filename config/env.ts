import { type Environment, VARIABLES, type Variable, type VariableName } from "./variables.ts";

/** A configuration that can't work. The message is one line and names the variable. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

const SECRET = /SECRET|PASSWORD|KEY$/;

/** Shows a value in an error without secrets, and without the password that a URL may hold. */
function shown(name: string, text: string): string {
  if (SECRET.test(name)) return '"***"';
  return JSON.stringify(name.endsWith("_URL") ? text.replace(/\/\/[^@/]*@/, "//***@") : text);
}

/**
 * Reads every variable of dailyfeed from an environment; an empty text counts as not set.
 * @throws ConfigurationError for the first value that can't be taken
 */
export function readEnvironmentOrThrow(source: NodeJS.ProcessEnv): Environment {
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const variable: Variable<unknown> = VARIABLES[name];
    const given = source[name];
    const text = given === undefined || given === "" ? variable.fallback : given;
    const value = text === null ? undefined : variable.parse(text);
    if (text !== null && value === undefined) {
      throw new ConfigurationError(`${name} is ${shown(name, text)}: expected ${variable.expected}`);
    }
    values[name] = value;
  }
  return values as Environment;
}
