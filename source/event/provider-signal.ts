import {isFlag, isNumber, isOneOf, isShaped, isText, maybe} from './shape.ts';

/** What an attempt's end told of its upstream (codex-helper.md 3.5), in the ledger's spelling; its sentence is the attempt's own. */
export interface ProviderSignal {
	readonly kind: 'quota' | 'rate_limit' | 'capacity' | 'transport' | 'service_status' | 'capability' | 'unknown';
	readonly code: string;
	readonly source: 'upstream_response' | 'response_headers' | 'route_attempt';
	/** Whom it is about; a provider is its account. */
	readonly target: 'endpoint' | 'provider';
	/** It is about this model there. */
	readonly model?: string | undefined;
	readonly confidence: 'low' | 'medium' | 'high';
	/** It says where requests should not go for a while. */
	readonly route_facing: boolean;
	readonly observed_at_ms: number;
	readonly retry_after_secs?: number | undefined;
	readonly reset_after_secs?: number | undefined;
}

/** Whether a value is a signal. */
export const isProviderSignal = isShaped<ProviderSignal>({
	kind: isOneOf('quota', 'rate_limit', 'capacity', 'transport', 'service_status', 'capability', 'unknown'),
	code: isText,
	source: isOneOf('upstream_response', 'response_headers', 'route_attempt'),
	target: isOneOf('endpoint', 'provider'),
	model: maybe(isText),
	confidence: isOneOf('low', 'medium', 'high'),
	route_facing: isFlag,
	observed_at_ms: isNumber,
	retry_after_secs: maybe(isNumber),
	reset_after_secs: maybe(isNumber),
});
