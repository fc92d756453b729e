import type {BridgeRequest, Item} from '../../codec/ir.ts';
import {textOfParts} from '../request-facts.ts';

/* Whether an answer announces work and does none (translation.md 5.5). */

const longestText = 1500;
const mostPerTurn = 3;

const announced =
	/(?:\b(?:i(?:['’]ll|\s+will|\s+need\s+to|\s+should)|let\s+me|next,?\s+i|going\s+to)\b)[^.!?\n]{0,80}?\b(?:fetch|read|open|run|check|explore|look|write|create|install|search)/i;
const finished = /\b(?:done|finished|completed|summary)\b/i;
/** An offer waits for the user: that is an end, and no work that was announced. */
const offered = /\blet me know\b|\b(?:if|once|when|whenever) you\b|\bhappy to\b|\bfeel free\b/i;
const intentBlock = /<(?:explore_agent|require_escalation|request_escalation_permission)\b/i;

/** What somebody else says, or what is named: it announces nothing. */
const quotation = /"[^"\n]*"|“[^”\n]*”|`[^`\n]*`/g;

const negated = /\b(?:not|never|avoid|cannot|(?:do|wo|ca|must|should)n['’]?t|without)\b/i;

/** What is announced; a sentence that says what shall not be done announces nothing (case 103). */
const announces = (text: string): boolean => {
	const match = announced.exec(text.replaceAll(quotation, ''));
	return match !== null && !negated.test(match[0]);
};

/** Whether a text, on its own, announces something that did not follow. */
const isUnfulfilled = (text: string): boolean =>
	(announces(text) || intentBlock.test(text) || text.trim() === '{') &&
	!finished.test(text) &&
	!offered.test(text) &&
	!text.trimEnd().endsWith('?');

/** What happened since the user last spoke. */
const thisTurn = (items: readonly Item[]): readonly Item[] =>
	items.slice(items.findLastIndex(item => item.type === 'message' && item.role === 'user') + 1);

const assistantText = (item: Item): string | undefined =>
	item.type === 'message' && item.role === 'assistant' ? textOfParts(item.parts).trim() : undefined;

/** How many answers of this turn were recovered already, as far as the conversation shows: nothing else is remembered. */
const recoveries = (turn: readonly Item[]): number =>
	turn.filter(item => {
		const isNudged = item.type === 'message' && item.phase === 'commentary' && isUnfulfilled(textOfParts(item.parts));
		return isNudged || (item.type === 'call' && item.callId.startsWith('call_synth_'));
	}).length;

const awaitsWork = (items: readonly Item[]): boolean => {
	const last = items.at(-1);
	return last?.type === 'result' || (last?.type === 'message' && last.role === 'user');
};

/** An answer without a call. */
export interface SilentAnswer {
	readonly text: string;
	/** The text held a block that could not become a call (cases 101, 102); only one at its end is meant. */
	readonly hasBrokenCall: boolean;
}

/** Whether a model is stuck: it was to go on working, says that it will, and calls nothing. Not a fourth time in a turn, nor twice with the same words. */
export const isStuck = ({items}: Pick<BridgeRequest, 'items'>, {text, hasBrokenCall}: SilentAnswer): boolean => {
	if (text.length > longestText || text.trim() === '' || !awaitsWork(items)) {
		return false;
	}

	const turn = thisTurn(items);
	const isRepeated = turn.some(item => assistantText(item) === text.trim());
	const endsBroken = hasBrokenCall && /[>}\]]\s*$/.test(text);
	return (endsBroken || isUnfulfilled(text)) && !isRepeated && recoveries(turn) < mostPerTurn;
};
