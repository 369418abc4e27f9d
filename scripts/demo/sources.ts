/**
 * Applications by source, with those that came through a custom tracking link. Ashby's rows of applications name no
 * link: a link sets the source of whoever applies through it, and leads to a job posting. So an application counts
 * as one of a link's when a link sets its source and it was made at a job posting.
 */

type Row = Record<string, any>;

export interface SourceCount {
  title: string;
  hasLinks: boolean;
  throughLinks: number;
  others: number;
}

export class Sources {
  readonly #linked = new Set<string>();
  readonly #counts = new Map<string, { title: string; atPosting: number; others: number }>();

  readonly takeLink = (link: Row): void => {
    if (typeof link['sourceId'] === 'string') this.#linked.add(link['sourceId']);
  };

  readonly takeApplication = (application: Row): void => {
    const id = application['source']?.id ?? '';
    const count = this.#counts.get(id) ?? {
      title: application['source']?.title ?? '(no source)',
      atPosting: 0,
      others: 0,
    };
    if (typeof application['appliedViaJobPostingId'] === 'string') count.atPosting += 1;
    else count.others += 1;
    this.#counts.set(id, count);
  };

  /** Most applications first. Links are looked up only now, since they may have come after the applications. */
  counts(): SourceCount[] {
    return [...this.#counts]
      .map(([id, { title, atPosting, others }]) => {
        const hasLinks = this.#linked.has(id);
        return {
          title,
          hasLinks,
          throughLinks: hasLinks ? atPosting : 0,
          others: hasLinks ? others : atPosting + others,
        };
      })
      .sort((a, b) => b.throughLinks + b.others - (a.throughLinks + a.others) || a.title.localeCompare(b.title));
  }
}
