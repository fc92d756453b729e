import type {Dialect} from '../wire/names.ts';
import type {FieldChange} from './field-edits.ts';

/*
 * What is asked of an upstream beside the conversation: model, effort, service tier. Each dialect has its own place for them.
 */

/** Fields to be sent in place of the client's; undefined leaves them as they are. */
export interface AskChange {
	readonly model: string | undefined;
	/** `off` takes the reasoning settings out. */
	readonly effort: string | undefined;
	readonly tier: string | undefined;
}

const text = (value: string): FieldChange => ({json: JSON.stringify(value)});

/**
 * The changes of the body's fields. Effort: `reasoning.effort` (Responses), `reasoning_effort` (Chat), `output_config.effort` (Messages);
 * `off` removes the first two and leaves Messages alone, whose `thinking` other fields depend on.
 */
export const askChanges = (
	dialect: Dialect | undefined,
	ask: AskChange,
): ReadonlyArray<readonly [string, FieldChange]> => [
	...(ask.model === undefined ? [] : [['model', text(ask.model)] as const]),
	...(ask.tier === undefined ? [] : [['service_tier', text(ask.tier)] as const]),
	...(ask.effort === undefined ? [] : effortChanges(dialect, ask.effort)),
];

const effortChanges = (dialect: Dialect | undefined, effort: string): ReadonlyArray<readonly [string, FieldChange]> => {
	const isOff = effort === 'off';
	switch (dialect) {
		case 'responses': {
			return [['reasoning', isOff ? 'removed' : {inside: new Map([['effort', text(effort)]])}]];
		}

		case 'chat': {
			return [['reasoning_effort', isOff ? 'removed' : text(effort)]];
		}

		case 'messages': {
			return isOff ? [] : [['output_config', {inside: new Map([['effort', text(effort)]])}]];
		}

		default: {
			return [];
		}
	}
};
