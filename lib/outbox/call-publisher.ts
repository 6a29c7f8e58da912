import { type EventPublisher, type OutgoingMessage, PublishError } from "../event-log/event-log.ts";

/** Hands events to their consumer at once, by a call, with no event log between. */
export class CallPublisher implements EventPublisher {
  readonly #call: (messages: readonly OutgoingMessage[]) => Promise<unknown>;

  /** @param call resolves when the events have had their effect */
  constructor(call: (messages: readonly OutgoingMessage[]) => Promise<unknown>) {
    this.#call = call;
  }

  /** @throws PublishError */
  async send(messages: readonly OutgoingMessage[], commit: () => Promise<void>): Promise<void> {
    try {
      await this.#call(messages);
    } catch (error) {
      throw new PublishError("UNAVAILABLE", "The consumer can't take events now", { cause: error });
    }
    await commit();
  }
}
