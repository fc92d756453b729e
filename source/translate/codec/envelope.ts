import {isJsonObject, type JsonObject} from '../../wire/json-value.ts';

/*
 * Hidden state that a model needs back, carried through clients that know nothing of it (translation.md 6.2): the client stores
 * an opaque text (`encrypted_content`, `signature`) and returns it verbatim, so the state survives restarts, forks and resumes.
 */

/** What a provider wants back with the next request. `family` is the provider family that made it; nobody else may get it. */
export type HiddenState =
	/** Made by somebody else: R `encrypted_content` as it came, M `signature` that is not ours. */
	| {readonly kind: 'opaque'; readonly data: string}
	/** Raw chain of thought of an open-weights model: C `reasoning_content`. An empty text: the shown text is the raw thought. */
	| {readonly kind: 'text'; readonly family: string; readonly text: string}
	/** C `reasoning_details[]` of OpenRouter and MiniMax, verbatim. */
	| {readonly kind: 'details'; readonly family: string; readonly details: readonly JsonObject[]}
	/** M `thinking` block with its `signature`. */
	| {readonly kind: 'signed'; readonly family: string; readonly text: string; readonly signature: string}
	/** M `redacted_thinking`. */
	| {readonly kind: 'redacted'; readonly family: string; readonly data: string}
	/** G `thoughtSignature`, bound to the kind of part that it came with: the call behind it, the text before it, or the thought itself. */
	| {
			readonly kind: 'thought';
			readonly family: string;
			readonly on: SignedPart;
			readonly signature: string;
			/** The text of exactly the signed part, where it was not empty; of a call: never. */
			readonly text?: string;
	  };

/** The part that a G `thoughtSignature` belongs to. */
export type SignedPart = 'call' | 'text' | 'thought';

/** zlib, passed in because this folder may not import Node's modules. Both throw nothing: `inflate` returns undefined. */
export interface Packer {
	readonly deflate: (bytes: Buffer) => Buffer;
	readonly inflate: (bytes: Buffer) => Buffer | undefined;
}

const prefix = 'ctui1.';
const packAboveBytes = 512;
const maxBytes = 1024 * 1024;
/** JSON begins with this byte, zlib's header never does. */
const openBrace = 0x7b;

const codes = {text: 'rc', details: 'rd', signed: 'at', redacted: 'ar', thought: 'gs'} as const;

/** Whether a text is an envelope of this program (also one of a newer version that cannot be read). */
export const isEnvelope = (text: string): boolean => text.startsWith(prefix);

/** Whether an envelope holds a plain thought: it binds to nobody, and which models may have it is the codec's decision (translation.md 6.2). */
export const isPlainThought = (text: string): boolean => text.startsWith(`${prefix}${codes.text}.`);

const seal = (code: string, payload: JsonObject, packer: Packer | undefined): string | undefined => {
	const plain = Buffer.from(JSON.stringify(payload));
	const packed = packer !== undefined && plain.length > packAboveBytes ? packer.deflate(plain) : plain;
	return packed.length > maxBytes ? undefined : `${prefix}${code}.${packed.toString('base64url')}`;
};

/** The envelope of a hidden state: `ctui1.<kind>.<base64url>`; undefined above 1 MiB. Foreign state is returned as it is. */
export const sealHiddenState = (state: HiddenState, packer?: Packer): string | undefined => {
	switch (state.kind) {
		case 'opaque': {
			return state.data;
		}

		case 'text': {
			return seal(codes.text, {f: state.family, t: state.text}, packer);
		}

		case 'details': {
			return seal(codes.details, {f: state.family, t: state.details}, packer);
		}

		case 'signed': {
			return seal(codes.signed, {f: state.family, t: state.text, s: state.signature}, packer);
		}

		case 'redacted': {
			return seal(codes.redacted, {f: state.family, t: state.data}, packer);
		}

		case 'thought': {
			const text = state.text === undefined ? {} : {t: state.text};
			return seal(codes.thought, {f: state.family, o: state.on, s: state.signature, ...text}, packer);
		}
	}
};

interface Opened {
	readonly code: string;
	readonly payload: JsonObject;
}

const open = (text: string, packer: Packer | undefined): Opened | undefined => {
	const dot = text.indexOf('.', prefix.length);
	if (!isEnvelope(text) || dot === -1) {
		return undefined;
	}

	const bytes = Buffer.from(text.slice(dot + 1), 'base64url');
	const plain = bytes[0] === openBrace ? bytes : packer?.inflate(bytes);
	try {
		const payload: unknown = plain === undefined ? undefined : JSON.parse(plain.toString());
		return isJsonObject(payload) ? {code: text.slice(prefix.length, dot), payload} : undefined;
	} catch {
		// A client cut or changed the text: as good as none, and the reasoning's visible part still stands.
		return undefined;
	}
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const signedPart = (value: unknown): SignedPart => (value === 'call' || value === 'text' ? value : 'thought');

const stateOf = ({code, payload}: Opened): HiddenState | undefined => {
	const family = textOf(payload['f']);
	const text = textOf(payload['t']);
	const signature = textOf(payload['s']);
	switch (code) {
		case codes.text: {
			return {kind: 'text', family, text};
		}

		case codes.details: {
			const details = Array.isArray(payload['t']) ? payload['t'].filter(isJsonObject) : [];
			return {kind: 'details', family, details};
		}

		case codes.signed: {
			return {kind: 'signed', family, text, signature};
		}

		case codes.redacted: {
			return {kind: 'redacted', family, data: text};
		}

		case codes.thought: {
			return {kind: 'thought', family, on: signedPart(payload['o']), signature, ...(text !== '' && {text})};
		}

		default: {
			return undefined;
		}
	}
};

/** The hidden state in a text that a client returned: an envelope is opened, anything else is foreign; undefined for a broken envelope. */
export const openHiddenState = (text: string, packer?: Packer): HiddenState | undefined => {
	if (!isEnvelope(text)) {
		return {kind: 'opaque', data: text};
	}

	const opened = open(text, packer);
	return opened && stateOf(opened);
};
