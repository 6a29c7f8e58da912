import net from "node:net";
import tls from "node:tls";
import { type ISocketFactoryArgs, Kafka, logLevel } from "kafkajs";
import type { Logger } from "moleculer";
import { logBridge } from "./log-bridge.ts";
import { stopIdleTimers } from "./request-queue-patch.ts";

export interface KafkaClientOptions {
  readonly brokers: readonly string[];
  /** Shown in the broker's logs and quotas. */
  readonly clientId: string;
  readonly logger: Logger;
  /** Milliseconds a request may take, where kafkajs doesn't know better (joins may take longer). */
  readonly requestTimeout?: number;
  /** Tries after the first one, of requests for metadata and of connecting. */
  readonly retries?: number;
}

const CONNECTION_TIMEOUT = 2_000;
const REQUEST_TIMEOUT = 10_000;
const KEEP_ALIVE_DELAY = 60_000;

/** Few: whoever uses the client has a patience of its own and begins anew. */
const RETRIES = 3;
const RETRY_TIMES = { initialRetryTime: 100, maxRetryTime: 1_000 };

/** A client of the cluster; each producer, consumer and admin of it has its own connections. */
export function kafkaClient(options: KafkaClientOptions): Kafka {
  const { brokers, clientId, logger, requestTimeout = REQUEST_TIMEOUT, retries = RETRIES } = options;
  stopIdleTimers();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECTION_TIMEOUT,
    requestTimeout,
    retry: { ...RETRY_TIMES, retries },
    socketFactory: connectWithoutDelay,
    logLevel: logLevel.INFO,
    logCreator: logBridge(logger),
  });
}

/** As kafkajs's own, and without Nagle's algorithm, which holds small requests back for an acknowledgement. */
function connectWithoutDelay({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
  const servername = net.isIP(host) ? {} : { servername: host };
  const socket = ssl
    ? tls.connect({ host, port, ...servername, ...ssl }, onConnect)
    : net.connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY);
  return socket;
}
