import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { nextTurnIfLong } from "../../sql/event-loop-turn.ts";
import { SqliteFile } from "../../sql/sqlite-file.ts";
import type { SqliteHandle } from "../../sql/sqlite-handle.ts";
import { SearchUnavailableError } from "../search-index.ts";

/** SQLite's code for a statement that makes no sense: then it is ours to mend, and waiting doesn't help. */
const WRONG_STATEMENT = 1;

/** The file of the index. Statements are short; between them the event loop turns. */
export class IndexFile {
  readonly #path: string;
  readonly #file: SqliteFile;

  constructor(path: string) {
    this.#path = path;
    this.#file = new SqliteFile(path, {});
  }

  close(): void {
    this.#file.close();
  }

  /** All of the work is committed, or nothing. @throws SearchUnavailableError */
  async write<T>(work: (writer: SqliteHandle) => T): Promise<T> {
    await nextTurnIfLong();
    return this.#available(() =>
      this.#file.write(this, (writer) => {
        writer.exec("BEGIN IMMEDIATE");
        try {
          const result = work(writer);
          writer.exec("COMMIT");
          return result;
        } catch (error) {
          if (writer.isInTransaction) writer.exec("ROLLBACK");
          throw error;
        }
      }),
    );
  }

  /** @throws SearchUnavailableError, also when a table is not there */
  async read<Row>(text: string, ...params: readonly unknown[]): Promise<Row[]> {
    await nextTurnIfLong();
    return this.#available(() => this.#file.read(this, text, params)) as Promise<Row[]>;
  }

  async #available<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { code, errno, message } = error as { code?: unknown; errno?: number; message: string };
      const isOurs = errno === WRONG_STATEMENT && !isMissingTable(error);
      if (typeof code !== "string" || isOurs) throw error;
      throw new SearchUnavailableError(`${this.#path}: ${message}`, { cause: error });
    }
  }

  /** Makes the folder, and the file when it is missing. @throws SearchUnavailableError */
  async open(): Promise<void> {
    await this.#available(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await this.#file.open();
    });
  }
}

/** Was the generation that was asked dropped meanwhile? */
export function isMissingTable(error: unknown): boolean {
  if (error instanceof SearchUnavailableError) return isMissingTable(error.cause);
  return error instanceof Error && /no such table/.test(error.message);
}
