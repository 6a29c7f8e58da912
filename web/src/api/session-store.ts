/** What all tabs know of the session. */
export interface StoredSession {
  readonly memberId: number;
  readonly accessToken: string;
}

/** Where the session is kept. A read after another tab's finished write sees it. */
export interface SessionStore {
  read(): Promise<StoredSession | undefined>;
  write(session: StoredSession | undefined): Promise<void>;
}

const DATABASE = "dailyfeed";
const STORE = "session";
const KEY = "current";

/**
 * IndexedDB, since its transactions are in one order for all tabs, which localStorage doesn't promise. Where a browser
 * has none (some private windows), a session ends with its tab.
 */
export function indexedDbStore(): SessionStore {
  let database: Promise<IDBDatabase> | undefined;
  let memory: StoredSession | undefined;

  const transact = async <T>(
    mode: IDBTransactionMode,
    run: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    database ??= open();
    const transaction = (await database).transaction(STORE, mode);
    const request = run(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    async read() {
      return transact<StoredSession | undefined>("readonly", (store) => store.get(KEY)).catch(() => memory);
    },
    async write(session) {
      memory = session;
      const change = transact<unknown>("readwrite", (store) => {
        if (!session) return store.delete(KEY) as IDBRequest<unknown>;
        return store.put(session, KEY) as IDBRequest<unknown>;
      });
      await change.catch(() => undefined);
    },
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
