import type { Request } from "playwright-core";

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: { properties: object } }>> };
}

/** What the OpenAPI file of a running product allows a client to send. */
export class Contract {
  readonly #operations: {
    readonly method: string;
    readonly pattern: RegExp;
    readonly operation: Operation;
  }[];

  constructor(document: OpenApi) {
    this.#operations = Object.entries(document.paths)
      // Literal paths before those with parameters, as the gateway has it.
      .sort(([a], [b]) => a.split("{").length - b.split("{").length)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          method: method.toUpperCase(),
          pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
          operation,
        })),
      );
  }

  static async of(url: string): Promise<Contract> {
    return new Contract((await (await fetch(`${url}/api-docs/json`)).json()) as OpenApi);
  }

  /** What a request has that isn't documented; empty where all is well. */
  violations(request: Pick<Request, "method" | "url" | "postData" | "headers">): string[] {
    const { pathname, searchParams } = new URL(request.url());
    const title = `${request.method()} ${pathname}`;
    const found = this.#operations.find(
      ({ method, pattern }) => method === request.method() && pattern.test(pathname),
    );
    if (!found) return [`${title} is not in the OpenAPI file`];
    const { parameters = [], requestBody } = found.operation;
    const known = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
    const query = [...searchParams.keys()].filter((name) => !known.includes(name));
    const isForm = request.headers()["content-type"]?.startsWith("multipart/form-data") ?? false;
    const body = isForm ? {} : (JSON.parse(request.postData() ?? "{}") as object);
    const schema = Object.values(requestBody?.content ?? {})[0]?.schema.properties ?? {};
    const fields = Object.keys(body).filter((name) => !(name in schema));
    return [
      ...query.map((name) => `${title}: no query parameter ${name}`),
      ...fields.map((name) => `${title}: no field ${name}`),
    ];
  }
}
