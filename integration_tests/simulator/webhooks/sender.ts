/** Sends webhooks as Ashby does: signed, again after failures with growing waits, and never again after a final status. */

import { createHmac } from 'node:crypto';

/** On these Ashby throws a delivery away at once. */
const FINAL = new Set([401, 403, 404, 405, 410]);
const MOST_ATTEMPTS = 10;
/** The wait after the n-th failure is (2^n - 1) times this. */
const WAIT_MS = 10_000;

/** What else an event fires: one hire is three events. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  candidateHire: ['candidateStageChange', 'applicationUpdate'],
  candidateStageChange: ['applicationUpdate'],
  interviewPlanTransition: ['jobUpdate'],
  interviewScheduleCreate: ['interviewScheduleUpdate'],
  jobPostingPublish: ['jobPostingUpdate'],
  jobPostingUnpublish: ['jobPostingUpdate'],
};

export interface Webhook {
  readonly id: string;
  readonly type: string;
  readonly url: string;
  /** The secret token; without one deliveries carry no signature. */
  readonly secret?: string | undefined;
  /** Set where the ping was answered. */
  enabled: boolean;
}

/** One event on its way to one webhook. */
export interface Delivery {
  readonly id: string;
  readonly action: string;
  readonly webhook: Webhook;
  /** The status of each attempt; 0 where no answer came. */
  readonly statuses: number[];
  outcome: 'waiting' | 'delivered' | 'dropped' | 'given-up';
}

export interface SenderOptions {
  /** Makes ids that look like Ashby's, one after the other. */
  nextId(): string;
  /** What a second of Ashby's waits takes here, in milliseconds. Default 0: waits pass at once. */
  msPerSecond?: number;
}

export class WebhookSender {
  readonly webhooks: Webhook[] = [];
  readonly deliveries: Delivery[] = [];
  readonly #options: SenderOptions;
  readonly #underWay = new Set<Promise<void>>();
  #held: (() => void)[] | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Makes a webhook and pings it: no answer, or a status from 400 on, and it is kept disabled. */
  async register(wanted: { type: string; url: string; secret?: string }): Promise<Webhook> {
    const webhook: Webhook = { ...wanted, id: this.#options.nextId(), enabled: false };
    this.webhooks.push(webhook);
    const ping = { webhookActionId: this.#options.nextId(), action: 'ping', data: { webhookActionType: wanted.type } };
    const status = await post(webhook, JSON.stringify(ping));
    webhook.enabled = status > 0 && status <= 400;
    return webhook;
  }

  /**
   * An event happens: every enabled webhook of its type gets it, under one id; so do those of the types that it fires as
   * well.
   */
  fire(action: string, data: unknown): void {
    for (const one of [action, ...(ALSO[action] ?? [])]) {
      const webhookActionId = this.#options.nextId();
      for (const webhook of this.webhooks) {
        if (webhook.type !== one || !webhook.enabled) continue;
        const delivery: Delivery = { id: webhookActionId, action: one, webhook, statuses: [], outcome: 'waiting' };
        this.deliveries.push(delivery);
        const body = JSON.stringify({ webhookActionId, action: one, data });
        const start = (): void => this.#follow(this.#deliver(delivery, body));
        if (this.#held) this.#held.push(start);
        else start();
      }
    }
  }

  /** From now on deliveries wait for `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what was held, one after the other: in another order, and each more than once, if told to. */
  async release({ reversed = false, times = 1 } = {}): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (reversed) held.reverse();
    for (let time = 0; time < times; time += 1) {
      for (const start of held) {
        start();
        await this.idle();
      }
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #follow(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #deliver(delivery: Delivery, body: string): Promise<void> {
    const { webhook, statuses } = delivery;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const status = await post(webhook, body);
      statuses.push(status);
      if (status >= 200 && status < 300) {
        delivery.outcome = 'delivered';
        return;
      }
      if (FINAL.has(status)) {
        delivery.outcome = 'dropped';
        return;
      }
      const waitMs = ((2 ** attempt - 1) * WAIT_MS * (this.#options.msPerSecond ?? 0)) / 1_000;
      if (attempt < MOST_ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    delivery.outcome = 'given-up';
  }
}

/** The status of the answer, 0 where none came. */
async function post({ url, secret }: Webhook, body: string): Promise<number> {
  const signature = secret === undefined ? {} : { 'ashby-signature': sign(body, secret) };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature },
      body,
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0; // as Ashby sees it: nobody answered
  }
}

function sign(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
