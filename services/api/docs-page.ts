type Json = { readonly [key: string]: unknown };

/** The OpenAPI document as a page for people: no script, no other host. */
export function docsPage(document: Json): string {
  const { info, paths, tags, components } = document as {
    info: { title: string; version: string; description: string };
    paths: Record<string, Record<string, Operation>>;
    tags: { name: string; description: string }[];
    components: { schemas: Record<string, Json> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section id="${name}"><h2>${escapeHtml(description)}</h2>${own.map(operationHtml).join("")}</section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title><link rel="stylesheet" href="/docs.css"></head><body>
<header><h1>${escapeHtml(info.title)} API <span class="version">${escapeHtml(info.version)}</span></h1>
<p class="description">${prose(info.description)}</p>
<nav>${tags.map(({ name, description }) => `<a href="#${name}">${escapeHtml(description)}</a>`).join("")}
<a href="#schemas">Schemas</a><a href="/api-docs/json">OpenAPI 3.1</a></nav></header>
<main>${sections.join("")}<section id="schemas"><h2>Schemas</h2>${Object.entries(components.schemas)
    .map(
      ([name, schema]) =>
        `<details id="schema-${name}"><summary>${escapeHtml(name)}</summary>${schemaHtml(schema)}</details>`,
    )
    .join("")}</section></main></body></html>`;
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly security: readonly Json[];
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Json }[];
  readonly requestBody?: { content: Content };
  readonly responses: Record<string, { description: string; content?: Content }>;
}

type Content = Readonly<Record<string, { schema: Json }>>;

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const { summary = "", security, parameters = [], requestBody, responses } = operation;
  const { "200": success, ...failures } = responses;
  return `<details><summary><b class="method ${method.toLowerCase()}">${method}</b> <code>${escapeHtml(path)}</code> <span>${escapeHtml(summary)}</span></summary>
${security.length === 0 ? "<p>Public.</p>" : ""}
${parameters.length > 0 ? `<h4>Parameters</h4><ul>${parameters.map((p) => `<li><code>${escapeHtml(p.name)}</code> <i>${p.in}${p.required ? ", required" : ""}</i> ${typeHtml(p.schema)}</li>`).join("")}</ul>` : ""}
${requestBody ? `<h4>Body</h4>${contentHtml(requestBody.content)}` : ""}
${success?.content ? `<h4>Answer</h4>${contentHtml(success.content)}` : ""}
<h4>Errors</h4><dl>${Object.entries(failures)
    .map(([status, { description }]) => `<dt>${status}</dt><dd>${prose(description)}</dd>`)
    .join("")}</dl></details>`;
}

/** JSON goes without saying. */
function contentHtml(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const note = type === "application/json" ? "" : `<p><code>${escapeHtml(type)}</code></p>`;
      return `${note}${schemaHtml(schema)}`;
    })
    .join("");
}

function schemaHtml(schema: Json): string {
  const properties = schema.properties as Record<string, Json> | undefined;
  if (!properties) return `<p>${typeHtml(schema)}</p>`;
  const required = (schema.required as string[] | undefined) ?? [];
  const rows = Object.entries(properties).map(([name, inner]) => {
    const nested = inner.type === "object" && inner.properties ? schemaHtml(inner) : "";
    return `<li><code>${escapeHtml(name)}</code> ${required.includes(name) ? "<i>required</i> " : ""}${typeHtml(inner)}${nested}</li>`;
  });
  return `<ul>${rows.join("")}</ul>`;
}

function typeHtml(schema: Json): string {
  const { type, $ref, items, format, minLength, maxLength, minimum, maximum, description, pattern } = schema;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  }
  if (type === "array") return `list of ${typeHtml(items as Json)}`;
  const notes = [
    format,
    Array.isArray(schema.enum) ? schema.enum.filter((value) => value !== null).join(" | ") : undefined,
    schema.const === undefined ? undefined : JSON.stringify(schema.const),
    range(minLength, maxLength, "characters"),
    maximum === Number.MAX_SAFE_INTEGER ? undefined : range(minimum, maximum, ""),
    pattern,
    description,
  ].filter((note) => note !== undefined && note !== "");
  const kind = Array.isArray(type) ? type.join(" or ") : (type ?? "");
  return `${escapeHtml(String(kind))}${notes.length > 0 ? ` <small>${escapeHtml(notes.join("; "))}</small>` : ""}`;
}

function range(low: unknown, high: unknown, unit: string): string | undefined {
  if (low === undefined && high === undefined) return undefined;
  return `${low ?? ""}..${high ?? ""} ${unit}`.trim();
}

/** The little Markdown that our own descriptions use. */
function prose(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
    .replace(/\n\n| {2}\n/g, "<br>");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
