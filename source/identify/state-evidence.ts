import {fingerprint} from '../base/ids.ts';
import {piecesWith, type Held, type Piece} from '../wire/body-scan.ts';
import {readString, scanElements, scanMembers, type ByteRange, type Member} from '../wire/json-scan.ts';
import {bodyWords} from './body-words.ts';
import type {ServedPath} from './paths.ts';

/*
 * Body → the hidden state that it carries (routing.md 4; codex-helper.md 2.9). Read from the client's own bytes, before any field is
 * taken out. A look for the bytes of a word decides only where it is worth to scan: what counts is a member of that name, never a text.
 */

/** An element of `input` with encrypted content of its own. */
export interface StateItem {
	/** Its bytes in the client's body. */
	readonly range: ByteRange;
	/** `reasoning`, `compaction`, …; empty where it states none. */
	readonly type: string;
	/** The fingerprint of its content. */
	readonly print: string;
	/** What its content begins with: 32 bytes of its JSON string say whose make it is. */
	readonly beginning: string;
}

/** What a request carries, before anybody has asked who issued it. */
export interface StateEvidence {
	readonly kind: 'ordinary' | 'compact-v1' | 'compact-v2';
	readonly items: readonly StateItem[];
	/** A `compaction` or `compaction_summary` without encrypted content stands in `input`; in a v1 compact body anywhere. */
	readonly hasBareCompaction: boolean;
	/** Encrypted content anywhere in a v1 compact body, also below its items. */
	readonly hasDeepContent: boolean;
	readonly previousResponseId: string | undefined;
}

/** A request without hidden state. */
export const noState: StateEvidence = {
	kind: 'ordinary',
	items: [],
	hasBareCompaction: false,
	hasDeepContent: false,
	previousResponseId: undefined,
};

/** The beginning that `compaction`, `compaction_summary` and `compaction_trigger` share. */
const compactionWord = 'compaction';
const contentWord = 'encrypted_content"';
const contentMark = Buffer.from(`"${contentWord}`);
const compactionMark = Buffer.from(`"${compactionWord}`);
const compactionTypes: ReadonlySet<string | undefined> = new Set(['compaction', 'compaction_summary']);

/** Whether an element's type is one that stands for a compacted history. */
export const isCompactionType = (type: string | undefined): boolean => compactionTypes.has(type);

/** What is looked at. `fields`, `held` and `words` are what `scanBodyFor` found in `body` with {@link bodyWords}. */
export interface EvidenceInput {
	readonly target: ServedPath;
	readonly body: Buffer | undefined;
	readonly fields: ReadonlyMap<string, Member> | undefined;
	readonly held: ReadonlyMap<string, Held> | undefined;
	readonly words: number;
}

/** Reads the state of a body whose top level was scanned; other dialects than Responses have none that routing knows. */
export const readState = ({target, body, fields, held, words}: EvidenceInput): StateEvidence => {
	if (target.dialect !== 'responses' || !body || !fields) {
		return noState;
	}

	const previous = fields.get('previous_response_id');
	const previousResponseId = previous && readString(body, previous.value);
	if (!hasWord({words}, contentWord) && !hasWord({words}, compactionWord)) {
		const kind = target.operation === 'compact' ? 'compact-v1' : 'ordinary';
		return {...noState, kind, previousResponseId};
	}

	const {isArray, pieces} = held?.get('input') ?? inputOf(body, fields.get('input')?.value);
	const elements = isArray ? pieces : [];
	const items = elements.flatMap(piece => (hasWord(piece, contentWord) ? (itemOf(body, piece) ?? []) : []));
	if (target.operation === 'compact') {
		const whole = {start: body.indexOf('{'), end: body.length};
		return {
			kind: 'compact-v1',
			items,
			hasBareCompaction: someObject({body, mark: compactionMark, test: isBareCompaction}, whole),
			hasDeepContent: someObject({body, mark: contentMark, test: hasContent}, whole),
			previousResponseId,
		};
	}

	const compacted = pieces.filter(piece => hasWord(piece, compactionWord));
	const isTriggered = compacted.some(piece => someObject({body, mark: compactionMark, test: isTrigger}, piece));
	return {
		kind: isTriggered ? 'compact-v2' : 'ordinary',
		items,
		hasBareCompaction: isArray && compacted.some(piece => isBareCompaction(body, scanMembers(body, piece) ?? [])),
		hasDeepContent: false,
		previousResponseId,
	};
};

/** Where the scan kept no pieces: of millions only those that are looked at. */
const inputOf = (body: Buffer, input: ByteRange | undefined): Held =>
	input === undefined
		? {isArray: false, pieces: []}
		: piecesWith(body, input, {
				lookout: bodyWords,
				isWanted: words => hasWord({words}, contentWord) || hasWord({words}, compactionWord),
			});

const hasWord = ({words}: {readonly words: number}, word: string): boolean => bodyWords.isIn(words, word);

// In a view of the range: a look that goes on to the end of the body would cost its length for every element.
const includes = (body: Buffer, mark: Buffer, {start, end}: ByteRange): boolean =>
	body.subarray(start, end).includes(mark);

// Of a key that comes twice every reader takes the last one.
const valueOf = (members: readonly Member[], key: string): ByteRange | undefined =>
	members.findLast(candidate => candidate.key === key)?.value;

const textOf = (body: Buffer, members: readonly Member[], key: string): string | undefined => {
	const value = valueOf(members, key);
	return value && readString(body, value);
};

/** Of pieces that a later body may hold again: a session sends all its items with every request, and hashing them costs more than all else. */
const found = new WeakMap<Piece, StateItem>();

/** Undefined for an element whose content is no string, or stands deeper in it. */
const itemOf = (body: Buffer, piece: Piece): StateItem | undefined => {
	const known = found.get(piece);
	if (known !== undefined) {
		return known;
	}

	const members = scanMembers(body, piece) ?? [];
	const place = valueOf(members, 'encrypted_content');
	const content = place && readString(body, place);
	if (place === undefined || content === undefined) {
		return undefined;
	}

	const item = {
		range: piece,
		type: textOf(body, members, 'type') ?? '',
		print: fingerprint(content),
		// Read from the bytes: a part of the text would keep the whole text.
		beginning: body.toString('latin1', place.start + 1, Math.min(place.end - 1, place.start + 33)),
	};
	found.set(piece, item);
	return item;
};

type ObjectTest = (body: Buffer, members: readonly Member[]) => boolean;

const isTrigger: ObjectTest = (body, members) => textOf(body, members, 'type') === 'compaction_trigger';

const isBareCompaction: ObjectTest = (body, members) =>
	textOf(body, members, 'encrypted_content') === undefined &&
	(isCompactionType(textOf(body, members, 'type')) ||
		members.some(({key, value}) => key === 'compaction_summary' && !isNull(body, value)));

const hasContent: ObjectTest = (body, members) =>
	members.some(({key, value}) => key === 'encrypted_content' && !isNull(body, value));

const isNull = (body: Buffer, {start, end}: ByteRange): boolean => body.toString('latin1', start, end) === 'null';

/** Whether an object at any depth of a range passes the test; only branches that hold the mark's bytes are walked. */
const someObject = (
	look: {readonly body: Buffer; readonly mark: Buffer; readonly test: ObjectTest},
	range: ByteRange,
): boolean => {
	const {body, mark, test} = look;
	if (!includes(body, mark, range)) {
		return false;
	}

	const members = scanMembers(body, range);
	if (members) {
		return test(body, members) || members.some(({value}) => someObject(look, value));
	}

	return (scanElements(body, range) ?? []).some(element => someObject(look, element));
};
