import type {StoredHead} from './stored-response.ts';

/** How much may be kept, and for how long without use. */
export interface StoreLimits {
	readonly ttlMs: number;
	readonly count: number;
	readonly bytes: number;
}

interface Entry {
	readonly head: StoredHead;
	readonly bytes: number;
	usedAtMs: number;
}

/** What an entry costs besides its text (translation.md 6.1). */
const frameBytes = 200;

/**
 * Which responses are kept, in the order of their last use. A chain ages as one: whoever uses its end uses all of it, and a response that
 * goes takes along what cannot be continued without it. Forks share what lies before them.
 */
export class ResponseIndex {
	readonly #entries = new Map<string, Entry>();
	readonly #children = new Map<string, Set<string>>();
	#limits: StoreLimits;
	#bytes = 0;

	constructor(limits: StoreLimits) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#entries.size;
	}

	/** Bytes of all that is kept, frames included. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Other limits from now on. Returns the ids that have to go. */
	limit(limits: StoreLimits, nowMs: number): readonly string[] {
		this.#limits = limits;
		return this.expire(nowMs);
	}

	/** Whether something of this size is kept at all: an eighth of the room is the most that one response may take. */
	hasRoomFor(bytes: number): boolean {
		return bytes + frameBytes <= this.#limits.bytes / 8;
	}

	/** Adds a response; `usedAtMs` is its last use. Returns the ids that have to go for it. */
	add(head: StoredHead, bytes: number, usedAtMs: number): readonly string[] {
		this.#drop(head.id);
		this.#entries.set(head.id, {head, bytes: bytes + frameBytes, usedAtMs});
		this.#bytes += bytes + frameBytes;
		if (head.parent !== undefined) {
			const siblings = this.#children.get(head.parent) ?? new Set<string>();
			this.#children.set(head.parent, siblings.add(head.id));
		}

		return this.expire(usedAtMs);
	}

	/** A response of this owner. */
	find(id: string, owner: string): StoredHead | undefined {
		const head = this.#entries.get(id)?.head;
		return head?.owner === owner ? head : undefined;
	}

	/** The chain that ends with a response, the first one first; undefined where a part is missing or another owner's. Counts as a use. */
	chain(id: string, owner: string, nowMs: number): readonly StoredHead[] | undefined {
		const heads: StoredHead[] = [];
		const seen = new Set<string>();
		for (let next: string | undefined = id; next !== undefined;) {
			const head = this.find(next, owner);
			if (head === undefined || seen.has(next)) {
				return undefined;
			}

			seen.add(next);
			heads.push(head);
			next = head.parent;
		}

		heads.reverse();
		for (const head of heads) {
			this.#touch(head.id, nowMs);
		}

		return heads;
	}

	/** Bytes of some that are kept, frames included. */
	bytesOf(heads: readonly StoredHead[]): number {
		return heads.reduce((sum, {id}) => sum + (this.#entries.get(id)?.bytes ?? 0), 0);
	}

	/** Forgets one response; what came after it stays and can only be read. */
	remove(id: string): void {
		this.#drop(id);
	}

	/** Forgets what nobody used for too long, then the least recently used until the limits hold. Returns the ids. */
	expire(nowMs: number): readonly string[] {
		const gone: string[] = [];
		for (const [id, {usedAtMs}] of this.#entries) {
			const isOld = usedAtMs + this.#limits.ttlMs < nowMs;
			if (!isOld && this.#entries.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) {
				break;
			}

			this.#dropWithHeirs(id, gone);
		}

		return gone;
	}

	#touch(id: string, nowMs: number): void {
		const entry = this.#entries.get(id);
		if (entry) {
			entry.usedAtMs = nowMs;
			this.#entries.delete(id);
			this.#entries.set(id, entry);
		}
	}

	#dropWithHeirs(id: string, gone: string[]): void {
		const waiting = [id];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			waiting.push(...(this.#children.get(next) ?? []));
			this.#children.delete(next);
			if (this.#drop(next)) {
				gone.push(next);
			}
		}
	}

	#drop(id: string): boolean {
		const entry = this.#entries.get(id);
		if (!entry) {
			return false;
		}

		const {parent} = entry.head;
		const siblings = parent === undefined ? undefined : this.#children.get(parent);
		siblings?.delete(id);
		if (parent !== undefined && siblings?.size === 0) {
			this.#children.delete(parent);
		}

		this.#bytes -= entry.bytes;
		return this.#entries.delete(id);
	}
}
