import type {Endpoint} from '../config/config.ts';
import {modelAt} from '../route/model.ts';
import type {Dialect} from '../wire/names.ts';
import type {Asked, AskedField, AskSource, ProfileBinding} from './brain/session-profile.ts';

/** One field as an upstream gets it, and who decided it last. */
export interface SentField {
	readonly value: string | undefined;
	readonly source: AskSource | 'model_mapping' | 'provider_reasoning';
}

/** What one upstream is asked for. */
export interface SentAsk {
	readonly model: SentField;
	/** `off`: the reasoning settings are taken out. */
	readonly effort: SentField;
	readonly tier: SentField;
	readonly profile: ProfileBinding | undefined;
}

/**
 * What an endpoint makes of a request's wishes: its own name for the model, and its `reasoning` setting, which the user made for exactly
 * this upstream and which therefore has the last word (routing.md 13).
 */
export const sentAsk = (asked: Asked, endpoint: Endpoint, dialect: Dialect | undefined): SentAsk => ({
	model: modelField(asked.model, endpoint),
	effort:
		endpoint.reasoning === 'pass' || !hasEffort(dialect)
			? asked.effort
			: {value: endpoint.reasoning, source: 'provider_reasoning'},
	tier: asked.tier,
	profile: asked.profile,
});

const hasEffort = (dialect: Dialect | undefined): boolean =>
	dialect === 'responses' || dialect === 'chat' || dialect === 'messages';

const modelField = (asked: AskedField, endpoint: Endpoint): SentField => {
	if (asked.value === undefined) {
		return asked;
	}

	const name = modelAt(endpoint, asked.value);
	return name === asked.value ? asked : {value: name, source: 'model_mapping'};
};

/** A field that differs from the client's, for the trace. */
export interface AskOverride {
	readonly field: 'model' | 'effort' | 'tier';
	readonly from: string | undefined;
	readonly to: string;
	readonly source: SentField['source'];
}

/** The fields that somebody other than the client and the model mapping decided. */
export const overridesOf = (
	sent: SentAsk,
	requested: {
		readonly model: string | undefined;
		readonly effort: string | undefined;
		readonly tier: string | undefined;
	},
): readonly AskOverride[] =>
	(['model', 'effort', 'tier'] as const).flatMap(field => {
		const {value, source} = sent[field];
		const isOverride = source !== 'request' && source !== 'model_mapping' && value !== requested[field];
		return isOverride && value !== undefined ? [{field, from: requested[field], to: value, source}] : [];
	});
