import {isEnvelope, openHiddenState, sealHiddenState, type HiddenState, type Packer} from '../envelope.ts';
import type {LossLog} from '../loss.ts';

/*
 * Hidden state in the fields that a Messages client stores and returns verbatim: `signature` of a thinking block, `data` of a
 * redacted one (translation.md 4.1, 6.2). Anthropic's own go through bare, so a client that leaves the bridge loses nothing.
 */

/** The family whose signatures stand bare. */
const nativeFamily = 'anthropic';

/** Reasoning without hidden state: Claude Code drops a thinking block without a signature, so it gets one that says nothing. */
const emptySignature = 'ctui1.none.';

/** OpenAI's `encrypted_content` is a Fernet token, which always begins so; Anthropic's signatures never do. */
const opaquePrefix = 'gAAAA';

/** How every signature begins that no Messages provider made. */
export const foreignSignatureStarts = ['ctui1.', opaquePrefix] as const;

/** Whether a signature, or the data of a redacted thought, is an envelope of ours or another maker's state. */
export const isForeignSignature = (signature: string): boolean =>
	foreignSignatureStarts.some(start => signature.startsWith(start));

/** What a thinking block's `signature` or a redacted block's `data` holds. */
interface Signed {
	readonly text: string;
	readonly signature: string;
	readonly isRedacted: boolean;
}

/** The hidden state that a client returned; undefined where there is none or it came back damaged (a loss). */
export const openSignature = (
	{text, signature, isRedacted}: Signed,
	losses: LossLog,
	packer?: Packer,
): HiddenState | undefined => {
	if (signature === '' || signature === emptySignature) {
		return undefined;
	}

	if (isEnvelope(signature)) {
		const opened = openHiddenState(signature, packer);
		if (opened === undefined) {
			losses.add('broken-envelope', 'Hidden reasoning came back damaged; its visible text is used in its place.');
		}

		return opened;
	}

	if (signature.startsWith(opaquePrefix)) {
		return {kind: 'opaque', data: signature};
	}

	return isRedacted
		? {kind: 'redacted', family: nativeFamily, data: signature}
		: {kind: 'signed', family: nativeFamily, text, signature};
};

/** The signature that carries a hidden state to a Messages client and back. */
export const sealSignature = (hidden: HiddenState | undefined, packer?: Packer): string => {
	if (hidden === undefined) {
		return emptySignature;
	}

	if (hidden.kind === 'signed' && hidden.family === nativeFamily) {
		return hidden.signature;
	}

	return hidden.kind === 'redacted' && hidden.family === nativeFamily
		? hidden.data
		: (sealHiddenState(hidden, packer) ?? emptySignature);
};
